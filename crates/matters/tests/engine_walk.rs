//! A random walk through every shipped item, in memory, as the engine carries the actions out: some thousands
//! each day by day, a hundred thousand each in the long run. No task is lost or stands twice, nobody's matter is without an owner, no clock runs where
//! nobody must act.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalog::Catalog;
use catalog::item::{ActionDef, ClockStart, Effect, Item, Join, Kind, Pool, To};
use jiff::SignedDuration;
use kernel::actor::{ActorId, Door, Role};
use kernel::area::AreaCode;
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use matters::engine::matter::Matter;
use matters::engine::migration::{self, Renamed};
use matters::engine::papers::Service;
use matters::engine::standing;
use matters::engine::state::{
    Act, Delivery, MaterialMark, MaterialState, Owner, Paper, Person, Signature, State, Task,
};
use matters::engine::transition::{self, By, Chosen, Deed, With};
use serde_json::{Map, Value};

/// Actions an item day by day.
const STEPS: usize = 5_000;
/// Actions an item in the long run.
const STEPS_FULL: usize = 100_000;
const OFFICE: &str = "371502-legal-aid";

/// xorshift64*: small, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(value).unwrap() % bound
    }
}

/// Two people for each role: enough for four eyes, few enough to meet oneself.
fn people(role: Role) -> [Person; 2] {
    ["a", "b"].map(|who| Person {
        account: format!("{role}-{who}"),
        login: format!("{role}.{who}"),
        name: format!("{role} {who}"),
    })
}

fn opened(item: &Arc<Item>, seq: u32, now: Instant) -> Matter {
    let area: AreaCode = "371502000000".parse().unwrap();
    let mut matter = Matter {
        number: MatterNumber::new(area, 2026, seq).unwrap(),
        item: Arc::clone(item),
        area,
        office: OFFICE.to_owned(),
        office_name: "东昌府区法律援助中心".to_owned(),
        door: Door::Web,
        step: String::new(),
        final_: false,
        outcome: None,
        version: 1,
        head: Digest::ZERO,
        opened_at: now,
        received_on: now.date(),
        closed_at: None,
        issue: 1,
        state: State {
            owner: Some(Owner::Office { organisation: OFFICE.to_owned(), name: "中心".to_owned() }),
            parties: 2,
            materials: item
                .materials
                .iter()
                .map(|material| MaterialMark {
                    id: material.id.clone(),
                    state: MaterialState::Deferred,
                    file: None,
                    due: None,
                    reminded: false,
                })
                .collect(),
            ..State::default()
        },
        data_key: None,
        facts: None,
    };
    let first = item.first_step().id.clone();
    let with = With { facts: dates(item, now), ..With::default() };
    transition::enter(&mut matter, &first, &with, now);
    matter
}

/// The dates from which clocks of the item count, all of them today.
fn dates(item: &Item, now: Instant) -> Map<String, Value> {
    let names = item.clocks.iter().filter_map(|clock| clock.fact.clone());
    names.map(|name| (name, Value::from(now.date().to_string()))).collect()
}

/// The actions somebody may do now, each with the task it discharges.
fn offered(matter: &Matter) -> Vec<(ActionDef, Option<Task>)> {
    let step = matter.current().unwrap();
    let mut offered = Vec::new();
    for action in &step.actions {
        let done_once = action.once && matter.state.acts.iter().any(|act| act.action == action.id);
        let expires = || {
            matter.state.clocks.iter().any(|clock| {
                let names = matter.item.clock(&clock.id).and_then(|c| c.on_expiry.as_deref());
                !clock.ended && !clock.log.is_paused() && names == Some(action.id.as_str())
            })
        };
        let nothing = !transition::has_object(matter, action);
        if done_once || nothing || (action.role == Role::System && !expires()) {
            continue;
        }
        match &action.task {
            None => offered.push((action.clone(), None)),
            Some(name) => {
                let open = matter.state.tasks.iter().filter(|task| task.name == *name);
                offered.extend(open.map(|task| (action.clone(), Some(task.clone()))));
            }
        }
    }
    offered
}

