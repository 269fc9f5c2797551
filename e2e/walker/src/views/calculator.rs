//! Calculators: what each asks for, and results that show their working.

use super::{Nullable, present};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One of `GET /calculators`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calculator {
    /// Its name.
    pub name: String,
    /// Its name in words.
    pub title: String,
    /// What it belongs to.
    pub family: String,
    /// JSON Schema of its inputs.
    pub inputs: Value,
    /// Inputs that give a result.
    pub example: Value,
}

/// `POST /calculators`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// Which.
    pub calculator: String,
    /// What was found.
    pub result: Map<String, Value>,
    /// How.
    pub working: Working,
}

/// How a result came about.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Working {
    /// Steps.
    pub steps: Vec<Step>,
    /// Rules and figures used.
    pub parameters: Vec<Value>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// How it was rounded.
    pub rounding: String,
    /// That it decides nothing.
    pub for_reference: String,
}

/// One step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What it finds.
    pub name: String,
    /// In words.
    pub label: String,
    /// The sum in figures.
    pub formula: String,
    /// What came out.
    pub value: String,
    /// The law.
    #[serde(deserialize_with = "present")]
    pub law: Nullable<String>,
    /// The article.
    #[serde(deserialize_with = "present")]
    pub article: Nullable<String>,
}
