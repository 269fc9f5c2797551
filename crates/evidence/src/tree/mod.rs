//! The Merkle tree of RFC 6962, section 2.1. Pure: no database, no clock.
//!
//! A tree of `n` leaves is kept as its *whole* subtrees: level 0 are the leaves, a node of level `l` at
//! place `p` covers the leaves `p << l` up to `(p + 1) << l`. Everything else is computed from them.

mod peaks;
mod proof;

use kernel::chain::Digest;
use sha2::{Digest as _, Sha256};

pub use peaks::{Node, Peaks};
pub use proof::{consistency_proof, inclusion_proof, needed, root, verify_consistency, verify_inclusion};

/// Place of a whole subtree: level from 0 (leaves), place from 0 (left).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Level; it covers `1 << level` leaves.
    pub level: u32,
    /// Index within the level.
    pub place: u64,
}

/// Hash of a leaf: `H(0x00 || data)`.
pub fn leaf_hash(data: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update([0x00]);
    hash.update(data);
    Digest::new(hash.finalize().into())
}

/// Hash of an inner node: `H(0x01 || left || right)`.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update([0x01]);
    hash.update(left.as_bytes());
    hash.update(right.as_bytes());
    Digest::new(hash.finalize().into())
}

/// Root of the tree without leaves: the hash of nothing.
pub fn empty_root() -> Digest {
    Digest::new(Sha256::digest([]).into())
}

/// The largest power of two below `n`, where a tree of `n > 1` leaves is split.
pub(crate) const fn split(n: u64) -> u64 {
    1 << (u64::BITS - 1 - (n - 1).leading_zeros())
}