/// Somebody who may do it: the assignee where there is one, and not whom four eyes exclude.
fn somebody(matter: &Matter, action: &ActionDef, task: Option<&Task>, dice: &mut Dice) -> Option<Person> {
    let [a, b] = people(action.role);
    let able = match task.and_then(|task| task.assignee.clone()) {
        Some(person) => vec![person],
        None if dice.below(2) == 0 => vec![a, b],
        None => vec![b, a],
    };
    able.into_iter()
        .find(|person| !matter.state.did(&ActorId::account(person.account.clone()), &action.not_by))
}

fn chosen(action: &ActionDef, dice: &mut Dice) -> Option<Chosen> {
    let name = action.assign.as_ref()?;
    let question = action.input.iter().find(|question| question.fact == *name).unwrap();
    let firm = format!("firm-{}", dice.below(3));
    Some(match question.kind {
        Kind::Organisation => Chosen::Organisation { id: firm.clone(), name: firm },
        Kind::Account => {
            let role = question.register.as_ref().and_then(|register| register.role).unwrap();
            let [a, b] = people(role);
            let person = if dice.below(2) == 0 { a } else { b };
            Chosen::Person { person, organisation: Some(firm) }
        }
        other => panic!("{}: {other:?} cannot be assigned", action.id),
    })
}

fn deed(matter: &Matter, action: &ActionDef, dice: &mut Dice, now: Instant) -> Option<Deed> {
    // Not every try to serve a document comes to something.
    let fails = action.effect == Some(Effect::Serve) && dice.below(4) == 0;
    let received_on = Some(now.date()).filter(|_| !fails);
    let served = |(copy, ..): (String, &Paper, &Delivery)| {
        Deed::Served(Service { copy, method: "direct".to_owned(), received_on })
    };
    match action.effect? {
        Effect::Serve => matter.state.unserved().into_iter().next().map(served),
        Effect::Acknowledge => {
            matter.state.unserved().into_iter().find(|(_, _, copy)| copy.to == action.role).map(served)
        }
        Effect::Sign => matter.state.unsigned().first().map(|party| {
            Deed::Signed(Signature { party: *party, way: "paper".to_owned(), file: None, at: now })
        }),
        Effect::HandIn => {
            matter.state.awaited().next().map(|mark| Deed::HandedIn { material: mark.id.clone(), file: None })
        }
        Effect::MoveOffice => Some(Deed::Moved {
            office: "receiver".to_owned(),
            name: "receiver".to_owned(),
            area: matter.area,
        }),
        Effect::Void => None,
    }
}

fn sound(matter: &Matter, at: &str) {
    let step = matter.current().unwrap();
    assert_eq!(matter.final_, step.final_, "{at}");
    assert_eq!(matter.closed_at.is_some(), step.final_, "{at}");
    let mut names: Vec<&str> = Vec::new();
    for task in matter.state.tasks.iter().filter(|task| !standing::stands(task)) {
        assert_eq!(task.step, step.id, "{at}: a task of another step is left over");
        let defined = step.task(&task.name).unwrap_or_else(|| panic!("{at}: task {} is unknown", task.name));
        assert_eq!(task.role, defined.role, "{at}");
        assert_eq!(task.office.is_none(), defined.pool == Pool::Applicant, "{at}: {task:?} is nobody's");
        names.push(&task.name);
    }
    names.sort_unstable();
    let mut wanted: Vec<&str> = step.tasks.iter().map(|task| task.id.as_str()).collect();
    wanted.sort_unstable();
    match step.join {
        Join::Any => assert_eq!(names, wanted, "{at}: a task is lost or stands twice"),
        Join::All => {
            let distinct: BTreeSet<_> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{at}: a task stands twice");
            assert!(!names.is_empty() && names.iter().all(|name| wanted.contains(name)), "{at}");
        }
    }
    for name in [standing::ANSWER, standing::SERVE] {
        let many = matter.state.tasks.iter().filter(|task| task.name == name).count();
        assert!(many <= 1, "{at}: {many} tasks {name}");
    }
    let serving = matter.state.tasks.iter().any(|task| task.name == standing::SERVE);
    assert_eq!(serving, !matter.state.unserved().is_empty(), "{at}: service");
    let ids: BTreeSet<_> = matter.state.tasks.iter().map(|task| &task.id).collect();
    assert_eq!(ids.len(), matter.state.tasks.len(), "{at}: one id for two tasks");
    assert_eq!(matter.state.owner.is_none(), step.final_, "{at}: owner {:?}", matter.state.owner);
    for definition in &matter.item.clocks {
        let open: Vec<_> =
            matter.state.clocks.iter().filter(|clock| clock.id == definition.id && !clock.ended).collect();
        let runs = definition.runs_in.contains(&step.id);
        let stands = definition.paused_in.contains(&step.id);
        assert!(open.len() <= 1, "{at}: clock {} runs twice", definition.id);
        // What waits for a service or a date may not have begun, or may be over.
        let waits = matches!(definition.starts, ClockStart::Served | ClockStart::Fact);
        assert!(!runs || waits || open.len() == 1, "{at}: clock {} does not run", definition.id);
        for clock in open {
            assert!(runs || stands, "{at}: clock {} was left running", definition.id);
            assert_eq!(clock.log.is_paused(), stands, "{at}: clock {}", definition.id);
        }
    }
}

