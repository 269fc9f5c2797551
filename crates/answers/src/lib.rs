//! The answer library (答复库): answers that may be used again, and drafts for whoever answers next.
//!
//! - [`model`] – what an answer is; [`cites`] – what it rests on, held against the statutes that are kept
//! - [`anonymity`] – whether a text still tells whom it is about
//! - [`rules`] – who may propose, publish and withdraw; [`life`] does it
//! - [`seeds`] – the answers of the catalogue; [`library`] – all published ones, searched
//! - [`lists`] – what somebody has to do with answers
//! - [`drafting`] – a draft for an open question: by a language model where one is set, else put together from
//!   articles, answers and next doors
//!
//! Stands on the register: what an answer comes from is asked there, and who may see it is decided there.

pub mod anonymity;
pub mod cites;
pub mod drafting;
mod index;
pub mod library;
pub mod life;
pub mod lists;
pub mod model;
pub mod rules;
pub mod seeds;
mod store_rows;

pub use library::{Library, Parts};

use kernel::refusal::{Code, Refusal, Text};
use store::{Reads, StoreError};

/// Every published answer of offices, as it lies in the table; for whoever holds citations against new statutes.
pub async fn published(reads: &mut impl Reads) -> Result<Vec<model::Published>, StoreError> {
    store_rows::published(reads).await
}

/// A fault of the store as the caller sees it.
pub(crate) fn broken(error: &StoreError) -> Refusal {
    if error.is_temporary() {
        tracing::warn!(%error, "answers: store busy");
        return Refusal::new(Code::Unavailable, Text::new("refused-busy"));
    }
    fault(error)
}

/// Any other fault of ours.
pub(crate) fn fault(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "answers");
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}

/// Absent or not for this person: the two look alike.
pub(crate) fn not_found() -> Refusal {
    Refusal::new(Code::NotFound, Text::new("refused-not-found"))
}
