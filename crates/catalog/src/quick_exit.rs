//! 快速离开: on which journeys a page can be left at once. Data beside the items, in `quick-exit.toml`.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The marks of `quick-exit.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuickExit {
    /// Items that are sensitive from the first page on.
    pub items: Vec<String>,
    /// Words that make an answer sensitive; letters count in either case.
    pub words: Vec<String>,
    /// Choices that do.
    pub answers: Vec<Answer>,
}

/// A choice of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Name of the fact.
    pub fact: String,
    /// Id of the choice.
    pub value: String,
}

impl QuickExit {
    /// Whether an item is marked whatever is answered.
    pub fn marks(&self, item: &str) -> bool {
        self.items.iter().any(|marked| marked == item)
    }

    /// Whether a journey through an item, with these answers so far, is sensitive.
    pub fn holds(&self, item: &str, answers: &Map<String, Value>) -> bool {
        self.marks(item)
            || answers.iter().any(|(fact, value)| match value {
                Value::String(text) => self.says(fact, text),
                Value::Array(list) => list.iter().filter_map(Value::as_str).any(|text| self.says(fact, text)),
                _ => false,
            })
    }

    fn says(&self, fact: &str, text: &str) -> bool {
        let lower = text.to_lowercase();
        self.answers.iter().any(|answer| answer.fact == fact && answer.value == text)
            || self.words.iter().any(|word| lower.contains(&word.to_lowercase()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Catalog;

    #[test]
    fn every_mark_names_something_that_is_there() {
        let catalog = Catalog::embedded().unwrap();
        let marks = catalog.quick_exit();
        assert!(!marks.items.is_empty() && !marks.words.is_empty() && !marks.answers.is_empty());
        for item in &marks.items {
            assert!(catalog.item(item).is_some(), "{item}");
        }
        for answer in &marks.answers {
            let offered = catalog.items().flat_map(|item| item.questions()).any(|question| {
                question.fact == answer.fact
                    && question.choices.iter().any(|choice| choice.id == answer.value)
            });
            assert!(offered, "{} {}", answer.fact, answer.value);
        }
    }

    #[test]
    fn a_journey_is_sensitive_by_its_item_a_choice_or_a_word() {
        let catalog = Catalog::embedded().unwrap();
        let marks = catalog.quick_exit();
        let with = |answers: serde_json::Value| answers.as_object().cloned().unwrap();
        for (item, answers, holds) in [
            ("legal-aid.civil", json!({}), true),
            ("mediation.people", json!({}), false),
            ("mediation.people", json!({ "matter.description": "邻居占地" }), false),
            ("mediation.people", json!({ "matter.description": "丈夫家暴，我带孩子离开了" }), true),
            ("mediation.people", json!({ "matter.description": "Domestic violence at home" }), true),
            ("legal-aid.criminal", json!({ "aid.no_condition": ["NOECO-4"] }), true),
            ("legal-aid.criminal", json!({ "other": ["NOECO-4"] }), false),
        ] {
            assert_eq!(marks.holds(item, &with(answers.clone())), holds, "{item} {answers}");
        }
    }
}
