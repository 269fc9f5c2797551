//! The three administrators (三员分立): one opens and closes accounts, one grants and revokes, one reads the
//! record of both. Who may do what is decided here, for every door.

pub mod model;
pub mod rules;
pub mod service;
pub(crate) mod store;

pub use model::{AccountView, Listed, Wanted};
pub use rules::{Power, may};
