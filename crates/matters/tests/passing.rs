//! Passing work and knowledge on: hand-over, assignment, help, reminders, matters that follow from matters,
//! doubles. On both databases.

#![expect(clippy::needless_pass_by_value, clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::{AccountId, Principal};
use common::County;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

fn input(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

async fn waiting(county: &County, number: MatterNumber) -> Vec<String> {
    let view = county.view(number).await;
    view["waiting_for"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["actions"][0].as_str().unwrap().into())
        .collect()
}

/// A second officer of the centre and its head.
async fn colleagues(db: &Db, county: &County) -> (Principal, Principal) {
    let mut changes = Changes::new();
    let mut people = Vec::new();
    for (name, role) in [("officer-two", Role::AidOfficer), ("aid-head", Role::AidHead)] {
        changes.push(
            sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                 VALUES (?, 'staff', ?, ?, 'aid', 'test', ?)")
            .bind(name)
            .bind(name)
            .bind(name)
            .bind(county.register.now()),
        );
        changes.push(
            sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) VALUES (?, ?, ?, 'aid', ?)")
                .bind(name)
                .bind(role.as_str())
                .bind(371_502_000_000_i64)
                .bind(county.register.now()),
        );
        let mut who = county.officer.clone();
        who.account = Some(AccountId(name.to_owned()));
        who.login = Some(name.to_owned());
        name.clone_into(&mut who.name);
        who.grants[0].role = role;
        people.push(who);
    }
    db.apply("colleagues", changes).await.unwrap();
    let head = people.pop().unwrap();
    (people.pop().unwrap(), head)
}

#[tokio::test]
async fn whoever_hands_over_keeps_the_matter_until_the_colleague_accepts() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let (second, _) = colleagues(&db, &county).await;
        let number = county.open("legal-aid.civil", "open-key-0000101").await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        let give = input(json!({ "pass.person": "officer-two", "reason": "明天起休假" }));
        county.act_with(&county.officer, number, "hand-over", give.clone()).await.unwrap();
        assert_eq!(county.view(number).await["owner"]["login"], "officer");
        let again = county.act_with(&county.officer, number, "hand-over", give.clone()).await.unwrap_err();
        assert_eq!(again.detail.key, "refused-hand-over-waits");

        county.act(&second, number, "accept-hand-over").await.unwrap();
        let view = county.view(number).await;
        assert_eq!(view["owner"]["login"], "officer-two");
        assert_eq!(view["waiting_for"][0]["login"], "officer-two", "the open work went along");
        assert_eq!(waiting(&county, number).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_hand_over_nobody_answers_stays_where_it_was() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let _ = colleagues(&db, &county).await;
        let number = county.open("legal-aid.civil", "open-key-0000102").await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        let give = input(json!({ "pass.person": "officer-two", "reason": "请接手" }));
        county.act_with(&county.officer, number, "hand-over", give).await.unwrap();
        // One working day of the house: Friday the 20th, so the end of Monday the 23rd.
        county.clock.set("2026-11-24T00:00:00+08:00".parse().unwrap());
        assert_eq!(county.register.tick().await.unwrap(), 1);
        let view = county.view(number).await;
        assert_eq!(view["owner"]["login"], "officer");
        assert_eq!(waiting(&county, number).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_head_gives_the_work_to_somebody_else() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let (_, head) = colleagues(&db, &county).await;
        let number = county.open("legal-aid.civil", "open-key-0000103").await;
        county.act(&county.officer, number, "take").await.unwrap();
        let give = input(json!({ "pass.person": "officer-two", "reason": "officer 生病" }));
        let stranger = county.act_with(&county.approver, number, "assign", give.clone()).await.unwrap_err();
        assert_eq!(stranger.code, kernel::refusal::Code::Forbidden);
        county.act_with(&head, number, "assign", give).await.unwrap();
        let view = county.view(number).await;
        assert_eq!(view["owner"]["login"], "officer-two");
        assert_eq!(view["waiting_for"][0]["login"], "officer-two");
    })
    .await;
}

#[tokio::test]
async fn another_office_that_helps_sees_the_matter_and_its_answer_ends_the_help() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000104").await;
        county.act(&county.officer, number, "take").await.unwrap();
        let ask = input(json!({ "pass.office": "center", "text": "请帮忙核对申请人在窗口交的原件" }));
        county.act_with(&county.officer, number, "co-handle", ask).await.unwrap();
        let tasks = waiting(&county, number).await;
        assert!(tasks.contains(&"finish-co-handling".to_owned()), "{tasks:?}");
        county
            .act_with(&county.clerk, number, "finish-co-handling", input(json!({ "reply.text": "已核对" })))
            .await
            .unwrap();
        assert_eq!(waiting(&county, number).await.len(), 1);
        assert_eq!(county.view(number).await["owner"]["login"], "officer", "help changes no owner");
    })
    .await;
}

