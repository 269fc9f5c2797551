//! What a draft holds.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;

/// How long a draft is kept after its last page, in days.
pub(super) const KEPT_DAYS: i64 = 30;

/// Characters of a resume code (40 random bits in Crockford's base 32).
pub const RESUME_CODE_CHARS: usize = 8;

/// How one material will be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum Paper {
    /// Uploaded now.
    File {
        /// Id of the upload.
        file: String,
        /// Its name, to show it again.
        name: String,
    },
    /// Declared instead of proved (告知承诺).
    Declared,
    /// To come later (容缺受理).
    Deferred,
    /// Not given; the office will say whether it is needed.
    Left,
}

/// Everything a person answered so far. Answers that a changed earlier answer hides stay here, but are not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answers {
    /// Division the person lives in, 12 digits.
    pub area: Option<String>,
    /// About the applicant, by field of the contract (`name`, `id_no`, `phone`, …), as typed.
    pub applicant: BTreeMap<String, String>,
    /// The other people named, by field, as typed.
    pub others: Vec<BTreeMap<String, String>>,
    /// Whether the person was asked about others.
    pub others_asked: bool,
    /// Answers to the form, by fact, in the contract's kinds.
    pub form: Map<String, Value>,
    /// Facts answered with what another page handed over, which the person has not looked at yet.
    pub carried: Vec<String>,
    /// Facts the person went past without an answer: optional questions left empty.
    pub passed: Vec<String>,
    /// How each material will be given.
    pub papers: BTreeMap<String, Paper>,
    /// The matter it follows from: what is known there is not asked again.
    pub from: Option<MatterNumber>,
    /// The version the answers were first given to, when the item changed meanwhile.
    pub renewed_from: Option<u32>,
}

/// A draft in the hands of whoever has its token.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Idempotency key of sending it.
    pub key: String,
    /// Service item.
    pub item: String,
    /// Version of the item its answers were given to.
    pub item_version: u32,
    /// Counts the pages saved; a page saves only onto the revision it showed.
    pub revision: i64,
    /// The answers; empty once it was sent.
    pub answers: Answers,
    /// Whether it was saved for resuming with code and phone.
    pub resumable: bool,
    /// The matter it became.
    pub number: Option<MatterNumber>,
    /// The last day it is kept.
    pub expires_on: Date,
}

/// Why a draft could not be read or saved.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The database or the seal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another page saved meanwhile, or it was sent: look again.
    #[error("the draft moved on")]
    Moved,
    /// The sealed answers cannot be read.
    #[error("answers of a draft: {0}")]
    Broken(String),
}

impl From<DraftError> for Refusal {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Moved => {
                Self::new(Code::StaleVersion, Text::new("draft-moved")).next(Next::say("draft-next-look"))
            }
            DraftError::Store(error) if error.is_temporary() => {
                tracing::warn!(%error, "draft: store busy");
                Self::new(Code::Unavailable, Text::new("refused-busy"))
            }
            other => {
                tracing::error!(error = %other, "draft failed");
                Self::new(Code::Internal, Text::new("refused-internal"))
            }
        }
    }
}
