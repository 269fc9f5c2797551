//! Standing tasks: work beside the steps that stays until it is done, whatever step the matter is in.

use jiff::civil::Date;
use kernel::actor::Role;
use kernel::time::{Instant, end_of_day};

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

/// The applicant asked for a value to be corrected.
pub const CORRECT: &str = "correct";

/// All of them.
pub const ALL: [&str; 6] = [ANSWER, SERVE, ATTEND, HAND_OVER, CO_HANDLE, CORRECT];

/// Whether a task stands beside the steps.
pub fn stands(task: &Task) -> bool {
    ALL.contains(&task.name.as_str())
}

/// What remains to be done after the end: people still get their answers, their papers and their corrections.
pub fn outlives(task: &Task) -> bool {
    matches!(task.name.as_str(), ANSWER | SERVE | CORRECT)
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
        due: None,
        alarmed: false,
    });
    id
}

/// A value is to be corrected, by whoever answers for the matter, until a day.
pub fn correction(matter: &mut Matter, about: String, due: Date, now: Instant) {
    let responsible = responsible(matter);
    let id = open(matter, CORRECT, responsible, Some(about), now);
    if let Some(task) = matter.state.tasks.iter_mut().find(|task| task.id == id) {
        task.due = Some(due);
    }
}

/// The first correction that ran late and of which the next in charge has not been told: its position.
pub fn late_correction(matter: &Matter, now: Instant) -> Option<usize> {
    matter.state.tasks.iter().position(|task| {
        task.name == CORRECT && !task.alarmed && task.due.is_some_and(|due| end_of_day(due) <= now)
    })
}

/// When the next in charge is told of corrections that run late.
pub fn corrections_due(matter: &Matter) -> impl Iterator<Item = Instant> {
    let waiting = matter.state.tasks.iter().filter(|task| task.name == CORRECT && !task.alarmed);
    waiting.filter_map(|task| task.due.map(end_of_day))
}

/// A message or an urging must be answered by whoever answers for the matter.
pub fn answer(matter: &mut Matter, now: Instant) {
    if matter.state.tasks.iter().any(|task| task.name == ANSWER && task.about.is_none()) {
        return;
    }
    let responsible = responsible(matter);
    open(matter, ANSWER, responsible, None, now);
}

/// Whoever answers for the matter: its owner, else the office that took it in.
fn responsible(matter: &Matter) -> (Role, Option<String>, Option<Person>) {
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
    (role, Some(office), assignee)
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
