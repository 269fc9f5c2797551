//! Work of somebody who is away goes to who stands in for them, else back to its pool. Pure.

use access::absence::{Away, Standin, serves};
use kernel::actor::{ActorId, Role};
use serde::{Deserialize, Serialize};

use super::matter::Matter;
use super::standing::{self, HAND_OVER};
use super::state::{Owner, Person, StoodIn, Task};

/// What lay with somebody before it went on: what undoing puts back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// Their tasks, by id.
    pub tasks: Vec<String>,
    /// The owner, if it was they.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
}

/// What went from one person to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Who had it.
    pub from: Person,
    /// Who has it now; none when it went to the pool.
    pub to: Option<Person>,
    /// What had lain with them.
    pub was: Was,
    /// As what they had it.
    pub role: Role,
}

/// Who stands in, as a person on the desk.
pub fn person(standin: &Standin) -> Person {
    Person { account: standin.account.clone(), login: standin.login.clone(), name: standin.name.clone() }
}

/// Everybody who owns the matter or holds a task of it, and to whom it is offered.
pub fn holders(matter: &Matter) -> Vec<String> {
    let tasks = matter.state.tasks.iter().filter_map(|task| task.assignee.as_ref());
    let mut found: Vec<String> =
        matter.state.owner_person().into_iter().chain(tasks).map(|person| person.account.clone()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Moves what lies with somebody who is away. `None` when nothing does.
pub fn cover(matter: &mut Matter, away: &Away) -> Option<Handed> {
    let to = away.standin.as_ref();
    let fits = |matter: &Matter, task: &Task| {
        to.is_some_and(|standin| {
            serves(&standin.grants, task.role, task.office.as_deref(), task.area.unwrap_or(matter.area))
                && !barred(matter, task, &standin.account)
        })
    };
    move_from(matter, &away.account, to.map(person).as_ref(), fits)
}

/// Moves tasks and ownership of one person; tasks that do not fit the receiver go to their pool.
pub fn move_from(
    matter: &mut Matter,
    account: &str,
    to: Option<&Person>,
    fits: impl Fn(&Matter, &Task) -> bool,
) -> Option<Handed> {
    // An offer they made or were made has nobody behind it any more; the matter stays with its owner.
    let offer = matter.state.hand_over.as_ref();
    if offer.is_some_and(|offer| offer.from.account == account || offer.to.account == account) {
        matter.state.hand_over = None;
        matter.state.tasks.retain(|task| task.name != HAND_OVER);
    }
    let theirs = |task: &Task| task.assignee.as_ref().is_some_and(|person| person.account == account);
    let first = matter.state.tasks.iter().find(|task| theirs(task)).cloned();
    let owns = matter.state.owner_person().is_some_and(|person| person.account == account);
    let from = match (&first, matter.state.owner_person().filter(|_| owns)) {
        (_, Some(person)) => person.clone(),
        (Some(task), None) => task.assignee.clone()?,
        (None, None) => return None,
    };
    let known = match &matter.state.owner {
        Some(Owner::Account { role, .. }) if owns => *role,
        _ => None,
    };
    let role = known.or_else(|| first.as_ref().map(|task| task.role)).unwrap_or(Role::Clerk);
    let mut was = Was { tasks: Vec::new(), owner: matter.state.owner.clone().filter(|_| owns) };
    let mut received = false;
    for index in 0..matter.state.tasks.len() {
        if !theirs(&matter.state.tasks[index]) {
            continue;
        }
        let fit = to.filter(|_| fits(matter, &matter.state.tasks[index]));
        received |= fit.is_some();
        let own_office = matter.office.clone();
        let task = &mut matter.state.tasks[index];
        was.tasks.push(task.id.clone());
        task.assignee = fit.cloned();
        // A pool task lies with a body; work given to a person alone goes to the office that answers.
        task.office.get_or_insert(own_office);
    }
    if owns {
        own(matter, to.filter(|_| received || was.tasks.is_empty()), role, &fits);
    }
    let got = received || owns && matter.state.owner_person().is_some();
    let handed = Handed { from, to: to.filter(|_| got).cloned(), was, role };
    Some(handed)
}

/// Gives the matter to the receiver when they can do what its owner does, else to the office.
fn own(matter: &mut Matter, to: Option<&Person>, role: Role, fits: &impl Fn(&Matter, &Task) -> bool) {
    let Some(Owner::Account { organisation, role: known, .. }) = matter.state.owner.clone() else { return };
    let office = organisation.clone().unwrap_or_else(|| matter.office.clone());
    let as_owner = Task {
        id: String::new(),
        name: String::new(),
        step: matter.step.clone(),
        role,
        office: Some(office.clone()),
        area: None,
        assignee: None,
        since: matter.opened_at,
        about: None,
        due: None,
        alarmed: false,
    };
    let person = to.filter(|_| fits(matter, &as_owner));
    let name = if office == matter.office { matter.office_name.clone() } else { office.clone() };
    matter.state.owner = Some(person.map_or(Owner::Office { organisation: office, name }, |person| {
        Owner::Account { person: person.clone(), organisation, role: known }
    }));
}

/// Remembers who stood in, so that who is back may ask for the matter again.
pub fn remember(matter: &mut Matter, handed: &Handed) {
    matter.state.stood_in.retain(|one| one.from.account != handed.from.account);
    matter.state.stood_in.push(StoodIn { from: handed.from.clone(), role: handed.role });
}

/// Four eyes: whether every act that discharges the task is closed to this person by what they did before.
pub fn barred(matter: &Matter, task: &Task, account: &str) -> bool {
    if standing::stands(task) {
        return false;
    }
    let Some(step) = matter.item.step(&task.step) else { return false };
    let me = ActorId::account(account);
    let mut acts =
        step.actions.iter().filter(|action| action.task.as_deref() == Some(task.name.as_str())).peekable();
    acts.peek().is_some()
        && acts.all(|action| !action.not_by.is_empty() && matter.state.did(&me, &action.not_by))
}
