//! All divisions in memory: what stood where on a day, what became of it, and finding one by what people type.
//!
//! Every node keeps one [`Atlas`] and reads it again when the version of the divisions has moved.

mod model;
mod rules;
mod search;
mod service;
mod store;

pub use model::{Atlas, Place};
pub use rules::{How, Landing};
pub use search::{Asked, Found, Named};
pub use service::AreaBook;

#[cfg(test)]
mod tests;
