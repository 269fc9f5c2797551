//! SQL of what was taken over.

use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

/// Which of these sources are here: keyed hash of the source, of its content, and the matter.
pub(super) async fn known(
    reads: &mut impl Reads,
    sources: &[[u8; 32]],
) -> Result<Vec<([u8; 32], [u8; 32], MatterNumber)>, StoreError> {
    sql("SELECT source, body, number FROM imported WHERE ").list("source IN (", sources, ")").all(reads).await
}

/// Remembers a source for ever, so that importing again changes nothing.
pub(super) fn insert(source: &[u8; 32], body: &[u8; 32], number: MatterNumber, at: Instant) -> Sql {
    sql("INSERT INTO imported (source, body, number, at) VALUES (?, ?, ?, ?)")
        .bind(source)
        .bind(body)
        .bind(number)
        .bind(at)
}
