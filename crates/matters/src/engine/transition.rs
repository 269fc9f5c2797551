//! Entering a step: which clocks start, stand still or end, which tasks open, who owns the matter. Pure.

use catalog::item::{ActionDef, Join, Owner as OwnerRule, Pool, Step, TaskDef, To};
use kernel::actor::Role;
use kernel::time::Instant;

use super::clocks;
use super::matter::Matter;
use super::state::{Owner, Person, Task};

/// Name of the task that an open message or urging leaves with whoever answers for the matter.
pub const ANSWER: &str = "answer-message";

/// Whom an action's register question named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// An organisation: its members with the right role may act.
    Organisation {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// A person.
    Person {
        /// Who.
        person: Person,
        /// Their organisation.
        organisation: Option<String>,
    },
}

/// Field in `State::chosen` that remembers the organisation last assigned to.
pub const FIRM: &str = "firm";

/// Who acts: none for people without an account here, and for the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct By<'a> {
    /// The member of staff.
    pub person: Option<&'a Person>,
    /// The organisation for which they hold the task.
    pub organisation: Option<&'a str>,
}

/// Does an action of the present step that was found allowed: owner, task, step, clocks.
pub fn act(
    matter: &mut Matter,
    action: &ActionDef,
    by: By<'_>,
    task: Option<&Task>,
    chosen: Option<&Chosen>,
    now: Instant,
) {
    let from = matter.step.clone();
    let to = action.to.from(&from).to_owned();
    // An ended matter that reopens has an owner again from this act on.
    if matter.item.step(&to).is_some_and(|step| !step.final_) {
        matter.final_ = false;
    }
    own(matter, action.owner, by.person, by.organisation, chosen);
    let mut ends_step = true;
    if let Some(task) = task {
        ends_step = discharge(matter, &task.id) || to != from;
    }
    if to != from && ends_step {
        enter(matter, &to, chosen, now);
    } else if let Some(task) = task.filter(|_| to == from) {
        // "Stay here" hands the work on to whom the action names, else back to where it lay.
        reopen(matter, task, chosen, now);
    }
    if action.to == To::Same && matches!(action.id.as_str(), "message" | "urge") {
        open_reply(matter, now);
    }
}

/// Moves a matter into a step (also when it is the step it stands at, after "return").
pub fn enter(matter: &mut Matter, step_id: &str, chosen: Option<&Chosen>, now: Instant) {
    let item = matter.item.clone();
    let Some(step) = item.step(step_id) else { return };
    if let Some(Chosen::Organisation { id, .. }) = chosen {
        matter.state.chosen.insert(FIRM.to_owned(), id.clone());
    }
    matter.step.clone_from(&step.id);
    matter.final_ = step.final_;
    matter.outcome = step.outcome.clone().filter(|_| step.final_);
    clocks::enter(matter, step, now);
    // Messages wait for their answer whatever the step; the work of the old step is over.
    matter.state.tasks.retain(|task| task.name == ANSWER);
    for definition in &step.tasks {
        let task = open_task(matter, step, definition, chosen, now);
        matter.state.tasks.push(task);
    }
    if step.final_ {
        matter.closed_at = Some(now);
        matter.state.owner = None;
        // Nobody owns an ended matter: what is still to be answered goes back to the office.
        for task in &mut matter.state.tasks {
            task.assignee = None;
        }
    } else {
        matter.closed_at = None;
    }
}

/// Discharges one task of the present step. `true` when the step is thereby done.
pub fn discharge(matter: &mut Matter, task_id: &str) -> bool {
    let join = matter.current().map_or(Join::Any, |step| step.join);
    let step = matter.step.clone();
    matter.state.tasks.retain(|task| task.id != task_id);
    match join {
        Join::Any => true,
        Join::All => !matter.state.tasks.iter().any(|task| task.step == step && task.name != ANSWER),
    }
}

/// Opens a task for whoever answers for the matter: a message or an urging must be answered.
pub fn open_reply(matter: &mut Matter, now: Instant) {
    if matter.state.tasks.iter().any(|task| task.name == ANSWER) {
        return;
    }
    let (office, role) = reception(matter);
    let (office, role, assignee) = match &matter.state.owner {
        Some(Owner::Account { person, organisation }) => {
            let role = last_role(matter, person).unwrap_or(role);
            (organisation.clone().unwrap_or(office), role, Some(person.clone()))
        }
        _ => (office, role, None),
    };
    let task = Task {
        id: matter.state.next_task_id(),
        name: ANSWER.to_owned(),
        step: matter.step.clone(),
        role,
        office: Some(office),
        assignee,
        since: now,
    };
    matter.state.tasks.push(task);
}

