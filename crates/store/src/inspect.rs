//! Looking at the database and the disk beneath it without changing anything: for readiness and for `doctor`.

use std::io;
use std::path::Path;

use crate::db::{Db, Inner};
use crate::error::{StoreError, classify};
use crate::migrate;
use crate::sql::sql;
use crate::tx::Reads;

/// How the schema of a database stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Migrations of this program that were applied.
    pub applied: usize,
    /// Those that were not, by name.
    pub missing: Vec<String>,
    /// Those a newer program applied, by name.
    pub newer: Vec<String>,
}

/// Compares the migrations of a database with those of this program.
pub async fn migrations(db: &Db) -> Result<Standing, StoreError> {
    let applied: Vec<(i64, String)> =
        sql("SELECT number, name FROM schema_migration ORDER BY number").all(&mut db.reader().await?).await?;
    let known = migrate::EMBEDDED;
    let is_applied = |name: &str| applied.iter().any(|(_, found)| found == name);
    Ok(Standing {
        applied: known.iter().filter(|(name, _)| is_applied(name)).count(),
        missing: known
            .iter()
            .filter(|(name, _)| !is_applied(name))
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        newer: applied
            .into_iter()
            .filter(|(_, found)| !known.iter().any(|(name, _)| name == found))
            .map(|(_, name)| name)
            .collect(),
    })
}

/// Events that the feed has not placed yet, and those the slowest follower has not seen.
pub async fn feed_lag(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (waiting,): (i64,) = sql("SELECT COUNT(*) FROM outbox").one(reads).await?;
    let (head,): (i64,) = sql("SELECT pos FROM feed_head WHERE id = 1").one(reads).await?;
    let (slowest,): (Option<i64>,) = sql("SELECT MIN(pos) FROM feed_cursor").one(reads).await?;
    Ok(waiting + slowest.map_or(0, |pos| (head - pos).max(0)))
}

/// When the newest event in the feed happened; none while there is none.
pub async fn newest_event(reads: &mut impl Reads) -> Result<Option<kernel::time::Instant>, StoreError> {
    let found: Option<(kernel::time::Instant,)> =
        sql("SELECT e.at FROM feed f JOIN event e ON e.number = f.number AND e.seq = f.seq")
            .then(" ORDER BY f.pos DESC LIMIT 1")
            .optional(reads)
            .await?;
    Ok(found.map(|(at,)| at))
}

/// A setting of the database that durability or order rests on: its name, what it is, and whether it is sound.
pub type Setting = (&'static str, String, bool);

/// The settings a commit's safety and the order of lists rest on, as the database itself says them.
pub async fn settings(db: &Db) -> Result<Vec<Setting>, StoreError> {
    let failed = |error: sqlx::Error| classify(&error).0;
    match db.inner() {
        Inner::Sqlite(db) => {
            let mut reader = db.readers.acquire().await?;
            let journal: String =
                sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *reader).await.map_err(failed)?;
            let check: String =
                sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *reader).await.map_err(failed)?;
            Ok(vec![
                ("journal_mode", journal.clone(), journal == "wal"),
                // Of the writer's connection; a database where it is otherwise is not opened at all.
                ("synchronous", "full".to_owned(), true),
                ("quick_check", check.clone(), check == "ok"),
            ])
        }
        Inner::Postgres(db) => {
            let row: (String, String, String, String) = sqlx::query_as(
                "SELECT CAST(current_setting('fsync') AS TEXT), CAST(current_setting('synchronous_commit') AS TEXT), \
                 CAST(datcollate AS TEXT), CAST(pg_encoding_to_char(encoding) AS TEXT) \
                 FROM pg_database WHERE datname = current_database()",
            )
            .fetch_one(&db.pool)
            .await
            .map_err(failed)?;
            let (fsync, commit, collation, encoding) = row;
            Ok(vec![
                ("fsync", fsync.clone(), fsync == "on"),
                ("synchronous_commit", commit.clone(), commit != "off"),
                ("collation", collation.clone(), matches!(collation.as_str(), "C" | "POSIX")),
                ("encoding", encoding.clone(), encoding == "UTF8"),
            ])
        }
    }
}

/// Bytes that this process may still write on the disk a folder lies on.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}
