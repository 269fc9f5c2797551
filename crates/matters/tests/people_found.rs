//! People are found by what somebody at the desk knows of them, only in matters the desk may read; who searched
//! and who looked is on record; keys change meanwhile.

#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::{AccountId, Kind, Principal};
use common::{County, staff};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use matters::PersonQuery;
use serde_json::{Value, json};
use store::seal::rotate::{self, Class};
use store::testkit::for_each_db;
use store::{Db, sql};

const AID: &str = "legal-aid.civil";

async fn opened(county: &County, name: &str, phone: &str, key: &str) -> MatterNumber {
    let mut body = county.body(AID);
    body["applicant"]["name"] = json!(name);
    body["applicant"]["phone"] = json!(phone);
    let answer = county.register.open(&Principal::anonymous(), &body, key, Lang::Zh).await.unwrap();
    answer.body["number"].as_str().unwrap().parse().unwrap()
}

async fn find(county: &County, who: &Principal, body: Value) -> Value {
    let query = PersonQuery::read(&body).unwrap();
    county.register.find_person(who, &query, Lang::Zh).await.unwrap()
}

fn numbers(found: &Value) -> Vec<MatterNumber> {
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["number"].as_str().unwrap().parse().unwrap()).collect()
}

async fn count(db: &Db, text: &'static str) -> i64 {
    let (n,): (i64,) = sql(text).one(&mut db.reader().await.unwrap()).await.unwrap();
    n
}

#[tokio::test]
async fn a_person_is_found_by_paper_phone_name_part_and_sound_by_whoever_may_read_the_matter() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let shan = opened(&county, "单明华", "13812341234", "people-found-0001").await;
        let other = opened(&county, "王芳", "13912345678", "people-found-0002").await;
        let id_no = county.body(AID)["applicant"]["id_no"].as_str().unwrap().to_owned();
        let who = &county.officer;
        for body in [
            json!({ "name": "单明华" }),
            json!({ "name": "明华" }),
            json!({ "name": "单 明" }),
            json!({ "name": "shanminghua" }),
            json!({ "name": "Dan Minghua" }),
            json!({ "name": "minghua" }),
            json!({ "phone": "138 1234 1234" }),
            json!({ "phone_tail": "1234" }),
        ] {
            let found = find(&county, who, body.clone()).await;
            assert_eq!(numbers(&found), [shan], "{body}");
            assert_eq!(found["total"], 1, "{body}");
            let text = found.to_string();
            assert!(
                !text.contains("单明华") && !text.contains("13812341234") && !text.contains(&id_no),
                "{text}"
            );
            assert_eq!(found["items"][0]["people"][0]["name"], "单**");
        }
        let both = find(&county, who, json!({ "id_no": id_no.to_lowercase() })).await;
        assert_eq!(numbers(&both), [other, shan], "newest first");
        let first = find(&county, who, json!({ "id_no": id_no, "limit": 1 })).await;
        assert_eq!(numbers(&first), [other]);
        let second = find(&county, who, json!({ "id_no": id_no, "limit": 1, "cursor": first["next"] })).await;
        assert_eq!((numbers(&second), &second["next"]), (vec![shan], &Value::Null));
        assert!(numbers(&find(&county, who, json!({ "name": "华单" })).await).is_empty());

        // Another office sees nothing of them, and cannot tell it from nobody there.
        for body in [json!({ "id_no": id_no }), json!({ "name": "单明华" })] {
            let found = find(&county, &county.stranger, body).await;
            assert_eq!((numbers(&found).len(), &found["total"]), (0, &json!(0)));
        }
        // Neither people at home nor administrators search.
        let query = PersonQuery::read(&json!({ "name": "单明华" })).unwrap();
        let audit = staff("audit", Role::AuditAdmin, None);
        for who in [&Principal::anonymous(), &Principal::guest(shan), &audit] {
            let refused = county.register.find_person(who, &query, Lang::Zh).await.unwrap_err();
            assert!(matches!(refused.code, Code::Forbidden | Code::Unauthenticated), "{refused}");
        }
        for wrong in [
            json!({}),
            json!({ "name": "单" }),
            json!({ "phone_tail": "12" }),
            json!({ "name": "单明华", "phone": "13812341234" }),
            json!({ "name": 7 }),
            json!({ "address": "somewhere" }),
            json!([]),
        ] {
            PersonQuery::read(&wrong).unwrap_err();
        }

        // Each search stands in the record without what was typed.
        let searches = count(&db, "SELECT COUNT(*) FROM person_search").await;
        assert_eq!(searches, 14);
        let seen = looks_of(&county, &audit, "officer").await;
        assert!(seen.iter().all(|look| look["kind"] == "search"), "{seen:?}");
        assert!(!json!(seen).to_string().contains("明华"));
    })
    .await;
}

