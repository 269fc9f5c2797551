//! Reading the catalogue: embedded in the binary, or from a folder.

use crate::consents::{self, Consents};
use crate::item::Item;
use crate::papers::{self, CaseFiles, Papers, PapersFile};
use crate::parameters::{Parameter, Parameters, ParametersFile};
use crate::quick_exit::QuickExit;
use crate::source::resolve::{Shared, Unresolved, resolve};
use crate::source::{FactsFile, FragmentFile, ItemFile};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::path::Path;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../catalog");

/// The text files of a catalogue, by path relative to its folder.
#[derive(Debug, Clone, Default)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// The catalogue the binary carries.
    #[must_use]
    pub fn embedded() -> Self {
        fn walk(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
            for file in dir.files() {
                if let Some(text) = file.contents_utf8() {
                    files.insert(file.path().to_string_lossy().replace('\\', "/"), text.to_owned());
                }
            }
            for dir in dir.dirs() {
                walk(dir, files);
            }
        }
        let mut files = BTreeMap::new();
        walk(&EMBEDDED, &mut files);
        Self(files)
    }

    /// A catalogue in a folder.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        fn walk(root: &Path, at: &Path, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
            for entry in std::fs::read_dir(at)? {
                let path = entry?.path();
                if path.is_dir() {
                    walk(root, &path, files)?;
                } else if path
                    .extension()
                    .is_some_and(|e| ["toml", "ftl", "lock", "typ"].iter().any(|known| e == *known))
                {
                    let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                    files.insert(name, std::fs::read_to_string(&path)?);
                }
            }
            Ok(())
        }
        let mut files = BTreeMap::new();
        walk(folder, folder, &mut files)?;
        Ok(Self(files))
    }

    /// From texts in memory, for tests.
    #[must_use]
    pub fn from_texts<K: Into<String>, V: Into<String>>(texts: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(texts.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }

    /// One file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Puts a file in place, or replaces it.
    pub fn put(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.0.insert(path.into(), text.into());
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The files under a folder with an ending, by path.
    pub fn under<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path relative to the catalogue's folder.
    pub file: String,
    /// Byte offset in the file, where known.
    pub offset: Option<usize>,
    /// Fault code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// Everything read from files, before it is proved.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Items with the file each came from.
    pub items: Vec<(String, Item)>,
    /// The facts dictionary.
    pub facts: BTreeMap<String, crate::source::FactDef>,
    /// Dated, regional data.
    pub parameters: Parameters,
    /// Which journeys can be left at once.
    pub quick_exit: QuickExit,
    /// What people are told and asked before data of theirs is handled.
    pub consents: Consents,
    /// Papers the register makes of what it holds.
    pub papers: Papers,
}

/// Reads the files; what can be read is there, what cannot is a fault.
#[must_use]
pub fn load(files: &Files) -> (Loaded, Vec<Fault>) {
    let mut faults = Vec::new();
    let facts = if let Some(text) = files.get("facts.toml") {
        parse::<FactsFile>("facts.toml", text, &mut faults)
    } else {
        faults.push(Fault {
            file: "facts.toml".into(),
            offset: None,
            code: "no-facts",
            message: "the facts dictionary is missing".into(),
            remedy: "put facts.toml into the catalogue's folder".into(),
        });
        None
    };
    let rows = rows(files, &mut faults);
    let quick_exit = files.get("quick-exit.toml");
    let quick_exit =
        quick_exit.and_then(|text| parse("quick-exit.toml", text, &mut faults)).unwrap_or_default();
    let consents = files.get(consents::FILE);
    let consents = consents.and_then(|text| parse(consents::FILE, text, &mut faults)).unwrap_or_default();
    let written = files.get(papers::PAPERS);
    let written: Option<PapersFile> = written.and_then(|text| parse(papers::PAPERS, text, &mut faults));
    let ordered = files.get(papers::FILES);
    let ordered: Option<CaseFiles> = ordered.and_then(|text| parse(papers::FILES, text, &mut faults));
    let papers =
        Papers { papers: written.unwrap_or_default().paper, files: ordered.unwrap_or_default().file };
    let mut fragments = BTreeMap::new();
    for (path, text) in files.under("fragments/", ".toml") {
        if let Some(file) = parse::<FragmentFile>(path, text, &mut faults) {
            fragments.insert(file.id.clone(), file);
        }
    }
    let mut items = Vec::new();
    for (path, text) in files.under("items/", ".toml") {
        let Some(file) = parse::<ItemFile>(path, text, &mut faults) else { continue };
        // Without the dictionary every question would be a fault; the dictionary's own is enough.
        let Some(facts) = &facts else { continue };
        let shared = Shared { facts, fragments: &fragments };
        match resolve(&file, shared) {
            Ok(item) => items.push((path.to_owned(), item)),
            Err(unresolved) => faults.extend(unresolved.into_iter().map(|u| located(path, text, u))),
        }
    }
    let facts = facts.map(|file| file.facts).unwrap_or_default();
    (Loaded { items, facts, parameters: Parameters::new(rows), quick_exit, consents, papers }, faults)
}

/// The dated data alone, for what needs no items.
///
/// # Errors
/// What cannot be read.
pub fn parameters(files: &Files) -> Result<Parameters, Vec<Fault>> {
    let mut faults = Vec::new();
    let rows = rows(files, &mut faults);
    if faults.is_empty() { Ok(Parameters::new(rows)) } else { Err(faults) }
}

fn rows(files: &Files, faults: &mut Vec<Fault>) -> Vec<Parameter> {
    let mut rows = Vec::new();
    for (path, text) in files.under("parameters/", ".toml") {
        if let Some(file) = parse::<ParametersFile>(path, text, faults) {
            rows.extend(file.parameter);
        }
    }
    rows
}

fn located(path: &str, text: &str, fault: Unresolved) -> Fault {
    Fault {
        file: path.to_owned(),
        offset: find(text, &fault.word),
        code: fault.code,
        message: fault.message,
        remedy: fault.remedy,
    }
}

/// Where a quoted word stands in a file, else the bare word.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    text.find(&format!("\"{word}\"")).or_else(|| text.find(word))
}

fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str, faults: &mut Vec<Fault>) -> Option<T> {
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            faults.push(Fault {
                file: path.to_owned(),
                offset: error.span().map(|span| span.start),
                code: "unreadable",
                message: error.message().to_owned(),
                remedy: "compare with catalog/item.schema.json and docs/catalogue.md".into(),
            });
            None
        }
    }
}
