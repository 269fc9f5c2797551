//! Reading several matters at once, for those who follow the feed: one statement each, however many they are.

use kernel::number::MatterNumber;
use store::{Reads, StoreError, sql};

use super::{EventRow, MATTER, MatterRow};

/// Several matters, in no order.
pub async fn matters(
    reads: &mut impl Reads,
    numbers: impl IntoIterator<Item = MatterNumber>,
) -> Result<Vec<MatterRow>, StoreError> {
    sql(MATTER).bind("").list(" WHERE m.number IN (", numbers, ")").all(reads).await
}

/// The sealed applicants of several matters, in no order.
pub async fn applicants(
    reads: &mut impl Reads,
    numbers: impl IntoIterator<Item = MatterNumber>,
) -> Result<Vec<(MatterNumber, Vec<u8>)>, StoreError> {
    sql("SELECT number, sealed FROM party WHERE pos = 0")
        .list(" AND number IN (", numbers, ")")
        .all(reads)
        .await
}

/// Single events of several matters, in no order.
pub async fn events_at(
    reads: &mut impl Reads,
    at: &[(MatterNumber, i64)],
) -> Result<Vec<EventRow>, StoreError> {
    // Repeated up to a power of two, so that few different texts are prepared.
    let wanted = at.iter().chain(at.last().into_iter().cycle()).take(at.len().next_power_of_two());
    sql("SELECT number, seq, at, actor, action, public, sealed, prev, hash \
         FROM event WHERE (number, seq) IN (VALUES ")
    .rows(wanted, |row, (number, seq)| row.bind(*number).bind(*seq))
    .then(")")
    .all(reads)
    .await
}
