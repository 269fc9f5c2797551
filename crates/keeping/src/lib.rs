//! Keeping: a backup while the service runs, its restore with proof, and the record of both.
//!
//! * [`archive`] – the one file a backup is: what lies in it and in which order
//! * [`backup`] – made from one snapshot, while others write
//! * [`check`] – whether a file is whole
//! * [`restore`] – into an empty database, all or nothing, proved at the end
//! * [`prune`] – which old backups go
//! * [`record`] – what was done, for `doctor`
//!
//! Knows `store`, `files` and `evidence`; nothing here is on the way of a command.

pub mod archive;
pub mod backup;
pub mod check;
mod error;
pub mod prune;
pub mod record;
pub mod restore;

pub use backup::{Backup, Made, backup};
pub use check::{Whole, check};
pub use error::KeepingError;
pub use restore::{Restore, Restored, restore};