#[tokio::test]
async fn a_paper_that_was_to_follow_is_remembered_missed_and_seen_to() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut body = county.body("legal-aid.civil");
        body["materials"] = json!([{ "id": "case-papers", "defer": true }]);
        let opened =
            county.register.open(&Principal::anonymous(), &body, "open-key-0000105", Lang::Zh).await.unwrap();
        let number: MatterNumber = opened.body["number"].as_str().unwrap().parse().unwrap();
        let due = |view: &Value| {
            let all = view["materials"].as_array().unwrap().clone();
            all.into_iter().find(|one| one["id"] == "case-papers").unwrap()
        };
        // Ten days from the 20th; reminded three days before.
        assert_eq!(due(&county.view(number).await)["due"], "2026-11-30");
        county.act(&county.officer, number, "take").await.unwrap();
        county.clock.set("2026-11-27T08:00:00+08:00".parse().unwrap());
        county.register.tick().await.unwrap();
        let events = county.register.events(&county.officer, number, 0, 100).await.unwrap();
        assert!(events["items"].as_array().unwrap().iter().any(|event| event["action"] == "remind-material"));
        county.clock.set("2026-12-01T00:00:00+08:00".parse().unwrap());
        county.register.tick().await.unwrap();
        assert_eq!(due(&county.view(number).await)["state"], "missing");
        assert!(waiting(&county, number).await.contains(&"attend".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_matter_that_follows_from_another_asks_nothing_again_and_both_know_it() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        settle_committee(&db, &county).await;
        let before = county.open("consultation.text", "open-key-0000106").await;
        county.act(&county.clerk, before, "answer").await.unwrap();
        let offers = county.register.follow_ups(&Principal::guest(before), before, Lang::Zh).await.unwrap();
        assert!(offers.iter().any(|offer| offer["item"] == "mediation.people"), "{offers:?}");
        let example = county.body("mediation.people");
        let mut form = example["form"].as_object().cloned().unwrap();
        form.remove("matter.description");
        let body = json!({
            "item": "mediation.people", "door": "web", "from": before, "form": form,
            "parties": example["parties"],
        });
        let guest = Principal::guest(before);
        let stranger =
            county.register.open(&Principal::anonymous(), &body, "open-key-0000107", Lang::Zh).await;
        assert!(stranger.is_err(), "nobody carries on what they may not see");
        let opened = county.register.open(&guest, &body, "open-key-0000108", Lang::Zh).await.unwrap();
        let after: MatterNumber = opened.body["number"].as_str().unwrap().parse().unwrap();
        let view = county.view(after).await;
        assert_eq!(view["links"], json!([{ "kind": "continues", "number": before }]));
        assert_eq!(view["applicant"]["name"], county.view(before).await["applicant"]["name"]);
        assert_eq!(
            view["form"]["matter.description"],
            county.body("consultation.text")["form"]["consult.question"]
        );
        let old = county.view(before).await;
        assert_eq!(old["links"], json!([{ "kind": "continues-by", "number": after }]));
        let again = county.register.open(&guest, &body, "open-key-0000108", Lang::Zh).await.unwrap();
        assert!(again.replayed);
        assert_eq!(county.register.tick().await.unwrap(), 0, "the link is told once");
    })
    .await;
}

async fn settle_committee(db: &Db, county: &County) {
    let mut changes = Changes::new();
    changes.push(
        sql(
            "INSERT INTO organisation (id, name, kind, area, origin) VALUES ('committee', '人民调解委员会', \
             'mediation-committee', ?, 'test')",
        )
        .bind(371_502_000_000_i64),
    );
    changes.push(sql("INSERT INTO organisation_duty (organisation, duty) VALUES ('committee', 'mediation')"));
    changes.push(sql("INSERT INTO reference_version (family, version) VALUES ('organisation', 9) \
         ON CONFLICT (family) DO UPDATE SET version = 9"));
    db.apply("settle committee", changes).await.unwrap();
    let _ = county.register.now();
}

#[tokio::test]
async fn whoever_takes_in_is_warned_of_a_double_and_a_guest_learns_nothing() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let first = county.open("legal-aid.civil", "open-key-0000109").await;
        let body = county.body("legal-aid.civil");
        let found = county.register.similar(&county.officer, &body, Lang::Zh).await.unwrap();
        assert_eq!(found[0]["number"], json!(first));
        let why: Vec<&str> = found[0]["why"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for wanted in ["same-person", "same-item", "similar-text"] {
            assert!(why.contains(&wanted), "{wanted} is not among {why:?}");
        }
        let mut other = body.clone();
        other["applicant"] = json!({ "kind": "person", "name": "测试辛", "id_type": "none" });
        other["parties"] = json!([]);
        assert_eq!(
            county.register.similar(&county.officer, &other, Lang::Zh).await.unwrap(),
            Vec::<Value>::new()
        );
        assert_eq!(
            county.register.similar(&county.stranger, &body, Lang::Zh).await.unwrap(),
            Vec::<Value>::new(),
            "another county's officer learns of nothing they may not open"
        );
        assert!(county.register.similar(&Principal::guest(first), &body, Lang::Zh).await.is_err());
    })
    .await;
}
