//! Proof: that nothing recorded was changed, dropped, added or put in another order.
//!
//! - [`tree`]: the Merkle tree of RFC 6962, pure: growing, roots, proofs and their checking.
//! - [`log`]: the tree over all event hashes, kept in the database by a follower of the feed.
//! - [`note`]: signed notes and their keys, pure.
//! - [`checkpoint`]: signed heads of the log, for keeping outside.
//! - [`stamp`]: an authority's time on them.
//! - [`bundle`]: what proves one event to whoever holds nothing else.
//! - [`export`]: all of it as files, for verifiers without our database.
//! - [`verify`]: recomputes every chain and the whole log from the tables and lists what is wrong.

pub mod bundle;
pub mod checkpoint;
pub mod export;
pub mod log;
pub mod note;
pub mod stamp;
pub mod tree;
pub mod verify;

pub use export::{ExportError, export, exported_keys, verify_export};
pub use log::MerkleLog;
pub use verify::{Against, Fault, FaultKind, Kept, Report, verify, verify_receipt, verify_whole};
