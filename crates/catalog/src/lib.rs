//! The offer: service items, parameters and messages as data; loading, checking and showing them.
//!
//! A new kind of matter is a file, not code. Everything a person reads comes in
//! Chinese first, with an English twin.

pub mod cited;
pub mod compare;
pub mod consents;
pub mod eligibility;
pub mod figures;
pub mod form;
pub mod item;
pub mod load;
pub mod lock;
pub mod papers;
pub mod parameters;
pub mod prove;
pub mod public;
pub mod quick_exit;
pub mod reference;
pub mod rules;
pub mod source;
pub mod versions;
pub mod words;

use crate::eligibility::{Check, FactsEnv, RowNames};
use crate::item::{Choice, Item, Kind};
use crate::load::{Fault, Files};
use crate::parameters::Parameters;
use crate::rules::{Names, Rule, RuleFault, compile};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::Limit;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The whole offer: items by id and version, the dictionary and the parameters.
#[derive(Debug, Clone)]
pub struct Catalog {
    items: BTreeMap<(String, u32), Arc<Item>>,
    latest: BTreeMap<String, Arc<Item>>,
    facts: BTreeMap<String, source::FactDef>,
    parameters: Parameters,
    quick_exit: quick_exit::QuickExit,
    consents: consents::Consents,
    papers: papers::Papers,
    rules: BTreeMap<String, Arc<Rule>>,
    decisions: BTreeMap<(String, u32), Arc<Rule>>,
}

impl Catalog {
    /// The catalogue the binary carries.
    ///
    /// # Errors
    /// The faults in its files; a test proves that there are none.
    pub fn embedded() -> Result<Self, Vec<Fault>> {
        Self::from_files(&Files::embedded())
    }

    /// A catalogue from files.
    ///
    /// # Errors
    /// What cannot be read or resolved.
    pub fn from_files(files: &Files) -> Result<Self, Vec<Fault>> {
        let (loaded, faults) = load::load(files);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut faults = Vec::new();
        let (catalog, wrong) = Self::from_loaded(loaded);
        for (path, source, fault) in wrong {
            let text = files.get(&path).unwrap_or_default();
            let offset = text.find(source.as_str()).map(|start| start + fault.offset);
            faults.push(Fault {
                file: path,
                offset,
                code: fault.code,
                message: fault.message,
                remedy: fault.remedy,
            });
        }
        if faults.is_empty() { Ok(catalog) } else { Err(faults) }
    }

    /// A catalogue of what was read, and what is wrong with its rules: file, source, fault.
    fn from_loaded(loaded: load::Loaded) -> (Self, Vec<(String, String, RuleFault)>) {
        let mut catalog = Self {
            items: BTreeMap::new(),
            latest: BTreeMap::new(),
            facts: loaded.facts,
            parameters: loaded.parameters,
            quick_exit: loaded.quick_exit,
            consents: loaded.consents,
            papers: loaded.papers,
            rules: BTreeMap::new(),
            decisions: BTreeMap::new(),
        };
        let mut faults = Vec::new();
        for (path, item) in loaded.items {
            let wrong = catalog.insert(item);
            faults.extend(wrong.into_iter().map(|(source, fault)| (path.clone(), source, fault)));
        }
        (catalog, faults)
    }

    /// Adds a version of an item, such as one kept in the database, and reads its rules.
    /// What is wrong with a rule comes back beside its source; such a rule is always unclear.
    pub fn insert(&mut self, item: Item) -> Vec<(String, RuleFault)> {
        let mut faults = Vec::new();
        for source in item.rules() {
            if !self.rules.contains_key(source) {
                match compile(source, self) {
                    Ok(rule) => drop(self.rules.insert(source.to_owned(), Arc::new(rule))),
                    Err(wrong) => faults.extend(wrong.into_iter().map(|fault| (source.to_owned(), fault))),
                }
            }
        }
        if let Some(table) = &item.eligibility {
            match compile(&table.decision, &RowNames(&table.rows)) {
                Ok(rule) => {
                    self.decisions.insert((item.id.clone(), item.version), Arc::new(rule));
                }
                Err(wrong) => {
                    faults.extend(wrong.into_iter().map(|fault| (table.decision.clone(), fault)));
                }
            }
        }
        let item = Arc::new(item);
        let newest = self.latest.entry(item.id.clone()).or_insert_with(|| Arc::clone(&item));
        if item.version >= newest.version {
            *newest = Arc::clone(&item);
        }
        self.items.insert((item.id.clone(), item.version), item);
        faults
    }

