//! Whether a backup file is as it was written: every entry, every row, every content.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::archive::{
    ABOUT, About, Counted, Entry, FILES, FORMAT, MANIFEST, Manifest, entries, noted_sum, table_of,
};
use crate::backup::sum;
use crate::error::KeepingError;

/// A backup file that is whole.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Its beginning.
    pub about: About,
    /// Its end.
    pub manifest: Manifest,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Whether it was compared with the sum noted beside it.
    pub compared: bool,
}

/// Reads a file from its first byte to its last and compares all of it with its manifest, and the file with the sum
/// beside it. Nothing is written.
pub async fn check(file: &Path) -> Result<Whole, KeepingError> {
    let file: PathBuf = file.to_owned();
    tokio::task::spawn_blocking(move || whole(&file))
        .await
        .map_err(|error| KeepingError::Disk(error.to_string()))?
}

#[derive(Default)]
struct Seen {
    about: Option<About>,
    manifest: Option<Manifest>,
    tables: Vec<(String, u64, Sha256)>,
    others: BTreeMap<String, String>,
    files: BTreeSet<[u8; 32]>,
}

fn whole(file: &Path) -> Result<Whole, KeepingError> {
    let mut seen = Seen::default();
    let sha256 = entries(file, |entry| seen.take(entry))?;
    let noted = noted_sum(file);
    if let Some(noted) = &noted
        && *noted != sha256
    {
        return Err(KeepingError::Damaged(format!(
            "its SHA-256 is {sha256}, and {noted} was noted beside it"
        )));
    }
    let (about, manifest) = seen.compared()?;
    Ok(Whole { about, manifest, sha256, compared: noted.is_some() })
}

impl Seen {
    fn take(&mut self, entry: Entry) -> Result<(), KeepingError> {
        let Entry { name, bytes } = entry;
        if self.manifest.is_some() {
            return Err(KeepingError::Damaged(format!("{name} follows the manifest")));
        }
        if let Some(table) = table_of(&name) {
            if self.tables.last().is_none_or(|(last, ..)| last != table) {
                self.tables.push((table.to_owned(), 0, Sha256::new()));
            }
            if let Some((_, rows, hash)) = self.tables.last_mut() {
                *rows += (bytes.split(|byte| *byte == b'\n').count() - 1) as u64;
                hash.update(&bytes);
            }
        } else if let Some(content) = name.strip_prefix(FILES) {
            let found = Sha256::digest(&bytes);
            if hex::encode(found) != content {
                return Err(KeepingError::Damaged(format!("the content {content} is another")));
            }
            self.files.insert(found.into());
        } else if name == MANIFEST {
            self.manifest = Some(read(MANIFEST, &bytes)?);
        } else {
            if name == ABOUT {
                let about: About = read(ABOUT, &bytes)?;
                if about.format != FORMAT {
                    return Err(KeepingError::Refused(format!(
                        "the file has form {}, and this program reads form {FORMAT}",
                        about.format
                    )));
                }
                self.about = Some(about);
            }
            self.others.insert(name, sum(&bytes));
        }
        Ok(())
    }

    fn compared(self) -> Result<(About, Manifest), KeepingError> {
        let damaged = |why: String| Err(KeepingError::Damaged(why));
        let Some(about) = self.about else { return damaged(format!("it has no {ABOUT}")) };
        let Some(manifest) = self.manifest else {
            return damaged(format!("it has no {MANIFEST}: it was cut off before its end"));
        };
        let mut tables = self.tables.into_iter().peekable();
        for (table, counted) in about.tables.iter().zip(&manifest.tables) {
            let found = match tables.next_if(|(name, ..)| *name == table.name) {
                Some((name, rows, hash)) => Counted { name, rows, sha256: hex::encode(hash.finalize()) },
                None => Counted { name: table.name.clone(), rows: 0, sha256: sum(b"") },
            };
            if found != *counted {
                return damaged(format!(
                    "the table {} has {} rows that are not the {} that were written",
                    table.name, found.rows, counted.rows
                ));
            }
        }
        if let Some((name, ..)) = tables.next() {
            return damaged(format!("the table {name} stands where no table was written"));
        }
        if about.tables.len() != manifest.tables.len() {
            return damaged("its beginning and its end speak of different tables".into());
        }
        if self.others != manifest.others {
            let names: Vec<&String> = self.others.keys().chain(manifest.others.keys()).collect();
            let name = names.into_iter().find(|name| self.others.get(*name) != manifest.others.get(*name));
            return damaged(format!("{} is not as it was written", name.map_or("an entry", |name| name)));
        }
        if self.files.len() as u64 != manifest.files.count {
            return damaged(format!(
                "{} contents of papers, and {} were written",
                self.files.len(),
                manifest.files.count
            ));
        }
        Ok((about, manifest))
    }
}

fn read<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, KeepingError> {
    serde_json::from_slice(bytes).map_err(|error| KeepingError::Damaged(format!("{name}: {error}")))
}
