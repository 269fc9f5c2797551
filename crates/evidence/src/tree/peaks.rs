//! Growing a tree from its right edge.

use kernel::chain::{ChainFault, Digest};

use super::{Place, empty_root, node_hash};

/// A whole subtree that came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Where.
    pub at: Place,
    /// Its hash.
    pub hash: Digest,
}

/// The right edge of a tree: the roots of its whole subtrees, largest first. Enough to append and to know the root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peaks {
    size: u64,
    peaks: Vec<Digest>,
}

impl Peaks {
    /// Stored form read back: 32 bytes a peak, one for each bit set in `size`.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, ChainFault> {
        let peaks: Vec<Digest> = bytes.chunks(32).map(Digest::from_slice).collect::<Result<_, _>>()?;
        if peaks.len() == size.count_ones() as usize {
            Ok(Self { size, peaks })
        } else {
            Err(ChainFault::Digest)
        }
    }

    /// Stored form.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.iter().flat_map(|peak| *peak.as_bytes()).collect()
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; gives the inner subtrees that became whole, smallest first.
    pub fn append(&mut self, leaf: Digest) -> Vec<Node> {
        let index = self.size;
        let mut made = Vec::new();
        let mut hash = leaf;
        let mut level = 0;
        // As in adding one to a binary number: every trailing one joins with what comes.
        while (index >> level) & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            made.push(Node { at: Place { level, place: index >> level }, hash });
        }
        self.peaks.push(hash);
        self.size += 1;
        made
    }

    /// Root of the tree.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}
