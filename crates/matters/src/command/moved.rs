//! A decided command: who did what, and everything that follows from it, before it is written.

use kernel::actor::{ActorId, Door, Role};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::{Map, Value};
use store::Changes;

use super::apart::Apart;
use crate::engine::cover::Handed;
use crate::engine::transition::Chosen;
use crate::event;
use crate::party::PartyFacts;

/// A decided command.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Who.
    pub actor: ActorId,
    /// As what.
    pub role: Role,
    /// Through which door.
    pub door: Door,
    /// What.
    pub action: String,
    /// Step before; none for the first event.
    pub from: Option<String>,
    /// Task discharged or taken.
    pub task: Option<String>,
    /// Organisation that acted.
    pub office: Option<String>,
    /// Values given.
    pub input: Map<String, Value>,
    /// Whom a register question named.
    pub chosen: Option<Chosen>,
    /// What that one must not be.
    pub apart: Option<Apart>,
    /// Uploads among the values: fact and file.
    pub files: Vec<(String, String)>,
    /// Names of the values that become facts of the matter.
    pub kept: Vec<String>,
    /// Who is told.
    pub notify: Vec<Role>,
    /// Who held the matter before: see [`super::commit::holders`].
    pub held: Vec<String>,
    /// Accounts already found to be there today: nobody has to look again.
    pub present: Vec<String>,
    /// The office that had the matter, when it went to another.
    pub sender: Option<String>,
    /// Somebody whom this command names as a further party.
    pub party: Option<PartyFacts>,
    /// A link this command makes: its kind and the other matter.
    pub linked: Option<(String, MatterNumber)>,
    /// What this command decides about keeping or deleting the content.
    pub right: Option<event::Right>,
    /// What else this command writes or takes away, after the matter itself.
    pub also: Changes,
    /// What becomes of the helper's sight.
    pub helper: Option<super::helper::Sight>,
    /// What went from one person to another, and why: `absence:ID` or `order:ID`.
    pub handed: Vec<(String, Handed)>,
    /// What a command before moved and this one puts back: its event, and from whom it had gone.
    pub undone: Option<(i64, String)>,
    /// The applicant's values anew, sealed, when the command changes them.
    pub applicant: Option<Vec<u8>>,
    /// When it was opened and closed elsewhere, when this command takes it over.
    pub former: Option<event::Former>,
    /// When.
    pub at: Instant,
}

impl Moved {
    /// A command without more.
    pub fn new(actor: ActorId, role: Role, door: Door, action: &str, at: Instant) -> Self {
        Self {
            actor,
            role,
            door,
            action: action.to_owned(),
            from: None,
            task: None,
            office: None,
            input: Map::new(),
            chosen: None,
            apart: None,
            files: Vec::new(),
            kept: Vec::new(),
            notify: Vec::new(),
            held: Vec::new(),
            present: Vec::new(),
            sender: None,
            party: None,
            linked: None,
            right: None,
            also: Changes::new(),
            helper: None,
            handed: Vec::new(),
            undone: None,
            applicant: None,
            former: None,
            at,
        }
    }

    /// What the system does when time runs out.
    pub fn by_system(action: &str, step: &str, at: Instant) -> Self {
        Self::new(ActorId::system(), Role::System, Door::Web, action, at).from(step)
    }

    /// Sets the step before.
    #[must_use]
    pub fn from(self, step: &str) -> Self {
        Self { from: Some(step.to_owned()), ..self }
    }

    /// Sets the task and the organisation that acted for it.
    #[must_use]
    pub fn task(self, task: Option<String>, office: Option<String>) -> Self {
        Self { task, office, ..self }
    }

    /// Sets the values given and whom they name.
    #[must_use]
    pub fn with(self, input: Map<String, Value>, chosen: Option<Chosen>) -> Self {
        Self { input, chosen, ..self }
    }
}
