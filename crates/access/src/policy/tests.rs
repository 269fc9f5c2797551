//! The answer in Rust and the SQL of the lists agree on random worlds, on both databases; and a mistake in
//! any one scope would be seen.

use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

use super::sql::{MATTER, TaskScope, Want, task_scopes};
use super::*;
use crate::principal::{AccountId, Grant, Kind, OrgId, Principal};

/// SplitMix64: a world is told by its seed alone.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

const AREAS: [&str; 8] = ["37", "3715", "371502", "371502001", "371502001001", "371503", "371503100", "3716"];
const OFFICES: [&str; 5] = ["aid.east", "aid.west", "center.east", "firm.one", "firm.two"];
const ACCOUNTS: [&str; 4] = ["acc-1", "acc-2", "acc-3", "acc-4"];
/// Duty and item.
const ITEMS: [(&str, &str); 7] = [
    ("legal-aid", "legal-aid.civil"),
    ("legal-aid", "legal-aid.criminal"),
    ("consultation", "consultation.text"),
    ("mediation", "mediation.people"),
    ("intake", "dispute.lead"),
    ("notary", "notary.deed"),
    ("arbitration", "arbitration.case"),
];
const REASONS: [&str; 6] = ["applicant", "party", "helper", "helper-reads", "assigned", "acted"];

struct Matter {
    number: MatterNumber,
    area: AreaCode,
    office: &'static str,
    duty: &'static str,
    item: &'static str,
    personal: Vec<Relation>,
    tasks: Vec<Task>,
}

struct Task {
    role: Role,
    office: Option<&'static str>,
    assignee: Option<AccountId>,
    /// What a body was asked by name, whatever the item.
    asked: bool,
}

struct World {
    now: Instant,
    matters: Vec<Matter>,
    people: Vec<Principal>,
}

fn area(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn matter(dice: &mut Dice, seq: usize, now: Instant) -> Matter {
    let place = area(dice.pick(&AREAS[2..]));
    let mut personal: Vec<Relation> = Vec::new();
    for _ in 0..dice.roll(4) {
        let principal = match dice.roll(5) {
            0 => dice.pick(&OFFICES).to_owned(),
            // The members of a pool see what waits in it.
            1 => format!("{}@{}", dice.pick(&[Role::Lawyer, Role::LegalWorker]), dice.pick(&OFFICES)),
            _ => dice.pick(&ACCOUNTS).to_owned(),
        };
        let reason = (dice.pick(&REASONS)).to_owned();
        // One second around now, so that a bound that is off is seen.
        let until = match dice.roll(3) {
            0 => None,
            1 => Some(now.plus(jiff::SignedDuration::from_secs(1))),
            _ => Some(now),
        };
        if !personal.iter().any(|old| old.principal == principal && old.reason == reason) {
            personal.push(Relation { principal, reason, until });
        }
    }
    let tasks = (0..dice.roll(4))
        .map(|_| Task {
            role: dice.pick(Role::ALL),
            office: (dice.roll(3) > 0).then(|| dice.pick(&OFFICES)),
            assignee: (dice.roll(3) == 0).then(|| AccountId((dice.pick(&ACCOUNTS)).into())),
            asked: dice.roll(4) == 0,
        })
        .collect();
    let (duty, item) = dice.pick(&ITEMS);
    Matter {
        number: MatterNumber::new(place, 2026, u32::try_from(seq).unwrap()).unwrap(),
        area: place,
        office: dice.pick(&OFFICES),
        duty,
        item,
        personal,
        tasks,
    }
}

fn world(seed: u64) -> World {
    let mut dice = Dice(seed);
    let now: Instant = "2026-11-21T09:00:00+08:00".parse().unwrap();
    let mut matters: Vec<Matter> = (0..40).map(|seq| matter(&mut dice, seq, now)).collect();
    // The guest's own matter asks something of them in every world.
    matters[3].tasks.push(Task { role: Role::Applicant, office: None, assignee: None, asked: false });
    let staff = &Role::ALL[..17];
    let mut people = vec![Principal::anonymous(), Principal::guest(matters[3].number)];
    for account in ACCOUNTS {
        for grants in 0..4 {
            let grants: Vec<Grant> = (0..grants)
                .map(|_| {
                    let organisation = (dice.roll(2) == 0).then(|| OrgId((dice.pick(&OFFICES)).into()));
                    let mut grant = Grant::new(dice.pick(staff), area(dice.pick(&AREAS)), organisation);
                    // A division that had another code before: `area_link` gives the grant that range too.
                    if dice.roll(4) == 0 {
                        grant.ranges.push(area(dice.pick(&AREAS)).range());
                    }
                    grant
                })
                .collect();
            let kind = if grants.is_empty() { Kind::Citizen } else { Kind::Staff };
            people.push(Principal {
                account: Some(AccountId(account.into())),
                kind,
                login: Some(account.into()),
                name: String::new(),
                grants,
                home: (dice.roll(2) == 0).then(|| OrgId((dice.pick(&OFFICES)).into())),
            });
        }
    }
    World { now, matters, people }
}

async fn store_world(db: &Db, world: &World) {
    let mut changes = Changes::new();
    for table in ["open_task", "access", "matter"] {
        changes.push(match table {
            "open_task" => sql("DELETE FROM open_task"),
            "access" => sql("DELETE FROM access"),
            _ => sql("DELETE FROM matter"),
        });
    }
    for matter in &world.matters {
        changes.push(
            sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version,")
                .then(" head, opened_at, received_on, issue, state) VALUES")
                .then(" (?, ?, 1, ?, ?, ?, 'web', 'step', ?, 1, ?, ?, '2026-11-21', 0, ?)")
                .bind(matter.number)
                .bind(matter.item)
                .bind(matter.duty)
                .bind(matter.area)
                .bind(matter.office)
                .bind(false)
                .bind([0_u8; 32])
                .bind(world.now)
                .bind(serde_json::json!({})),
        );
        for relation in &matter.personal {
            changes.push(
                sql("INSERT INTO access (number, principal, reason, until) VALUES (?, ?, ?, ?)")
                    .bind(matter.number)
                    .bind(&relation.principal)
                    .bind(&relation.reason)
                    .bind(relation.until),
            );
        }
        for (index, task) in matter.tasks.iter().enumerate() {
            changes.push(
                sql("INSERT INTO open_task (number, task, name, item, item_version, duty, step, role, area, office,")
                    .then(" pool, assignee, due, paused, since) VALUES (?, ?, 'task', ?, 1, ?, 'step', ?, ?, ?,")
                    .bind(matter.number)
                    .bind(format!("t{index}"))
                    .bind(matter.item)
                    .bind(if task.asked { "" } else { matter.duty })
                    .bind(task.role)
                    .bind(matter.area)
                    .bind(task.office)
                    .then(" ?, ?, '9999-12-31', ?, ?)")
                    .bind(format!("{}@{}", task.role, task.office.unwrap_or_default()))
                    .bind(task.assignee.as_ref().map(|assignee| assignee.0.clone()))
                    .bind(false)
                    .bind(world.now),
            );
        }
    }
    db.apply("store world", changes).await.unwrap();
}

/// A mistake put into the SQL side only.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mistake {
    /// Area ranges lose their last half.
    Area,
    /// The last organisation is forgotten.
    Organisation,
    /// Ended relations still count.
    Until,
    /// Somebody else's relations count.
    Personal,
    /// The content wall is forgotten.
    Wall,
    /// A guest sees another number.
    Guest,
    /// A role sees every duty where it sees an area.
    Duty,
}

