//! Moving open matters to another version of their item: all or none, one event each, nothing forgotten.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use std::collections::BTreeMap;

use access::Principal;
use catalog::Catalog;
use catalog::item::{Item, To};
use common::County;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use matters::command::migrate::{CannotMigrate, Migration};
use serde_json::{Value, json};
use store::testkit::for_each_db;
use store::{Db, sql};

const ITEM: &str = "consultation.text";

/// The same item with the first step called otherwise.
fn next(item: &Item) -> Item {
    let mut item = item.clone();
    let swap = |id: &mut String| {
        if id == "received" {
            "taken-in".clone_into(id);
        }
    };
    item.version += 1;
    for step in &mut item.steps {
        swap(&mut step.id);
        for action in &mut step.actions {
            if let To::Step(id) = &mut action.to {
                swap(id);
            }
        }
    }
    for clock in &mut item.clocks {
        clock.runs_in.iter_mut().chain(&mut clock.paused_in).for_each(swap);
    }
    item
}

/// The catalogue of a node that carries the next version, changed further by the caller, and knows the old one.
fn both_versions(change: impl Fn(&mut Item)) -> Catalog {
    let mut catalog = Catalog::embedded().unwrap();
    let mut new = next(catalog.item(ITEM).unwrap());
    change(&mut new);
    assert!(catalog.insert(new).is_empty());
    catalog
}

fn plan(county: &County, map: &[(&str, &str)]) -> Migration {
    let to = county.register.catalog().item(ITEM).unwrap().version;
    let renamed: BTreeMap<String, String> = map.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    Migration { item: ITEM.to_owned(), from: to - 1, to, renamed }
}

async fn rows(db: &Db) -> BTreeMap<MatterNumber, (i64, String, i64)> {
    let mut reader = db.reader().await.unwrap();
    let rows: Vec<(MatterNumber, i64, String, i64)> =
        sql("SELECT number, item_version, step, version FROM matter").all(&mut reader).await.unwrap();
    rows.into_iter().map(|(number, item, step, version)| (number, (item, step, version))).collect()
}

async fn tasks(db: &Db, number: MatterNumber) -> Vec<(String, String, i64, String, Option<String>)> {
    let mut reader = db.reader().await.unwrap();
    sql("SELECT task, name, item_version, step, assignee FROM open_task WHERE number = ? ORDER BY task")
        .bind(number)
        .all(&mut reader)
        .await
        .unwrap()
}

async fn events(county: &County, number: MatterNumber) -> Vec<Value> {
    let answer = county.register.events(&county.clerk, number, 0, 100).await.unwrap();
    answer["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn open_matters_move_with_one_event_each_and_go_on() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let waiting = county.open(ITEM, "migrate-key-00001").await;
        let taken = county.open(ITEM, "migrate-key-00002").await;
        county.act(&county.clerk, taken, "take").await.unwrap();
        let asking = county.open(ITEM, "migrate-key-00003").await;
        county.act(&county.clerk, asking, "ask-more").await.unwrap();
        let ended = county.open(ITEM, "migrate-key-00004").await;
        county.act(&county.clerk, ended, "answer").await.unwrap();
        let before = rows(&db).await;
        let (due, held) = (county.view(taken).await["clocks"].clone(), tasks(&db, taken).await);
        let told =
            county.register.progress_of(&Principal::guest(taken), taken, Lang::Zh).await.unwrap()["timeline"]
                .clone();

        let county = county.restarted(&db, both_versions(|_| ())).await;
        let refused = county.register.migrate(&plan(&county, &[]), false).await.unwrap_err();
        assert!(matches!(&refused, CannotMigrate::Obstacles(list) if list.len() == 1), "{refused}");
        assert!(refused.to_string().contains("--map received=STEP (2 matters)"), "{refused}");
        assert_eq!(rows(&db).await, before, "all or none");

        let map = [("received", "taken-in")];
        let trial = county.register.migrate(&plan(&county, &map), true).await.unwrap();
        assert_eq!((trial.moved, rows(&db).await), (3, before.clone()), "a trial only looks");
        let done = county.register.migrate(&plan(&county, &map), false).await.unwrap();
        assert_eq!((done.moved, done.busy.len()), (3, 0));

        let after = rows(&db).await;
        for (number, step) in [(waiting, "taken-in"), (taken, "taken-in"), (asking, "asking")] {
            let (item, _, version) = before[&number].clone();
            assert_eq!(after[&number], (item + 1, step.to_owned(), version + 1));
            let events = events(&county, number).await;
            let last = events.last().unwrap();
            assert_eq!((&last["action"], &last["role"]), (&json!("migrate"), &json!("system")));
            assert_eq!(last["to"], step);
            for pair in events.windows(2) {
                assert_eq!(pair[1]["prev"], pair[0]["hash"], "the chain holds");
            }
        }
        assert_eq!(after[&ended], before[&ended], "what has ended stays as it was");
        let now = tasks(&db, taken).await;
        assert_eq!(now.len(), 1);
        assert_eq!((&now[0].0, &now[0].1, &now[0].4), (&held[0].0, &held[0].1, &held[0].4), "still theirs");
        assert_eq!((now[0].2, now[0].3.as_str()), (held[0].2 + 1, "taken-in"));
        assert_eq!(county.view(taken).await["clocks"], due, "clocks keep what they have counted");
        let timeline = county.register.progress_of(&Principal::guest(taken), taken, Lang::Zh).await.unwrap()
            ["timeline"]
            .clone();
        assert_eq!(timeline, told, "what was told is still told, in the same words");

        // And the matters go on under the new version, to their end.
        let guest = Principal::guest(asking);
        county.act(&guest, asking, "reply").await.unwrap();
        assert_eq!(county.view(asking).await["step"], "taken-in");
        for number in [waiting, taken, asking] {
            county.act(&county.clerk, number, "answer").await.unwrap();
            assert_eq!(county.view(number).await["final"], true);
        }
        let again = county.register.migrate(&plan(&county, &map), false).await.unwrap();
        assert_eq!(again.moved, 0);
    })
    .await;
}

