//! Divisions with dates: what stands where, and what became of it.

pub mod model;
pub mod store;

pub use model::{Area, AreaQuery};
pub use store::{find, search, successors};
