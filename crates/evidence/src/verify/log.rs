//! Recomputing the log from its leaves.

use std::collections::{BTreeMap, BTreeSet};

use ::store::{Db, StoreError};
use kernel::chain::Digest;
use kernel::number::MatterNumber;

use super::heads::{self, Heads};
use super::report::{FaultKind, Report};
use super::{Against, store};
use crate::log::{self, LeafRow, leaves, nodes, nodes_between};
use crate::tree::{self, Node, Peaks, inclusion_proof, verify_inclusion};

/// Leaves in one page.
const LEAVES: u32 = 4096;

/// The feed, every leaf, every node, the root, every signed head.
pub(super) async fn whole(db: &Db, against: &Against<'_>, report: &mut Report) -> Result<(), StoreError> {
    // Heads first: what is signed meanwhile has more leaves than the head read below, and is left for the next time.
    let mut heads = Heads::stored(db, against.anchors, report).await?;
    let published = heads::keys_stand(&mut db.reader().await?, against.trusted, report).await?;
    for kept in against.kept {
        let known = if against.trusted.is_empty() { &published } else { against.trusted };
        heads.kept(&kept.whose, &kept.note, known, report);
    }
    let mut reads = db.snapshot().await?;
    let head = log::head(&mut reads).await?;
    let size = i64::try_from(head.peaks.size()).unwrap_or(i64::MAX);
    extents(&mut reads, size, report).await?;
    drop(reads);

    let mut grown = Peaks::default();
    heads.reached(0, tree::empty_root, report);
    let mut from = 0;
    while from < size {
        let mut reads = db.reader().await?;
        let page = leaves(&mut reads, from, size, LEAVES).await?;
        let Some(last) = page.last().map(|leaf| leaf.pos) else { break };
        let before = grown.size();
        let mut made = Vec::new();
        for leaf in &page {
            if leaf.pos != from + 1 {
                report.fault(FaultKind::Leaf, None, None, Some(from + 1), "the log has a hole here");
            }
            from = leaf.pos;
            check_leaf(leaf, report);
            made.extend(grown.append(Digest::from_slice(&leaf.hash).unwrap_or(Digest::ZERO)));
            heads.reached(grown.size(), || grown.root(), report);
        }
        from = last;
        check_nodes(&mut reads, &made, before, grown.size(), report).await?;
    }
    if grown.size() != head.peaks.size() {
        let detail = format!("the log should have {} leaves and has {}", head.peaks.size(), grown.size());
        report.fault(FaultKind::Leaf, None, None, Some(size), &detail);
    } else if grown.root() != head.root || grown != head.peaks {
        report.fault(FaultKind::Root, None, None, Some(size), "the stored root is not what the leaves give");
    }
    heads.ended(grown.size(), report);
    report.tree_size = grown.size();
    report.root = grown.root();
    Ok(())
}

/// Feed and log have no holes and end where their heads say.
async fn extents(reads: &mut ::store::ReadTx, size: i64, report: &mut Report) -> Result<(), StoreError> {
    let (rows, last, head) = store::feed_extent(reads).await?;
    if rows != last || last != head {
        let detail = format!("{rows} events up to position {last}, while the head stands at {head}");
        report.fault(FaultKind::Feed, None, None, Some(last), &detail);
    }
    for (pos, number, seq) in store::swapped(reads).await? {
        report.fault(
            FaultKind::Feed,
            Some(number),
            Some(seq),
            Some(pos),
            "stands before the event it follows",
        );
    }
    let (rows, last, cursor) = store::log_extent(reads, log::NAME).await?;
    if last > size || rows > size || cursor != size {
        let detail = format!("{rows} leaves up to {last}, followed to {cursor}, while the tree has {size}");
        report.fault(FaultKind::Leaf, None, None, Some(last), &detail);
    }
    Ok(())
}

fn check_leaf(leaf: &LeafRow, report: &mut Report) {
    let (number, seq, pos) = (Some(leaf.number), Some(leaf.seq), Some(leaf.pos));
    if (leaf.feed_number, leaf.feed_seq) != (number, seq) {
        report.fault(FaultKind::Leaf, number, seq, pos, "the feed has another event at this position");
    }
    match &leaf.event_hash {
        None => report.fault(FaultKind::LeafWithoutEvent, number, seq, pos, "the event was deleted"),
        Some(hash) if *hash != leaf.hash => {
            report.fault(
                FaultKind::LeafHash,
                number,
                seq,
                pos,
                "the event's hash is not the one that was logged",
            );
        }
        Some(_) => {}
    }
}

/// Holds the stored nodes that became whole between two sizes against those computed.
async fn check_nodes(
    reads: &mut ::store::ReadTx,
    made: &[Node],
    before: u64,
    after: u64,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut by_level: BTreeMap<u32, Vec<&Node>> = BTreeMap::new();
    for node in made {
        by_level.entry(node.at.level).or_default().push(node);
    }
    for (level, computed) in by_level {
        let stored = nodes_between(reads, level, before >> level, after >> level).await?;
        for node in computed {
            if stored.get(&node.at.place).is_none_or(|hash| hash[..] != node.hash.as_bytes()[..]) {
                let detail =
                    format!("level {level}, place {}: missing, or not what the leaves give", node.at.place);
                report.fault(FaultKind::Node, None, None, None, &detail);
            }
        }
    }
    Ok(())
}

/// The leaves of one matter, each with its path to the root.
pub(super) async fn of_matter(db: &Db, number: MatterNumber, report: &mut Report) -> Result<(), StoreError> {
    let raw = number.as_i64();
    let mut reads = db.snapshot().await?;
    let head = log::head(&mut reads).await?;
    let size = head.peaks.size();
    let right_edge = tree::needed(|get| tree::root(size, &mut |place| get(place)));
    let mut known = nodes(&mut reads, &right_edge).await?;
    let root = tree::root(size, &mut |place| known.get(&place).copied());
    if root != Some(head.root) || head.peaks.root() != head.root {
        let last = i64::try_from(size).ok();
        report.fault(FaultKind::Root, None, None, last, "the stored root is not what its nodes give");
    }
    (report.tree_size, report.root) = (size, root.unwrap_or(head.root));
    for (pos, seq, hash, event_hash) in store::leaves_of(&mut reads, raw).await? {
        let fault =
            |report: &mut Report, kind, detail| report.fault(kind, Some(raw), Some(seq), Some(pos), detail);
        match event_hash {
            None => fault(report, FaultKind::LeafWithoutEvent, "the event was deleted"),
            Some(event_hash) if event_hash != hash => {
                fault(report, FaultKind::LeafHash, "the event's hash is not the one that was logged");
            }
            Some(_) => {}
        }
        let index = u64::try_from(pos - 1).unwrap_or(u64::MAX);
        let missing: BTreeSet<_> = tree::needed(|get| inclusion_proof(index, size, &mut |place| get(place)))
            .into_iter()
            .filter(|place| !known.contains_key(place))
            .collect();
        known.extend(nodes(&mut reads, &missing).await?);
        let proof = inclusion_proof(index, size, &mut |place| known.get(&place).copied());
        let leaf = Digest::from_slice(&hash).unwrap_or(Digest::ZERO);
        if !proof.is_some_and(|proof| verify_inclusion(&leaf, index, size, &proof, &head.root)) {
            fault(report, FaultKind::Node, "the leaf's path does not lead to the root");
        }
    }
    Ok(())
}
