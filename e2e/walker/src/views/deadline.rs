//! Deadlines that explain themselves.

use super::{Date, Nullable, Stamp, present};
use serde::Deserialize;
use serde_json::Value;

/// `GET /deadline`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The last day.
    pub due: Date,
    /// Its last moment.
    pub due_at: Stamp,
    /// Before it rolled on.
    pub raw: Date,
    /// Whether official days off are still missing.
    pub provisional: bool,
    /// The sentence.
    pub explain: String,
    /// Days that did not count.
    pub skipped: Vec<Skipped>,
    /// The parameter, when one was named.
    #[serde(deserialize_with = "present")]
    pub rule: Nullable<Value>,
}

/// A day that did not count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// Which.
    pub date: Date,
    /// Why.
    pub why: String,
}
