//! What people ask of what is kept about them: correction, a copy, deletion.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use access::Principal;
use common::County;
use common::chain::{count, events, verify};
use jiff::civil::date;
use kernel::chain;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use kernel::time::Instant;
use matters::{WorklistQuery, WorklistView};
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn correction(value: &str, to: &str) -> Map<String, Value> {
    json!({ "correction.value": value, "correction.to": to, "reason": "身份证登记有误" })
        .as_object()
        .cloned()
        .unwrap()
}

/// The offer of an act, when it stands.
async fn offer(county: &County, who: &Principal, number: MatterNumber, action: &str) -> Option<Value> {
    let offers = county.register.actions(who, number, Lang::Zh).await.unwrap();
    offers.as_array().unwrap().iter().find(|offer| offer["action"] == action).cloned()
}

#[tokio::test]
async fn a_correction_is_decided_by_the_office_and_the_old_value_stays_in_the_chain() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000001").await;
        let guest = Principal::guest(number);
        county.to_lawyer(number).await;
        let paper = |documents: &[Value]| documents[0]["id"].as_str().unwrap().to_owned();
        let documents = county.register.documents(&county.officer, number, Lang::Zh).await.unwrap();
        let before =
            county.register.document(&county.officer, number, &paper(&documents), Lang::Zh).await.unwrap();

        // Wrong values are told at their field; strangers and the office itself do not ask.
        let wrong = county
            .act_with(&guest, number, "ask-correction", correction("applicant.phone", "12"))
            .await
            .unwrap_err();
        assert_eq!(
            (wrong.code, wrong.errors[0].pointer.as_str()),
            (Code::FactsWrong, "/input/correction.to")
        );
        let office =
            county.act_with(&county.officer, number, "ask-correction", correction("applicant.phone", "12"));
        assert_eq!(office.await.unwrap_err().code, Code::Forbidden);

        county
            .act_with(&guest, number, "ask-correction", correction("applicant.name", "欧阳小更"))
            .await
            .unwrap();
        county
            .act_with(&guest, number, "ask-correction", correction("applicant.phone", "13911112222"))
            .await
            .unwrap();
        let asked = offer(&county, &guest, number, "ask-correction").await.unwrap();
        let left = asked["schema"]["properties"]["correction.value"]["oneOf"].to_string();
        assert!(!left.contains("applicant.phone"), "what waits is not asked twice: {left}");

        // It lies with the lawyer who has the matter, says what is asked, masked, until the promised day.
        let told = offer(&county, &county.lawyer, number, "accept-correction").await.unwrap();
        assert!(
            told["schema"].to_string().contains("欧**") && !told.to_string().contains("欧阳小更"),
            "{told}"
        );
        let query = WorklistQuery { view: WorklistView::Todo, limit: 20, ..WorklistQuery::default() };
        let todo = county.register.worklist(&county.lawyer, &query).await.unwrap();
        let row = todo["items"].as_array().unwrap().iter().find(|row| row["asks"] == "correct").unwrap();
        assert_eq!(row["due"], "2026-12-04", "ten working days");
        let tasks: Vec<String> = county.view(number).await["waiting_for"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|task| task["actions"].to_string().contains("accept-correction"))
            .map(|task| task["task"].as_str().unwrap().to_owned())
            .collect();
        let full = json!({ "facts": [format!("correction.{}", tasks[0])], "reason": "核对更正" });
        let seen = county
            .act_with(&county.lawyer, number, "reveal", full.as_object().cloned().unwrap())
            .await
            .unwrap();
        assert!(seen.body.to_string().contains("欧阳小更"), "in full only with a reason that is logged");

        county.act(&county.lawyer, number, "accept-correction").await.unwrap();
        let reason = json!({ "reason": "与运营商登记不符" }).as_object().cloned().unwrap();
        county.act_with(&county.lawyer, number, "refuse-correction", reason).await.unwrap();
        let names =
            json!({ "facts": ["applicant.name"], "reason": "核对更正" }).as_object().cloned().unwrap();
        let name = county.act_with(&county.officer, number, "reveal", names).await.unwrap();
        assert_eq!(name.body["values"]["applicant.name"], "欧阳小更");
        let progress = county.register.progress_of(&guest, number, Lang::Zh).await.unwrap();
        assert!(progress["timeline"].to_string().contains("与运营商登记不符"), "{progress}");
        assert!(progress["timeline"].to_string().contains("第五十条"), "a refusal names the remedy");

        // The chain has both values, sealed; documents keep the words they were issued with.
        let rows = events(&db, number).await;
        verify(number, &rows);
        assert!(rows.iter().all(|row| !row.public.0.to_string().contains("欧阳")), "no value is public");
        let after =
            county.register.document(&county.officer, number, &paper(&documents), Lang::Zh).await.unwrap();
        assert_eq!(after["text"], before["text"], "what was issued does not change");
        let found = county
            .register
            .similar(&county.officer, &county.body("legal-aid.civil"), Lang::Zh)
            .await
            .unwrap();
        assert!(
            found.iter().all(|one| !one["why"].to_string().contains("same-name")),
            "found by the new name only"
        );
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_nobody_answers_goes_to_the_head_once() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-0000001").await;
        let guest = Principal::guest(number);
        county.act(&guest, number, "withdraw").await.unwrap();
        county
            .act_with(&guest, number, "ask-correction", correction("applicant.name", "欧阳小更"))
            .await
            .unwrap();
        assert_eq!(
            county.register.retention_plan(date(2040, 1, 1)).await.unwrap().due,
            0,
            "it waits for an answer"
        );
        county.clock.set(at("2026-12-04T23:59:59+08:00"));
        assert_eq!(county.register.tick().await.unwrap(), 0);
        county.clock.set(at("2026-12-05T00:00:00+08:00"));
        assert_eq!(county.register.tick().await.unwrap(), 1);
        assert_eq!(county.register.tick().await.unwrap(), 0);
        let waiting = county.view(number).await["waiting_for"].to_string();
        assert!(waiting.contains("accept-correction") && waiting.contains("attend"), "{waiting}");
    })
    .await;
}