/// Who may ever do an action with an effect: it needs something to act on, and not every step has it.
fn possible(item: &Item, action: &ActionDef) -> bool {
    let served = |role: Role| item.documents.iter().any(|document| document.served_on.contains(&role));
    match action.effect {
        Some(Effect::Serve) => item.documents.iter().any(|document| !document.served_on.is_empty()),
        Some(Effect::Acknowledge) => served(action.role),
        Some(Effect::HandIn) => !item.materials.is_empty(),
        Some(Effect::Sign | Effect::MoveOffice | Effect::Void) | None => true,
    }
}

/// Every step was visited and every action done; what needs an object, wherever there was one.
fn seen_whole(item: &Item, visited: &BTreeSet<String>, done: &BTreeMap<(String, String), usize>) {
    for step in &item.steps {
        assert!(visited.contains(&step.id), "{}: the walk never came to {}", item.id, step.id);
        for action in step.actions.iter().filter(|action| possible(item, action)) {
            let somewhere = || done.keys().any(|(_, id)| *id == action.id);
            let here = done.contains_key(&(step.id.clone(), action.id.clone()));
            let fine = if action.effect.is_some() { somewhere() } else { here };
            assert!(fine, "{}: nobody ever did {} at {}", item.id, action.id, step.id);
        }
    }
}

#[test]
fn a_random_walk_loses_no_task_and_doubles_none() {
    for item in Catalog::embedded().unwrap().items() {
        walk(item, STEPS, |_, _, _| {});
    }
}

#[test]
#[ignore = "a hundred thousand actions an item: the long run"]
fn a_long_random_walk_loses_no_task_and_doubles_none() {
    for item in Catalog::embedded().unwrap().items() {
        walk(item, STEPS_FULL, |_, _, _| {});
    }
}

/// The same item in its next version, with every step called otherwise, and what they are called.
fn twin(item: &Item) -> (Arc<Item>, Renamed) {
    let mut twin = item.clone();
    let other = |id: &mut String| id.push_str("-anew");
    twin.version += 1;
    for step in &mut twin.steps {
        other(&mut step.id);
        for action in &mut step.actions {
            if let To::Step(id) = &mut action.to {
                other(id);
            }
        }
    }
    for clock in &mut twin.clocks {
        clock.runs_in.iter_mut().chain(&mut clock.paused_in).for_each(other);
    }
    let renamed = item.steps.iter().zip(&twin.steps).map(|(old, new)| (old.id.clone(), new.id.clone()));
    let renamed = renamed.collect();
    (Arc::new(twin), renamed)
}

