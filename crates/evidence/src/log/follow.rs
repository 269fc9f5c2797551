//! Taking events from the feed into the log.

use kernel::chain::Digest;
use store::feed::{Entry, Follower};
use store::{BoxFuture, Changes, Db, StoreError};

use super::store::{append, event_hashes, head};

/// Name of the follower's cursor.
pub const NAME: &str = "merkle-log";

/// The follower that keeps the log.
#[derive(Debug, Clone, Copy, Default)]
pub struct MerkleLog;

impl Follower for MerkleLog {
    fn name(&self) -> &'static str {
        NAME
    }

    fn batch(&self) -> u32 {
        500
    }

    fn effect<'a>(&'a self, db: &'a Db, entries: &'a [Entry]) -> BoxFuture<'a, Result<Changes, StoreError>> {
        Box::pin(take(db, entries))
    }
}

async fn take(db: &Db, entries: &[Entry]) -> Result<Changes, StoreError> {
    let mut changes = Changes::new();
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(changes) };
    let mut reads = db.reader().await?;
    let mut peaks = head(&mut reads).await?.peaks;
    let before = peaks.size();
    if u64::try_from(first.pos).ok() != Some(before + 1) {
        tracing::error!(size = before, pos = first.pos, "the log does not end where the feed goes on");
        return Err(StoreError::Conflict("log head"));
    }
    let leaves = event_hashes(&mut reads, first.pos - 1, last.pos).await?;
    if leaves.len() != entries.len() {
        // Going on would give later events wrong positions for ever. `evidence verify` names the event.
        tracing::error!(from = first.pos, to = last.pos, "an event of the feed is gone");
        return Err(StoreError::Missing);
    }
    let made: Vec<_> = leaves.iter().flat_map(|leaf| peaks.append(Digest::new(leaf.3))).collect();
    append(&mut changes, &leaves, &made, before, &peaks);
    Ok(changes)
}
