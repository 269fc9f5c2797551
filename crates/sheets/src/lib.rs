//! Tables as files: CSV, XLSX and JSON Lines, read and written row by row.
//!
//! - [`read`]: rows with the line they stand on and their values as text; a bad row is told, the next one follows.
//! - [`write`]: rows of typed [`Cell`]s, so that leading zeros, long numbers, dates and what looks like a formula
//!   are the same in Excel, WPS and LibreOffice as they were in the register.
//!
//! Nothing here holds a whole table in memory.

pub mod cell;
pub mod read;
pub mod write;

use std::path::Path;
use std::str::FromStr;

pub use cell::Cell;
pub use read::{Row, RowFault, Rows, rows};
pub use write::{Summary, Table};

/// How a table is kept in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma separated, UTF-8 (read in GB 18030 too, as older spreadsheets save it).
    Csv,
    /// Office Open XML workbook.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The format a file's name ends with.
    pub fn of(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }
}

impl FromStr for Format {
    type Err = SheetError;

    fn from_str(text: &str) -> Result<Self, SheetError> {
        match text.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            _ => Err(SheetError::Format(text.to_owned())),
        }
    }
}

/// Why a table could not be read or written at all.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Neither csv nor xlsx nor jsonl.
    #[error("`{0}` is no format we know: csv, xlsx or jsonl")]
    Format(String),
    /// Disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file is not what its name says, or damaged.
    #[error("{0}")]
    Content(String),
    /// There is no first line with the names of the columns.
    #[error("the first line must name the columns")]
    NoHeader,
    /// Two columns with one name.
    #[error("two columns are named `{0}`")]
    Twice(String),
}
