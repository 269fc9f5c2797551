//! What was verified, and what is wrong.

use kernel::chain::Digest;
use serde::Serialize;

use crate::tree::empty_root;

/// `{events, matters, tree_size, root, checkpoints, faults}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Events recomputed.
    pub events: u64,
    /// Matters whose chain was walked.
    pub matters: u64,
    /// Leaves of the log.
    pub tree_size: u64,
    /// Root of the log as recomputed.
    pub root: Digest,
    /// Signed heads that were checked.
    pub checkpoints: u64,
    /// What is wrong; empty when all is well.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// The matter, 16 digits as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The event within it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// Position in feed and log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos: Option<i64>,
    /// In words, for whoever has to look.
    pub detail: String,
}

/// Kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The hash does not fit what the event says: it was edited.
    Hash,
    /// `prev` is not the hash of the event before: inserted, swapped or cut out.
    Prev,
    /// A sequence number is missing within a matter.
    Gap,
    /// The matter knows of more events than there are: its end was cut off.
    Truncated,
    /// There are more events than the matter knows of.
    Surplus,
    /// The matter's head is not the hash of its last event.
    Head,
    /// Events without a matter.
    Orphan,
    /// The algorithm is not one we know.
    Algorithm,
    /// The sealed part does not fit its commitment, or cannot be opened.
    Sealed,
    /// An event that went neither into the outbox nor into the feed.
    Unannounced,
    /// The feed has holes, or a matter's events in another order.
    Feed,
    /// A leaf of the log is missing, or out of place.
    Leaf,
    /// A leaf names an event that is not there: it was deleted.
    LeafWithoutEvent,
    /// A leaf is not the hash of its event.
    LeafHash,
    /// A stored node of the tree is not what its leaves give.
    Node,
    /// The stored root or edge is not what the leaves give.
    Root,
    /// A receipt does not fit its event.
    Receipt,
    /// A signed head that cannot be read, was forged, or is missing in the row.
    Checkpoint,
    /// The log is not the one whose head was signed: set back, or grown in two ways.
    Fork,
    /// A time stamp that does not fit its head.
    Stamp,
    /// A column holds what it cannot hold.
    Unreadable,
}

impl Default for Report {
    fn default() -> Self {
        Self { events: 0, matters: 0, tree_size: 0, root: empty_root(), checkpoints: 0, faults: Vec::new() }
    }
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    pub(crate) fn fault(
        &mut self,
        kind: FaultKind,
        number: Option<i64>,
        seq: Option<i64>,
        pos: Option<i64>,
        detail: &str,
    ) {
        let number = number.map(|number| format!("{number:016}"));
        self.faults.push(Fault { kind, number, seq, pos, detail: detail.to_owned() });
    }
}
