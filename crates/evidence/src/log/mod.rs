//! The Merkle log over all events: a follower of the feed. A receipt carries its event's hash at once;
//! the proof that the log holds it follows within a moment.

mod follow;
mod store;

use ::store::{Reads, StoreError};
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use serde::Serialize;

use crate::tree::{self, Peaks, inclusion_proof};

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

/// The proof of one event; `None` while the log has not taken it, or when nodes are missing.
/// `reads` should be a snapshot, so that head and nodes belong together.
pub async fn inclusion(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
) -> Result<Option<Inclusion>, StoreError> {
    let head = head(reads).await?;
    let Some((pos, leaf)) = leaf_of(reads, number.as_i64(), seq).await? else { return Ok(None) };
    let size = head.peaks.size();
    let Some(index) = u64::try_from(pos - 1).ok().filter(|index| *index < size) else { return Ok(None) };
    let places = tree::needed(|get| inclusion_proof(index, size, &mut |place| get(place)));
    let known = nodes(reads, &places).await?;
    let proof = inclusion_proof(index, size, &mut |place| known.get(&place).copied());
    Ok(proof.map(|proof| Inclusion { index, size, leaf, root: head.root, proof }))
}
