//! Leaks: plants what nobody else says, then looks for it wherever a thief would.
//!
//! * [`marks`] – what is planted and how it is found again
//! * [`plant`] – through every way in
//! * [`browser`] – the little of a browser that takes

pub mod browser;
pub mod marks;
pub mod plant;

use anyhow::{Context, Result};
use marks::Search;
use std::path::{Path, PathBuf};

/// What was searched, and what was found there.
#[derive(Debug, Default)]
pub struct Searched {
    /// Files.
    pub files: usize,
    /// Bytes.
    pub bytes: u64,
    /// Where something was found, and what.
    pub found: Vec<String>,
}

impl Searched {
    /// Searches bytes that have a name.
    pub fn bytes(&mut self, search: &Search, name: &str, bytes: &[u8]) {
        self.files += 1;
        self.bytes += bytes.len() as u64;
        self.found.extend(search.within(bytes).into_iter().map(|what| format!("{name}: {what}")));
    }

    /// Searches every file of a folder, names of files and folders too.
    pub fn folder(&mut self, search: &Search, folder: &Path) -> Result<()> {
        let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
        while let Some(next) = waiting.pop() {
            let listed =
                std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))?;
            for entry in listed {
                let path = entry?.path();
                self.bytes(search, "the name of a file", path.to_string_lossy().as_bytes());
                if path.is_dir() {
                    waiting.push(path);
                } else if path.is_file() {
                    // A running database removes files between the listing and the look.
                    let Ok(bytes) = std::fs::read(&path) else { continue };
                    self.bytes(search, &path.display().to_string(), &bytes);
                }
            }
        }
        Ok(())
    }
}
