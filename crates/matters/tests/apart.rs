//! One firm never acts for both sides of a dispute, nor for two co-accused of one case; the register sees it
//! itself, and warns at the window that the other side has come already.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use std::sync::atomic::{AtomicU32, Ordering};

use access::Principal;
use common::County;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

/// Every opening has a key of its own.
static KEYS: AtomicU32 = AtomicU32::new(0);

/// A second firm of the place.
async fn second_firm(db: &Db) {
    let mut changes = Changes::new();
    changes.push(sql(
        "INSERT INTO organisation (id, name, kind, area, origin) VALUES ('firm-two', '乙律师事务所', 'firm', 371502000000, 'test')",
    ));
    changes.push(sql(
        "INSERT INTO organisation_duty (organisation, duty) VALUES ('firm-two', 'legal-aid-case')",
    ));
    db.apply("second firm", changes).await.unwrap();
}

/// Opens a matter for somebody, against somebody, in a case.
async fn open(
    county: &County,
    item: &str,
    name: &str,
    against: Option<&str>,
    case: Option<&str>,
) -> MatterNumber {
    let mut body = county.body(item);
    body["materials"] = json!([]);
    body["applicant"]["name"] = json!(name);
    body["applicant"]["id_type"] = json!("none");
    body["applicant"].as_object_mut().unwrap().remove("id_no");
    body["parties"] = json!([]);
    if let Some(against) = against {
        body["parties"] = json!([{ "role": "opponent", "kind": "person", "name": against }]);
    }
    if let Some(case) = case {
        body["form"]["case.number"] = json!(case);
    }
    let key = format!("apart-key-{:08}", KEYS.fetch_add(1, Ordering::Relaxed));
    let opened = county.register.open(&Principal::anonymous(), &body, &key, Lang::Zh).await.unwrap();
    opened.body["number"].as_str().unwrap().parse().unwrap()
}

/// Does an act with its example and what is said besides.
async fn act(
    county: &County,
    number: MatterNumber,
    action: &str,
    said: &[(&str, &str)],
) -> Result<(), Refusal> {
    let offers = county.register.actions(&county.officer, number, Lang::Zh).await.unwrap();
    let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == action).unwrap();
    let mut input: Map<String, Value> = offer["example"].as_object().unwrap().clone();
    input.extend(said.iter().map(|(fact, value)| ((*fact).to_owned(), json!(value))));
    county.act_with(&county.officer, number, action, input).await.map(drop)
}

/// Takes a matter to where a firm is named; the officer may learn the number of the case on the way.
async fn to_assignment(county: &County, number: MatterNumber, case: Option<&str>) {
    let said: Vec<_> = case.map(|case| ("case.number", case)).into_iter().collect();
    act(county, number, "accept-for-review", &said).await.unwrap();
    county.act(&county.officer, number, "propose-grant").await.unwrap();
    county.act(&county.approver, number, "grant").await.unwrap();
}

async fn assign(county: &County, number: MatterNumber, firm: &str) -> Result<(), Refusal> {
    act(county, number, "assign-firm", &[("assign.firm", firm)]).await
}

fn refused_as_apart(refused: Result<(), Refusal>, article: &str) {
    let refused = refused.unwrap_err();
    assert_eq!(refused.code, Code::RuleRefused);
    let rule = refused.rule.unwrap();
    assert_eq!((rule.id.as_str(), rule.article.as_deref()), ("apart", Some(article)));
    assert!(!refused.next.is_empty(), "it says what to do");
}

#[tokio::test]
async fn both_sides_of_one_dispute_are_given_different_firms() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        second_firm(&db).await;
        let one = open(&county, "legal-aid.civil", "赵一", Some("钱二"), None).await;
        let other = open(&county, "legal-aid.civil", "钱二", Some("赵一"), None).await;
        let namesake = open(&county, "legal-aid.civil", "钱二", Some("孙三"), None).await;
        for number in [one, other, namesake] {
            to_assignment(&county, number, None).await;
        }
        assign(&county, one, "firm").await.unwrap();
        let before = county.view(other).await;
        refused_as_apart(assign(&county, other, "firm").await, "43");
        assert_eq!(county.view(other).await, before, "nothing is half written");
        assign(&county, other, "firm-two").await.unwrap();
        assign(&county, namesake, "firm").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn co_accused_are_given_different_firms_whenever_the_number_of_the_case_becomes_known() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        second_firm(&db).await;
        let known = Some("（2026）鲁1502刑初123号");
        let typed_otherwise = Some("(2026) 鲁1502刑初 123 号");
        let first = open(&county, "legal-aid.criminal", "赵一", None, known).await;
        let second = open(&county, "legal-aid.criminal", "钱二", None, None).await;
        let third = open(&county, "legal-aid.criminal", "孙三", None, Some("（2026）鲁1502刑初124号")).await;
        let again = open(&county, "legal-aid.criminal", "赵一", None, typed_otherwise).await;
        for number in [first, third, again] {
            to_assignment(&county, number, None).await;
        }
        to_assignment(&county, second, typed_otherwise).await;
        assign(&county, first, "firm").await.unwrap();
        refused_as_apart(assign(&county, second, "firm").await, "43");
        assign(&county, second, "firm-two").await.unwrap();
        assign(&county, third, "firm").await.unwrap();
        assign(&county, again, "firm").await.unwrap();
        // What the officer was told counts from then on, as if the application had said it.
        let fourth = open(&county, "legal-aid.criminal", "李四", None, known).await;
        to_assignment(&county, fourth, None).await;
        refused_as_apart(assign(&county, fourth, "firm-two").await, "43");
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_in_is_warned_that_the_other_side_or_a_co_accused_has_come_already() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let dispute = open(&county, "legal-aid.civil", "赵一", Some("钱二"), None).await;
        let accused = open(&county, "legal-aid.criminal", "孙三", None, Some("鲁1502刑初9号")).await;
        let mut body = county.body("legal-aid.civil");
        body["applicant"] = json!({ "kind": "person", "name": "钱二", "id_type": "none" });
        body["parties"] = json!([{ "role": "opponent", "kind": "person", "name": "赵一" }]);
        let why = |found: &[Value], number: MatterNumber| {
            let one = found.iter().find(|one| one["number"] == json!(number)).cloned();
            one.map(|one| one["why"].to_string()).unwrap_or_default()
        };
        let found = county.register.similar(&county.officer, &body, Lang::Zh).await.unwrap();
        assert!(why(&found, dispute).contains("from-other-side"), "{found:?}");
        // Named on one side only: a name says nothing.
        body["parties"] = json!([]);
        let found = county.register.similar(&county.officer, &body, Lang::Zh).await.unwrap();
        assert!(!why(&found, dispute).contains("other-side"), "{found:?}");

        let mut body = county.body("legal-aid.criminal");
        body["applicant"] = json!({ "kind": "person", "name": "李四", "id_type": "none" });
        body["form"]["case.number"] = json!("鲁１５０２刑初９号");
        let found = county.register.similar(&county.officer, &body, Lang::Zh).await.unwrap();
        assert!(why(&found, accused).contains("same-case"), "{found:?}");
    })
    .await;
}