/// Sets the owner as the action says; a final matter has none.
pub fn own(
    matter: &mut Matter,
    rule: OwnerRule,
    actor: Option<&Person>,
    organisation: Option<&str>,
    chosen: Option<&Chosen>,
) {
    if matter.final_ {
        matter.state.owner = None;
        return;
    }
    let office = Owner::Office { organisation: matter.office.clone(), name: matter.office_name.clone() };
    let person = |person: &Person| Owner::Account {
        person: person.clone(),
        organisation: organisation.map(ToOwned::to_owned),
    };
    matter.state.owner = match (rule, chosen, actor) {
        (OwnerRule::Assignee, Some(Chosen::Organisation { id, name }), _) => {
            Some(Owner::Office { organisation: id.clone(), name: name.clone() })
        }
        (OwnerRule::Assignee, Some(Chosen::Person { person, organisation }), _) => {
            Some(Owner::Account { person: person.clone(), organisation: organisation.clone() })
        }
        (OwnerRule::Actor, _, Some(actor)) => Some(person(actor)),
        (OwnerRule::Office, _, _) => Some(office),
        // First contact: whoever of the owning office does the first act owns the matter from then on.
        (OwnerRule::Keep, _, Some(actor)) => match matter.state.owner.take() {
            Some(Owner::Office { organisation: id, .. }) if organisation == Some(id.as_str()) => {
                Some(person(actor))
            }
            kept => kept.or(Some(office)),
        },
        _ => matter.state.owner.take().or(Some(office)),
    };
}

fn open_task(
    matter: &mut Matter,
    step: &Step,
    definition: &TaskDef,
    chosen: Option<&Chosen>,
    now: Instant,
) -> Task {
    let office = || Some(matter.office.clone());
    let firm = || matter.state.chosen.get(FIRM).cloned().or_else(office);
    let (office, assignee) = match definition.pool {
        Pool::Office => (office(), None),
        Pool::Firm => (firm(), None),
        Pool::Applicant => (None, None),
        Pool::Owner => match &matter.state.owner {
            Some(Owner::Account { person, organisation }) => {
                (organisation.clone().or_else(office), Some(person.clone()))
            }
            Some(Owner::Office { organisation, .. }) => (Some(organisation.clone()), None),
            None => (office(), None),
        },
        Pool::Assignee => match chosen {
            Some(Chosen::Organisation { id, .. }) => (Some(id.clone()), None),
            Some(Chosen::Person { person, organisation }) => {
                (organisation.clone().or_else(firm), Some(person.clone()))
            }
            None => (firm(), None),
        },
    };
    Task {
        id: matter.state.next_task_id(),
        name: definition.id.clone(),
        step: step.id.clone(),
        role: definition.role,
        office,
        assignee,
        since: now,
    }
}

/// The office and role that take what comes in for this matter.
fn reception(matter: &Matter) -> (String, Role) {
    let role = matter
        .item
        .steps
        .iter()
        .flat_map(|step| &step.tasks)
        .find(|task| task.pool == Pool::Office)
        .map_or(Role::Clerk, |task| task.role);
    (matter.office.clone(), role)
}

fn last_role(matter: &Matter, person: &Person) -> Option<Role> {
    matter
        .state
        .acts
        .iter()
        .rev()
        .find(|act| act.actor.as_str() == kernel::actor::ActorId::account(person.account.clone()).as_str())
        .map(|act| act.role)
}

/// Puts a discharged task back into the step it belongs to: to whom the action names, else to its pool.
pub fn reopen(matter: &mut Matter, done: &Task, chosen: Option<&Chosen>, now: Instant) {
    let (office, assignee) = match chosen {
        Some(Chosen::Organisation { id, .. }) => (Some(id.clone()), None),
        Some(Chosen::Person { person, organisation }) => {
            (organisation.clone().or_else(|| done.office.clone()), Some(person.clone()))
        }
        None => (done.office.clone(), done.assignee.clone()),
    };
    let task = Task { id: matter.state.next_task_id(), office, assignee, since: now, ..done.clone() };
    matter.state.tasks.push(task);
}
