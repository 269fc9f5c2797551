//! A matter and what is done with it.

use super::{Area, Date, Hash, Nullable, Number, Stamp, present};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Whose turn it is at the top of a matter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// `account` or `office`.
    pub kind: OwnerKind,
    /// The account, when it is one.
    #[serde(default)]
    pub login: Option<String>,
    /// The office, or the account's organisation.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Name to show.
    pub name: String,
}

/// What kind of owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// A person.
    Account,
    /// An office.
    Office,
}

/// One entry of `waiting_for`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Task to hand back with the action.
    pub task: String,
    /// Actions that discharge it.
    pub actions: Vec<String>,
    /// Role that may.
    pub role: String,
    /// Where.
    pub area: Area,
    /// In which organisation.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Which person, when it is one.
    #[serde(default)]
    pub login: Option<String>,
}

/// What was said to one text of consent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentView {
    /// Id of the text.
    pub text: String,
    /// Its version.
    pub version: u32,
    /// Its heading, in both languages.
    pub title: Value,
    /// Whether they agreed.
    pub agreed: bool,
    /// When.
    pub at: Stamp,
}

/// A running duty with a limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockView {
    /// Id within the item.
    pub id: String,
    /// What must be done by then.
    pub duty: String,
    /// Where it stands.
    pub state: ClockState,
    /// From when.
    pub started: Stamp,
    /// What we promise.
    #[serde(deserialize_with = "present")]
    pub due: Nullable<String>,
    /// What the law says.
    #[serde(deserialize_with = "present")]
    pub due_statutory: Nullable<String>,
    /// Whether official days off are still missing.
    pub provisional: bool,
    /// The sentence.
    #[serde(deserialize_with = "present")]
    pub reason: Nullable<String>,
}

/// State of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time runs.
    Running,
    /// Time stands still.
    Paused,
    /// Done in time.
    Met,
    /// Not done in time.
    Missed,
}

/// Colour of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Time enough.
    Green,
    /// Little left.
    Yellow,
    /// Over.
    Red,
    /// Stands still.
    Paused,
    /// No limit runs.
    None,
}

/// A material and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialView {
    /// Id within the item.
    pub id: String,
    /// Given, declared, deferred, missing or waived.
    pub state: MaterialState,
    /// The paper itself.
    #[serde(default)]
    pub file: Option<String>,
    /// Until when, if deferred.
    #[serde(default)]
    pub due: Option<Date>,
}

/// State of a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialState {
    /// Handed in.
    Given,
    /// Promised by declaration.
    Declared,
    /// To come later.
    Deferred,
    /// Not there.
    Missing,
    /// Not needed.
    Waived,
}

/// A matter that belongs to this one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Why.
    pub kind: String,
    /// Which.
    pub number: Number,
}

/// `GET /matters/{n}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// Its number.
    pub number: Number,
    /// Item id.
    pub item: String,
    /// Version of the item it began under.
    pub item_version: Value,
    /// Where it belongs.
    pub area: Area,
    /// How it came.
    pub door: String,
    /// Step id.
    pub step: String,
    /// Step name.
    pub step_name: String,
    /// Whether nothing more is owed.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// How it ended.
    #[serde(deserialize_with = "present")]
    pub outcome: Nullable<String>,
    /// For the next command.
    pub version: i64,
    /// When it began.
    pub opened_at: Stamp,
    /// When it ended.
    #[serde(deserialize_with = "present")]
    pub closed_at: Nullable<Stamp>,
    /// Whose it is; null only when final.
    #[serde(deserialize_with = "present")]
    pub owner: Nullable<Owner>,
    /// Colour now.
    pub light: Light,
    /// Duties with limits.
    pub clocks: Vec<ClockView>,
    /// Who asked, masked.
    pub applicant: Value,
    /// Everybody in it, masked.
    pub parties: Vec<Value>,
    /// Answers, masked.
    pub form: Map<String, Value>,
    /// Papers.
    pub materials: Vec<MaterialView>,
    /// Who must act now.
    pub waiting_for: Vec<Waiting>,
    /// Matters that belong to it.
    pub links: Vec<Link>,
    /// The last word to each text of consent, where somebody was asked.
    #[serde(default)]
    pub consents: Vec<ConsentView>,
    /// Whether the applicant has rated.
    pub rated: bool,
}

