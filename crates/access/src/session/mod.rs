//! Sessions: one signed-in device each, found by the hash of its token.

pub mod model;
pub mod service;
pub mod store;

pub use model::{Device, Opened};
pub use store::end_of_matter;
