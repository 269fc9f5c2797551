//! Proof: that nothing recorded was changed, dropped, added or put in another order.
//!
//! - [`tree`]: the Merkle tree of RFC 6962, pure: growing, roots, proofs and their checking.
//! - [`log`]: the tree over all event hashes, kept in the database by a follower of the feed.
//! - [`export`]: all of it as files, for verifiers without our database.
//! - [`verify`]: recomputes every chain and the whole log from the tables and lists what is wrong.

pub mod export;
pub mod log;
pub mod tree;
pub mod verify;

pub use export::{ExportError, export, verify_export};
pub use log::MerkleLog;
pub use verify::{Fault, FaultKind, Report, verify, verify_receipt};
