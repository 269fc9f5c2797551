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
const DUTIES: [&str; 4] = ["legal-aid", "consultation", "notary", "arbitration"];
const REASONS: [&str; 5] = ["applicant", "party", "helper", "assigned", "acted"];

struct Matter {
    number: MatterNumber,
    area: AreaCode,
    office: &'static str,
    duty: &'static str,
    personal: Vec<Relation>,
    tasks: Vec<Task>,
}

struct Task {
    role: Role,
    office: Option<&'static str>,
    assignee: Option<AccountId>,
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
        let principal = if dice.roll(3) == 0 { dice.pick(&OFFICES) } else { dice.pick(&ACCOUNTS) }.to_owned();
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
        })
        .collect();
    Matter {
        number: MatterNumber::new(place, 2026, u32::try_from(seq).unwrap()).unwrap(),
        area: place,
        office: dice.pick(&OFFICES),
        duty: dice.pick(&DUTIES),
        personal,
        tasks,
    }
}

fn world(seed: u64) -> World {
    let mut dice = Dice(seed);
    let now: Instant = "2026-11-21T09:00:00+08:00".parse().unwrap();
    let matters: Vec<Matter> = (0..40).map(|seq| matter(&mut dice, seq, now)).collect();
    let staff = &Role::ALL[..17];
    let mut people = vec![Principal::anonymous(), Principal::guest(matters[3].number)];
    for account in ACCOUNTS {
        for grants in 0..4 {
            let grants: Vec<Grant> = (0..grants)
                .map(|_| {
                    let organisation = (dice.roll(2) == 0).then(|| OrgId((dice.pick(&OFFICES)).into()));
                    Grant::new(dice.pick(staff), area(dice.pick(&AREAS)), organisation)
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
                .then(" (?, 'item', 1, ?, ?, ?, 'web', 'step', ?, 1, ?, ?, '2026-11-21', 0, ?)")
                .bind(matter.number)
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
                sql("INSERT INTO open_task (number, task, name, item, item_version, step, role, area, office,")
                    .then(" pool, assignee, due, paused, since) VALUES (?, ?, 'task', 'item', 1, 'step', ?, ?, ?,")
                    .bind(matter.number)
                    .bind(format!("t{index}"))
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
}

fn mistaken(scopes: &mut [Scope], mistake: Option<Mistake>) {
    for scope in scopes {
        match (scope, mistake) {
            (Scope::Area { ranges }, Some(Mistake::Area)) => {
                for range in ranges {
                    range.1 = range.0 + (range.1 - range.0) / 2;
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
    may_act(person, task.role, task.office, matter.area, task.assignee.as_ref()).is_ok()
        || task.assignee.is_none()
            && may_act_as_party(person, task.role, matter.number, &matter.personal, now).is_ok()
}

async fn compare_tasks(db: &Db, world: &World, forget: Option<usize>) -> Result<(), String> {
    store_world(db, world).await;
    for person in &world.people {
        let mut scopes = task_scopes(person);
        if let Some(kind) = forget {
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
            |scope, statement| scope.narrow(statement, world.now),
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
        for kind in 0..5 {
            let mut seen = false;
            for seed in 0..24 {
                if compare_tasks(&db, &world(seed), Some(kind)).await.is_err() {
                    seen = true;
                    break;
                }
            }
            assert!(seen, "forgetting task scope {kind} would pass unseen");
        }
    })
    .await;
}

fn staff(grants: Vec<Grant>) -> Principal {
    Principal {
        account: Some(AccountId("acc-1".into())),
        kind: Kind::Staff,
        login: Some("someone".into()),
        name: String::new(),
        grants,
        home: None,
    }
}

#[test]
fn every_role_has_one_line() {
    for role in Role::ALL {
        assert_eq!(table::TABLE.iter().filter(|line| line.role == *role).count(), 1, "{role}");
    }
}

#[test]
fn the_three_administrators_see_no_matters_not_even_with_another_role() {
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let now = Instant::from_micros(0).unwrap();
    let personal = [Relation { principal: "acc-1".into(), reason: "assigned".into(), until: None }];
    let place = MatterPlace {
        number,
        area: area("371502"),
        office: "aid.east",
        duty: "legal-aid",
        personal: &personal,
    };
    for role in [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin] {
        let grants = vec![Grant::new(role, area("37"), None), Grant::new(Role::Supervisor, area("37"), None)];
        assert_eq!(may_see(&staff(grants), &place, now), Sight::None, "{role}");
    }
}

#[test]
fn the_content_wall_shows_an_outline_by_area_and_everything_to_those_concerned() {
    let number = MatterNumber::new(area("371502"), 2026, 1).unwrap();
    let now = Instant::from_micros(0).unwrap();
    let supervisor = staff(vec![Grant::new(Role::Supervisor, area("3715"), None)]);
    let mut place = MatterPlace { number, area: area("371502"), office: "x", duty: "notary", personal: &[] };
    assert_eq!(may_see(&supervisor, &place, now), Sight::Outline);
    place.duty = "legal-aid";
    assert_eq!(may_see(&supervisor, &place, now), Sight::Full);
    place.duty = "notary";
    let personal = [Relation { principal: "acc-1".into(), reason: "acted".into(), until: None }];
    place.personal = &personal;
    assert_eq!(may_see(&supervisor, &place, now), Sight::Full);
}

#[test]
fn a_task_is_for_its_role_at_its_place_and_a_person_s_task_for_nobody_else() {
    let here = area("371502");
    let bound = staff(vec![Grant::new(Role::AidOfficer, here, Some(OrgId("aid.east".into())))]);
    assert_eq!(may_act(&bound, Role::AidOfficer, Some("aid.east"), here, None), Ok(()));
    assert_eq!(may_act(&bound, Role::AidOfficer, Some("aid.west"), here, None), Err(Denied::Elsewhere));
    assert_eq!(may_act(&bound, Role::AidApprover, Some("aid.east"), here, None), Err(Denied::Role));
    let free = staff(vec![Grant::new(Role::Clerk, area("3715"), None)]);
    assert_eq!(may_act(&free, Role::Clerk, Some("center.east"), here, None), Ok(()));
    assert_eq!(may_act(&free, Role::Clerk, Some("center.east"), area("3716"), None), Err(Denied::Elsewhere));
    let other = AccountId("acc-2".into());
    assert_eq!(
        may_act(&free, Role::Clerk, Some("center.east"), here, Some(&other)),
        Err(Denied::SomebodyElse)
    );
    assert_eq!(may_act(&Principal::anonymous(), Role::Clerk, None, here, None), Err(Denied::SignIn));
    let administrator = staff(vec![Grant::new(Role::SystemAdmin, area("37"), None)]);
    assert_eq!(may_act(&administrator, Role::SystemAdmin, None, here, None), Err(Denied::Role));
}
