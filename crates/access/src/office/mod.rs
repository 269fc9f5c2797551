//! Organisations, their duties, and which of them answers for a duty in a place.

pub mod model;
pub mod service;
pub mod store;

pub use model::{DUTIES, Office, Offices, route};
pub use service::OfficeBook;
