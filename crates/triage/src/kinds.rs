//! The kinds of problem and the words people use for them.

use std::collections::HashSet;

use kernel::lang::Lang;
use serde::{Deserialize, Serialize};

use crate::{Answer, Guess, TriageError, shares};

/// The file within the catalogue.
pub const FILE: &str = "triage/kinds.toml";

/// A text in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// The words of a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A kind of problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Its name.
    pub label: String,
    /// Names a hotline sorts by within it.
    pub finer: Vec<String>,
    /// Words that all but settle it.
    pub strong: Vec<String>,
    /// Words that speak for it.
    pub terms: Vec<String>,
    /// The one question to ask when it is not clear.
    pub ask: Both,
}

/// All kinds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    kind: Vec<Kind>,
    /// What people also write, and no kind of problem is.
    #[serde(default)]
    none: NoKind,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoKind {
    terms: Vec<String>,
}

/// How much a strong word counts.
const STRONG: f64 = 3.0;

/// Least score of the best kind, and least distance to the next, for the start to dare a guess.
const SURE: f64 = 1.0;

impl Kinds {
    /// Reads the file and refuses what cannot be meant.
    pub fn parse(text: &str) -> Result<Self, TriageError> {
        let wrong = |why: String| TriageError::Content(format!("{FILE}: {why}"));
        let kinds: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mut labels = HashSet::new();
        for kind in &kinds.kind {
            if kind.strong.is_empty() || kind.terms.is_empty() {
                return Err(wrong(format!("{}: it has no words", kind.label)));
            }
            if !labels.insert(kind.label.as_str()) {
                return Err(wrong(format!("{}: it stands there twice", kind.label)));
            }
        }
        if kinds.kind.len() < 2 {
            return Err(wrong("there must be two kinds at least".to_owned()));
        }
        Ok(kinds)
    }

    /// The kinds, in file order.
    pub fn all(&self) -> &[Kind] {
        &self.kind
    }

    /// Their names, in file order.
    pub fn labels(&self) -> Vec<String> {
        self.kind.iter().map(|kind| kind.label.clone()).collect()
    }

    /// The kind of this name.
    pub fn find(&self, label: &str) -> Option<&Kind> {
        self.kind.iter().find(|kind| kind.label == label)
    }

    /// What its words say for each kind.
    pub fn scores(&self, text: &str) -> Vec<f64> {
        let lower = text.to_lowercase();
        let count = |words: &[String]| {
            words.iter().filter(|word| lower.contains(&word.to_lowercase())).count() as f64
        };
        self.kind.iter().map(|kind| STRONG * count(&kind.strong) + count(&kind.terms)).collect()
    }

    /// How many words speak for no kind at all, beyond those that speak for one: preservation of assets in a quarrel about
    /// a loan is still about the loan.
    pub(crate) fn foreign(&self, text: &str, scores: &[f64]) -> f64 {
        let best = scores.iter().copied().fold(0.0, f64::max);
        (self.of_none(text) - best / STRONG).max(0.0)
    }

    fn of_none(&self, text: &str) -> f64 {
        self.none.terms.iter().filter(|word| text.contains(word.as_str())).count() as f64
    }

    /// The start's guesses, before anything was learned.
    pub fn answer(&self, text: &str, most: usize) -> Answer {
        let scores = self.scores(text);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        let chances = shares(&scores.iter().map(|score| score * 0.6).collect::<Vec<_>>());
        let first = order.first().map_or(0.0, |at| scores[*at]);
        Answer {
            labels: order
                .iter()
                .take(most)
                .map(|at| Guess { label: self.kind[*at].label.clone(), p: chances[*at] })
                .collect(),
            abstain: first < SURE || self.of_none(text) > first,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The catalogue's own file.
    pub const TEXT: &str = include_str!("../../../catalog/triage/kinds.toml");

    #[test]
    fn the_start_knows_sixteen_kinds_and_guesses_what_is_plain() {
        let kinds = Kinds::parse(TEXT).unwrap();
        assert_eq!(kinds.all().len(), 16);
        for (text, label) in [
            ("被公司辞退没有给补偿，工作了六年半，月薪八千", "劳动争议"),
            ("老公出轨，我想离婚，孩子归谁", "婚姻家庭"),
            ("朋友借钱不还，有借条", "债权债务"),
            ("楼上漏水，物业不管", "房产物业"),
        ] {
            let answer = kinds.answer(text, 3);
            assert_eq!((answer.labels[0].label.as_str(), answer.abstain), (label, false), "{text}");
            assert_eq!(answer.labels.len(), 3);
        }
        assert!(kinds.answer("今天天气怎么样", 3).abstain);
    }

    #[test]
    fn the_way_through_the_courts_is_no_kind_but_a_quarrel_before_them_is() {
        let kinds = Kinds::parse(TEXT).unwrap();
        for text in [
            "诉前申请财产保全的条件有哪些？",
            "民事案件送达的方式有哪些？",
            "个人所得税怎么退",
            "护照怎么办理",
        ] {
            assert!(kinds.answer(text, 3).abstain, "{text}");
            assert!(kinds.foreign(text, &kinds.scores(text)) > 0.0, "{text}");
        }
        let text = "民间借贷起诉了，借条在手，担保人不还钱，要不要申请财产保全";
        assert!(!kinds.answer(text, 3).abstain);
        assert!(kinds.foreign(text, &kinds.scores(text)) < f64::EPSILON, "it is about the loan");
    }

    #[test]
    fn a_file_that_cannot_be_meant_is_refused() {
        assert!(Kinds::parse("kind = []").is_err());
        assert!(Kinds::parse(&TEXT.replacen("继承\"", "婚姻家庭\"", 1)).is_err());
        assert!(Kinds::parse("[[kind]]").is_err());
    }
}
