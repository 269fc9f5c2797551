//! What people were told and asked is recorded with its version, may be taken back, and is never a condition.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;

async fn open(county: &County, item: &str, key: &str, with: Value) -> Result<MatterNumber, Refusal> {
    let mut body = county.body(item);
    for (name, value) in with.as_object().unwrap() {
        body[name] = value.clone();
    }
    let opened = county.register.open(&Principal::anonymous(), &body, key, Lang::Zh).await?;
    Ok(opened.body["number"].as_str().unwrap().parse().unwrap())
}

fn said(text: &str, version: u32, agreed: bool) -> Value {
    json!({ "text": text, "version": version, "agreed": agreed })
}

fn input(text: &str, agreed: bool) -> Map<String, Value> {
    json!({ "consent.text": text, "consent.agreed": agreed }).as_object().unwrap().clone()
}

#[tokio::test]
async fn what_was_said_is_kept_with_its_version_and_its_hash_lies_in_the_event() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let given = json!({ "consents": [said("notice", 1, true), said("sensitive", 1, false)] });
        let number = open(&county, "consultation.text", "consent-key-0001", given).await.unwrap();
        let kept = county.view(number).await["consents"].clone();
        assert_eq!(kept[0]["text"], "notice");
        assert_eq!((&kept[1]["text"], &kept[1]["agreed"]), (&json!("sensitive"), &json!(false)));
        let row: (store::Json<Value>,) = store::sql("SELECT public FROM event WHERE number = ? AND seq = 1")
            .bind(number)
            .one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        let text = county.register.catalog().consents().version("sensitive", 1).unwrap();
        assert_eq!(row.0.0["consents"][1], format!("sensitive 1 no {}", text.sha256().unwrap()));
        // Whoever was never asked has nothing recorded, and is served all the same.
        let silent = open(&county, "consultation.text", "consent-key-0002", json!({})).await.unwrap();
        assert!(county.view(silent).await.get("consents").is_none());
    })
    .await;
}

#[tokio::test]
async fn only_texts_in_force_are_agreed_to_and_every_fault_is_told_at_its_place() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        for (given, pointer) in [
            (json!([said("sensitive", 7, true)]), "/consents/0/version"),
            (json!([said("notice", 1, true), said("nothing", 1, true)]), "/consents/1/text"),
            (json!([{ "text": "notice", "version": 1 }]), "/consents/0/agreed"),
            (json!("yes"), "/consents"),
        ] {
            let with = json!({ "consents": given });
            let refused = open(&county, "consultation.text", "consent-key-0003", with).await.unwrap_err();
            assert_eq!(refused.code, Code::FactsWrong);
            assert_eq!(refused.errors.len(), 1, "{:?}", refused.errors);
            assert_eq!(refused.errors[0].pointer, pointer);
        }
    })
    .await;
}

#[tokio::test]
async fn for_a_child_under_fourteen_a_guardian_agrees() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        // The clock of this county stands in November 2026; both were born in 2012, before and after that day.
        let child = |id_no: &str, agreed: bool| {
            json!({
                "applicant": { "kind": "person", "name": "测试童", "id_type": "id18", "id_no": id_no,
                               "phone": "19900000001",
                               "guardian": { "name": "测试父", "phone": "19900000002", "relation": "father" } },
                "consents": [said("notice", 1, true), said("guardian", 1, agreed)],
            })
        };
        let (young, old) = (numbered("37150220121231001"), numbered("37150220120101001"));
        let refused =
            open(&county, "consultation.text", "consent-key-0004", child(&young, false)).await.unwrap_err();
        assert_eq!(refused.errors[0].pointer, "/consents");
        open(&county, "consultation.text", "consent-key-0005", child(&young, true)).await.unwrap();
        open(&county, "consultation.text", "consent-key-0006", child(&old, false)).await.unwrap();
    })
    .await;
}

/// The number with its check digit.
fn numbered(first17: &str) -> String {
    format!("{first17}{}", kernel::identity::resident_check_digit(first17).unwrap())
}

#[tokio::test]
async fn a_consent_taken_back_stays_on_record_and_leaves_somebody_an_answer_to_give() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let given = json!({ "consents": [said("notice", 1, true), said("sensitive", 1, true)] });
        let number = open(&county, "consultation.text", "consent-key-0007", given).await.unwrap();
        let guest = Principal::guest(number);
        county.act_with(&guest, number, "change-consent", input("sensitive", false)).await.unwrap();
        let view = county.view(number).await;
        let kept = view["consents"].as_array().unwrap();
        assert_eq!(kept.len(), 2, "the last word to each text");
        assert!(kept.iter().any(|one| one["text"] == "sensitive" && one["agreed"] == json!(false)));
        assert!(view["waiting_for"].to_string().contains("answer-message"), "{view}");
        // What is only told cannot be taken back, and a stranger says nothing in somebody's name.
        let told =
            county.act_with(&guest, number, "change-consent", input("notice", false)).await.unwrap_err();
        assert_eq!(told.code, Code::FactsWrong);
        let stranger = county
            .act_with(&county.stranger, number, "change-consent", input("sensitive", true))
            .await
            .unwrap_err();
        assert_eq!(stranger.code, Code::NotFound);
    })
    .await;
}
