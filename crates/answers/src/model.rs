//! What an answer is. No I/O.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use laws::citation::Citation;
use serde::{Deserialize, Serialize};

/// Longest question, in characters.
pub const QUESTION_MAX: usize = 300;
/// Longest answer, in characters; what the form of a consultation takes.
pub const ANSWER_MAX: usize = 5000;
/// Shortest of either: less is no question and no answer.
pub const LEAST: usize = 8;
/// Longest reason, in characters.
pub const REASON_MAX: usize = 500;
/// Most articles an answer cites.
pub const CITES_MAX: usize = 30;

/// Where a version of an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written, or sent back.
    Draft,
    /// Waiting for somebody else to look at it.
    Proposed,
    /// For everybody.
    Published,
    /// Taken back, or given up before it was published.
    Withdrawn,
    /// A later version is published.
    Replaced,
}

impl State {
    /// The word in the database and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Draft, Self::Proposed, Self::Published, Self::Withdrawn, Self::Replaced]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| format!("`{word}` is no state of an answer"))
    }
}

store::text_column!(State);

/// What of a version is sealed until it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The question, in general words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// Findings its author looked at and lets stand, by [`crate::anonymity::Finding::key`].
    #[serde(default)]
    pub confirmed: Vec<String>,
    /// What the reviewer said when sending it back.
    #[serde(default)]
    pub returned: Option<String>,
}

/// A version as the desk holds it.
#[derive(Debug, Clone)]
pub struct Version {
    /// Id of the answer.
    pub id: String,
    /// Counts its versions from 1.
    pub version: i64,
    /// Where it stands.
    pub state: State,
    /// Kind of problem.
    pub kind: String,
    /// Its texts.
    pub words: Words,
    /// What it cites.
    pub cites: Vec<Citation>,
    /// Account of who wrote it.
    pub owner: String,
    /// Name of who wrote it.
    pub owner_name: String,
    /// The body it stands for.
    pub office: String,
    /// Where the matter belongs.
    pub area: AreaCode,
    /// The matter it comes from.
    pub source: MatterNumber,
    /// When it was last changed.
    pub changed_at: Instant,
    /// The day it was last looked through.
    pub reviewed_on: Option<Date>,
    /// The day it must be looked through again.
    pub due_on: Option<Date>,
    /// Counts changes.
    pub revision: i64,
}

/// A published answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Id; those of the catalogue begin with `catalog.`.
    pub id: String,
    /// Counts its versions from 1.
    pub version: i64,
    /// Kind of problem.
    pub kind: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// What it cites.
    pub cites: Vec<Citation>,
    /// Who answers for it: a body, or none for the catalogue.
    pub office: Option<String>,
    /// The day it was last looked through.
    pub reviewed_on: Date,
    /// The day it must be looked through again.
    pub due_on: Date,
}

impl Published {
    /// Whether it is due to be looked through on a day.
    pub fn is_due(&self, on: Date) -> bool {
        self.due_on <= on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back() {
        for word in ["draft", "proposed", "published", "withdrawn", "replaced"] {
            assert_eq!(word.parse::<State>().map(State::as_str), Ok(word));
        }
        assert!("gone".parse::<State>().is_err());
    }
}
