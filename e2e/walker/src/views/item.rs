//! Items, their guides, forms and checks.

use super::{Next, Nullable, present};
use serde::Deserialize;
use serde_json::Value;

/// Answer to `POST /items/{id}/check`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Yes, no or unclear.
    pub eligible: Eligible,
    /// Each rule and what came of it.
    pub reasons: Vec<CheckReason>,
    /// Facts that would settle it.
    pub missing: Vec<String>,
    /// What to do now.
    pub next: Vec<Next>,
}

/// Three-valued: unknown facts never say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eligible {
    /// Every rule is met.
    Yes,
    /// One is not.
    No,
    /// A fact is missing.
    Unclear,
}

/// A rule of an eligibility check.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckReason {
    /// Rule id.
    pub rule: String,
    /// The law.
    #[serde(deserialize_with = "present")]
    pub law: Nullable<String>,
    /// Its article.
    #[serde(deserialize_with = "present")]
    pub article: Nullable<String>,
    /// In words.
    pub text: String,
    /// Met or not; null when a fact is missing.
    #[serde(deserialize_with = "present")]
    pub met: Nullable<bool>,
}

/// `GET /items/{id}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id.
    pub id: String,
    /// Version.
    pub version: Value,
    /// Name to show.
    pub name: Value,
    /// Series.
    pub series: String,
    /// Doors it may come through.
    pub doors: Vec<String>,
    /// The public guide.
    pub guide: Guide,
    /// JSON Schema 2020-12 of the form.
    pub form: Value,
    /// Papers.
    pub materials: Vec<MaterialDef>,
    /// Steps.
    pub steps: Vec<StepDef>,
    /// Bodies that open a matter.
    pub examples: Vec<Example>,
}

/// The public guide of an item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Who may.
    pub who: Value,
    /// On what ground.
    pub basis: Value,
    /// Until when.
    pub limits: Value,
    /// What it costs.
    pub fee: Value,
    /// What comes out.
    pub result: Value,
    /// Where.
    #[serde(rename = "where")]
    pub place: Value,
    /// Whom to call.
    pub phones: Value,
    /// Asked often.
    pub faq: Value,
}

/// A paper of an item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialDef {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Value,
    /// Whether it must come at all.
    pub required: Value,
    /// Whether it may come later.
    #[serde(deserialize_with = "present")]
    pub may_defer: Nullable<MayDefer>,
    /// Whether a declaration will do.
    pub may_declare: bool,
}

/// How long a paper may stay out, and what then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MayDefer {
    /// Working days.
    pub days: i64,
    /// What happens if it never comes.
    pub then: String,
}

/// A step of an item.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDef {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Value,
    /// Whether nothing more is owed.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Limits of the law and the office.
    pub limits: Vec<LimitDef>,
    /// What may be done.
    pub actions: Vec<ActionDef>,
}

/// A limit of a step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitDef {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: String,
    /// The law.
    #[serde(deserialize_with = "present")]
    pub law: Nullable<String>,
    /// Its article.
    #[serde(deserialize_with = "present")]
    pub article: Nullable<String>,
    /// Whether the text was seen.
    pub verified: bool,
}

/// An action of a step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDef {
    /// Name.
    pub action: String,
    /// Who.
    pub role: String,
    /// Step after.
    pub to: String,
}

/// A body `POST /matters` accepts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Name.
    pub name: Value,
    /// The body.
    pub body: Value,
}
