//! The record of what was done to keep the data.

use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Changes, Db, Json, Reads, StoreError, sql};

use crate::backup::Made;

/// The acts of the record.
pub const BACKUP: &str = "backup";
/// A copy of the master key was put in a safe place.
pub const KEY_SAVED: &str = "key-saved";
/// A backup was brought back.
pub const RESTORE: &str = "restore";

store::record! {
    /// One line of it.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Act {
        /// When.
        pub at: Instant,
        /// SHA-256 of the file, or fingerprint of the key.
        pub mark: String,
        /// Where and how much.
        pub detail: Json<Value>,
    }
}

/// Writes a backup down.
pub async fn made(db: &Db, made: &Made, now: Instant) -> Result<(), StoreError> {
    let detail = json!({
        "file": made.file.display().to_string(),
        "bytes": made.bytes,
        "rows": made.rows(),
        "files": made.manifest.files.count,
        "missing": made.manifest.files.missing.len(),
        "with_keys": made.about.with_keys,
    });
    add(db, BACKUP, &made.sha256, detail, now).await
}

/// Writes down that a copy of the key with this fingerprint lies in a safe place, and where, in the office's words.
pub async fn key_saved(
    db: &Db,
    fingerprint: &str,
    place: &str,
    compared: bool,
    now: Instant,
) -> Result<(), StoreError> {
    add(db, KEY_SAVED, fingerprint, json!({ "where": place, "compared": compared }), now).await
}

pub(crate) async fn add(
    db: &Db,
    act: &'static str,
    mark: &str,
    detail: Value,
    now: Instant,
) -> Result<(), StoreError> {
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO keeping (id, act, at, mark, detail) VALUES (?, ?, ?, ?, ?)")
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(act)
            .bind(now)
            .bind(mark)
            .bind(detail),
    );
    db.apply("keeping", changes).await
}

/// The latest of an act.
pub async fn latest(reads: &mut impl Reads, act: &str) -> Result<Option<Act>, StoreError> {
    sql("SELECT at, mark, detail FROM keeping WHERE act = ? ORDER BY at DESC, id DESC LIMIT 1")
        .bind(act)
        .optional(reads)
        .await
}

/// The latest of an act with this mark.
pub async fn latest_of(reads: &mut impl Reads, act: &str, mark: &str) -> Result<Option<Act>, StoreError> {
    sql("SELECT at, mark, detail FROM keeping WHERE act = ? AND mark = ? ORDER BY at DESC, id DESC LIMIT 1")
        .bind(act)
        .bind(mark)
        .optional(reads)
        .await
}
