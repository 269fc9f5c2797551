//! Writing a decided command: the event, the matter, its tasks and its answer, in one compare-and-set.

use kernel::actor::Role;
use kernel::chain::Digest;
use kernel::lang::Lang;
use kernel::refusal::{FieldError, Refusal};
use serde_json::Value;
use store::{Changes, StoreError};

use super::body::mismatch;
pub use super::moved::Moved;
use super::{Answer, new};
use super::{apart, cover};
use crate::consent;
use crate::documents;
use crate::engine::clocks::{self, Reading};
use crate::engine::matter::Matter;
use crate::engine::state::{Act, Owner};
use crate::engine::transition::Chosen;
use crate::event::{self, Draft, Public, Sealed};
use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::receipt;

/// Who has to do with the matter as it stands: the accounts that own it or hold one of its tasks, and the pools
/// of people who would otherwise see only what is theirs (`lawyer@aid.centre`).
pub fn holders(matter: &Matter) -> Vec<String> {
    let owner = matter.state.owner_person().into_iter();
    let tasks = matter.state.tasks.iter().filter_map(|task| task.assignee.as_ref());
    // Bodies asked for something here: their sight ends with that work, and with the case for the firm that had it.
    let firm = matter.state.chosen.get(crate::engine::transition::FIRM).cloned();
    let bodies = matter.state.tasks.iter().filter_map(|task| task.office.clone());
    let bodies = bodies.chain(firm).filter(|id| *id != matter.office);
    owner.chain(tasks).map(|person| person.account.clone()).chain(pools(matter)).chain(bodies).collect()
}

/// Pools with open work whose members see a matter only because of it.
pub fn pools(matter: &Matter) -> impl Iterator<Item = String> {
    matter
        .state
        .tasks
        .iter()
        .filter(|task| task.assignee.is_none() && !super::authorise::is_party(task.role))
        .filter(|task| access::policy::table::line_of(task.role).reach == access::policy::Reach::Personal)
        .filter_map(|task| task.office.as_ref().map(|office| format!("{}@{office}", task.role)))
}

/// What deciding came to.
#[derive(Debug)]
pub enum Done {
    /// The matter moved and must be saved.
    Moved(Box<Moved>),
    /// Values are shown in full; the matter does not change, but the access log is written.
    Revealed(Look),
}

/// A look in full that was granted.
#[derive(Debug)]
pub struct Look {
    /// Names of the values.
    pub names: Vec<String>,
    /// The answer. Never stored: a repeat reads the values again.
    pub body: Value,
    /// The line of the access log.
    pub log: Changes,
}

