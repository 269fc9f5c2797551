//! Signed heads of the log (C2SP tlog-checkpoint): what anybody can keep outside, and hold the log against later.
//!
//! - [`Checkpoint`]: origin, size and root as the text that is signed.
//! - [`keys`]: the keys that sign, sealed like all others, and their change.
//! - [`sign`]: the next head, by one node at a time, never one that contradicts an earlier one.

pub mod keys;
mod model;
mod service;
pub(crate) mod store;

pub use model::{Checkpoint, CheckpointFault};
pub use service::{Made, Signing, SigningError, covering, latest, recall, rotate, sign};
pub use store::CheckpointRow;
