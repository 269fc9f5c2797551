//! Steps, tasks, actions and clocks: how a matter moves.

use super::{Basis, Localized, Question};
use kernel::actor::Role;
use serde::{Deserialize, Serialize};

/// A state of a matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `received`.
    pub id: String,
    /// What officials call it.
    pub name: Localized,
    /// A sentence for citizens: what is happening now.
    pub plain: Localized,
    /// The matter ends here.
    #[serde(rename = "final")]
    pub final_: bool,
    /// Whose turn it is, as the citizen sees it.
    pub waiting_on: WaitingOn,
    /// Whether one done task ends the step, or all must be done.
    pub join: Join,
    /// The work that opens on entry; several run in parallel.
    pub tasks: Vec<TaskDef>,
    /// What may be done here.
    pub actions: Vec<ActionDef>,
    /// What a matter that ends here came to.
    pub outcome: Option<String>,
    /// Why no clock runs here, where none does.
    pub no_limit: Option<Localized>,
}

impl Step {
    /// An action of this step by id.
    #[must_use]
    pub fn action(&self, id: &str) -> Option<&ActionDef> {
        self.actions.iter().find(|a| a.id == id)
    }

    /// A task of this step by id.
    #[must_use]
    pub fn task(&self, id: &str) -> Option<&TaskDef> {
        self.tasks.iter().find(|t| t.id == id)
    }

    /// The ids of the actions that discharge a task, in file order.
    pub fn actions_of<'a>(&'a self, task: &'a str) -> impl Iterator<Item = &'a str> {
        self.actions.iter().filter(move |a| a.task.as_deref() == Some(task)).map(|a| a.id.as_str())
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingOn {
    /// The applicant.
    You,
    /// The office.
    Office,
    /// Somebody else: a firm, a court.
    Other,
}

/// How parallel tasks end a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Join {
    /// The first action that leads elsewhere ends the step.
    #[default]
    Any,
    /// The step ends when every task is discharged.
    All,
}

/// A piece of work somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskDef {
    /// Unique in its step.
    pub id: String,
    /// The role that does it.
    pub role: Role,
    /// Among whom.
    pub pool: Pool,
}

/// In whose pool a task lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// Everybody with the role in the office that handles the matter.
    Office,
    /// The account that owns the matter; the office while no account does.
    Owner,
    /// The organisation or account that the action which led here named.
    Assignee,
    /// Everybody with the role in the organisation the matter was last assigned to.
    Firm,
    /// The applicant.
    Applicant,
}

/// Something that may be done in a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDef {
    /// `propose-grant`.
    pub id: String,
    /// What the button says.
    pub name: Localized,
    /// The task it discharges; none for actions beside the work (message, urge, withdraw).
    pub task: Option<String>,
    /// Who may do it.
    pub role: Role,
    /// Who else may do it; for actions beside the work only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Role>,
    /// Where it leads.
    pub to: To,
    /// What must be given.
    pub input: Vec<Question>,
    /// CEL over the matter's facts and this input; refused unless it holds.
    pub guard: Option<Guard>,
    /// Four eyes: refused to whoever ever did one of these in this matter.
    pub not_by: Vec<String>,
    /// Who owns the matter afterwards.
    pub owner: Owner,
    /// The input whose value (organisation id or account login) gets the next task.
    pub assign: Option<String>,
    /// Whom `assign` names must not act for the other side or for a co-accused of the same case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
    /// At most once in the life of a matter.
    pub once: bool,
    /// A reason in writing belongs to it (`reason` is then a required input).
    pub requires_reason: bool,
    /// The documents it makes, by id; each gets its number in the same command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// Who is told: `plain` goes to them through their channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<Role>,
    /// The clock it extends, by that clock's own extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// The clocks that begin anew with it: a receiver's own limit runs from its receipt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restarts: Vec<String>,
    /// What it does beyond moving the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// A sentence for the citizen's timeline once it is done.
    pub plain: Option<Localized>,
    /// What the person should know before doing it.
    pub hint: Option<Localized>,
    /// The article behind it, told when it is refused.
    pub basis: Option<Basis>,
}

/// What an action does beyond moving the matter. Each reads inputs of fixed names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Records how a document was served: `service.document`, `service.method`,
    /// `service.result`, `service.received_on`.
    Serve,
    /// The addressee confirms having received `service.document` today.
    Acknowledge,
    /// Records a party's signature: `sign.party`, `sign.way`.
    Sign,
    /// Brings a material that was to follow: `hand_in.material`, `hand_in.file`.
    HandIn,
    /// The office of whoever acts takes the matter over from the one that had it.
    MoveOffice,
    /// Undoes a wrong intake; whoever opened the matter may do it too.
    Void,
}

/// A condition on an action, with the words for its refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// CEL; must hold.
    pub when: String,
    /// Why it is refused otherwise.
    pub text: Localized,
}

/// Where an action leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// The matter stays where it is; written `same`.
    Same,
    /// To this step.
    Step(String),
}

impl To {
    /// The step reached from `here`.
    #[must_use]
    pub fn from<'a>(&'a self, here: &'a str) -> &'a str {
        match self {
            Self::Same => here,
            Self::Step(id) => id,
        }
    }

    /// As written in files and in `GET /items/{id}`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Same => "same",
            Self::Step(id) => id,
        }
    }
}

impl Serialize for To {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for To {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text == "same" { Self::Same } else { Self::Step(text) })
    }
}

/// Who owns a matter after an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// Whoever owned it before.
    #[default]
    Keep,
    /// Whoever acts.
    Actor,
    /// The office that handles it.
    Office,
    /// Whom the action names in `assign`.
    Assignee,
}

/// A duty with a time limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// `decide`.
    pub id: String,
    /// What must be done in time.
    pub duty: Localized,
    /// The parameter that says how long, by area and date.
    pub rule: String,
    /// From when it counts.
    pub starts: ClockStart,
    /// For `starts = "served"`: the document whose service starts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// For `starts = "fact"`: the date it counts from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The steps in which it runs. It starts on the first entry to one of
    /// them and is met when a step is entered that is in neither list.
    pub runs_in: Vec<String>,
    /// The steps in which it stands still.
    pub paused_in: Vec<String>,
    /// The action that `system` does when it runs out.
    pub on_expiry: Option<String>,
    /// By how much and how often it may be extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// Whether the next in charge is told when it runs out and nothing else happens.
    #[serde(default = "yes")]
    pub escalates: bool,
}

fn yes() -> bool {
    true
}

/// How a clock may be extended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The parameter that says by how much.
    pub rule: String,
    /// How many times at most.
    pub times: u32,
}

/// From when a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockStart {
    /// From when the matter was received.
    Opened,
    /// From when the step was entered.
    Entered,
    /// From when `document` was served. Periods run from receipt (practice.md 1).
    Served,
    /// From the date that the fact `fact` gives.
    Fact,
}

/// How the service is rated: once per closing and party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Who rates.
    pub by: Role,
    /// The final steps in which rating is offered.
    pub steps: Vec<String>,
    /// What is rated besides the whole; each one to five.
    pub dimensions: Vec<Dimension>,
}

/// One thing that is rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Fact name, `rating.attitude`.
    pub id: String,
    /// What is read.
    pub label: Localized,
}

/// What may happen after the end.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Whether the item reopens; where not, a linked new matter is the way.
    pub reopens: bool,
    /// What to do instead, or how.
    pub text: Localized,
}
