//! What is kept, how long, and that its end leaves the chain whole and nothing personal.

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
use store::sql;
use store::testkit::for_each_db;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A legal aid matter from application to a rated close, with documents, a look in full and an uploaded paper.
async fn closed(county: &County, key: &str) -> MatterNumber {
    let number = county.open("legal-aid.civil", key).await;
    county.to_lawyer(number).await;
    let guest = Principal::guest(number);
    county.act(&guest, number, "acknowledge").await.unwrap();
    county.act(&county.lawyer, number, "report-closing").await.unwrap();
    county.act(&county.lawyer, number, "submit-file").await.unwrap();
    county.act(&county.officer, number, "close").await.unwrap();
    county.act(&county.officer, number, "reveal").await.unwrap();
    number
}

#[tokio::test]
async fn when_its_time_is_up_the_content_goes_and_the_chain_still_verifies() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = closed(&county, "open-key-0000001").await;
        let other = county.open("consultation.text", "open-key-0000002").await;

        // Somebody keeps a disclosed salt and text.
        let before = events(&db, number).await;
        let (wrapped,): (Vec<u8>,) = sql("SELECT data_key FROM matter WHERE number = ?")
            .bind(number)
            .one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        let key = county.keyring.unwrap(&wrapped).unwrap();
        let disclosed = before.iter().find(|row| row.action == "propose-grant").unwrap();
        let disclosed_text = key.open(&chain::sealed_place(number, disclosed.seq), disclosed.sealed.as_ref().unwrap()).unwrap();
        let (salt, text) = disclosed_text.split_at(32);

        // Ten years later, that day included, it is kept; the day after it is due.
        county.clock.set(at("2036-11-20T09:00:00+08:00"));
        assert_eq!(county.register.retention_plan(date(2036, 11, 20)).await.unwrap().due, 0);
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().erased, 0);
        county.clock.set(at("2036-11-21T09:00:00+08:00"));
        let plan = county.register.retention_plan(date(2036, 11, 21)).await.unwrap();
        assert_eq!((plan.due, plan.held), (1, 0), "the open consultation is nobody's to erase: {plan:?}");
        assert_eq!(plan.classes[0].class, "legal-aid");
        assert_eq!(plan.classes[0].rule, "retention.legal-aid");
        assert_eq!(plan.classes[0].last_ended, Some(date(2026, 11, 20)));
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().erased, 1);
        let again = county.register.retention_run(u64::MAX).await.unwrap();
        assert_eq!((again.erased, again.busy.len()), (0, 0), "done is done");

        // Nothing personal is left, and what could open it is gone.
        for text in [
            "SELECT COUNT(*) FROM matter WHERE number = ? AND (data_key IS NOT NULL OR facts IS NOT NULL)",
            "SELECT COUNT(*) FROM event WHERE number = ? AND sealed IS NOT NULL",
            "SELECT COUNT(*) FROM party WHERE number = ?",
            "SELECT COUNT(*) FROM blind WHERE number = ?",
            "SELECT COUNT(*) FROM action_key WHERE number = ?",
            "SELECT COUNT(*) FROM intake_key WHERE number = ?",
            "SELECT COUNT(*) FROM file WHERE number = ?",
        ] {
            assert_eq!(count(&db, text, number).await, 0, "{text}");
        }
        let kept = "SELECT COUNT(*) FROM matter WHERE number = ? AND data_key IS NOT NULL";
        assert_eq!(count(&db, kept, other).await, 1, "nobody else's content goes with it");

        // The chain verifies with the deletion in it, and what was disclosed still proves itself.
        let after = events(&db, number).await;
        assert_eq!(after.len(), before.len() + 1);
        verify(number, &after);
        let last = after.last().unwrap();
        assert_eq!((last.actor.as_str(), last.action.as_str()), ("system", "erased"));
        assert_eq!(
            last.public.0["right"],
            json!({ "basis": "retention", "class": "legal-aid", "rule": "retention.legal-aid", "until": "2036-11-20" })
        );
        let proof = chain::commit(salt.try_into().unwrap(), &serde_json::from_slice(text).unwrap()).unwrap();
        let row = after.iter().find(|row| row.seq == disclosed.seq).unwrap();
        assert_eq!(proof.as_bytes()[..], row.commitment[..], "salt and text still prove what was written");
    })
    .await;
}

