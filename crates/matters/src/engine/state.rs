//! The working state of one matter: what must happen next, which clocks run, what was given.
//!
//! Stored as one JSON value with the matter row, so that a command loads and saves it in one statement.
//! It holds no personal data: ids of accounts and offices, action names and dates only.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::actor::{ActorId, Role};
use kernel::area::AreaCode;
use kernel::clock::ClockLog;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};

use crate::consent::Consent;
use crate::event::Right;

/// Everything the engine needs to know of a matter beyond its row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Open tasks, in the order they arose.
    pub tasks: Vec<Task>,
    /// How many tasks were ever given out; the next one is `t{n+1}`.
    pub task_count: u32,
    /// Clocks, ended ones included, in the order they started.
    pub clocks: Vec<RunningClock>,
    /// What became of each material.
    pub materials: Vec<MaterialMark>,
    /// Who did what: the ground for four eyes and for the "done" list.
    pub acts: Vec<Act>,
    /// Offices and people chosen by an action's register questions, by field name.
    pub chosen: BTreeMap<String, String>,
    /// The owner, with the names shown on receipts.
    pub owner: Option<Owner>,
    /// Outcome of the eligibility check at intake: `yes`, `no`, `unclear`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible: Option<String>,
    /// What was said to the texts of consent, in order; the last word to each counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<Consent>,
    /// Parties (by position) that have rated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rated: Vec<u32>,
    /// Whose "done" list this matter stands in, while it is ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
    /// Day of the last urging, to keep the pause between two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urged_on: Option<Date>,
    /// Citizen account of the applicant, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<String>,
    /// Versions of the item it had before it was moved to the present one, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    /// How many parties there are; their values lie sealed elsewhere.
    #[serde(default)]
    pub parties: u32,
    /// How many of them apply: sixty workers of one wage case are sixty applicants.
    #[serde(default)]
    pub applicants: u32,
    /// Documents that were made, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<Paper>,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<Signature>,
    /// A hand-over that was offered and not yet answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// Where a step with parallel tasks leads once the last is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<String>,
    /// From whom the matter went on while they were away; they may ask for it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stood_in: Vec<StoodIn>,
    /// The due day people were last told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Date>,
    /// Until when its content must not be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Date>,
    /// Set once its content was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erased>,
    /// The day its applicant last asked for deletion and was told that it must wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_asked: Option<Date>,
    /// Whom the applicant lets help, or a code that waits for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helping: Option<Helping>,
}

/// That and why the content of a matter was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// When.
    pub at: Instant,
    /// Sequence of the event that says so.
    pub seq: i64,
    /// By which rule.
    pub right: Right,
}

/// Help the applicant agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helping {
    /// Sequence of the event that named it: what its code is derived from.
    pub since: i64,
    /// The moment it ends.
    pub until: Instant,
    /// The helper sees, but does not act.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reads_only: bool,
    /// The account that brought the code; none while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// A version of the item under which a matter once stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// The version.
    pub version: u32,
    /// Sequence of the event that moved the matter to the next one.
    pub before: i64,
}

/// One open task: somebody must act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// `t1`, `t2`, … within the matter.
    pub id: String,
    /// Id of the task definition in the item, or `answer-message` for an open message.
    pub name: String,
    /// Step the task belongs to.
    pub step: String,
    /// Who must act.
    pub role: Role,
    /// Organisation of the pool; none for applicants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Where that organisation is, when it is not simply where the matter belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaCode>,
    /// The person who took it or was given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Person>,
    /// Since when it waits.
    pub since: Instant,
    /// For a standing task: what it is about, such as the clock that ran out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The day it is due, for a standing task with a limit of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Whether the next in charge was told that it ran late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alarmed: bool,
}

/// A person on the desk, with the words shown for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Account id.
    pub account: String,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
}

impl Person {
    /// Somebody of whom only the account is known.
    pub(crate) fn unknown(account: &str) -> Self {
        Self { account: account.to_owned(), login: String::new(), name: String::new() }
    }
}

/// Who answers for the matter now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Owner {
    /// A person.
    Account {
        /// Who.
        #[serde(flatten)]
        person: Person,
        /// Their organisation, when the duty is tied to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organisation: Option<String>,
        /// As what they came to own it; none when somebody named them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<Role>,
    },
    /// An office, until somebody there takes it.
    Office {
        /// Organisation id.
        organisation: String,
        /// Its name.
        name: String,
    },
}