/// Why saving did not happen.
#[derive(Debug)]
pub enum Failed {
    /// Somebody else saved first.
    Raced,
    /// Refused or broken.
    Refused(Box<Refusal>),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Saves a moved matter whose stored version is `base`; gives the receipt.
///
/// `matter` holds the state after the command, still with the version before it.
pub(crate) async fn save(
    register: &Register,
    matter: &Matter,
    base: i64,
    moved: &Moved,
    key: Option<(&str, &Digest)>,
    lang: Lang,
) -> Result<Value, Failed> {
    let mut matter = matter.clone();
    let facts_changed = keep(register, &mut matter, moved)?;
    let covered = cover::cover(register, &mut matter, moved, cover::Look::Newly).await?;
    let moved = covered.as_ref().unwrap_or(moved);
    place(register, &mut matter).await?;
    let was_final =
        moved.from.as_deref().and_then(|step| matter.item.step(step)).is_some_and(|step| step.final_);
    matter.version = base + 1;
    matter.state.acts.push(Act {
        action: moved.action.clone(),
        actor: moved.actor.clone(),
        role: moved.role,
    });
    let mut undone = Vec::new();
    if matter.final_ && !was_final {
        matter.state.done = staff_who_acted(&matter);
    } else if was_final && !matter.final_ {
        // Reopened: it leaves the lists of the done, and a new closing may be rated anew.
        undone = std::mem::take(&mut matter.state.done);
        matter.state.rated.clear();
    }
    let reading = clocks::read(register, &matter, moved.at);
    let event = make_event(register, &matter, moved, &reading)?;
    matter.head = event.hash;
    matter.state.told = reading.due.or(matter.state.told);
    let body = receipt::action(register, &matter, &event, &reading, lang);

    let mut changes = Changes::new();
    register.remember_case(&mut changes, matter.number, &moved.input)?;
    changes
        .expect_one(table::update_matter(&matter, base, reading.next_timer, facts_changed), "matter version");
    table::insert_event(&mut changes, &event);
    table::replace_tasks(&mut changes, &matter, &reading.lamps, true);
    if let Some((key, digest)) = key {
        changes.push(table::insert_action_key(matter.number, key, digest.as_bytes(), &body, moved.at));
    }
    let scopes = scopes(moved, &matter);
    match &moved.apart {
        Some(apart) => {
            let sql = apart.insert_access(matter.number, &scopes, moved.at);
            changes.expect(scopes.len() as u64, sql, apart::GUARD);
        }
        None => drop(changes.push(table::insert_access(matter.number, scopes))),
    }
    if !matter.final_ {
        let holds = holders(&matter);
        let let_go: Vec<String> = moved.held.iter().filter(|id| !holds.contains(id)).cloned().collect();
        if !let_go.is_empty() {
            changes.push(table::end_assignment(matter.number, &let_go, moved.at));
        }
    }
    if let Some(sight) = &moved.helper {
        sight.write(&mut changes, matter.number, moved.at);
    }
    for (cause, handed) in &moved.handed {
        changes.push(table::insert_handed(matter.number, matter.version, cause, handed, moved.at));
        if access::policy::table::line_of(handed.role).reach == access::policy::Reach::Personal {
            let until = moved.at.plus(jiff::SignedDuration::from_hours(24 * cover::SEEN_DAYS));
            changes.push(table::sight_until(matter.number, &handed.from.account, until));
        }
    }
    if let Some((seq, account)) = &moved.undone {
        changes.push(table::mark_undone(matter.number, *seq, account));
    }
    if let Some(sealed) = &moved.applicant {
        changes.push(table::reseal_party(matter.number, 0, sealed.clone()));
    }
    if let Some(party) = &moved.party {
        let key = register.key_of(&matter)?;
        let position = matter.state.parties.saturating_sub(1);
        let one = std::slice::from_ref(party);
        changes.push(table::insert_parties(
            matter.number,
            new::seal_parties(&key, matter.number, position, one, None)?,
        ));
        register.remember(&mut changes, matter.number, position, one)?;
    }
    if let Some((kind, other)) = &moved.linked {
        changes.push(table::insert_link(matter.number, kind, *other));
    }
    let made = matter.state.papers.iter().filter(|paper| paper.seq == matter.version);
    documents::draw(&mut changes, &matter, made);
    let uploads: Vec<String> = moved.files.iter().map(|(_, file)| file.clone()).collect();
    changes.append(register.files().claim(matter.number, &uploads, moved.actor.account_id(), moved.at));
    if moved.action == "reissue-code" {
        // Who came in with the old code goes out with it.
        changes.push(access::session::store::end_of_matter(matter.number));
    }
    if matter.final_ && !was_final {
        table::insert_done(&mut changes, matter.number, &matter.state.done, moved.at.date());
    } else if was_final && !matter.final_ {
        table::remove_done(&mut changes, matter.number, &undone);
    }
    changes.append(moved.also.clone());
    match register.db().apply("act on matter", changes).await {
        Ok(()) => Ok(body),
        Err(StoreError::Conflict("file claim")) => {
            let full = register.files().full(matter.number).await;
            let full = full.map_err(|error| fault("count files", &error))?;
            let why = if full { "error-files-full" } else { "error-file-gone" };
            let at = |fact: &String| FieldError::new(catalog::form::pointer("/input", fact), "file", why);
            Err(super::wrong_input(moved.files.iter().map(|(fact, _)| at(fact)).collect()).into())
        }
        Err(StoreError::Conflict(apart::GUARD)) => Err(match &moved.apart {
            Some(apart) => apart.refusal.clone().into(),
            None => Failed::Raced,
        }),
        Err(StoreError::Conflict(_)) => Err(Failed::Raced),
        Err(error) if error.is_duplicate_of("action_key") => Err(Failed::Raced),
        Err(error) => Err(broken("act on matter", &error).into()),
    }
}

/// Answers a repeat with the first receipt.
pub(crate) fn replay(
    register: &Register,
    matter: &Matter,
    kept: &[u8],
    digest: &Digest,
    mut body: Value,
) -> Result<Answer, Refusal> {
    if kept != digest.as_bytes() {
        return Err(mismatch());
    }
    // A reissued code is never stored; it is derived again.
    if let Some(issue) = body.get("issue").and_then(Value::as_u64).and_then(|issue| u32::try_from(issue).ok())
    {
        receipt::add_code(register, &mut body, matter.number, issue);
    }
    Ok(Answer { body, replayed: true })
}

pub(crate) fn make_event(
    register: &Register,
    matter: &Matter,
    moved: &Moved,
    reading: &Reading,
) -> Result<event::Event, Refusal> {
    let key = register.key_of(matter)?;
    let chosen = match &moved.chosen {
        Some(Chosen::Organisation { id, .. }) => Some(id.clone()),
        Some(Chosen::Person { organisation, .. }) => organisation.clone(),
        None => None,
    };
    let public = Public {
        role: moved.role,
        door: moved.door,
        from: moved.from.clone(),
        to: matter.step.clone(),
        task: moved.task.clone(),
        // Told where it begins to hold: at the opening, and where a command moved the matter to another one.
        item: (moved.from.is_none() || moved.action == super::migrate::MIGRATE)
            .then(|| format!("{} {}", matter.item.id, matter.item.version)),
        office: chosen.or_else(|| moved.office.clone()),
        outcome: matter.outcome.clone(),
        clocks: clocks::moves_at(matter, moved.at),
        due: reading.due.map(|due| due.to_string()),
        // A date somebody was told never moves later in silence.
        due_was: matter
            .state
            .told
            .filter(|told| reading.due.is_some_and(|due| due > *told))
            .map(|d| d.to_string()),
        documents: matter
            .state
            .papers
            .iter()
            .filter(|paper| paper.seq == matter.version)
            .map(|p| p.kind.clone())
            .collect(),
        notify: moved.notify.clone(),
        linked: moved.linked.as_ref().map(|(kind, other)| format!("{kind} {other}")),
        consents: consent::recorded(register.catalog(), matter)?,
        right: moved.right.clone(),
        former: moved.former,
    };
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| fault("random", &error))?;
    event::make(
        &Draft {
            number: matter.number,
            seq: matter.version,
            prev: matter.head,
            at: moved.at,
            actor: &moved.actor,
            action: &moved.action,
            public: &public,
            sealed: &Sealed { facts: moved.input.clone() },
            salt,
        },
        &key,
    )
    .map_err(|error| fault("event", &error))
}

