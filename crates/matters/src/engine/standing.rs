//! Standing tasks: work beside the steps that stays until it is done, whatever step the matter is in.

use kernel::actor::Role;
use kernel::time::Instant;

use super::matter::Matter;
use super::state::{Owner, Person, Task};
use super::transition::reception;

/// A message, an urging or a complaint waits for its answer.
pub const ANSWER: &str = "answer-message";
/// A document waits to be received by its addressees.
pub const SERVE: &str = "serve";
/// Something ran out of time: the next in charge must see to it.
pub const ATTEND: &str = "attend";
/// A hand-over waits for the receiver's answer.
pub const HAND_OVER: &str = "accept-hand-over";
/// Another office helps.
pub const CO_HANDLE: &str = "co-handle";

/// All of them.
pub const ALL: [&str; 5] = [ANSWER, SERVE, ATTEND, HAND_OVER, CO_HANDLE];

/// Whether a task stands beside the steps.
pub fn stands(task: &Task) -> bool {
    ALL.contains(&task.name.as_str())
}

/// What remains to be done after the end: people still get their answers and their papers.
pub fn outlives(task: &Task) -> bool {
    matches!(task.name.as_str(), ANSWER | SERVE)
}

/// Opens a standing task; gives its id.
pub fn open(
    matter: &mut Matter,
    name: &str,
    (role, office, assignee): (Role, Option<String>, Option<Person>),
    about: Option<String>,
    now: Instant,
) -> String {
    let id = matter.state.next_task_id();
    matter.state.tasks.push(Task {
        id: id.clone(),
        name: name.to_owned(),
        step: matter.step.clone(),
        role,
        office,
        area: None,
        assignee,
        since: now,
        about,
    });
    id
}

/// A message or an urging must be answered by whoever answers for the matter.
pub fn answer(matter: &mut Matter, now: Instant) {
    if matter.state.tasks.iter().any(|task| task.name == ANSWER && task.about.is_none()) {
        return;
    }
    let (office, role) = reception(matter);
    let (office, role, assignee) = match &matter.state.owner {
        Some(Owner::Account { person, organisation, role: known }) => {
            // Whom somebody named is what the work given to them says.
            let given = || matter.state.tasks.iter().find(|task| task.assignee.as_ref() == Some(person));
            let role = known
                .or_else(|| given().map(|task| task.role))
                .or_else(|| last_role(matter, person))
                .unwrap_or(role);
            (organisation.clone().unwrap_or(office), role, Some(person.clone()))
        }
        _ => (office, role, None),
    };
    open(matter, ANSWER, (role, Some(office), assignee), None, now);
}

/// A complaint is answered by the supervising body, never by those complained about.
pub fn complaint(matter: &mut Matter, (role, office): (Role, String), now: Instant) {
    if !matter.state.tasks.iter().any(|task| task.name == ANSWER && task.about.is_some()) {
        open(matter, ANSWER, (role, Some(office), None), Some("complaint".to_owned()), now);
    }
}

/// Closes the task of serving once every copy was received.
pub fn settle_service(matter: &mut Matter) {
    if matter.state.unserved().is_empty() {
        matter.state.tasks.retain(|task| task.name != SERVE);
    }
}

fn last_role(matter: &Matter, person: &Person) -> Option<Role> {
    let actor = kernel::actor::ActorId::account(person.account.clone());
    matter.state.acts.iter().rev().find(|act| act.actor == actor).map(|act| act.role)
}
