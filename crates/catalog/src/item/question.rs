//! Questions: what a form asks and in what kind the answer comes.

use super::Localized;
use kernel::actor::Role;
use serde::{Deserialize, Serialize};

/// A page of a form: one subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Short name, used in the address of the page.
    pub id: String,
    /// Heading.
    pub title: Localized,
    /// A sentence before the questions.
    pub intro: Option<Localized>,
    /// The questions.
    pub questions: Vec<Question>,
}

/// A question, whole: what the item says joined with the facts dictionary.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the file format")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The fact it asks for, `income.monthly`.
    pub fact: String,
    /// What stands before the field.
    pub label: Localized,
    /// Help below it.
    pub help: Option<Localized>,
    /// In what kind the answer comes.
    pub kind: Kind,
    /// For `choice`, and for `list` of choices.
    pub choices: Vec<Choice>,
    /// Whether an answer is needed (when it is asked at all).
    pub required: bool,
    /// CEL over earlier facts of the form; asked only when it holds.
    pub when: Option<String>,
    /// Smallest `int`, or fen for `money`.
    pub min: Option<i64>,
    /// Largest `int`, or fen for `money`.
    pub max: Option<i64>,
    /// Longest text, in characters; longest list, in entries.
    pub max_length: Option<u32>,
    /// Rows of the text field: more than one is a text area.
    pub lines: Option<u32>,
    /// Personal: masked on screens, sealed at rest.
    pub sensitive: bool,
    /// For `organisation` and `account`: who may be chosen.
    pub register: Option<Register>,
    /// For inputs of actions: the applicant sees the answer in the timeline.
    pub told: bool,
    /// For inputs of actions: the answer becomes a fact of the matter, which later rules, documents and
    /// actions may speak of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
    /// A value the server accepts; questions from the register take the first choice.
    pub example: Option<serde_json::Value>,
}

/// The kinds of facts. Money is an integer number of fen inside, a decimal
/// string of yuan outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Yes or no.
    Bool,
    /// Whole number.
    Int,
    /// Yuan with two places.
    Money,
    /// `YYYY-MM-DD`, Beijing.
    Date,
    /// Free text.
    Text,
    /// One of the choices.
    Choice,
    /// Area code, twelve digits.
    Area,
    /// Several of the choices, or several texts.
    List,
    /// Citizen identity number, 18 characters.
    CnId,
    /// Chinese telephone number.
    CnPhone,
    /// Unified social credit code.
    Uscc,
    /// An organisation from the register.
    Organisation,
    /// An account (a person who works here) from the register.
    Account,
    /// One of the things this matter has: a document, a party, a material.
    Pick,
    /// A file that was uploaded before; its id. Never required: paper must do.
    File,
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub id: String,
    /// What is read.
    pub label: Localized,
}

/// Which rows of the register may be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Organisations that have this duty and serve the matter's area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// Accounts that hold this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Of whom the account must be a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<RegisterOf>,
    /// Other offices, anywhere, that have the duty of the item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub peers: bool,
    /// Other offices that serve the place, whatever their duty. Never written in files: the register's own acts
    /// ask so.
    #[serde(skip)]
    pub neighbours: bool,
    /// For a choice: one of the things this matter has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<MatterList>,
}

/// What of a matter may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatterList {
    /// Documents that were made and not yet received.
    Unserved,
    /// Parties who have not yet signed.
    Unsigned,
    /// All parties.
    Parties,
    /// Materials that are still to come.
    Awaited,
}

/// The organisation whose members may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterOf {
    /// The firm the matter was assigned to.
    Firm,
    /// The office that handles the matter.
    Office,
}
