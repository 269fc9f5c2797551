//! The Merkle log over all events: a follower of the feed. A receipt carries its event's hash at once;
//! the proof that the log holds it follows within a moment.

mod follow;
mod store;

use ::store::{Reads, StoreError};
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use serde::Serialize;

use crate::tree::{self, Peaks, consistency_proof, inclusion_proof};

pub use follow::{MerkleLog, NAME};
pub(crate) use store::{LeafRow, leaf_of, leaves, nodes, nodes_between};

/// How large the log is, and its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Right edge of the tree; knows its size.
    pub peaks: Peaks,
    /// Root as stored.
    pub root: Digest,
}

/// Proof that the log holds an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inclusion {
    /// Leaf index, from 0.
    pub index: u64,
    /// Number of leaves of the tree it is proved for.
    pub size: u64,
    /// The event's hash.
    pub leaf: Digest,
    /// The root it leads to.
    pub root: Digest,
    /// The path, lowest first.
    pub proof: Vec<Digest>,
}

/// The present head; an empty tree before the first event.
pub async fn head(reads: &mut impl Reads) -> Result<Head, StoreError> {
    store::head(reads).await
}

/// That the tree of one size begins with that of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consistency {
    /// The smaller size.
    pub from: u64,
    /// The larger.
    pub to: u64,
    /// Root of the smaller tree.
    pub from_root: Digest,
    /// Root of the larger.
    pub to_root: Digest,
    /// The proof as in RFC 6962, section 2.1.2.
    pub proof: Vec<Digest>,
}

/// The root of the first `size` leaves; `None` when nodes are missing.
pub async fn root_at(reads: &mut impl Reads, size: u64) -> Result<Option<Digest>, StoreError> {
    let places = tree::needed(|get| tree::root(size, &mut |place| get(place)));
    let known = nodes(reads, &places).await?;
    Ok(tree::root(size, &mut |place| known.get(&place).copied()))
}

/// The proof that the first `to` leaves begin with the first `from`; `None` when one of the sizes is not there.
pub async fn consistency(
    reads: &mut impl Reads,
    from: u64,
    to: u64,
) -> Result<Option<Consistency>, StoreError> {
    if from == 0 || from > to {
        return Ok(None);
    }
    let mut places = tree::needed(|get| consistency_proof(from, to, &mut |place| get(place)));
    for size in [from, to] {
        places.extend(tree::needed(|get| tree::root(size, &mut |place| get(place))));
    }
    let known = nodes(reads, &places).await?;
    let mut get = |place| known.get(&place).copied();
    let (Some(proof), Some(from_root), Some(to_root)) =
        (consistency_proof(from, to, &mut get), tree::root(from, &mut get), tree::root(to, &mut get))
    else {
        return Ok(None);
    };
    Ok(Some(Consistency { from, to, from_root, to_root, proof }))
}

/// The proof of one event for the log as it stands; `None` while the log has not taken it, or when nodes are missing.
/// `reads` should be a snapshot, so that head and nodes belong together.
pub async fn inclusion(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
) -> Result<Option<Inclusion>, StoreError> {
    let size = head(reads).await?.peaks.size();
    inclusion_at(reads, number, seq, size).await
}

/// The proof of one event for the first `size` leaves.
pub async fn inclusion_at(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
    size: u64,
) -> Result<Option<Inclusion>, StoreError> {
    let Some((pos, leaf)) = leaf_of(reads, number.as_i64(), seq).await? else { return Ok(None) };
    let Some(index) = u64::try_from(pos - 1).ok().filter(|index| *index < size) else { return Ok(None) };
    let mut places = tree::needed(|get| inclusion_proof(index, size, &mut |place| get(place)));
    places.extend(tree::needed(|get| tree::root(size, &mut |place| get(place))));
    let known = nodes(reads, &places).await?;
    let mut get = |place| known.get(&place).copied();
    let found = inclusion_proof(index, size, &mut get).zip(tree::root(size, &mut get));
    Ok(found.map(|(proof, root)| Inclusion { index, size, leaf, root, proof }))
}

/// The position of an event in the log, from 1; none while the log has not taken it.
pub async fn position(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
) -> Result<Option<i64>, StoreError> {
    Ok(leaf_of(reads, number.as_i64(), seq).await?.map(|(pos, _)| pos))
}
