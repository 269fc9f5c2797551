//! Entering a step: which clocks start, stand still or end, which tasks open, who owns the matter. Pure.

use catalog::item::{ActionDef, Effect, Join, Owner as OwnerRule, Pool, Step, TaskDef, To};
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::period::Unit;
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::clocks;
use super::matter::Matter;
use super::papers::{self, Service};
use super::standing;
use super::state::{MaterialState, Owner, Person, Signature, Task};

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
    /// As what they act.
    pub role: Option<Role>,
}

/// What an action does beyond moving the matter, read from its input and found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// A document was served, or not.
    Served(Service),
    /// A party signed.
    Signed(Signature),
    /// A material came.
    HandedIn {
        /// Which.
        material: String,
        /// The upload, where there is one.
        file: Option<String>,
    },
    /// The matter goes to another office for good.
    Moved {
        /// Organisation id.
        office: String,
        /// Its name.
        name: String,
        /// The area the matter belongs to from now on.
        area: AreaCode,
    },
    /// A complaint goes to whoever supervises.
    Complained {
        /// As what they answer.
        role: Role,
        /// The body.
        office: String,
    },
}

/// What else an action brings: all decided before, nothing here refuses.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Whom a register question named.
    pub chosen: Option<Chosen>,
    /// What is done beyond moving.
    pub deed: Option<Deed>,
    /// By how much the clock of `extends` is extended.
    pub extension: Option<(u32, Unit)>,
    /// Facts of the matter with this input, for clocks that count from one.
    pub facts: Map<String, Value>,
}

/// Does an action of the present step that was found allowed: owner, task, step, clocks, documents.
pub fn act(
    matter: &mut Matter,
    action: &ActionDef,
    by: By<'_>,
    task: Option<&Task>,
    with: &With,
    now: Instant,
) {
    let from = matter.step.clone();
    let mut to = action.to.from(&from).to_owned();
    // An ended matter that reopens has an owner again from this act on.
    if matter.item.step(&to).is_some_and(|step| !step.final_) {
        matter.final_ = false;
    }
    let chosen = with.chosen.as_ref();
    if let Some(Chosen::Organisation { id, .. }) = chosen
        && !sends_to_peer(action)
    {
        matter.state.chosen.insert(FIRM.to_owned(), id.clone());
    }
    if let Some(deed) = &with.deed {
        perform(matter, deed, now);
    }
    own(matter, action.owner, by, chosen);
    // Who no longer owns the matter has nothing to hand over.
    if matter.state.hand_over.as_ref().is_some_and(|offer| matter.state.owner_person() != Some(&offer.from)) {
        matter.state.hand_over = None;
        matter.state.tasks.retain(|task| task.name != standing::HAND_OVER);
    }
    clocks::end(matter, &action.restarts, now);
    if let (Some(id), Some(by)) = (&action.extends, with.extension) {
        clocks::extend(matter, id, by, now);
    }
    papers::make(matter, action, by, now);
    if !action.documents.is_empty() && signs(matter, &to) {
        // A new text is signed anew.
        matter.state.signed.clear();
    }
    let parallel = matter.current().is_some_and(|step| step.join == Join::All);
    let mut ends_step = true;
    if let Some(task) = task {
        let last = discharge(matter, &task.id);
        ends_step = last || !parallel;
        if parallel && to != from {
            matter.state.bound = Some(to.clone());
        }
        if parallel && last {
            to = matter.state.bound.take().unwrap_or(to);
        }
    }
    if to != from && ends_step {
        enter(matter, &to, with, now);
    } else if let Some(task) = task.filter(|_| to == from && !parallel) {
        // "Stay here" hands the work on to whom the action names, else back to where it lay.
        reopen(matter, task, chosen, now);
    }
    if action.to == To::Same && matches!(action.id.as_str(), "message" | "urge") {
        standing::answer(matter, now);
    }
}

/// Where an action would lead now: nowhere while other work of a parallel step is open.
pub fn leads<'a>(matter: &'a Matter, action: &'a ActionDef, task: Option<&Task>) -> &'a str {
    let to = action.to.from(&matter.step);
    let parallel = matter.current().is_some_and(|step| step.join == Join::All);
    let Some(task) = task.filter(|_| parallel) else { return to };
    let here = |open: &&Task| open.step == matter.step && open.id != task.id && !standing::stands(open);
    match (matter.state.tasks.iter().find(here), to == matter.step) {
        (Some(_), _) => &matter.step,
        (None, true) => matter.state.bound.as_deref().unwrap_or(to),
        (None, false) => to,
    }
}

