//! Proof: that nothing recorded was changed, dropped, added or put in another order.
//!
//! - [`tree`]: the Merkle tree of RFC 6962, pure: growing, roots, proofs and their checking.
//! - [`log`]: the tree over all event hashes, kept in the database by a follower of the feed.
//! - [`verify`]: recomputes every chain and the whole log from the tables and lists what is wrong.

pub mod log;
pub mod tree;
pub mod verify;

pub use log::MerkleLog;
pub use verify::{Fault, FaultKind, Report, verify, verify_receipt};