fn mistaken(scopes: &mut [Scope], mistake: Option<Mistake>) {
    for scope in scopes {
        match (scope, mistake) {
            (Scope::Area { within }, Some(Mistake::Area)) => {
                for range in within.iter_mut().flat_map(|(_, ranges)| ranges) {
                    range.1 = range.0 + (range.1 - range.0) / 2;
                }
            }
            (Scope::Area { within }, Some(Mistake::Duty)) => {
                for (work, _) in within {
                    *work = Work::Every;
                }
            }
            (Scope::Organisation { ids }, Some(Mistake::Organisation)) => drop(ids.pop()),
            (Scope::Personal { principals }, Some(Mistake::Personal)) => principals.push("acc-1".into()),
            (Scope::Matter(number), Some(Mistake::Guest)) => {
                *number = MatterNumber::new(area("371502"), 2026, 9_999_999).unwrap();
            }
            _ => {}
        }
    }
}

/// Compares both sides for everybody in the world; the first difference is the error.
async fn compare(db: &Db, world: &World, mistake: Option<Mistake>) -> Result<(), String> {
    store_world(db, world).await;
    for person in &world.people {
        for (want, least) in [(Want::Anything, Sight::Outline), (Want::Content, Sight::Full)] {
            let want = if mistake == Some(Mistake::Wall) { Want::Anything } else { want };
            let now = match mistake {
                Some(Mistake::Until) => Instant::from_micros(0).unwrap(),
                _ => world.now,
            };
            let mut scopes = scopes(person);
            assert!(scopes.len() <= 3, "a list has at most three branches");
            mistaken(&mut scopes, mistake);
            let statement = super::sql::union(
                &scopes,
                |sql| sql.then("SELECT number FROM matter WHERE final = ?").bind(false),
                |sql| sql.then(" ORDER BY number LIMIT ?").bind(100),
                |scope, statement| scope.narrow(statement, &MATTER, want, now),
            )
            .then(" ORDER BY number");
            let listed: Vec<(MatterNumber,)> = statement.all(&mut db.reader().await.unwrap()).await.unwrap();
            let mut expected: Vec<(MatterNumber,)> = world
                .matters
                .iter()
                .filter(|matter| may_see(person, &place(matter), world.now) >= least)
                .map(|matter| (matter.number,))
                .collect();
            expected.sort();
            if listed != expected {
                return Err(format!("{person:?} {want:?}: listed {listed:?}, may see {expected:?}"));
            }
        }
    }
    Ok(())
}

