//! Organisations, their duties, and which of them answers for a duty in a place.

mod hours;
pub mod model;
pub mod service;
pub mod store;

pub use hours::is_open;
pub use model::{DUTIES, Office, Offices, route};
pub use service::OfficeBook;
