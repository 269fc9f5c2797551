//! SQL of keys and checkpoints.

use jiff::Timestamp;
use kernel::time::Instant;
use store::{Changes, Reads, StoreError, record, sql};

use crate::note::Suite;

store::text_column!(Suite);

record! {
    /// A key of the log; the secret half only while it signs.
    #[derive(Debug, Clone)]
    pub struct KeyRow {
        /// From 1.
        pub id: i64,
        /// Suite.
        pub suite: Suite,
        /// Name of the log.
        pub origin: String,
        /// Public half.
        pub public: Vec<u8>,
        /// Wrapped data key.
        pub data_key: Option<Vec<u8>>,
        /// The secret under it.
        pub sealed: Option<Vec<u8>>,
        /// When it was made.
        pub made_at: Timestamp,
        /// When a new one took over.
        pub retired_at: Option<Timestamp>,
    }
}

record! {
    /// A signed head as stored.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct CheckpointRow {
        /// From 1, without holes.
        pub seq: i64,
        /// When it was signed, by the clock of the node.
        pub at: Instant,
        /// Leaves.
        pub size: i64,
        /// Root over them.
        pub root: Vec<u8>,
        /// The note as published.
        pub note: String,
    }
}

/// All keys there ever were, the oldest first.
pub(crate) async fn keys(reads: &mut impl Reads) -> Result<Vec<KeyRow>, StoreError> {
    sql("SELECT id, suite, origin, public, data_key, sealed, made_at, retired_at FROM log_key ORDER BY id")
        .all(reads)
        .await
}

/// A key made by two nodes at once is that of the first.
pub(super) fn add_key(changes: &mut Changes, key: &KeyRow) {
    changes.push(
        sql("INSERT INTO log_key (id, suite, origin, public, data_key, sealed, made_at) VALUES (?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO NOTHING")
        .bind(key.id)
        .bind(key.suite.as_str())
        .bind(&key.origin)
        .bind(key.public.clone())
        .bind(key.data_key.clone())
        .bind(key.sealed.clone())
        .bind(key.made_at),
    );
}

/// Marks the keys up to this id: they sign once more, together with their successors.
pub(super) fn retire_keys(changes: &mut Changes, up_to: i64, at: Timestamp) {
    changes.push(
        sql("UPDATE log_key SET retired_at = ? WHERE id <= ? AND retired_at IS NULL").bind(at).bind(up_to),
    );
}

/// Destroys the secrets of retired keys.
pub(super) fn forget_secrets(changes: &mut Changes) {
    changes.push(sql("UPDATE log_key SET data_key = NULL, sealed = NULL WHERE retired_at IS NOT NULL"));
}

/// The newest head; none before the first.
pub(crate) async fn last(reads: &mut impl Reads) -> Result<Option<CheckpointRow>, StoreError> {
    sql("SELECT seq, at, size, root, note FROM log_checkpoint ORDER BY seq DESC LIMIT 1")
        .optional(reads)
        .await
}

/// The first head with at least so many leaves.
pub(crate) async fn first_of(reads: &mut impl Reads, size: i64) -> Result<Option<CheckpointRow>, StoreError> {
    sql("SELECT seq, at, size, root, note FROM log_checkpoint WHERE size >= ? ORDER BY seq LIMIT 1")
        .bind(size)
        .optional(reads)
        .await
}

/// Heads after one, in order.
pub(crate) async fn after(
    reads: &mut impl Reads,
    seq: i64,
    most: u32,
) -> Result<Vec<CheckpointRow>, StoreError> {
    sql("SELECT seq, at, size, root, note FROM log_checkpoint WHERE seq > ? ORDER BY seq LIMIT ?")
        .bind(seq)
        .bind(most)
        .all(reads)
        .await
}

/// `seq` is the key: whoever read the same last head loses.
pub(super) fn add(changes: &mut Changes, row: &CheckpointRow) {
    changes.push(
        sql("INSERT INTO log_checkpoint (seq, at, size, root, note) VALUES (?, ?, ?, ?, ?)")
            .bind(row.seq)
            .bind(row.at)
            .bind(row.size)
            .bind(row.root.clone())
            .bind(&row.note),
    );
}
