//! 批量改派: one order, one command a matter, told row by row, undone within ten minutes. On both databases.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use common::office::Office;
use jiff::SignedDuration;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use matters::{Order, Target};
use serde_json::Value;
use store::testkit::for_each_db;

const KEY: &str = "reassign-key-00001";

fn order(to: Target) -> Order {
    Order { from: "officer".into(), to, reason: "长期病假".into(), item: None, area: None, numbers: None }
}

fn to(login: &str) -> Target {
    Target::Person(login.to_owned())
}

async fn taken(county: &County, count: usize) -> Vec<MatterNumber> {
    let mut numbers = Vec::new();
    for index in 0..count {
        let number = county.open("legal-aid.civil", &format!("reassign-open-{index:06}")).await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        numbers.push(number);
    }
    numbers
}

fn states(report: &Value) -> Vec<(String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    report["rows"].as_array().unwrap().iter().map(|row| (text(row, "number"), text(row, "state"))).collect()
}

async fn owners(county: &County, numbers: &[MatterNumber]) -> Vec<Value> {
    let mut owners = Vec::new();
    for number in numbers {
        owners.push(county.view(*number).await["owner"]["login"].clone());
    }
    owners
}

#[tokio::test]
async fn a_look_before_moves_nothing_and_an_order_moves_what_it_showed() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let numbers = taken(&county, 3).await;
        let shown = county
            .register
            .preview_reassign(&office.head, &order(to("officer-two")), Lang::Zh)
            .await
            .unwrap();
        assert_eq!((shown["would_move"].as_i64(), shown["cannot"].as_i64()), (Some(3), Some(0)), "{shown}");
        assert!(owners(&county, &numbers).await.iter().all(|owner| owner == "officer"));

        let chosen = Order { numbers: Some(numbers[..2].to_vec()), ..order(to("officer-two")) };
        let done = county.register.reassign(&office.head, &chosen, KEY, Lang::Zh).await.unwrap();
        assert_eq!(done["moved"], 2, "{done}");
        assert_eq!(owners(&county, &numbers).await, ["officer-two", "officer-two", "officer"]);
        let version = county.version(numbers[0]).await;
        let again = county.register.reassign(&office.head, &chosen, KEY, Lang::Zh).await.unwrap();
        assert_eq!(states(&again), states(&done), "the same key tells the same");
        assert_eq!(county.version(numbers[0]).await, version, "and does nothing twice");
        let other =
            county.register.reassign(&office.head, &order(Target::Pool), KEY, Lang::Zh).await.unwrap_err();
        assert_eq!(other.code, Code::IdempotencyMismatch);
        let events = county.register.events(&office.head, numbers[0], 0, 100).await.unwrap();
        let last = events["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((last["action"].as_str(), last["reason"].as_str()), (Some("reassign"), Some("长期病假")));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_go_is_told_row_by_row_and_the_rest_goes() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let numbers = taken(&county, 2).await;
        let none =
            county.register.preview_reassign(&office.head, &order(to("approver")), Lang::Zh).await.unwrap();
        assert_eq!(none["would_move"], 0);
        assert!(
            none["rows"].as_array().unwrap().iter().all(|row| row["why"].as_str().unwrap().contains("岗位")),
            "{none}"
        );

        let pool = county.register.reassign(&office.head, &order(Target::Pool), KEY, Lang::Zh).await.unwrap();
        assert_eq!(pool["moved"], 2, "{pool}");
        for number in numbers {
            let view = county.view(number).await;
            assert_eq!(view["owner"]["kind"], "office", "never without an owner");
            assert!(view["waiting_for"][0].get("login").is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn only_who_answers_for_a_person_reassigns_their_work() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        taken(&county, 1).await;
        for who in [&office.second, &county.stranger, &county.clerk, &Principal::anonymous()] {
            let refused =
                county.register.reassign(who, &order(to("officer-two")), KEY, Lang::Zh).await.unwrap_err();
            assert_eq!(refused.code, Code::Forbidden, "{:?}", who.login);
        }
        let mut bare = order(to("officer-two"));
        bare.reason.clear();
        let refused = county.register.reassign(&office.head, &bare, KEY, Lang::Zh).await.unwrap_err();
        assert_eq!(refused.errors[0].pointer, "/reason");
    })
    .await;
}

#[tokio::test]
async fn an_order_is_undone_within_ten_minutes_but_for_what_moved_on_since() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let numbers = taken(&county, 2).await;
        let before = county.view(numbers[0]).await;
        let done =
            county.register.reassign(&office.head, &order(to("officer-two")), KEY, Lang::Zh).await.unwrap();
        let id = done["order"].as_str().unwrap();
        county.act(&office.second, numbers[1], "propose-grant").await.unwrap();

        let stranger = county.register.undo_reassign(&office.second, id, Lang::Zh).await.unwrap_err();
        assert_eq!(stranger.code, Code::NotFound);
        let undone = county.register.undo_reassign(&office.head, id, Lang::Zh).await.unwrap();
        assert_eq!((undone["moved"].as_i64(), undone["cannot"].as_i64()), (Some(1), Some(1)), "{undone}");
        let after = county.view(numbers[0]).await;
        assert_eq!((&after["owner"], &after["waiting_for"]), (&before["owner"], &before["waiting_for"]));
        let again = county.register.undo_reassign(&office.head, id, Lang::Zh).await.unwrap();
        assert_eq!(again["moved"], 0, "once is enough: {again}");

        let late = county
            .register
            .reassign(&office.head, &order(to("both")), "reassign-key-00002", Lang::Zh)
            .await
            .unwrap();
        county.clock.set(county.register.now().plus(SignedDuration::from_mins(11)));
        let refused = county
            .register
            .undo_reassign(&office.head, late["order"].as_str().unwrap(), Lang::Zh)
            .await
            .unwrap_err();
        assert_eq!(refused.code, Code::Expired);
    })
    .await;
}
