//! Accounts and what is granted to them.

pub mod model;
pub mod service;
pub mod store;

pub use model::{AccountLine, NewAccount};
