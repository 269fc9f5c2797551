//! The offer: service items, parameters and messages as data; loading, checking and showing them.
//!
//! A new kind of matter is a file, not code. Everything a person reads comes in
//! Chinese first, with an English twin.

pub mod item;
pub mod load;
pub mod parameters;
pub mod source;
pub mod versions;
pub mod words;

use crate::item::Item;
use crate::load::{Fault, Files};
use crate::parameters::{Limit, Parameters};
use jiff::civil::Date;
use kernel::area::AreaCode;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The whole offer: items by id and version, the dictionary and the parameters.
#[derive(Debug, Clone)]
pub struct Catalog {
    items: BTreeMap<(String, u32), Arc<Item>>,
    latest: BTreeMap<String, Arc<Item>>,
    facts: BTreeMap<String, source::FactDef>,
    parameters: Parameters,
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
        let mut catalog = Self {
            items: BTreeMap::new(),
            latest: BTreeMap::new(),
            facts: loaded.facts,
            parameters: loaded.parameters,
        };
        for (_, item) in loaded.items {
            catalog.insert(item);
        }
        Ok(catalog)
    }

    /// Adds a version of an item, such as one kept in the database.
    pub fn insert(&mut self, item: Item) {
        let item = Arc::new(item);
        let newest = self.latest.entry(item.id.clone()).or_insert_with(|| Arc::clone(&item));
        if item.version >= newest.version {
            *newest = Arc::clone(&item);
        }
        self.items.insert((item.id.clone(), item.version), item);
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

    /// Every version known, by id and version.
    pub fn versions(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }

    /// The facts dictionary.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&source::FactDef> {
        self.facts.get(name)
    }

    /// All dated data.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// All time limits of a parameter that hold at a place on a day; the earliest binds.
    #[must_use]
    pub fn limits(&self, id: &str, area: AreaCode, date: Date) -> Vec<Limit> {
        self.parameters.limits(id, Some(area), date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_loads() {
        let catalog = Catalog::embedded().unwrap_or_else(|faults| panic!("{faults:#?}"));
        let ids: Vec<_> = catalog.items().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["consultation.text", "legal-aid.civil"]);
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
