//! The shapes of the TOML files: what an official writes.
//!
//! They differ from [`crate::item`] in three ways: optional things may be left
//! out, a question names only its fact (the dictionary knows the rest), and
//! shared steps are included by name. [`resolve`] turns one into the other.

pub mod resolve;

#[cfg(test)]
mod schema_tests;

use crate::item::{
    ApplicantNeeds, Basis, Choice, Clock, Closing, Declaration, Defer, Dimension, Document, Effect,
    EligibilityExample, EligibilityNext, EligibilityRow, Example, Extension, From as Follows, Guard, Guide,
    Join, Kind, Localized, Owner, Pool, Register, To, WaitingOn,
};
use kernel::actor::{Door, Role};
use kernel::area::Level;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `catalog/facts.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactsFile {
    /// By ASCII name.
    pub facts: BTreeMap<String, FactDef>,
}

/// One entry of the facts dictionary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactDef {
    /// In what kind the answer comes.
    pub kind: Kind,
    /// What it is called.
    pub label: Localized,
    /// Help below the field.
    #[serde(default)]
    pub help: Option<Localized>,
    /// Personal: masked on screens, sealed at rest.
    #[serde(default)]
    pub sensitive: bool,
    /// For `choice`, and for `list` of choices.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Smallest `int`, or fen for `money`.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest `int`, or fen for `money`.
    #[serde(default)]
    pub max: Option<i64>,
    /// Longest text in characters; longest list in entries.
    #[serde(default)]
    pub max_length: Option<u32>,
    /// Rows of the text field.
    #[serde(default)]
    pub lines: Option<u32>,
    /// A value that is accepted, as a form would send it.
    #[serde(default)]
    pub example: Option<serde_json::Value>,
    /// Matters with the same answer have to do with each other; the register keeps a keyed hash of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}

/// What matters with the same answer have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// They belong to one case of a court or other organ.
    Case,
}

/// `catalog/items/<series>/<name>.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFile {
    pub(crate) id: String,
    pub(crate) version: u32,
    pub(crate) name: Localized,
    pub(crate) summary: Localized,
    pub(crate) duty: String,
    pub(crate) level: Level,
    pub(crate) doors: Vec<Door>,
    #[serde(default)]
    pub(crate) area_from: Option<String>,
    pub(crate) applicant: ApplicantNeeds,
    #[serde(default)]
    pub(crate) include: Vec<Include>,
    pub(crate) guide: Guide,
    #[serde(default)]
    pub(crate) form: Vec<PageFile>,
    #[serde(default)]
    pub(crate) materials: Vec<MaterialFile>,
    #[serde(default)]
    pub(crate) eligibility: Option<EligibilityFile>,
    #[serde(default)]
    pub(crate) clocks: Vec<ClockFile>,
    #[serde(default)]
    pub(crate) documents: Vec<Document>,
    #[serde(default)]
    pub(crate) from: Vec<Follows>,
    pub(crate) steps: Vec<StepFile>,
    #[serde(default)]
    pub(crate) rating: Option<RatingFile>,
    pub(crate) closing: Closing,
    #[serde(default)]
    pub(crate) examples: Vec<Example>,
}

/// A shared fragment, by name alone or with where it goes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Include {
    /// `"message"`.
    Name(String),
    /// `{ use = "supplement", at = ["received"], back = "received" }`.
    With(IncludeWith),
}

/// An include with its parameters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncludeWith {
    /// The fragment.
    #[serde(rename = "use")]
    pub(crate) name: String,
    /// The steps that get the actions marked `$at`.
    #[serde(default)]
    pub(crate) at: Vec<String>,
    /// The step that `$back` means.
    #[serde(default)]
    pub(crate) back: Option<String>,
    /// The clocks that begin anew where the fragment moves the matter to another office.
    #[serde(default)]
    pub(crate) restarts: Vec<String>,
    /// Who does here what staff do in the fragment.
    #[serde(default)]
    pub(crate) role: Option<Role>,
}

/// `catalog/fragments/<name>.toml`: steps and actions shared by items.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FragmentFile {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) steps: Vec<StepFile>,
    #[serde(default)]
    pub(crate) actions: Vec<ActionFile>,
    #[serde(default)]
    pub(crate) clocks: Vec<ClockFile>,
    #[serde(default)]
    pub(crate) documents: Vec<Document>,
}

/// A page of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageFile {
    pub(crate) id: String,
    pub(crate) title: Localized,
    #[serde(default)]
    pub(crate) intro: Option<Localized>,
    pub(crate) questions: Vec<QuestionFile>,
}

/// A question: the fact, and what differs from the dictionary.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionFile {
    pub(crate) fact: String,
    #[serde(default)]
    pub(crate) label: Option<Localized>,
    #[serde(default)]
    pub(crate) help: Option<Localized>,
    #[serde(default = "yes")]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) when: Option<String>,
    /// Offer only these of the dictionary's choices.
    #[serde(default)]
    pub(crate) only: Vec<String>,
    #[serde(default)]
    pub(crate) register: Option<Register>,
    /// The applicant sees the answer in the timeline.
    #[serde(default)]
    pub(crate) told: bool,
    /// The answer becomes a fact of the matter.
    #[serde(default)]
    pub(crate) keep: bool,
    #[serde(default)]
    pub(crate) example: Option<serde_json::Value>,
}

