//! Rows of questions: `{id, text, label?, tier?}`.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::TriageError;

/// A question, with its kind where somebody has said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The caller's own name for it.
    #[serde(default)]
    pub id: Value,
    /// What was asked.
    pub text: String,
    /// Its kind; nothing where it is of none.
    #[serde(default)]
    pub label: Option<String>,
    /// How the kind was found; figures are told apart by it.
    #[serde(default)]
    pub tier: Option<String>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its line.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Reads a file of rows.
pub fn read(path: &Path) -> Result<(Vec<Row>, Vec<Fault>), TriageError> {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(BufReader::new(File::open(path)?).lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Row>(&line) {
            Ok(row) if row.text.trim().is_empty() => {
                faults.push(Fault { line: number, reason: "text is empty".to_owned() });
            }
            Ok(row) => rows.push(row),
            Err(error) => faults.push(Fault { line: number, reason: error.to_string() }),
        }
    }
    Ok((rows, faults))
}
