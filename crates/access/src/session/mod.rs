//! Sessions: one signed-in device each, found by the hash of its token.

pub(crate) mod lock;
pub mod model;
pub mod service;
pub mod signing;
pub mod store;

pub use model::{Device, Must, Opened, Signed};
pub use signing::{Origin, Proof};
pub use store::end_of_matter;
