//! Problems (RFC 9457): what was refused, by which rule, and what to do now.

use super::{Nullable, present};
use serde::Deserialize;
use serde_json::Value;

/// A next step of a problem or check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Next {
    /// In words.
    pub text: String,
    /// Where.
    #[serde(default)]
    pub href: Option<String>,
    /// Whom to call.
    #[serde(default)]
    pub tel: Option<String>,
}

/// A problem (RFC 9457).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `<code>`.
    pub code: String,
    /// Name of the kind.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened here.
    pub detail: String,
    /// The rule that refused.
    #[serde(deserialize_with = "present")]
    pub rule: Nullable<ProblemRule>,
    /// What to do now; never empty on a 4xx.
    pub next: Vec<Next>,
    /// Finds the log line.
    pub trace_id: String,
    /// Faulty fields.
    pub errors: Vec<FieldFault>,
    /// The truth now, with `stale-version`.
    #[serde(default)]
    pub current: Option<Value>,
}

/// The rule behind a refusal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProblemRule {
    /// Rule id.
    pub id: String,
    /// The law.
    #[serde(default)]
    pub law: Option<String>,
    /// Its article.
    #[serde(default)]
    pub article: Option<String>,
}

/// A fault of one field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldFault {
    /// JSON pointer into the body.
    pub pointer: String,
    /// Kind of fault.
    pub code: String,
    /// In words.
    pub detail: String,
}
