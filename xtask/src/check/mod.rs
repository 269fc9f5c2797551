//! The rules of the house, proved from the files themselves. A fault names file, line, rule and remedy.

mod layers;
mod links;
mod listed;
mod messages;
mod size;
mod trained;
mod words;

use crate::tools;
use anyhow::{Context, Result};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Something that breaks a rule of the house.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    file: PathBuf,
    line: usize,
    said: String,
}

impl Fault {
    fn new(file: impl Into<PathBuf>, line: usize, said: impl Into<String>) -> Self {
        Self { file: file.into(), line, said: said.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.said)
    }
}

/// A text file of the repository, read once for all checks.
pub struct Text {
    path: PathBuf,
    body: String,
}

impl Text {
    fn is(&self, extension: &str) -> bool {
        self.path.extension().is_some_and(|found| found == extension)
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.body.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Runs every check and prints what it found.
pub fn run() -> Result<ExitCode> {
    let faults = faults()?;
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        println!("check: the rules of the house hold");
        return Ok(ExitCode::SUCCESS);
    }
    println!("check: {} faults", faults.len());
    Ok(ExitCode::FAILURE)
}

/// All faults of the working tree, in path order.
pub fn faults() -> Result<Vec<Fault>> {
    let files = tools::tracked()?;
    let texts = read(&files)?;
    let mut faults = layers::check(&texts)?;
    faults.extend(size::check(&files, &texts)?);
    faults.extend(words::check(&texts));
    faults.extend(links::check(&texts, &files));
    faults.extend(messages::check(&texts));
    faults.extend(listed::check(&texts)?);
    faults.extend(trained::check(&files, &texts));
    faults.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(faults)
}

/// Reads those files that are text.
fn read(files: &[PathBuf]) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for path in files {
        let bytes =
            fs::read(tools::root().join(path)).with_context(|| format!("cannot read {}", path.display()))?;
        if let Ok(body) = String::from_utf8(bytes) {
            texts.push(Text { path: path.clone(), body });
        }
    }
    Ok(texts)
}

/// The package folder a source file belongs to: `crates/web/src/lib.rs` is of `crates/web`.
fn room(path: &Path) -> Option<String> {
    let mut parts = path.iter().filter_map(|part| part.to_str());
    match parts.next()? {
        "crates" | "e2e" => parts.next().map(str::to_owned),
        first @ ("xtask" | "bench") => Some(first.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn text(path: &str, body: &str) -> Text {
        Text { path: path.into(), body: body.to_owned() }
    }

    #[test]
    fn a_file_belongs_to_the_room_whose_folder_it_lies_in() {
        assert_eq!(room(Path::new("crates/web/src/lib.rs")).as_deref(), Some("web"));
        assert_eq!(room(Path::new("xtask/src/main.rs")).as_deref(), Some("xtask"));
        assert_eq!(room(Path::new("docs/glossary.md")), None);
    }
}
