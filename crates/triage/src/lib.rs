//! What kind of problem somebody has, from their own words; and whether they may be in danger.
//!
//! - [`kinds`] is the hand-written start: words per kind, from the catalogue. It answers before anything was learned.
//! - [`model`] learns from questions whose kind is known, and says how sure it is; under its threshold it abstains.
//! - [`topics`] says what a story is about, finer than a kind, and what helps on; [`said`] reads its figures.
//! - [`danger`] finds signs of danger, and whom to call.
//! - [`measure`] tells how well, on folds that were not learned from.
//!
//! What was learned lies in the data folder alone. Nothing is routed by a guess: three guesses and "something else".

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and scores become floating point numbers and places in lists; none is near a limit"
)]

mod count;
pub mod danger;
pub mod kinds;
pub mod measure;
mod members;
pub mod model;
pub mod room;
pub mod rows;
pub mod said;
mod stack;
pub mod topics;

/// Why something about triage could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum TriageError {
    /// Disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file is not what it should be.
    #[error("{0}")]
    Content(String),
}

/// A kind with how likely it is.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Guess {
    /// The kind.
    pub label: String,
    /// From 0 to 1.
    pub p: f64,
}

/// What was made of a text.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Answer {
    /// Kinds, the likeliest first.
    pub labels: Vec<Guess>,
    /// Whether it is better to ask, or to hand over to a person.
    pub abstain: bool,
}

/// Numbers into shares that sum to one.
fn shares(scores: &[f64]) -> Vec<f64> {
    let top = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = scores.iter().map(|score| (score - top).exp()).collect();
    let all: f64 = parts.iter().sum();
    parts.into_iter().map(|part| part / all).collect()
}
