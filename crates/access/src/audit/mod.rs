//! The record of sign-ins and of what administrators did: rows are added, read by the audit administrator, and
//! removed when their time is over; none is changed.

pub mod model;
pub mod service;
pub(crate) mod store;

pub use model::{Act, Asked, Line, Page, Result};