#[tokio::test]
async fn every_view_of_an_erased_matter_answers_calmly() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = closed(&county, "open-key-0000001").await;
        let guest = Principal::guest(number);
        let documents = county.register.documents(&county.officer, number, Lang::Zh).await.unwrap();
        county.clock.set(at("2037-01-01T09:00:00+08:00"));
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().erased, 1);

        for who in [&guest, &county.officer, &county.lawyer, &county.supervisor] {
            let view = county.register.view(who, number, Lang::Zh).await.unwrap();
            assert_eq!(
                (&view["final"], &view["applicant"], &view["form"], &view["parties"]),
                (&json!(true), &Value::Null, &json!({}), &json!([]))
            );
            assert_eq!(view["erased"]["right"]["basis"], "retention");
            assert_eq!(county.register.actions(who, number, Lang::Zh).await.unwrap(), json!([]));
            let told = county.register.events(who, number, 0, 100).await.unwrap();
            assert_eq!(told["items"].as_array().unwrap().last().unwrap()["action"], "erased");
            assert!(county.register.progress_of(who, number, Lang::Zh).await.unwrap()["can"] == json!([]));
            assert!(county.register.kept_check(who, number).await.unwrap().is_none());
            assert!(county.register.follow_ups(who, number, Lang::Zh).await.unwrap().is_empty());
            let certificate = county.register.deletion_certificate(who, number, Lang::Zh).await.unwrap();
            let text = certificate["text"].as_str().unwrap();
            let last = events(&db, number).await.pop().unwrap();
            assert!(text.contains(&hex::encode(&last.hash)) && text.contains(&number.grouped()), "{text}");
            let ask = county.act_with(who, number, "message", Map::new()).await.unwrap_err();
            assert_eq!((ask.code, ask.next.is_empty()), (Code::Expired, false));
        }
        assert!(!documents.is_empty());
        let left = county.register.documents(&county.officer, number, Lang::Zh).await.unwrap();
        assert_eq!(left.len(), documents.len(), "names, numbers and days of documents remain");
        for document in left {
            let id = document["id"].as_str().unwrap();
            let shown = county.register.document(&county.officer, number, id, Lang::Zh).await.unwrap();
            assert!(shown["text"].as_str().unwrap().contains("依法删除"), "{shown}");
        }
        let query = WorklistQuery { view: WorklistView::Done, limit: 20, ..WorklistQuery::default() };
        let done = county.register.worklist(&county.officer, &query).await.unwrap();
        assert_eq!(done["items"][0]["number"], json!(number));
        let revealed = county.act(&county.officer, number, "reveal").await.unwrap_err();
        assert_eq!(revealed.code, Code::Expired);
        let stranger =
            county.register.deletion_certificate(&county.stranger, number, Lang::Zh).await.unwrap_err();
        assert_eq!(stranger.code, Code::NotFound);
        county.register.tick().await.unwrap();
        county.register.recount().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_legal_hold_keeps_what_is_due_and_its_reason_lies_sealed() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = closed(&county, "open-key-0000001").await;
        county.clock.set(at("2037-01-01T09:00:00+08:00"));
        let input =
            |day: &str| json!({ "hold.until": day, "reason": "法院调卷通知" }).as_object().cloned().unwrap();
        let past =
            county.act_with(&county.supervisor, number, "hold", input("2036-12-31")).await.unwrap_err();
        assert_eq!((past.code, past.errors[0].pointer.as_str()), (Code::FactsWrong, "/input/hold.until"));
        let lawyer = county.act_with(&county.lawyer, number, "hold", input("2037-03-01")).await.unwrap_err();
        assert_eq!(lawyer.code, Code::Forbidden, "who works on matters does not keep or release them");
        county.act_with(&county.supervisor, number, "hold", input("2037-03-01")).await.unwrap();

        let plan = county.register.retention_plan(date(2037, 1, 1)).await.unwrap();
        assert_eq!((plan.due, plan.held), (0, 1));
        let ran = county.register.retention_run(u64::MAX).await.unwrap();
        assert_eq!((ran.erased, ran.held), (0, 1));
        let last = events(&db, number).await.pop().unwrap();
        assert_eq!(last.public.0["right"], json!({ "basis": "hold", "until": "2037-03-01" }));
        assert!(!last.public.0.to_string().contains("法院"), "the reason is not public");
        assert_eq!(county.view(number).await["final"], true);

        // Released, or run out, it goes.
        county.act(&county.supervisor, number, "release-hold").await.unwrap();
        let nothing = county.act(&county.supervisor, number, "release-hold").await.unwrap_err();
        assert_eq!(nothing.code, Code::WrongStep);
        county.register.hold(number, Some(date(2037, 1, 2)), "审计").await.unwrap();
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().held, 1);
        county.clock.set(at("2037-01-03T09:00:00+08:00"));
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().erased, 1);
        let mut listed = Vec::new();
        county
            .register
            .erasures(date(2037, 1, 1), |erasure| {
                listed.push(erasure.number);
                true
            })
            .await
            .unwrap();
        assert_eq!(listed, [number]);
    })
    .await;
}

#[tokio::test]
async fn a_run_goes_on_where_it_stopped_and_reads_no_history_twice() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let mut numbers = Vec::new();
        for i in 0..3 {
            let number = county.open("consultation.text", &format!("open-key-000000{i}")).await;
            county.act(&Principal::guest(number), number, "withdraw").await.unwrap();
            numbers.push(number);
        }
        county.clock.set(at("2028-11-21T09:00:00+08:00"));
        assert_eq!(county.register.retention_plan(date(2028, 11, 21)).await.unwrap().due, 3);
        assert_eq!(county.register.retention_run(1).await.unwrap().erased, 1);
        assert_eq!(county.register.retention_plan(date(2028, 11, 21)).await.unwrap().due, 2);
        assert_eq!(county.register.retention_run(u64::MAX).await.unwrap().erased, 2);
        for number in numbers {
            verify(number, &events(&db, number).await);
        }
    })
    .await;
}