    /// The newest version of an item.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Arc<Item>> {
        self.latest.get(id)
    }

    /// A certain version of an item.
    #[must_use]
    pub fn version(&self, id: &str, version: u32) -> Option<&Arc<Item>> {
        self.items.get(&(id.to_owned(), version))
    }

    /// The newest versions, by id.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.latest.values()
    }

    /// Which journeys can be left at once.
    pub fn quick_exit(&self) -> &quick_exit::QuickExit {
        &self.quick_exit
    }

    /// What people are told and asked before data of theirs is handled.
    pub fn consents(&self) -> &consents::Consents {
        &self.consents
    }

    /// Papers the register makes of what it holds.
    pub fn papers(&self) -> &papers::Papers {
        &self.papers
    }

    /// Every version known, by id and version.
    pub fn versions(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }

    /// The facts dictionary.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&source::FactDef> {
        self.facts.get(name)
    }

    /// The answers among these facts by which matters of one case are known.
    pub fn case_marks<'f>(&'f self, facts: &'f Map<String, Value>) -> impl Iterator<Item = &'f str> {
        let marked = |name: &str| self.fact(name).is_some_and(|fact| fact.mark == Some(source::Mark::Case));
        facts.iter().filter(move |(name, _)| marked(name)).filter_map(|(_, value)| value.as_str())
    }

    /// All dated data.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Adds dated data kept elsewhere, such as figures in the database.
    pub fn add_parameters(&mut self, rows: Vec<parameters::Parameter>) {
        self.parameters.add(rows);
    }

    /// All time limits of a parameter that hold at a place on a day; the earliest binds.
    #[must_use]
    pub fn limits(&self, id: &str, area: AreaCode, date: Date) -> Vec<Limit> {
        self.parameters.limits(id, Some(area), date)
    }

    /// Whether a rule of an item holds for these facts: yes, no, or unclear.
    ///
    /// # Errors
    /// When the text is no rule at all; the rules of loaded items never are.
    pub fn holds(
        &self,
        rule: &str,
        facts: &Map<String, Value>,
        area: AreaCode,
        date: Date,
    ) -> Result<Option<bool>, RuleFault> {
        let env = FactsEnv { catalog: self, facts, area: Some(area), date };
        if let Some(rule) = self.rules.get(rule) {
            return Ok(rule.holds(&env));
        }
        match compile(rule, self) {
            Ok(rule) => Ok(rule.holds(&env)),
            Err(faults) => Err(faults.into_iter().next().unwrap_or_else(|| RuleFault {
                code: "rule-syntax",
                offset: 0,
                message: "the rule cannot be read".into(),
                remedy: "compare with the rules in docs/catalogue.md".into(),
            })),
        }
    }

    /// A rule of a loaded item, read and typed.
    #[must_use]
    pub fn rule(&self, source: &str) -> Option<Arc<Rule>> {
        self.rules.get(source).cloned()
    }

    /// Checks facts against an item's conditions; `None` when the item has none.
    #[must_use]
    pub fn check(
        &self,
        item: &Item,
        facts: &Map<String, Value>,
        area: Option<AreaCode>,
        date: Date,
    ) -> Option<Check> {
        eligibility::check(self, item, facts, area, date)
    }

    /// The decision of an item's table, over the ids of its rows.
    pub(crate) fn decision(&self, item: &Item) -> Option<&Arc<Rule>> {
        self.decisions.get(&(item.id.clone(), item.version))
    }
}

impl Names for Catalog {
    fn fact(&self, name: &str) -> Option<(Kind, &[Choice])> {
        self.facts.get(name).map(|def| (def.kind, def.choices.as_slice()))
    }

    fn parameter(&self, id: &str) -> bool {
        self.parameters.knows(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_loads() {
        let catalog = Catalog::embedded().unwrap_or_else(|faults| panic!("{faults:#?}"));
        let ids: Vec<_> = catalog.items().map(|i| i.id.as_str()).collect();
        assert!(["consultation.text", "legal-aid.civil"].iter().all(|id| ids.contains(id)), "{ids:?}");
        let aid = catalog.item("legal-aid.civil").unwrap();
        let road = ["received", "review", "approval", "assigning", "arranging", "accepting", "in-progress"];
        for id in road {
            assert!(aid.step(id).is_some_and(|s| !s.final_), "{id}");
        }
        assert!(aid.step("withdrawn").is_some_and(|s| s.final_));
        let gaps = aid.action("received", "notify-gaps").unwrap();
        assert_eq!(gaps.task.as_deref(), Some("check"));
        assert_eq!(aid.action("supplement", "supplement").unwrap().to.as_str(), "received");
    }
}