fn place(matter: &Matter) -> MatterPlace<'_> {
    MatterPlace {
        number: matter.number,
        area: matter.area,
        office: matter.office,
        duty: matter.duty,
        item: matter.item,
        personal: &matter.personal,
    }
}

#[tokio::test]
async fn lists_show_what_opening_would_show_and_any_mistake_is_seen() {
    const WORLDS: u64 = 40;
    for_each_db(async |db| {
        for seed in 0..WORLDS {
            compare(&db, &world(seed), None).await.unwrap_or_else(|found| panic!("world {seed}: {found}"));
        }
        for mistake in [
            Mistake::Area,
            Mistake::Organisation,
            Mistake::Until,
            Mistake::Personal,
            Mistake::Wall,
            Mistake::Guest,
            Mistake::Duty,
        ] {
            let mut seen = false;
            for seed in 0..WORLDS {
                if compare(&db, &world(seed), Some(mistake)).await.is_err() {
                    seen = true;
                    break;
                }
            }
            assert!(seen, "{mistake:?} would pass unseen");
        }
    })
    .await;
}

fn may_discharge(person: &Principal, matter: &Matter, task: &Task, now: Instant) -> bool {
    let place = TaskPlace {
        role: task.role,
        organisation: task.office,
        area: matter.area,
        assignee: task.assignee.as_ref(),
        work: (!task.asked).then_some((matter.duty, matter.item)),
    };
    may_act(person, &place).is_ok()
        || task.assignee.is_none()
            && may_act_as_party(person, task.role, matter.number, &matter.personal, now).is_ok()
}

/// What the list of tasks gets wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wrong {
    /// One reason is forgotten.
    Forgotten(usize),
    /// A relation that ended still counts: a helper whose consent ended this second.
    Until,
    /// Every task counts as asked by name, so that no role is kept to its duties.
    Duty,
    /// The pool of somebody else's house is mine.
    Pool,
}

async fn compare_tasks(db: &Db, world: &World, wrong: Option<Wrong>) -> Result<(), String> {
    store_world(db, world).await;
    if wrong == Some(Wrong::Duty) {
        let mut changes = Changes::new();
        changes.push(sql("UPDATE open_task SET duty = ''"));
        db.apply("forget duties", changes).await.unwrap();
    }
    for person in &world.people {
        let mut scopes = task_scopes(person);
        for scope in &mut scopes {
            if let (TaskScope::Pools(pools), Some(Wrong::Pool)) = (scope, wrong) {
                pools.push(format!("{}@firm.two", Role::Clerk));
            }
        }
        if let Some(Wrong::Forgotten(kind)) = wrong {
            let order = |scope: &TaskScope| match scope {
                TaskScope::Mine(_) => 0,
                TaskScope::Pools(_) => 1,
                TaskScope::Areas(_) => 2,
                TaskScope::Party(_) => 3,
                TaskScope::Guest(_) => 4,
            };
            scopes.retain(|scope| order(scope) != kind);
        }
        let statement = super::sql::union(
            &scopes,
            |sql| sql.then("SELECT number, task FROM open_task WHERE paused = ?").bind(false),
            |sql| sql.then(" ORDER BY number, task LIMIT ?").bind(200),
            |scope, statement| {
                let earlier = Instant::from_micros(0).unwrap();
                scope.narrow(statement, if wrong == Some(Wrong::Until) { earlier } else { world.now })
            },
        )
        .then(" ORDER BY number, task");
        let listed: Vec<(MatterNumber, String)> =
            statement.all(&mut db.reader().await.unwrap()).await.unwrap();
        let mut expected: Vec<(MatterNumber, String)> = Vec::new();
        for matter in &world.matters {
            for (index, task) in matter.tasks.iter().enumerate() {
                if may_discharge(person, matter, task, world.now) {
                    expected.push((matter.number, format!("t{index}")));
                }
            }
        }
        expected.sort();
        if listed != expected {
            return Err(format!("{person:?}: listed {listed:?}, may act {expected:?}"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_todo_list_is_exactly_what_may_be_discharged() {
    for_each_db(async |db| {
        for seed in 0..12 {
            compare_tasks(&db, &world(seed), None)
                .await
                .unwrap_or_else(|found| panic!("world {seed}: {found}"));
        }
        let all = [Wrong::Until, Wrong::Duty, Wrong::Pool].into_iter().chain((0..5).map(Wrong::Forgotten));
        for wrong in all {
            let mut seen = false;
            for seed in 0..24 {
                if compare_tasks(&db, &world(seed), Some(wrong)).await.is_err() {
                    seen = true;
                    break;
                }
            }
            assert!(seen, "{wrong:?} would pass unseen");
        }
    })
    .await;
}