/// Matters that are carried to another version and back, again and again: nothing is lost or doubled either,
/// and nobody's work changes hands.
#[test]
fn a_walk_through_changing_versions_loses_no_task_and_doubles_none() {
    for item in Catalog::embedded().unwrap().items() {
        let (twin, there) = twin(item);
        let back: Renamed = there.iter().map(|(old, new)| (new.clone(), old.clone())).collect();
        let mut carried = 0;
        walk(item, 2_000, |matter, dice, now| {
            if matter.final_ || dice.below(16) > 0 {
                return;
            }
            let (to, renamed) =
                if matter.item.version == item.version { (&twin, &there) } else { (item, &back) };
            assert_eq!(migration::obstacles(matter, to, renamed), [], "{}", item.id);
            let work = |matter: &Matter| -> Vec<_> {
                let of = |task: &Task| {
                    (task.id.clone(), task.name.clone(), task.office.clone(), task.assignee.clone())
                };
                let mut work: Vec<_> = matter.state.tasks.iter().map(of).collect();
                work.sort_by(|a, b| a.0.cmp(&b.0));
                work
            };
            let (before, clocks) = (work(matter), matter.state.clocks.clone());
            // The dates of the walk move with the day; those of a matter stay.
            migration::carry_over(matter, to, renamed, Map::new(), now);
            matter.version += 1;
            assert_eq!(work(matter), before, "{}: work changed at {}", item.id, matter.step);
            assert_eq!(matter.state.clocks, clocks, "{}: clocks changed at {}", item.id, matter.step);
            sound(matter, &format!("{}: carried over to {}", item.id, matter.step));
            carried += 1;
        });
        assert!(carried > 20, "{}: carried over {carried} times only", item.id);
    }
}

fn walk(item: &Arc<Item>, steps: usize, mut between: impl FnMut(&mut Matter, &mut Dice, Instant)) {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut now: Instant = "2026-01-05T09:00:00+08:00".parse().unwrap();
    let mut seq = 1;
    let mut matter = opened(item, seq, now);
    sound(&matter, &format!("{}: open", item.id));
    let mut visited = BTreeSet::from([matter.step.clone()]);
    let mut done: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut closed = 0;
    for turn in 0..steps {
        now = now.plus(SignedDuration::from_mins(30));
        between(&mut matter, &mut dice, now);
        let mut options = offered(&matter);
        // What only adds words would fill the walk: mostly it moves.
        if dice.below(4) > 0 && options.iter().any(|(action, _)| action.to != To::Same) {
            options.retain(|(action, _)| action.to != To::Same);
        }
        assert!(matter.final_ || !options.is_empty(), "{}: stuck at {}", item.id, matter.step);
        if matter.final_ && (options.is_empty() || dice.below(3) > 0) {
            closed += 1;
            seq += 1;
            matter = opened(item, seq, now);
            continue;
        }
        // Half of the turns do what was done least here: what needs two rare turns in a row is seen too.
        let times =
            |action: &ActionDef| done.get(&(matter.step.clone(), action.id.clone())).copied().unwrap_or(0);
        let rarest = (0..options.len()).min_by_key(|at| times(&options[*at].0)).unwrap_or_default();
        let at = if dice.below(2) == 0 { rarest } else { dice.below(options.len()) };
        let (action, task) = options.swap_remove(at);
        let staff = !matches!(action.role, Role::Applicant | Role::Party | Role::Helper | Role::System);
        let person = if staff { somebody(&matter, &action, task.as_ref(), &mut dice) } else { None };
        let actor = match (&person, action.role) {
            (Some(person), _) => ActorId::account(person.account.clone()),
            (None, Role::System) => ActorId::system(),
            (None, _) if !staff => ActorId::guest(matter.number),
            // Four eyes: whoever holds the task did the step before; somebody else must take it.
            (None, _) => panic!("{}: nobody may do {} at {}", item.id, action.id, matter.step),
        };
        let from = matter.step.clone();
        let chosen = chosen(&action, &mut dice);
        let organisation = task.as_ref().and_then(|task| task.office.clone());
        let by =
            By { person: person.as_ref(), organisation: organisation.as_deref(), role: Some(action.role) };
        let with = With {
            chosen,
            deed: deed(&matter, &action, &mut dice, now),
            facts: dates(item, now),
            extension: None,
        };
        transition::act(&mut matter, &action, by, task.as_ref(), &with, now);
        matter.state.acts.push(Act { action: action.id.clone(), actor, role: action.role });
        matter.version += 1;
        let at = format!("{} turn {turn}: {} from {from} to {}", item.id, action.id, matter.step);
        sound(&matter, &at);
        visited.insert(matter.step.clone());
        *done.entry((from, action.id)).or_default() += 1;
    }
    assert!(closed * 1_000 > steps, "{}: only {closed} matters ended", item.id);
    // Rare turns take long to come by chance.
    if steps >= STEPS_FULL {
        seen_whole(item, &visited, &done);
    }
}