/// A material.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialFile {
    pub(crate) id: String,
    pub(crate) name: Localized,
    pub(crate) issuer: Localized,
    #[serde(default)]
    pub(crate) note: Option<Localized>,
    #[serde(default = "yes")]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) when: Option<String>,
    #[serde(default)]
    pub(crate) may_defer: Option<Defer>,
    #[serde(default)]
    pub(crate) may_declare: Option<Declaration>,
    #[serde(default)]
    pub(crate) basis: Option<Basis>,
}

/// The decision table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityFile {
    pub(crate) decision: String,
    pub(crate) rows: Vec<RowFile>,
    pub(crate) next: EligibilityNext,
    #[serde(default)]
    pub(crate) examples: Vec<EligibilityExample>,
}

/// A row of the decision table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFile {
    pub(crate) id: String,
    pub(crate) when: String,
    #[serde(default)]
    pub(crate) basis: Option<Basis>,
    pub(crate) text: Localized,
    #[serde(default)]
    pub(crate) asks: Vec<String>,
}

impl From<RowFile> for EligibilityRow {
    fn from(row: RowFile) -> Self {
        Self { id: row.id, when: row.when, basis: row.basis, text: row.text, asks: row.asks }
    }
}

/// A clock.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockFile {
    pub(crate) id: String,
    pub(crate) duty: Localized,
    pub(crate) rule: String,
    pub(crate) starts: crate::item::ClockStart,
    pub(crate) runs_in: Vec<String>,
    #[serde(default)]
    pub(crate) paused_in: Vec<String>,
    #[serde(default)]
    pub(crate) on_expiry: Option<String>,
    #[serde(default)]
    pub(crate) document: Option<String>,
    #[serde(default)]
    pub(crate) fact: Option<String>,
    #[serde(default)]
    pub(crate) extension: Option<Extension>,
    #[serde(default = "yes")]
    pub(crate) escalates: bool,
}

impl From<ClockFile> for Clock {
    fn from(clock: ClockFile) -> Self {
        Self {
            id: clock.id,
            duty: clock.duty,
            rule: clock.rule,
            starts: clock.starts,
            runs_in: clock.runs_in,
            paused_in: clock.paused_in,
            on_expiry: clock.on_expiry,
            document: clock.document,
            fact: clock.fact,
            extension: clock.extension,
            escalates: clock.escalates,
        }
    }
}

/// A step.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepFile {
    pub(crate) id: String,
    pub(crate) name: Localized,
    pub(crate) plain: Localized,
    #[serde(default, rename = "final")]
    pub(crate) final_: bool,
    #[serde(default = "other")]
    pub(crate) waiting_on: WaitingOn,
    #[serde(default)]
    pub(crate) join: Join,
    #[serde(default)]
    pub(crate) tasks: Vec<TaskFile>,
    #[serde(default)]
    pub(crate) actions: Vec<ActionFile>,
    #[serde(default)]
    pub(crate) outcome: Option<String>,
    #[serde(default)]
    pub(crate) no_limit: Option<Localized>,
}

/// A task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskFile {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) pool: Pool,
}

/// An action.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionFile {
    /// In fragments only, the steps that get it: `open` (the default), `final`, `any`,
    /// `waiting-office` (open and not the applicant's turn), `$at`, or a step id.
    #[serde(default)]
    pub(crate) at: Option<String>,
    pub(crate) id: String,
    pub(crate) name: Localized,
    #[serde(default)]
    pub(crate) task: Option<String>,
    pub(crate) role: Role,
    #[serde(default)]
    pub(crate) also: Vec<Role>,
    #[serde(default)]
    pub(crate) apart: bool,
    pub(crate) to: To,
    #[serde(default)]
    pub(crate) input: Vec<QuestionFile>,
    #[serde(default)]
    pub(crate) guard: Option<Guard>,
    #[serde(default)]
    pub(crate) not_by: Vec<String>,
    #[serde(default)]
    pub(crate) owner: Owner,
    #[serde(default)]
    pub(crate) assign: Option<String>,
    #[serde(default)]
    pub(crate) once: bool,
    #[serde(default)]
    pub(crate) requires_reason: bool,
    #[serde(default)]
    pub(crate) documents: Vec<String>,
    #[serde(default)]
    pub(crate) notify: Vec<Role>,
    #[serde(default)]
    pub(crate) extends: Option<String>,
    #[serde(default)]
    pub(crate) restarts: Vec<String>,
    #[serde(default)]
    pub(crate) effect: Option<Effect>,
    #[serde(default)]
    pub(crate) plain: Option<Localized>,
    #[serde(default)]
    pub(crate) hint: Option<Localized>,
    #[serde(default)]
    pub(crate) basis: Option<Basis>,
}

/// How the service is rated.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingFile {
    pub(crate) by: Role,
    pub(crate) steps: Vec<String>,
    #[serde(default)]
    pub(crate) dimensions: Vec<Dimension>,
}

fn yes() -> bool {
    true
}

fn other() -> WaitingOn {
    WaitingOn::Other
}
