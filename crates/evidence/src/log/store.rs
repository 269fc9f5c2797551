//! SQL of the log.

use std::collections::{BTreeMap, BTreeSet};

use kernel::chain::Digest;
use store::{Changes, Reads, StoreError, record, sql};

use super::Head;
use crate::tree::{Node, Peaks, Place, empty_root};

record! {
    /// One leaf with what the feed and the register say about it.
    #[derive(Debug, Clone)]
    pub struct LeafRow {
        /// Position, from 1.
        pub pos: i64,
        /// The matter.
        pub number: i64,
        /// The event.
        pub seq: i64,
        /// Hash in the log.
        pub hash: Vec<u8>,
        /// The matter at this position of the feed.
        pub feed_number: Option<i64>,
        /// The event at this position of the feed.
        pub feed_seq: Option<i64>,
        /// Hash of the event as it stands.
        pub event_hash: Option<Vec<u8>>,
    }
}

pub(super) async fn head(reads: &mut impl Reads) -> Result<Head, StoreError> {
    let row: Option<(i64, [u8; 32], Vec<u8>)> =
        sql("SELECT size, root, peaks FROM log_head WHERE id = 1").optional(reads).await?;
    let Some((size, root, peaks)) = row else {
        return Ok(Head { peaks: Peaks::default(), root: empty_root() });
    };
    let size = u64::try_from(size).map_err(|fault| StoreError::column("size", fault))?;
    let peaks = Peaks::from_bytes(size, &peaks).map_err(|fault| StoreError::column("peaks", fault))?;
    Ok(Head { peaks, root: Digest::new(root) })
}

/// Event hashes of the feed positions after `from` up to `to`, in order.
pub(super) async fn event_hashes(
    reads: &mut impl Reads,
    from: i64,
    to: i64,
) -> Result<Vec<(i64, i64, i64, [u8; 32])>, StoreError> {
    sql("SELECT f.pos, f.number, f.seq, e.hash FROM feed f \
         JOIN event e ON e.number = f.number AND e.seq = f.seq WHERE f.pos > ? AND f.pos <= ? ORDER BY f.pos")
    .bind(from)
    .bind(to)
    .all(reads)
    .await
}

pub(super) fn append(
    changes: &mut Changes,
    leaves: &[(i64, i64, i64, [u8; 32])],
    made: &[Node],
    before: u64,
    after: &Peaks,
) {
    changes.push(
        sql("INSERT INTO log_leaf (pos, number, seq, hash) VALUES ")
            .rows(leaves, |row, (pos, number, seq, hash)| row.bind(*pos).bind(*number).bind(*seq).bind(hash)),
    );
    changes.push(sql("INSERT INTO log_node (level, place, hash) VALUES ").rows(made, |row, node| {
        row.bind(node.at.level).bind(stored(node.at.place)).bind(node.hash.as_bytes())
    }));
    changes.expect_one(
        sql("INSERT INTO log_head (id, size, root, peaks) VALUES (1, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET size = excluded.size, root = excluded.root, peaks = excluded.peaks \
             WHERE log_head.size = ?")
        .bind(stored(after.size()))
        .bind(after.root().as_bytes())
        .bind(after.to_bytes())
        .bind(stored(before)),
        "log head",
    );
}

pub(crate) async fn leaf_of(
    reads: &mut impl Reads,
    number: i64,
    seq: i64,
) -> Result<Option<(i64, Digest)>, StoreError> {
    let found: Option<(i64, [u8; 32])> = sql("SELECT pos, hash FROM log_leaf WHERE number = ? AND seq = ?")
        .bind(number)
        .bind(seq)
        .optional(reads)
        .await?;
    Ok(found.map(|(pos, hash)| (pos, Digest::new(hash))))
}

/// Leaves after `from` up to `to`, at most `most`. The feed is bounded below as well, or a merge reads it from its
/// beginning for every page.
pub(crate) async fn leaves(
    reads: &mut impl Reads,
    from: i64,
    to: i64,
    most: u32,
) -> Result<Vec<LeafRow>, StoreError> {
    sql("SELECT l.pos, l.number, l.seq, l.hash, f.number AS feed_number, f.seq AS feed_seq, e.hash AS event_hash \
         FROM log_leaf l LEFT JOIN feed f ON f.pos = l.pos AND f.pos > ? \
         LEFT JOIN event e ON e.number = l.number AND e.seq = l.seq \
         WHERE l.pos > ? AND l.pos <= ? ORDER BY l.pos LIMIT ?")
    .bind(from)
    .bind(from)
    .bind(to)
    .bind(most)
    .all(reads)
    .await
}

/// Hashes of whole subtrees, leaves included.
pub(crate) async fn nodes(
    reads: &mut impl Reads,
    places: &BTreeSet<Place>,
) -> Result<BTreeMap<Place, Digest>, StoreError> {
    let mut found = BTreeMap::new();
    let levels: BTreeSet<u32> = places.iter().map(|place| place.level).collect();
    for level in levels {
        let wanted = places.iter().filter(|place| place.level == level).map(|place| stored(place.place));
        let rows: Vec<(i64, [u8; 32])> = if level == 0 {
            sql("SELECT pos - 1, hash FROM log_leaf")
                .list(" WHERE pos IN (", wanted.map(|place| place + 1), ")")
                .all(reads)
                .await?
        } else {
            sql("SELECT place, hash FROM log_node WHERE level = ?")
                .bind(level)
                .list(" AND place IN (", wanted, ")")
                .all(reads)
                .await?
        };
        for (place, hash) in rows {
            let place = u64::try_from(place).map_err(|fault| StoreError::column("place", fault))?;
            found.insert(Place { level, place }, Digest::new(hash));
        }
    }
    Ok(found)
}

/// Nodes of a level from one place up to another.
pub(crate) async fn nodes_between(
    reads: &mut impl Reads,
    level: u32,
    from: u64,
    to: u64,
) -> Result<BTreeMap<u64, Vec<u8>>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> =
        sql("SELECT place, hash FROM log_node WHERE level = ? AND place >= ? AND place < ?")
            .bind(level)
            .bind(stored(from))
            .bind(stored(to))
            .all(reads)
            .await?;
    Ok(rows.into_iter().filter_map(|(place, hash)| Some((u64::try_from(place).ok()?, hash))).collect())
}

/// Sizes and places as stored; no log comes near the end of the range.
fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