/// Work in the pool of a body elsewhere is there: whoever serves only where the matter belongs may not take it.
async fn place(register: &Register, matter: &mut Matter) -> Result<(), Refusal> {
    let elsewhere =
        |task: &crate::engine::state::Task| task.office.as_ref().is_some_and(|id| *id != matter.office);
    if !matter.state.tasks.iter().any(elsewhere) {
        return Ok(());
    }
    let offices = register.offices().await?;
    let (area, own) = (matter.area, matter.office.clone());
    for task in &mut matter.state.tasks {
        let office = task.office.as_deref().filter(|id| *id != own).and_then(|id| offices.get(id));
        task.area = office.map(|office| office.area).filter(|place| !place.contains(area));
    }
    Ok(())
}

/// Adds what an action keeps to the sealed facts of the matter; says whether they changed.
fn keep(register: &Register, matter: &mut Matter, moved: &Moved) -> Result<bool, Refusal> {
    let new: Vec<(&String, &Value)> =
        moved.kept.iter().filter_map(|name| moved.input.get_key_value(name)).collect();
    if new.is_empty() {
        return Ok(false);
    }
    let key = register.key_of(matter)?;
    let mut facts = register.sealed_facts(matter, &key)?;
    facts.kept.extend(new.into_iter().map(|(name, value)| (name.clone(), value.clone())));
    matter.facts = Some(facts.seal(&key, matter.number)?);
    Ok(true)
}

/// Personal scopes a command leaves behind: whom it was given to may see it, and so may the office that sent
/// it on.
fn scopes(moved: &Moved, matter: &Matter) -> Vec<(String, &'static str)> {
    let mut scopes = match &moved.chosen {
        Some(Chosen::Organisation { id, .. }) => vec![(id.clone(), "assigned")],
        Some(Chosen::Person { person, .. }) => vec![(person.account.clone(), "assigned")],
        None => Vec::new(),
    };
    let standing = matter.state.tasks.iter().filter(|task| crate::engine::standing::stands(task));
    for office in standing.filter_map(|task| task.office.as_ref()).filter(|id| **id != matter.office) {
        if !scopes.iter().any(|(id, _)| id == office) {
            scopes.push((office.clone(), "assigned"));
        }
    }
    scopes.extend(pools(matter).map(|pool| (pool, "assigned")));
    let own = |task: &&crate::engine::state::Task| {
        access::policy::table::line_of(task.role).reach == access::policy::Reach::Personal
    };
    let takers = matter.state.tasks.iter().filter(own).filter_map(|task| task.assignee.as_ref());
    for person in takers.filter(|person| !moved.held.contains(&person.account)) {
        scopes.push((person.account.clone(), "assigned"));
    }
    scopes.sort_unstable();
    scopes.dedup();
    if let Some(sender) = &moved.sender {
        scopes.push((sender.clone(), "sent"));
    }
    scopes
}

fn staff_who_acted(matter: &Matter) -> Vec<String> {
    let mut ids: Vec<String> = matter
        .state
        .acts
        .iter()
        .filter(|act| !super::authorise::is_party(act.role) && act.role != Role::System)
        .map(|act| act.actor.as_str().to_owned())
        .collect();
    if let Some(Owner::Account { person, .. }) = &matter.state.owner {
        ids.push(person.account.clone());
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}
