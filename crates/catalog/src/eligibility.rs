//! The check of an item's conditions: advice with its articles, never a refusal.

use crate::Catalog;
use crate::item::{Basis, Choice, Item, Kind, Localized};
use crate::parameters::Parameter;
use crate::rules::{Env, Known, Names};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Yes, no, or unclear.
    pub eligible: Option<bool>,
    /// The rows, in file order.
    pub reasons: Vec<Reason>,
    /// Facts that are not known and matter for the outcome.
    pub missing: Vec<String>,
    /// What to do next.
    pub next: Localized,
}

/// One row, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Id of the row.
    pub rule: String,
    /// The article.
    pub basis: Option<Basis>,
    /// What the condition is.
    pub text: Localized,
    /// Whether it is met; `None`: unclear.
    pub met: Option<bool>,
}

impl Check {
    /// `yes`, `no` or `unclear`.
    #[must_use]
    pub fn eligible(&self) -> &'static str {
        match self.eligible {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unclear",
        }
    }

    /// In the shape of the contract, in one language.
    #[must_use]
    pub fn to_value(&self, lang: Lang) -> Value {
        let reasons: Vec<Value> = self
            .reasons
            .iter()
            .map(|reason| {
                // What is not verified is never called law.
                let basis = reason.basis.as_ref().filter(|b| b.verified);
                json!({
                    "rule": reason.rule,
                    "law": basis.map(|b| &b.law),
                    "article": basis.map(|b| &b.article),
                    "text": reason.text.get(lang),
                    "met": reason.met,
                })
            })
            .collect();
        json!({
            "eligible": self.eligible(),
            "reasons": reasons,
            "missing": self.missing,
            "next": [{ "text": self.next.get(lang), "href": null, "tel": "12348" }],
        })
    }
}

/// Facts as forms keep them, seen by a rule.
pub(crate) struct FactsEnv<'a> {
    pub catalog: &'a Catalog,
    pub facts: &'a Map<String, Value>,
    pub area: Option<AreaCode>,
    pub date: Date,
}

impl Env for FactsEnv<'_> {
    fn fact(&self, name: &str) -> Known {
        let Some(value) = self.facts.get(name) else { return Known::Unknown };
        let kind = self.catalog.fact(name).map_or_else(|| guess(value), |def| def.kind);
        Known::from_json(kind, value)
    }

    fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.catalog.parameters().governing(id, self.area, self.date)
    }

    fn today(&self) -> Date {
        self.date
    }
}

/// The kind of a fact the dictionary has dropped since.
fn guess(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Bool,
        Value::Number(_) => Kind::Int,
        Value::Array(_) => Kind::List,
        _ => Kind::Text,
    }
}

/// The rows of a table, as names for its decision.
pub(crate) struct RowNames<'a>(pub &'a [crate::item::EligibilityRow]);

impl Names for RowNames<'_> {
    fn fact(&self, name: &str) -> Option<(Kind, &[Choice])> {
        self.0.iter().any(|row| row.id == name).then_some((Kind::Bool, &[][..]))
    }

    fn parameter(&self, _: &str) -> bool {
        false
    }
}

struct RowsEnv<'a> {
    rows: &'a BTreeMap<&'a str, Option<bool>>,
    date: Date,
}

impl Env for RowsEnv<'_> {
    fn fact(&self, name: &str) -> Known {
        self.rows.get(name).copied().flatten().map_or(Known::Unknown, Known::Bool)
    }

    fn parameter(&self, _: &str) -> Option<&Parameter> {
        None
    }

    fn today(&self) -> Date {
        self.date
    }
}

/// Checks facts against an item's conditions; `None` when the item has none.
pub(crate) fn check(
    catalog: &Catalog,
    item: &Item,
    facts: &Map<String, Value>,
    area: Option<AreaCode>,
    date: Date,
) -> Option<Check> {
    let table = item.eligibility.as_ref()?;
    let env = FactsEnv { catalog, facts, area, date };
    let mut outcomes = BTreeMap::new();
    let mut touched: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut reasons = Vec::new();
    for row in &table.rows {
        let rule = catalog.rule(&row.when);
        let met = rule.as_ref().and_then(|rule| rule.holds(&env));
        let mut asks: BTreeSet<String> = row.asks.iter().cloned().collect();
        asks.extend(rule.iter().flat_map(|rule| rule.facts().iter().cloned()));
        touched.insert(&row.id, asks);
        outcomes.insert(row.id.as_str(), met);
        reasons.push(Reason { rule: row.id.clone(), basis: row.basis.clone(), text: row.text.clone(), met });
    }
    let eligible = catalog.decision(item).and_then(|rule| rule.holds(&RowsEnv { rows: &outcomes, date }));
    let mut missing = Vec::new();
    if eligible.is_none() {
        let open: BTreeSet<&String> = table
            .rows
            .iter()
            .filter(|row| outcomes.get(row.id.as_str()).copied().flatten().is_none())
            .filter_map(|row| touched.get(row.id.as_str()))
            .flatten()
            .filter(|fact| !facts.contains_key(fact.as_str()))
            .collect();
        // In the order the form asks; a question that does not arise is not missing.
        missing = item
            .questions()
            .filter(|q| open.contains(&q.fact))
            .filter(|q| {
                q.when
                    .as_deref()
                    .is_none_or(|when| catalog.rule(when).and_then(|rule| rule.holds(&env)) != Some(false))
            })
            .map(|q| q.fact.clone())
            .collect();
    }
    let next = match eligible {
        Some(true) => &table.next.yes,
        Some(false) => &table.next.no,
        None => &table.next.unclear,
    };
    Some(Check { eligible, reasons, missing, next: next.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_worked_case_of_every_item_holds() {
        let catalog = Catalog::embedded().unwrap();
        let today: Date = "2026-11-21".parse().unwrap();
        let mut seen = 0;
        for item in catalog.items() {
            for case in item.eligibility.iter().flat_map(|e| &e.examples) {
                let area = case.area.as_deref().map(|a| a.parse().unwrap());
                let facts = crate::form::partial(&catalog, item, &case.facts, today).unwrap();
                let check = check(&catalog, item, &facts, area, today).unwrap();
                assert_eq!(check.eligible(), case.eligible, "{}: {check:#?}", case.name);
                for (row, wanted) in &case.rows {
                    let reason = check.reasons.iter().find(|r| r.rule == *row).unwrap();
                    assert_eq!(reason.met, wanted.as_bool(), "{}: row {row}", case.name);
                }
                seen += 1;
            }
        }
        assert!(seen >= 7);
    }

    #[test]
    fn only_what_matters_and_arises_is_missing() {
        let catalog = Catalog::embedded().unwrap();
        let today: Date = "2026-11-21".parse().unwrap();
        let item = catalog.item("legal-aid.civil").unwrap();
        let check = |facts: Value| {
            super::check(&catalog, item, facts.as_object().unwrap(), None, today).unwrap().missing
        };
        assert_eq!(
            check(json!({})),
            [
                "aid.matter",
                "counsel.own",
                "aid.no_condition",
                "aid.exempt",
                "household.members",
                "income.monthly"
            ]
        );
        let known = json!({ "aid.matter": "CIV-05", "counsel.own": false, "aid.no_condition": "none" });
        assert_eq!(check(known), ["aid.exempt", "household.members", "income.monthly"]);
        let settled = json!({ "aid.matter": "CIV-05", "counsel.own": false, "aid.no_condition": "NOECO-4" });
        assert_eq!(check(settled), Vec::<String>::new());
    }
}
