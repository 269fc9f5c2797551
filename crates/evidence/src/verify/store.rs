//! SQL of the verifier: keyset pages, raw columns, so that damaged values are found instead of refused.

use kernel::time::Instant;
use serde_json::Value;
use store::{Json, Reads, StoreError, record, sql};

record! {
    /// What a matter says about its chain.
    #[derive(Debug)]
    pub(super) struct MatterRow {
        pub number: i64,
        pub version: i64,
        pub head: Vec<u8>,
        pub data_key: Option<Vec<u8>>,
    }
}

record! {
    /// An event with its place in feed or outbox.
    #[derive(Debug)]
    pub(super) struct EventRow {
        pub number: i64,
        pub seq: i64,
        pub at: Instant,
        pub actor: String,
        pub action: String,
        pub alg: String,
        pub public: Json<Value>,
        pub sealed: Option<Vec<u8>>,
        pub commitment: Vec<u8>,
        pub prev: Vec<u8>,
        pub hash: Vec<u8>,
        pub pos: Option<i64>,
        pub waiting: Option<i64>,
    }
}

/// How many matters there are.
pub(super) async fn count(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (count,): (i64,) = sql("SELECT count(*) FROM matter").one(reads).await?;
    Ok(count)
}

/// The number before which so many matters stand.
pub(super) async fn nth(reads: &mut impl Reads, before: i64) -> Result<Option<i64>, StoreError> {
    let found: Option<(i64,)> = sql("SELECT number FROM matter ORDER BY number LIMIT 1 OFFSET ?")
        .bind(before)
        .optional(reads)
        .await?;
    Ok(found.map(|(number,)| number))
}

/// Matters after a number up to another.
pub(super) async fn matters(
    reads: &mut impl Reads,
    after: i64,
    to: i64,
    most: u32,
) -> Result<Vec<MatterRow>, StoreError> {
    sql("SELECT number, version, head, data_key FROM matter WHERE number > ? AND number <= ? ORDER BY number LIMIT ?")
        .bind(after)
        .bind(to)
        .bind(most)
        .all(reads)
        .await
}

/// One matter.
pub(super) async fn matter(reads: &mut impl Reads, number: i64) -> Result<Option<MatterRow>, StoreError> {
    sql("SELECT number, version, head, data_key FROM matter WHERE number = ?")
        .bind(number)
        .optional(reads)
        .await
}

/// Events after `(number, seq)` up to the last event of matter `to`. What is joined is bounded below as well, or a merge
/// reads all of it from its beginning for every page.
pub(super) async fn events(
    reads: &mut impl Reads,
    after: (i64, i64),
    to: i64,
    most: u32,
) -> Result<Vec<EventRow>, StoreError> {
    sql("SELECT e.number, e.seq, e.at, e.actor, e.action, e.alg, e.public, e.sealed, e.commitment, e.prev, e.hash, \
         f.pos, o.seq AS waiting FROM event e \
         LEFT JOIN feed f ON f.number = e.number AND f.seq = e.seq AND f.number >= ? \
         LEFT JOIN outbox o ON o.number = e.number AND o.seq = e.seq AND o.number >= ? \
         WHERE (e.number, e.seq) > (?, ?) AND e.number <= ? ORDER BY e.number, e.seq LIMIT ?")
    .bind(after.0)
    .bind(after.0)
    .bind(after.0)
    .bind(after.1)
    .bind(to)
    .bind(most)
    .all(reads)
    .await
}

/// Hash of an event as stored.
pub(super) async fn event_hash(
    reads: &mut impl Reads,
    number: i64,
    seq: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>,)> = sql("SELECT hash FROM event WHERE number = ? AND seq = ?")
        .bind(number)
        .bind(seq)
        .optional(reads)
        .await?;
    Ok(found.map(|(hash,)| hash))
}

/// `(rows, last position, position of the head)` of the feed.
pub(super) async fn feed_extent(reads: &mut impl Reads) -> Result<(i64, i64, i64), StoreError> {
    sql("SELECT (SELECT count(*) FROM feed), (SELECT coalesce(max(pos), 0) FROM feed), \
         (SELECT pos FROM feed_head WHERE id = 1)")
    .one(reads)
    .await
}

/// `(rows, last position, follower's cursor)` of the log.
pub(super) async fn log_extent(
    reads: &mut impl Reads,
    follower: &str,
) -> Result<(i64, i64, i64), StoreError> {
    sql("SELECT (SELECT count(*) FROM log_leaf), (SELECT coalesce(max(pos), 0) FROM log_leaf), \
         coalesce((SELECT pos FROM feed_cursor WHERE follower = ?), 0)")
    .bind(follower)
    .one(reads)
    .await
}

/// Events that stand in the feed before the one they follow.
pub(super) async fn swapped(reads: &mut impl Reads) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    sql("SELECT b.pos, b.number, b.seq FROM feed a JOIN feed b ON b.number = a.number AND b.seq = a.seq + 1 \
         WHERE b.pos < a.pos ORDER BY b.pos LIMIT 1000")
    .all(reads)
    .await
}

/// Leaves of one matter: `(pos, seq, hash, hash of the event)`.
pub(super) async fn leaves_of(
    reads: &mut impl Reads,
    number: i64,
) -> Result<Vec<(i64, i64, Vec<u8>, Option<Vec<u8>>)>, StoreError> {
    sql("SELECT l.pos, l.seq, l.hash, e.hash FROM log_leaf l \
         LEFT JOIN event e ON e.number = l.number AND e.seq = l.seq WHERE l.number = ? ORDER BY l.seq")
    .bind(number)
    .all(reads)
    .await
}