async fn looks_of(county: &County, who: &Principal, login: &str) -> Vec<Value> {
    let (from, to) = ("2026-11-01T00:00:00Z".parse().unwrap(), "2026-12-31T00:00:00Z".parse().unwrap());
    let found = county.register.looks_of(who, login, from, to, None, 100).await.unwrap();
    found["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_person_concerned_sees_who_looked_as_what_and_why() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open(AID, "looks-at-me-00001").await;
        let applicant = Principal::guest(number);
        let looks = county.register.looks(&applicant, number, None, 20).await.unwrap();
        assert_eq!(looks["total"], 0);
        let input = json!({ "facts": ["applicant.id_no", "applicant.phone"], "reason": "核对身份信息" });
        county.act_with(&county.officer, number, "reveal", input.as_object().unwrap().clone()).await.unwrap();
        assert!(county.register.open_paper(&county.officer, number, "some-file").await.unwrap());
        assert!(county.register.open_paper(&applicant, number, "some-file").await.unwrap());
        county.register.open_paper(&county.stranger, number, "some-file").await.unwrap_err();
        let looks = county.register.looks(&applicant, number, None, 20).await.unwrap();
        assert_eq!(looks["total"], 2, "the person's own look is nobody's business: {looks}");
        let reveal = &looks["items"][1];
        assert_eq!(reveal["facts"], json!(["applicant.id_no", "applicant.phone"]));
        assert_eq!((&reveal["reason"], &reveal["role"]), (&json!("核对身份信息"), &json!("aid_officer")));
        assert_eq!(reveal["office_name"], "法律援助中心");
        assert!(!looks.to_string().contains("officer的姓名"), "office and role, not the name: {looks}");
        let first = county.register.looks(&applicant, number, None, 1).await.unwrap();
        let next = first["next"].as_str().unwrap().to_owned();
        let second = county.register.looks(&applicant, number, Some(&next), 1).await.unwrap();
        assert_eq!(&second["items"][0], reveal);

        // Nobody else: not another person, not even those who serve.
        let stranger = Principal {
            account: Some(AccountId("account-someone".into())),
            kind: Kind::Citizen,
            ..Principal::anonymous()
        };
        assert_eq!(
            county.register.looks(&stranger, number, None, 20).await.unwrap_err().code,
            Code::NotFound
        );
        let refused = county.register.looks(&county.officer, number, None, 20).await.unwrap_err();
        assert_eq!(refused.code, Code::Forbidden);

        // Audit sees that it happened, by account and time, and nothing of the content.
        let audit = staff("audit", Role::AuditAdmin, None);
        let seen = looks_of(&county, &audit, "officer").await;
        assert_eq!(seen.len(), 2);
        assert!(!json!(seen).to_string().contains("核对"), "{seen:?}");
        assert!(looks_of(&county, &audit, "clerk").await.is_empty());
        let (from, to) = (county.register.now(), county.register.now());
        let refused = county.register.looks_of(&county.supervisor, "officer", from, to, None, 20).await;
        assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_before_within_and_after_a_change_of_the_index_key() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut all = Vec::new();
        for n in 0..6 {
            all.push(opened(&county, "单明华", "13812341234", &format!("reindexed-{n:08}")).await);
        }
        let found = async |county: &County| {
            let mut numbers = numbers(&find(county, &county.officer, json!({ "name": "danminghua" })).await);
            numbers.sort();
            numbers
        };
        assert_eq!(found(&county).await, all);
        rotate::rotate(&db, &county.keyring, Class::Index, std::time::Duration::ZERO).await.unwrap();
        county.keyring.refresh(&db).await.unwrap();
        assert_eq!(found(&county).await, all, "by the old hashes");
        county.register.reindex_some(2).await.unwrap();
        assert_eq!(found(&county).await, all, "by some old, some new");
        all.push(opened(&county, "单明华", "13812341234", "reindexed-between").await);
        while county.register.reindex_some(2).await.unwrap() > 0 {}
        assert_eq!(count(&db, "SELECT COUNT(*) FROM blind WHERE key_id < 2").await, 0);
        assert_eq!(rotate::retire(&db, std::time::Duration::ZERO).await.unwrap(), 1);
        county.keyring.refresh(&db).await.unwrap();
        assert_eq!(found(&county).await, all, "by the new hashes alone");
    })
    .await;
}

/// A form that shows masked values and is sent back changed nothing: whatever was hidden is refused as a value, so
/// it cannot take the place of the one behind it.
#[tokio::test]
async fn ten_thousand_forms_sent_back_with_masked_values_erase_nothing() {
    let scratch = store::testkit::scratch();
    let db = store::testkit::sqlite(scratch.path()).await;
    let county = County::found(&db).await;
    let mut seed = 20_261_128_u64;
    let mut dice = move |sides: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let names = ["张三", "欧阳明华", "李", "单雄信", "阿依古丽·买买提", "John Smith"];
    let body = county.body(AID);
    let shown = json!({ "name": "张**", "id_no": "110105********002X", "phone": "138****1234" });
    let before = count(&db, "SELECT COUNT(*) FROM party").await;
    for n in 0..10_000 {
        let mut form = body.clone();
        form["applicant"]["name"] =
            json!(matters::party::mask_name(names[usize::try_from(dice(6)).unwrap()]));
        for field in ["id_no", "phone"] {
            if dice(2) == 0 {
                form["applicant"][field] = shown[field].clone();
            }
        }
        if dice(2) == 0 {
            form["parties"] = json!([{ "role": "opponent", "kind": "person", "name": shown["name"] }]);
        }
        let key = format!("masked-form-{n:08}");
        let refused = county.register.open(&Principal::anonymous(), &form, &key, Lang::Zh).await.unwrap_err();
        assert_eq!(refused.code, Code::FactsWrong);
        assert!(
            refused.errors.iter().any(|error| error.pointer == "/applicant/name" && error.code == "masked"),
            "{refused:?}"
        );
    }
    assert_eq!(count(&db, "SELECT COUNT(*) FROM party").await, before, "0 values replaced");
}
