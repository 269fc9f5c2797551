//! Links between matters: each side has its own row, the second is written by a command of its own.

use kernel::number::MatterNumber;
use store::{Reads, Sql, StoreError, sql};

/// Links of a matter.
pub async fn links(
    reads: &mut impl Reads,
    number: MatterNumber,
) -> Result<Vec<(String, MatterNumber)>, StoreError> {
    sql("SELECT kind, other FROM link WHERE number = ? ORDER BY kind, other").bind(number).all(reads).await
}

/// Links whose other side does not know of them yet.
pub async fn links_due(
    reads: &mut impl Reads,
    limit: i64,
) -> Result<Vec<(MatterNumber, String, MatterNumber)>, StoreError> {
    sql("SELECT number, kind, other FROM link_due ORDER BY number LIMIT ?").bind(limit).all(reads).await
}

/// A link from a matter to another.
pub fn insert_link(number: MatterNumber, kind: &str, other: MatterNumber) -> Sql {
    sql("INSERT INTO link (number, kind, other) VALUES (?, ?, ?) ON CONFLICT (number, kind, other) DO NOTHING")
        .bind(number)
        .bind(kind)
        .bind(other)
}

/// Remembers that the other side of a link must be told.
pub fn insert_link_due(number: MatterNumber, kind: &str, other: MatterNumber) -> Sql {
    sql("INSERT INTO link_due (number, kind, other) VALUES (?, ?, ?)").bind(number).bind(kind).bind(other)
}

/// The other side knows.
pub fn forget_link_due(number: MatterNumber, kind: &str, other: MatterNumber) -> Sql {
    sql("DELETE FROM link_due WHERE number = ? AND kind = ? AND other = ?")
        .bind(number)
        .bind(kind)
        .bind(other)
}
