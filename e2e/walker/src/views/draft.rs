//! Drafting: what can be written, what each asks for, and the document of given answers.

use serde::Deserialize;
use serde_json::Value;

/// One of `GET /drafts`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSummary {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub group: String,
    /// Its name.
    pub name: String,
    /// When one needs it.
    pub summary: String,
    /// Kinds of problem it serves.
    pub kinds: Vec<String>,
}

/// `GET /drafts/{id}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub group: String,
    /// Its name.
    pub name: String,
    /// When one needs it.
    pub summary: String,
    /// Kinds of problem it serves.
    pub kinds: Vec<String>,
    /// JSON Schema of its answers.
    pub answers: Value,
    /// What is asked, in its order.
    pub sections: Vec<DraftSection>,
    /// Articles it rests on.
    pub cites: Vec<Cited>,
    /// What to do with the paper.
    pub after: Vec<String>,
    /// Whole answers.
    pub examples: Vec<DraftExample>,
}

/// Questions that stand together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSection {
    /// What they are about.
    pub title: String,
    /// Their names.
    pub questions: Vec<String>,
}

/// An article.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// The law.
    pub law: String,
    /// The article.
    pub article: String,
}

/// Answers that make a whole document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftExample {
    /// What it shows.
    pub name: String,
    /// Answers by question.
    pub answers: Value,
}

/// `POST /drafts/{id}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafted {
    /// Which.
    pub id: String,
    /// The document.
    pub text: String,
    /// Questions it is not whole without.
    pub missing: Vec<Missing>,
    /// What the law says to it.
    pub findings: Vec<DraftFinding>,
}

/// A question that is still open.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Its name.
    pub question: String,
    /// What it asks.
    pub label: String,
}

/// What one check found.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftFinding {
    /// `warn note good`.
    pub level: String,
    /// The sentence.
    pub text: String,
    /// Articles it rests on.
    pub cites: Vec<Cited>,
    /// Whether their text was read.
    pub verified: bool,
}
