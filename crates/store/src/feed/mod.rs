//! All events in one order, without holes, and those who follow it.
//!
//! A command writes its event and a row of `outbox` in its own transaction. One sequencer at a time
//! moves committed rows into `feed`, giving each a position; it holds a lease, and the lease's epoch in
//! `feed_head` fences off one that lost it without noticing. Positions are given only to what is
//! committed, so a reader that has seen position 7 will never find a new 6.
//!
//! A follower keeps a cursor. What a batch of entries causes and the move of the cursor are one
//! transaction: nothing is skipped and nothing is done twice, also when two nodes follow under the same
//! name.

mod follow;
mod sequence;
mod task;

use kernel::number::MatterNumber;

use crate::error::StoreError;
use crate::sql::sql;
use crate::tx::Reads;

pub use follow::{Follower, follow_once};
pub use sequence::Sequencer;
pub use task::{Running, start};

crate::record! {
    /// One event's place in the feed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Entry {
        /// Position, from 1, without holes.
        pub pos: i64,
        /// The matter.
        pub number: MatterNumber,
        /// The event within the matter.
        pub seq: i64,
    }
}

/// The entries after a position, oldest first.
pub async fn after(reads: &mut impl Reads, pos: i64, most: u32) -> Result<Vec<Entry>, StoreError> {
    sql("SELECT pos, number, seq FROM feed WHERE pos > ? ORDER BY pos LIMIT ?")
        .bind(pos)
        .bind(most)
        .all(reads)
        .await
}

/// The position of an event; none while it is still in the outbox.
pub async fn position(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
) -> Result<Option<i64>, StoreError> {
    let found: Option<(i64,)> = sql("SELECT pos FROM feed WHERE number = ? AND seq = ?")
        .bind(number)
        .bind(seq)
        .optional(reads)
        .await?;
    Ok(found.map(|(pos,)| pos))
}

/// The last position given.
pub async fn head(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (pos,): (i64,) = sql("SELECT pos FROM feed_head WHERE id = 1").one(reads).await?;
    Ok(pos)
}

/// How far a follower has come; 0 before its first batch.
pub async fn cursor(reads: &mut impl Reads, follower: &str) -> Result<i64, StoreError> {
    let found: Option<(i64,)> =
        sql("SELECT pos FROM feed_cursor WHERE follower = ?").bind(follower).optional(reads).await?;
    Ok(found.map_or(0, |(pos,)| pos))
}