fn perform(matter: &mut Matter, deed: &Deed, now: Instant) {
    match deed {
        Deed::Served(service) => papers::serve(matter, service, now),
        Deed::Signed(signature) => matter.state.signed.push(signature.clone()),
        Deed::HandedIn { material, file } => {
            for mark in matter.state.materials.iter_mut().filter(|mark| mark.id == *material) {
                mark.state = MaterialState::Given;
                mark.file.clone_from(file);
                mark.due = None;
            }
        }
        Deed::Moved { office, name, area } => {
            // Whom the office before had asked or named is not the new one's.
            matter.state.chosen.remove(FIRM);
            matter.office.clone_from(office);
            matter.office_name.clone_from(name);
            matter.area = *area;
        }
        Deed::Complained { role, office } => standing::complaint(matter, (*role, office.clone()), now),
    }
}

/// Whether an action passes the matter to another office of its own duty, which is no firm it is assigned to.
fn sends_to_peer(action: &ActionDef) -> bool {
    let asked = action.input.iter().find(|question| Some(&question.fact) == action.assign.as_ref());
    asked.and_then(|question| question.register.as_ref()).is_some_and(|register| register.peers)
}

/// Whether parties sign in a step.
fn signs(matter: &Matter, step: &str) -> bool {
    let step = matter.item.step(step).filter(|step| step.id != matter.step);
    step.is_some_and(|step| step.actions.iter().any(|action| action.effect == Some(Effect::Sign)))
}

/// Whether an action with this effect makes sense now.
pub fn has_object(matter: &Matter, action: &ActionDef) -> bool {
    let unserved = || matter.state.unserved();
    match action.effect {
        Some(Effect::Serve) => !unserved().is_empty(),
        Some(Effect::Acknowledge) => unserved().iter().any(|(_, _, copy)| copy.to == action.role),
        Some(Effect::Sign) => !matter.state.unsigned().is_empty(),
        Some(Effect::HandIn) => matter.state.awaited().next().is_some(),
        Some(Effect::MoveOffice | Effect::Void) | None => true,
    }
}

/// Moves a matter into a step (also when it is the step it stands at, after "return").
pub fn enter(matter: &mut Matter, step_id: &str, with: &With, now: Instant) {
    let item = matter.item.clone();
    let Some(step) = item.step(step_id) else { return };
    let chosen = with.chosen.as_ref();
    matter.step.clone_from(&step.id);
    matter.final_ = step.final_;
    matter.outcome = step.outcome.clone().filter(|_| step.final_);
    matter.state.bound = None;
    clocks::enter(matter, step, &with.facts, now);
    // Standing work waits whatever the step; the work of the old step is over.
    matter
        .state
        .tasks
        .retain(|task| if step.final_ { standing::outlives(task) } else { standing::stands(task) });
    for definition in &step.tasks {
        let task = open_task(matter, step, definition, chosen, now);
        matter.state.tasks.push(task);
    }
    if step.final_ {
        matter.closed_at = Some(now);
        matter.state.owner = None;
        matter.state.hand_over = None;
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
        Join::All => !matter.state.tasks.iter().any(|task| task.step == step && !standing::stands(task)),
    }
}

/// Sets the owner as the action says; a final matter has none.
pub fn own(matter: &mut Matter, rule: OwnerRule, by: By<'_>, chosen: Option<&Chosen>) {
    if matter.final_ {
        matter.state.owner = None;
        return;
    }
    let office = Owner::Office { organisation: matter.office.clone(), name: matter.office_name.clone() };
    let person = |person: &Person| Owner::Account {
        person: person.clone(),
        organisation: by.organisation.map(ToOwned::to_owned),
        role: by.role,
    };
    matter.state.owner = match (rule, chosen, by.person) {
        (OwnerRule::Assignee, Some(Chosen::Organisation { id, name }), _) => {
            Some(Owner::Office { organisation: id.clone(), name: name.clone() })
        }
        (OwnerRule::Assignee, Some(Chosen::Person { person, organisation }), _) => {
            Some(Owner::Account { person: person.clone(), organisation: organisation.clone(), role: None })
        }
        (OwnerRule::Actor, _, Some(actor)) => Some(person(actor)),
        (OwnerRule::Office, _, _) => Some(office),
        // First contact: whoever of the owning office does the first act owns the matter from then on.
        (OwnerRule::Keep, _, Some(actor)) => match matter.state.owner.take() {
            Some(Owner::Office { organisation: id, .. }) if by.organisation == Some(id.as_str()) => {
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
            // An owner who came to the matter as something else leaves this work to its pool.
            Some(Owner::Account { role: Some(role), .. }) if *role != definition.role => (office(), None),
            Some(Owner::Account { person, organisation, .. }) => {
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
        area: None,
        assignee,
        since: now,
        about: None,
        due: None,
        alarmed: false,
    }
}

/// The office and role that take what comes in for this matter.
pub fn reception(matter: &Matter) -> (String, Role) {
    let role = matter
        .item
        .steps
        .iter()
        .flat_map(|step| &step.tasks)
        .find(|task| task.pool == Pool::Office)
        .map_or(Role::Clerk, |task| task.role);
    (matter.office.clone(), role)
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
