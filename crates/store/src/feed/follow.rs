//! Following the feed.

use futures_util::future::BoxFuture;

use super::{Entry, after, cursor};
use crate::changes::Changes;
use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

/// Something that is done once for every event, in feed order.
pub trait Follower: Send + Sync + 'static {
    /// Name of its cursor.
    fn name(&self) -> &'static str;

    /// Most entries at a time.
    fn batch(&self) -> u32 {
        200
    }

    /// What the entries cause. They are without holes and follow what was handled before. The changes
    /// and the move of the cursor become one transaction; what was read here still holds then, as long
    /// as only this follower writes it, because the cursor moves from the place it was read at.
    fn effect<'a>(&'a self, db: &'a Db, entries: &'a [Entry]) -> BoxFuture<'a, Result<Changes, StoreError>>;
}

/// Handles one batch; gives how many entries. 0 when there is nothing new, or when another node handled
/// them in the meantime.
pub async fn follow_once(db: &Db, follower: &dyn Follower) -> Result<usize, StoreError> {
    let mut reads = db.reader().await?;
    let from = cursor(&mut reads, follower.name()).await?;
    let entries = after(&mut reads, from, follower.batch()).await?;
    drop(reads);
    let Some(last) = entries.last() else { return Ok(0) };
    let mut changes = Changes::new();
    // First, so that of two nodes only one goes on.
    changes.expect_one(
        sql("INSERT INTO feed_cursor (follower, pos) VALUES (?, ?) \
             ON CONFLICT (follower) DO UPDATE SET pos = excluded.pos WHERE feed_cursor.pos = ?")
        .bind(follower.name())
        .bind(last.pos)
        .bind(from),
        "feed cursor",
    );
    changes.append(follower.effect(db, &entries).await?);
    match db.apply(follower.name(), changes).await {
        Ok(()) => Ok(entries.len()),
        Err(StoreError::Conflict("feed cursor")) => Ok(0),
        Err(error) => Err(error),
    }
}
