//! Applications not yet sent: kept page by page, resumed with a code and the phone, sent once.
//!
//! A person fills in a form without an account and without scripts. What is typed lies sealed in a row
//! found by a random token in a cookie, never by anything in an address. The row's own key is the
//! idempotency key of sending, so that a double click opens one matter.

mod model;
mod service;
mod store;

pub use model::{Answers, Draft, DraftError, Paper, RESUME_CODE_CHARS};
pub use service::Drafts;
