//! A mapping file: how the columns and words of somebody's spreadsheet are called here.
//!
//! ```toml
//! [columns]              # theirs = ours; "" leaves a column out
//! "案号" = "source_id"
//! "申请人" = "applicant_name"
//! "备注" = ""
//!
//! [values.item]          # of a column of ours: their word = ours
//! "民事援助" = "legal-aid.civil"
//!
//! [fixed]                # what every row has
//! door = "window"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sheets::Row;

use crate::failure::Failure;

/// A row by our names.
pub type Record = BTreeMap<String, String>;

/// How names and words are turned into ours.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Their column to ours.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// By column of ours: their word to ours.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    /// Columns of ours with one value for all rows.
    #[serde(default)]
    fixed: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping; without a file names are as they are.
    pub fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self::default()) };
        let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        toml::from_str(&text).map_err(|error| wrong(&error))
    }

    /// What a column is called here; none when it is left out.
    fn ours<'a>(&'a self, column: &'a str) -> Option<&'a str> {
        let ours = self.columns.get(column).map_or(column, String::as_str);
        Some(ours).filter(|name| !name.is_empty())
    }

    /// All names a file has with this mapping.
    pub fn names<'a>(&'a self, columns: &'a [String]) -> impl Iterator<Item = &'a str> {
        let fixed = self.fixed.keys().map(String::as_str);
        columns.iter().filter_map(|column| self.ours(column)).filter(|name| !name.is_empty()).chain(fixed)
    }

    /// A row by our names and words.
    pub fn record(&self, row: &Row) -> Record {
        let mut record = self.fixed.clone();
        for (column, value) in row.cells() {
            let Some(ours) = self.ours(column) else { continue };
            let word = self.values.get(ours).and_then(|words| words.get(value));
            record.insert(ours.to_owned(), word.map_or(value, String::as_str).to_owned());
        }
        record
    }
}