#[tokio::test]
async fn nothing_moves_where_something_would_be_forgotten() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        county.open(ITEM, "migrate-key-00011").await;
        let before = rows(&db).await;
        let map = [("received", "taken-in")];
        let mut county = county.restarted(&db, both_versions(|item| item.clocks.clear())).await;
        let refused = county.register.migrate(&plan(&county, &map), false).await.unwrap_err();
        assert!(refused.to_string().contains("clock `answer` is open"), "{refused}");
        let refused = county.register.migrate(&plan(&county, &[("received", "answered")]), false).await;
        assert!(refused.unwrap_err().to_string().contains("`answered`, which is final"));

        county = county.restarted(&db, both_versions(|_| ())).await;
        let unknown = county.register.migrate(&plan(&county, &[("received", "nowhere")]), false).await;
        assert!(matches!(unknown, Err(CannotMigrate::NoStep { version, .. }) if version > 1));
        let unknown = county.register.migrate(&plan(&county, &[("nowhere", "asking")]), false).await;
        assert!(matches!(unknown, Err(CannotMigrate::NoStep { .. })));
        let far = Migration { to: 99, ..plan(&county, &map) };
        assert!(matches!(
            county.register.migrate(&far, false).await,
            Err(CannotMigrate::NoVersion { version: 99, .. })
        ));
        let same = Migration { to: far.from, ..far };
        assert!(matches!(county.register.migrate(&same, false).await, Err(CannotMigrate::Same)));
        assert_eq!(rows(&db).await, before);
    })
    .await;
}

#[tokio::test]
async fn people_may_act_meanwhile() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut numbers = Vec::new();
        for turn in 0..8 {
            numbers.push(county.open(ITEM, &format!("migrate-key-0002{turn}")).await);
        }
        let county = county.restarted(&db, both_versions(|_| ())).await;
        let plan = plan(&county, &[("received", "taken-in")]);
        let act = async {
            let mut acted = 0;
            for number in &numbers {
                acted += i64::from(county.act(&county.clerk, *number, "take").await.is_ok());
            }
            acted
        };
        let (done, acted) = tokio::join!(county.register.migrate(&plan, false), Box::pin(act));
        assert!(done.unwrap().busy.is_empty());
        let after = rows(&db).await;
        let mut seen = 0;
        for number in &numbers {
            let (item, step, version) = &after[number];
            assert_eq!((*item, step.as_str()), (i64::from(plan.to), "taken-in"));
            let events = events(&county, *number).await;
            assert_eq!(events.len(), usize::try_from(*version).unwrap(), "no event is lost or stands twice");
            seen += version - 2;
        }
        assert_eq!(seen, acted, "every answered command is there");
    })
    .await;
}