/// Answer to `POST /matters`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Its number.
    pub number: Number,
    /// Eight Crockford characters.
    pub query_code: String,
    /// For the next command.
    pub version: i64,
    /// First step.
    pub step: String,
    /// By when.
    #[serde(deserialize_with = "present")]
    pub due: Nullable<String>,
    /// By when at the latest by law.
    #[serde(deserialize_with = "present")]
    pub due_statutory: Nullable<String>,
    /// Whether official days off are still missing.
    pub due_provisional: bool,
    /// The sentence.
    #[serde(deserialize_with = "present")]
    pub due_reason: Nullable<String>,
    /// Whose it is.
    #[serde(deserialize_with = "present")]
    pub owner: Nullable<Owner>,
    /// What the person takes home.
    pub receipt: Value,
}

/// Answer to `POST /matters/{n}/actions/{action}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Its number.
    pub number: Number,
    /// The event's place in the matter.
    pub seq: i64,
    /// For the next command.
    pub version: i64,
    /// Step now.
    pub step: String,
    /// How it ended.
    #[serde(deserialize_with = "present")]
    pub outcome: Nullable<String>,
    /// By when.
    #[serde(deserialize_with = "present")]
    pub due: Nullable<String>,
    /// The sentence.
    #[serde(deserialize_with = "present")]
    pub due_reason: Nullable<String>,
    /// Whose it is.
    #[serde(deserialize_with = "present")]
    pub owner: Nullable<Owner>,
    /// Who must act now.
    pub waiting_for: Vec<Waiting>,
    /// Hash of the event.
    pub hash: Hash,
}

/// One entry of `GET /matters/{n}/events`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Matter.
    pub number: Number,
    /// 1, 2, 3 …
    pub seq: i64,
    /// When.
    pub at: Stamp,
    /// Who, as far as the reader may know.
    #[serde(deserialize_with = "present")]
    pub actor: Nullable<String>,
    /// As what.
    pub role: String,
    /// Through which door.
    #[serde(deserialize_with = "present")]
    pub door: Nullable<String>,
    /// What.
    pub action: String,
    /// Step before.
    #[serde(deserialize_with = "present")]
    pub from: Nullable<String>,
    /// Step after.
    pub to: String,
    /// Input, masked.
    pub facts: Map<String, Value>,
    /// Why, masked.
    #[serde(deserialize_with = "present")]
    pub reason: Nullable<String>,
    /// Hash of the event before.
    #[serde(deserialize_with = "present")]
    pub prev: Nullable<Hash>,
    /// Hash of this one.
    pub hash: Hash,
}

/// One entry of `GET /matters/{n}/actions`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Action name.
    pub action: String,
    /// Name to show.
    pub name: String,
    /// As what the caller would act.
    pub role: String,
    /// The task it discharges.
    #[serde(default)]
    pub task: Option<String>,
    /// JSON Schema of `input`.
    pub schema: Value,
    /// An input the server accepts at this version.
    pub example: Value,
    /// Step after.
    pub to: String,
    /// Whether that step is final.
    #[serde(rename = "final")]
    pub is_final: bool,
}

/// One row of `GET /worklist`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkRow {
    /// The task, where the row is one.
    #[serde(default)]
    pub task: Option<String>,
    /// What a task beside the steps is for.
    #[serde(default)]
    pub asks: Option<String>,
    /// Matter.
    pub number: Number,
    /// Item id.
    pub item: String,
    /// Step id.
    pub step: String,
    /// Colour now.
    pub light: Light,
    /// By when.
    #[serde(deserialize_with = "present")]
    pub due: Nullable<String>,
    /// Since when it waits.
    pub since: Stamp,
    /// Who asked, masked.
    pub applicant_masked: String,
    /// Whose it is.
    #[serde(deserialize_with = "present")]
    pub owner: Nullable<Owner>,
}

/// Answer to `POST /progress`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Matter.
    pub number: Number,
    /// Name of the item.
    pub item_name: String,
    /// Name of the step.
    pub step_name: String,
    /// Whose turn, in the applicant's words.
    pub waiting_on: WaitingOn,
    /// What happened.
    pub timeline: Vec<Moment>,
    /// By when.
    #[serde(deserialize_with = "present")]
    pub due: Nullable<String>,
    /// The sentence.
    #[serde(deserialize_with = "present")]
    pub due_reason: Nullable<String>,
    /// What the applicant may do.
    pub can: Vec<String>,
}

/// Whose turn it is, seen by the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingOn {
    /// The applicant.
    You,
    /// The office.
    Office,
    /// Somebody else.
    Other,
}

/// One line of a timeline.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// When.
    pub at: Stamp,
    /// What, in plain words.
    pub text: String,
    /// Where.
    #[serde(deserialize_with = "present")]
    pub office: Nullable<String>,
}
