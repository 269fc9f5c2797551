//! What people are told, and asked apart, before data of theirs is handled: `consents.toml`, in versions.

use crate::item::{Basis, Localized};
use kernel::chain::{ChainFault, Digest};
use serde::{Deserialize, Serialize};

/// Name of the file in the catalogue's folder.
pub const FILE: &str = "consents.toml";

/// All texts in all their versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consents {
    texts: Vec<Text>,
}

/// One version of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// `notice`.
    pub id: String,
    /// From 1; the highest is in force.
    pub version: u32,
    /// How it is asked.
    pub ask: Asked,
    /// Only for these items; empty means all.
    #[serde(default)]
    pub items: Vec<String>,
    /// The article that wants it.
    pub basis: Basis,
    /// Heading.
    pub title: Localized,
    /// The text, a paragraph a line.
    pub text: Localized,
}

/// How a text is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Told: the law is the ground, nothing is to be agreed to (个人信息保护法 arts. 13, 17).
    Told,
    /// Asked apart and may be refused (arts. 14, 29).
    Separate,
    /// Asked of the guardian of a child under fourteen (art. 31).
    Guardian,
}

impl Text {
    /// What was agreed to, for the record: the hash of the whole text with its version.
    ///
    /// # Errors
    /// When it has no canonical form, which text always has.
    pub fn sha256(&self) -> Result<Digest, ChainFault> {
        kernel::chain::digest(self)
    }

    /// Under which name it stands in `items.lock`.
    #[must_use]
    pub fn locked_as(&self) -> String {
        format!("consent.{}", self.id)
    }
}

impl Consents {
    /// Every version of every text.
    pub fn all(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter()
    }

    /// A certain version.
    #[must_use]
    pub fn version(&self, id: &str, version: u32) -> Option<&Text> {
        self.texts.iter().find(|text| text.id == id && text.version == version)
    }

    /// The texts in force, or those of one item, in the order of the file.
    pub fn in_force<'c>(&'c self, item: Option<&'c str>) -> impl Iterator<Item = &'c Text> {
        let newer =
            |text: &Text| self.texts.iter().any(|one| one.id == text.id && one.version > text.version);
        let meant = move |text: &&Text| {
            text.items.is_empty() || item.is_none_or(|item| text.items.iter().any(|one| one == item))
        };
        self.texts.iter().filter(move |text| !newer(text)).filter(meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;
    use crate::load::Files;
    use crate::lock::{FILE as LOCK, Lock};

    #[test]
    fn every_version_of_every_text_is_locked_and_speaks_of_items_that_are_there() {
        let catalog = Catalog::embedded().unwrap();
        let lock = Lock::parse(Files::embedded().get(LOCK).unwrap()).unwrap();
        for text in catalog.consents().all() {
            let kept = lock.get(&text.locked_as(), text.version);
            assert_eq!(kept, Some(text.sha256().unwrap()), "{} {}: add a version", text.id, text.version);
            for item in &text.items {
                assert!(catalog.item(item).is_some(), "{item}");
            }
            assert!(text.text.en.lines().count() == text.text.zh.lines().count(), "{}", text.id);
        }
        for item in catalog.items() {
            let asked: Vec<_> = catalog.consents().in_force(Some(&item.id)).map(|text| text.ask).collect();
            assert!(asked.contains(&Asked::Told) && asked.contains(&Asked::Guardian), "{}", item.id);
        }
    }

    #[test]
    fn the_newest_version_is_in_force_and_older_ones_stay_readable() {
        let mut consents = Catalog::embedded().unwrap().consents().clone();
        let mut newer = consents.texts[0].clone();
        newer.version += 1;
        newer.text.zh.push_str("\n另有一句。");
        consents.texts.push(newer.clone());
        let id = newer.id.as_str();
        assert_eq!(consents.in_force(None).filter(|text| text.id == id).collect::<Vec<_>>(), [&newer]);
        assert_eq!(consents.version(id, 1), Some(&consents.texts[0]));
        assert_ne!(newer.sha256().unwrap(), consents.texts[0].sha256().unwrap());
    }
}
