//! Statutes: taken in from collections and files, kept in versions, found by what people ask.
//!
//! - [`read`] turns a folder, a file or somebody's database into [`model::Draft`]s; [`import`] keeps them.
//! - [`corpus`] is the index of what is kept; [`ranker`] searches it, and learns from answered questions.
//! - [`measure`] tells how well, on folds that were not learned from.
//!
//! Rows are the truth. The index and everything learned is derived, and lies in the data folder alone.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and scores become floating point numbers and places in lists; none is near a limit"
)]

mod asked;
pub mod citation;
pub mod corpus;
mod features;
pub mod import;
mod learned;
mod marks;
pub mod measure;
pub mod model;
pub mod names;
pub mod numeral;
pub mod overrides;
pub mod questions;
pub mod ranker;
pub mod read;
pub mod shelf;
pub mod store;
mod subject;

/// Why something about statutes could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum LawError {
    /// Disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Database.
    #[error(transparent)]
    Store(#[from] ::store::StoreError),
    /// The file is not what it should be.
    #[error("{0}")]
    Content(String),
}