#[tokio::test]
async fn a_copy_has_everything_of_ones_own_and_others_masked() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut body = county.body("legal-aid.civil");
        body["applicant"]["name"] = json!("欧阳植入");
        body["parties"] = json!([{ "role": "opponent", "kind": "person", "name": "司马他人" }]);
        let opened =
            county.register.open(&Principal::anonymous(), &body, "open-key-0000001", Lang::Zh).await.unwrap();
        let number: MatterNumber = opened.body["number"].as_str().unwrap().parse().unwrap();
        let guest = Principal::guest(number);
        let message = json!({ "text": "植入的留言" }).as_object().cloned().unwrap();
        county.act_with(&guest, number, "message", message).await.unwrap();

        county.register.begin_copy(&guest).await.unwrap();
        let copy = county.register.copy_of(&guest, number, Lang::Zh).await.unwrap();
        let whole = copy.to_string();
        for planted in ["欧阳植入", "植入的留言", body["applicant"]["phone"].as_str().unwrap()] {
            assert!(whole.contains(planted), "{planted} is missing in {whole}");
        }
        assert!(!whole.contains("司马他人") && whole.contains("司**"), "{whole}");
        // What one wrote proves itself by the salt.
        let own =
            copy["events"].as_array().unwrap().iter().find(|event| event["action"] == "message").unwrap();
        let salt: [u8; 32] = hex::decode(own["proof"]["salt"].as_str().unwrap()).unwrap().try_into().unwrap();
        let proof = chain::commit(&salt, &own["proof"]["sealed"]).unwrap();
        let row = events(&db, number).await.into_iter().find(|row| row.action == "message").unwrap();
        assert_eq!(proof.as_bytes()[..], row.commitment[..]);

        // It is in the log, staff and strangers get none, and a thief is slowed down.
        let log = "SELECT COUNT(*) FROM access_log WHERE number = ? AND facts = 'copy'";
        assert_eq!(count(&db, log, number).await, 1);
        let other = county.open("consultation.text", "open-key-0000002").await;
        for (who, code) in [
            (&county.clerk, Code::Forbidden),
            (&Principal::anonymous(), Code::Unauthenticated),
            (&Principal::guest(other), Code::NotFound),
        ] {
            assert_eq!(county.register.copy_of(who, number, Lang::Zh).await.unwrap_err().code, code);
        }
        for _ in 0..9 {
            county.register.begin_copy(&guest).await.unwrap();
        }
        assert_eq!(county.register.begin_copy(&guest).await.unwrap_err().code, Code::TooMany);
    })
    .await;
}

#[tokio::test]
async fn deletion_is_decided_by_rule_and_told_with_its_day() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-0000001").await;
        let guest = Principal::guest(number);
        let asked = matters::rights::DeletionAsked { ground: "purpose".into(), text: "办完了".into() };
        let ask = async || county.register.ask_deletion(&guest, number, &asked, Lang::Zh).await.unwrap();
        assert_eq!(ask().await["why"], "open");
        county.act(&guest, number, "withdraw").await.unwrap();
        county.clock.set(at("2026-11-21T09:00:00+08:00"));
        let kept = ask().await;
        assert_eq!(
            (&kept["why"], &kept["until"], &kept["deleted_from"]),
            (&json!("kept"), &json!("2028-11-20"), &json!("2028-11-21"))
        );
        assert_eq!(kept["rule"]["article"], "第四十七条");
        let versions = county.version(number).await;
        ask().await;
        assert_eq!(county.version(number).await, versions, "asking again the same day writes nothing");

        county.clock.set(at("2028-11-21T09:00:00+08:00"));
        county.register.hold(number, Some(date(2028, 12, 1)), "审计").await.unwrap();
        assert_eq!(ask().await["deleted_from"], "2028-12-02");
        county.clock.set(at("2028-12-02T09:00:00+08:00"));
        assert_eq!(ask().await["outcome"], "deleted");
        assert_eq!(ask().await["outcome"], "already");
        let last = events(&db, number).await.pop().unwrap();
        assert_eq!((last.action.as_str(), &last.public.0["right"]["basis"]), ("erased", &json!("request")));
        let clerk = county.register.ask_deletion(&county.clerk, number, &asked, Lang::Zh).await.unwrap_err();
        assert_eq!(clerk.code, Code::Forbidden, "nobody asks for another");
    })
    .await;
}