impl Owner {
    /// Account id when a person owns the matter.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account { person, .. } => Some(&person.account),
            Self::Office { .. } => None,
        }
    }

    /// Organisation id when an office owns the matter.
    pub fn office(&self) -> Option<&str> {
        match self {
            Self::Account { .. } => None,
            Self::Office { organisation, .. } => Some(organisation),
        }
    }
}

/// A clock with its log. Its due date is replayed, never stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunningClock {
    /// Id of the clock in the item.
    pub id: String,
    /// Parameter that says how long.
    pub rule: String,
    /// Start, pauses, resumptions, extensions, end.
    pub log: ClockLog,
    /// True once met or expired.
    #[serde(default)]
    pub ended: bool,
    /// When the next in charge was told that it had run out, first and again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Instant>,
}

/// A document that an action made. Its number lies in the table `document`, its words are rendered from
/// the event that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// `d1`, `d2`, … within the matter.
    pub id: String,
    /// Id of the document in the item.
    pub kind: String,
    /// Sequence of the event that made it.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who must receive it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Delivery>,
}

/// One addressee's copy of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Who must receive it.
    pub to: Role,
    /// The day it was received or deemed received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_on: Option<Date>,
    /// How: `direct`, `post`, `electronic`, `entrusted`, `left`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Tries that came to nothing: refused or failed.
    #[serde(default)]
    pub tries: u32,
}

/// One party's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Position of the party.
    pub party: u32,
    /// `paper`, `fingerprint`, `screen`, `scan`.
    pub way: String,
    /// The image, where one was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// When it was recorded.
    pub at: Instant,
}

/// A hand-over to a colleague that waits for the answer; until then the owner stays the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Who offered it.
    pub from: Person,
    /// To whom.
    pub to: Person,
    /// As what the receiver would act.
    pub role: Role,
    /// When silence counts as no.
    pub until: Instant,
}

/// Somebody for whom another stood in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoodIn {
    /// Who was away.
    pub from: Person,
    /// As what they had the matter.
    pub role: Role,
}

/// What became of a material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialMark {
    /// Id in the item.
    pub id: String,
    /// Given, declared, deferred, missing or waived.
    pub state: MaterialState,
    /// File that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Until when a deferred one is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Whether the applicant was reminded of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reminded: bool,
}

/// State of one material, in the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaterialState {
    /// A file or paper lies with the matter.
    Given,
    /// The applicant declared instead (告知承诺).
    Declared,
    /// To follow by a date (容缺受理).
    Deferred,
    /// Not there.
    Missing,
    /// The office asks for it no more.
    Waived,
}

/// One thing somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Action name.
    pub action: String,
    /// Who.
    pub actor: ActorId,
    /// As what.
    pub role: Role,
}

impl State {
    /// The person who owns the matter.
    pub fn owner_person(&self) -> Option<&Person> {
        match &self.owner {
            Some(Owner::Account { person, .. }) => Some(person),
            _ => None,
        }
    }

    /// Copies nobody has received yet, as `d1:applicant`.
    pub fn unserved(&self) -> Vec<(String, &Paper, &Delivery)> {
        self.papers
            .iter()
            .flat_map(|paper| paper.copies.iter().map(move |copy| (paper, copy)))
            .filter(|(_, copy)| copy.served_on.is_none())
            .map(|(paper, copy)| (format!("{}:{}", paper.id, copy.to), paper, copy))
            .collect()
    }

    /// Positions of the parties who have not signed.
    pub fn unsigned(&self) -> Vec<u32> {
        (0..self.parties).filter(|pos| !self.signed.iter().any(|one| one.party == *pos)).collect()
    }

    /// Materials that are still to come.
    pub fn awaited(&self) -> impl Iterator<Item = &MaterialMark> {
        self.materials
            .iter()
            .filter(|mark| matches!(mark.state, MaterialState::Deferred | MaterialState::Missing))
    }

    /// When a document of this kind was first received by its first addressee.
    pub fn served_on(&self, kind: &str) -> Option<Date> {
        let paper = self.papers.iter().rev().find(|paper| paper.kind == kind)?;
        paper.copies.first()?.served_on
    }

    /// Finds an open task.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// Whether an actor did one of these actions on this matter.
    pub fn did(&self, actor: &ActorId, actions: &[String]) -> bool {
        self.acts.iter().any(|act| act.actor == *actor && actions.contains(&act.action))
    }

    /// Gives out the next task id.
    pub fn next_task_id(&mut self) -> String {
        self.task_count += 1;
        format!("t{}", self.task_count)
    }
}
