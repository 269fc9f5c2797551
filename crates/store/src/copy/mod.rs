//! The whole database as typed rows, and back: what backup and restore are made of.
//!
//! - [`Source`] reads every table of one snapshot in the order of its key, while others go on writing.
//! - [`Target`] makes a database with the schema a backup was taken from and fills it. Until [`release`] it
//!   bears a mark that keeps every program from starting on it.
//!
//! A row is one line of JSON, the same for both databases: whole numbers, texts, booleans, `null`; bytes in
//! base64; instants in microseconds since 1970; JSON columns as the text of their value with sorted keys.

mod line;
mod load;
mod shape;
mod side;
mod source;
mod target;

use serde::{Deserialize, Serialize};

use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

pub use source::{Place, Source};
pub use target::Target;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// BOOLEAN.
    Bool,
    /// DOUBLE PRECISION.
    Real,
    /// BYTEA.
    Bytes,
    /// JSONB.
    Json,
    /// TIMESTAMPTZ.
    Instant,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: Holds,
}

/// A table as it lies in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of a row.
    pub columns: Vec<Column>,
    /// The columns of its primary key, in order.
    pub key: Vec<String>,
    /// Tables it refers to.
    pub refers_to: Vec<String>,
}

/// A migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Its number.
    pub number: i64,
    /// Name of its file.
    pub name: String,
    /// SHA-256 of its text, hex.
    pub sha256: String,
}

/// The row of `schema_migration` that says a restore has not come to its end. No program knows this migration,
/// so none starts on the database.
pub(crate) const UNFINISHED: (i64, &str) = (999_999, "restore-not-finished");

/// The table that says which migrations were applied. A backup tells them apart from the rows.
pub(crate) const MIGRATIONS: &str = "schema_migration";

/// Takes the mark of an unfinished restore away: from here on a program starts on the database.
pub async fn release(db: &Db) -> Result<(), StoreError> {
    db.write("finish restore", |tx| {
        let statement = sql("DELETE FROM schema_migration WHERE number = ?").bind(UNFINISHED.0);
        Box::pin(async move { statement.execute(tx).await.map(|_| ()) })
    })
    .await
}

/// Says why a backup of this schema cannot be restored by this program: it was made by a newer one, or a
/// migration has changed. None when it can.
pub fn unknown_schema(migrations: &[Applied]) -> Option<String> {
    crate::migrate::refusal(migrations)
}
