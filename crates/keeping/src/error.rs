//! Why something could not be kept or brought back.

use std::path::Path;

use store::StoreError;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum KeepingError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder.
    #[error("{0}")]
    Disk(String),
    /// It cannot be done as it was asked: the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// The backup file is not as it was written.
    #[error("the backup is not whole: {0}")]
    Damaged(String),
    /// What was restored is not what the backup holds. Nothing of it was left behind.
    #[error("what was restored does not fit: {}", .0.join("; "))]
    Unproved(Vec<String>),
}

impl KeepingError {
    /// A fault of a file, with its name.
    pub(crate) fn disk(path: &Path, error: impl std::fmt::Display) -> Self {
        Self::Disk(format!("{}: {error}", path.display()))
    }
}
