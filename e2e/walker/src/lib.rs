//! A client of Huifa that knows nothing but the published contract (`docs/contract.md`).
//!
//! It shares no code with the server on purpose: every shape here was written down from the contract, every
//! object refuses fields the contract does not name, and what the server means is proved by what it answers.

pub mod accounts;
pub mod client;
pub mod faults;
pub mod http;
pub mod items;
pub mod leaks;
pub mod life;
pub mod load;
pub mod random;
pub mod server;
pub mod strangers;
pub mod views;
pub mod walk;
