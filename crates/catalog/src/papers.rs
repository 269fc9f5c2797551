//! Papers the register makes of what it holds, whichever item it is: the receipt, the application, the receipt of
//! service, the case file. Data in `documents/papers.toml` and `documents/case-files.toml`.

use crate::item::{Basis, Localized};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The words of those papers.
pub const PAPERS: &str = "documents/papers.toml";
/// What belongs into a case file, in which order.
pub const FILES: &str = "documents/case-files.toml";

/// Papers and case files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    pub(crate) papers: Vec<Paper>,
    pub(crate) files: Vec<CaseFile>,
}

/// `documents/papers.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PapersFile {
    #[serde(default)]
    pub(crate) paper: Vec<Paper>,
}

/// `documents/case-files.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFiles {
    #[serde(default)]
    pub(crate) file: Vec<CaseFile>,
}

/// A paper with its words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// `receipt`.
    pub id: String,
    /// What it is called.
    pub name: Localized,
    /// A value for each of its places, to try it with.
    pub example: BTreeMap<String, String>,
    /// Its text with places in braces, Chinese; lines between bars are the rows of a table.
    pub text: String,
}

impl Paper {
    /// The places in braces that its text has, without the braces, in order.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(place, _)| place))
    }
}

/// What belongs into a case file (卷宗) of some items.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The items; empty means every item that has no file of its own.
    #[serde(default)]
    pub items: Vec<String>,
    /// What stands on its cover.
    pub name: String,
    /// Where the order is set.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// What belongs into it, in order.
    pub entry: Vec<Entry>,
}

/// One place in the order of a case file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What the order calls it.
    pub name: String,
    /// Documents of the item by id, or one of [`SHARED`].
    pub from: Vec<String>,
    /// Without it the file is not complete.
    #[serde(default)]
    pub required: bool,
}

/// What an entry may name besides documents of the item; `documents` are all of them, in the order they were made.
pub const SHARED: [&str; 4] = ["application", "service", "materials", "documents"];

impl Papers {
    /// A paper by its id.
    #[must_use]
    pub fn paper(&self, id: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.id == id)
    }

    /// The order of an item's case file.
    #[must_use]
    pub fn file(&self, item: &str) -> Option<&CaseFile> {
        let own = self.files.iter().find(|file| file.items.iter().any(|one| one == item));
        own.or_else(|| self.files.iter().find(|file| file.items.is_empty()))
    }

    /// Every case file.
    pub fn files(&self) -> impl Iterator<Item = &CaseFile> {
        self.files.iter()
    }

    /// Every paper.
    pub fn all(&self) -> impl Iterator<Item = &Paper> {
        self.papers.iter()
    }
}

#[cfg(test)]
mod tests {
    use crate::Catalog;

    #[test]
    fn every_document_of_an_item_with_a_file_of_its_own_has_a_place_in_it() {
        let catalog = Catalog::embedded().unwrap();
        for file in catalog.papers().files() {
            for item in file.items.iter().filter_map(|id| catalog.item(id)) {
                for document in &item.documents {
                    let placed = file.entry.iter().any(|entry| entry.from.contains(&document.id));
                    assert!(placed, "{}: `{}` of {} has no place", file.name, document.id, item.id);
                }
            }
        }
    }

    #[test]
    fn the_papers_the_register_makes_are_there() {
        let catalog = Catalog::embedded().unwrap();
        for id in ["receipt", "application", "service", "file", "contents", "lacking"] {
            assert!(catalog.papers().paper(id).is_some(), "{id}");
        }
    }
}
