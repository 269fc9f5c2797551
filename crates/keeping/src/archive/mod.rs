//! The one file a backup is: a tar archive packed with zstd, so that it can be opened without us.
//!
//! In this order: `README.txt`; `about.json` ([`About`]); `settings/huifa.toml`; with the keys
//! `keys/master.key`; `tables/<table>/<part>.jsonl`, parents before children, rows in the order of the primary
//! key; `files/<name>`, sealed contents named by their SHA-256; at the end `manifest.json` ([`Manifest`]).
//! A file that was cut off has no manifest. Beside the file lies `<file>.sha256`, as `sha256sum` writes it.

mod read;
mod write;

use serde::{Deserialize, Serialize};
use store::copy::{Applied, Table};

pub use read::{Entry, entries, noted_sum};
pub use write::{Writer, sum_beside};

/// The form of the file.
pub const FORMAT: u32 = 1;

/// Entry: what the file is.
pub const ABOUT: &str = "about.json";
/// Entry: what the file holds.
pub const MANIFEST: &str = "manifest.json";
/// Entry: the settings.
pub const SETTINGS: &str = "settings/huifa.toml";
/// Entry: the master key.
pub const MASTER_KEY: &str = "keys/master.key";
/// What stands before the name of a content.
pub const FILES: &str = "files/";
/// What stands before the name of a table.
pub const TABLES: &str = "tables/";

/// For whoever opens the file without us.
pub const README: &str = "\
A backup of Huifa. Open it with `tar --zstd -xf FILE`.\n\
about.json says which tables there are and what their columns hold; tables/NAME/*.jsonl has their rows, one JSON\n\
list a line, in the order of about.json: instants in microseconds since 1970 (UTC), bytes in base64, JSON as text.\n\
files/ has the sealed contents of papers, each named by its SHA-256. manifest.json has the number of rows of each\n\
table and the SHA-256 over all of its lines. What people wrote is sealed (AES-256-GCM); the master key is not in\n\
here unless keys/master.key is there. `huifa restore FILE` brings it back.\n";

/// What the file is, told before the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// When its snapshot was taken, RFC 3339.
    pub taken_at: String,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Migrations of the database.
    pub schema: Vec<Applied>,
    /// Tables in the order of the file.
    pub tables: Vec<Table>,
    /// Tables that were left out because what they hold passes by itself.
    pub left_out: Vec<String>,
    /// Whether the master key is inside.
    pub with_keys: bool,
    /// Fingerprint of the master key the data is sealed under, where it was known.
    pub key_fingerprint: Option<String>,
}

/// What the file holds, told at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Each table.
    pub tables: Vec<Counted>,
    /// Last position of the feed.
    pub feed_position: i64,
    /// Leaves of the log, and its root in hex.
    pub log: LogEnd,
    /// Contents of papers.
    pub files: Contents,
    /// SHA-256 of every entry that is neither table nor content, hex, by name.
    pub others: std::collections::BTreeMap<String, String>,
}

/// Rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The table.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over their lines in the order of the key, hex.
    pub sha256: String,
}

/// How large the log was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEnd {
    /// Leaves.
    pub size: i64,
    /// Root, hex; empty before the first leaf.
    pub root: String,
}

/// Contents of papers in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// How many.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files whose content was erased or swept away while the backup ran: rightly gone.
    pub erased_meanwhile: u64,
    /// Ids of files whose content should have been on the disk and was not, or was damaged.
    pub missing: Vec<String>,
}

/// Entry of a part of a table.
pub fn part_name(table: &str, part: u64) -> String {
    format!("{TABLES}{table}/{part:07}.jsonl")
}

/// The table an entry belongs to.
pub fn table_of(name: &str) -> Option<&str> {
    name.strip_prefix(TABLES)?.split_once('/').map(|(table, _)| table)
}
