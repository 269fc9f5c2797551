//! `items.lock`: the content hash of every version of every item that was ever offered.
//!
//! The database refuses a changed version when a node starts; the lock, kept beside the items in the
//! repository, tells the author before that. Lines are `id version sha256`, sorted; lines starting with
//! `#` are comments.

use crate::consents::Text;
use crate::item::Item;
use crate::versions::{Changed, resolved};
use kernel::chain::{ChainFault, Digest};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Name of the file in the catalogue's folder.
pub const FILE: &str = "items.lock";

const HEAD: &str = "\
# Content of every published version of every item: id, version, SHA-256 (see docs/catalogue.md).
# Written by `huifa catalog lock`. A line is never changed once its version has been in use.
";

/// What to do with a version whose content is not what was locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// Refuse.
    Refuse,
    /// Take the new content: only for a version that no running system has offered yet.
    Replace,
}

/// The locked hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock(BTreeMap<(String, u32), Digest>);

/// A line that is no entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of {FILE} is not `id version sha256`, or stands there twice")]
pub struct LockFault {
    /// The line, from 1.
    pub line: usize,
}

/// Why items could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Locked content reads otherwise.
    #[error("{} changed without a new version", names(.0))]
    Changed(Vec<Changed>),
    /// An item has no canonical form.
    #[error(transparent)]
    Canonical(#[from] ChainFault),
}

fn names(changed: &[Changed]) -> String {
    changed.iter().map(|c| format!("{} {}", c.id, c.version)).collect::<Vec<_>>().join(", ")
}

impl Lock {
    /// Reads the file.
    ///
    /// # Errors
    /// The first line that is no entry.
    pub fn parse(text: &str) -> Result<Self, LockFault> {
        let mut entries = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let fault = LockFault { line: at + 1 };
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let words: Vec<_> = line.split_whitespace().collect();
            let [id, version, sha256] = words[..] else { return Err(fault) };
            let (Ok(version), Ok(digest)) = (version.parse(), sha256.parse()) else { return Err(fault) };
            if entries.insert((id.to_owned(), version), digest).is_some() {
                return Err(fault);
            }
        }
        Ok(Self(entries))
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().fold(HEAD.to_owned(), |mut text, ((id, version), digest)| {
            let _ = writeln!(text, "{id} {version} {digest}");
            text
        })
    }

    /// The locked hash of a version.
    #[must_use]
    pub fn get(&self, id: &str, version: u32) -> Option<Digest> {
        self.0.get(&(id.to_owned(), version)).copied()
    }

    /// The highest locked version of an item.
    #[must_use]
    pub fn newest(&self, id: &str) -> Option<u32> {
        self.0.keys().filter(|(known, _)| known == id).map(|(_, version)| *version).max()
    }

    /// Locks items and texts of consent; entries of other versions stay. Gives what was added or replaced.
    ///
    /// # Errors
    /// [`LockError::Changed`] when a version has other content and `on_change` is to refuse; then
    /// nothing is locked.
    pub fn take<'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a Item>,
        texts: impl IntoIterator<Item = &'a Text>,
        on_change: OnChange,
    ) -> Result<Vec<(String, u32)>, LockError> {
        let mut found = Vec::new();
        for item in items {
            found.push(((item.id.clone(), item.version), resolved(item)?.sha256));
        }
        for text in texts {
            found.push(((text.locked_as(), text.version), text.sha256()?));
        }
        let mut next = self.0.clone();
        let mut changed = Vec::new();
        let mut taken = Vec::new();
        for (key, found) in found {
            match next.get(&key).copied() {
                Some(kept) if kept == found => {}
                Some(kept) if on_change == OnChange::Refuse => {
                    changed.push(Changed { id: key.0, version: key.1, kept, found });
                }
                _ => {
                    next.insert(key.clone(), found);
                    taken.push(key);
                }
            }
        }
        if !changed.is_empty() {
            return Err(LockError::Changed(changed));
        }
        self.0 = next;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn a_locked_version_keeps_its_content() {
        let catalog = Catalog::embedded().unwrap();
        let items: Vec<Item> = catalog.items().map(|item| (**item).clone()).collect();
        let mut lock = Lock::default();
        assert_eq!(lock.take(&items, [], OnChange::Refuse).unwrap().len(), items.len());
        assert_eq!(Lock::parse(&lock.text()), Ok(lock.clone()));
        assert!(lock.take(&items, [], OnChange::Refuse).unwrap().is_empty());

        let mut changed = items.clone();
        changed[0].name.zh.push('改');
        let before = lock.clone();
        assert!(
            matches!(lock.take(&changed, [], OnChange::Refuse), Err(LockError::Changed(list)) if list.len() == 1)
        );
        assert_eq!(lock, before);
        changed[0].version += 1;
        lock.take(&changed, [], OnChange::Refuse).unwrap();
        assert_eq!(lock.newest(&changed[0].id), Some(2));
        assert_eq!(lock.get(&items[0].id, 1), before.get(&items[0].id, 1));

        changed[0].name.zh.push('又');
        lock.take(&changed, [], OnChange::Replace).unwrap();
        assert_eq!(lock.get(&changed[0].id, 2), Some(resolved(&changed[0]).unwrap().sha256));
    }

    #[test]
    fn lines_that_are_no_entry_are_refused() {
        let digest = Digest::ZERO;
        assert_eq!(Lock::parse("a.b 1"), Err(LockFault { line: 1 }));
        assert_eq!(Lock::parse(&format!("# x\n\na.b one {digest}")), Err(LockFault { line: 3 }));
        assert_eq!(Lock::parse(&format!("a.b 1 {digest}\na.b 1 {digest}")), Err(LockFault { line: 2 }));
        assert!(Lock::parse(&format!("# x\na.b 1 {digest}\n")).is_ok());
    }
}
