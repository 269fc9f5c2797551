//! One request from application to rated close, and what must not happen on the way.

mod common;

use access::Principal;
use common::County;
use kernel::lang::Lang;
use kernel::refusal::Code;
use matters::{Ask, WorklistQuery, WorklistView};
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;

fn list(view: WorklistView) -> WorklistQuery {
    WorklistQuery { view, limit: 20, ..WorklistQuery::default() }
}

#[tokio::test]
async fn legal_aid_goes_from_application_to_a_rated_close() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000001").await;
        let opened = county.view(number).await;
        assert_eq!(opened["step"], "received");
        assert_eq!(opened["owner"]["organisation"], "aid");
        assert_eq!(
            opened["clocks"][0]["due"], "2026-11-27",
            "five working days in 山东 come before seven days"
        );
        assert!(opened["applicant"]["id_no"].as_str().unwrap().contains("****"));

        county.to_lawyer(number).await;
        let working = county.view(number).await;
        assert_eq!(working["step"], "in-progress");
        assert_eq!(working["owner"]["login"], "lawyer");

        // The decision was received, so that nothing is left to serve.
        county.act(&Principal::guest(number), number, "acknowledge").await.unwrap();
        county.act(&county.lawyer, number, "report-closing").await.unwrap();
        county.act(&county.lawyer, number, "submit-file").await.unwrap();
        county.act(&county.officer, number, "close").await.unwrap();
        let closed = county.view(number).await;
        assert_eq!(
            (&closed["final"], &closed["owner"], &closed["waiting_for"]),
            (&json!(true), &Value::Null, &json!([]))
        );

        let guest = Principal::guest(number);
        county.act(&guest, number, "rate").await.unwrap();
        let again = county.act(&guest, number, "rate").await.unwrap_err();
        assert_eq!(again.code, Code::RuleRefused);
        assert_eq!(county.view(number).await["rated"], true);

        let seen = county.register.events(&county.officer, number, 0, 100).await.unwrap();
        let rating =
            seen["items"].as_array().unwrap().iter().find(|event| event["action"] == "rate").unwrap();
        assert_eq!(
            (&rating["actor"], &rating["facts"]),
            (&json!("hidden"), &json!({})),
            "nobody sees who rated how"
        );

        for who in [&county.officer, &county.approver, &county.lawyer, &county.firm_admin] {
            let done = county.register.worklist(who, &list(WorklistView::Done)).await.unwrap();
            assert_eq!((&done["total"], done["items"].as_array().unwrap().len()), (&json!(1), 1));
        }
    })
    .await;
}

#[tokio::test]
async fn every_event_is_chained_to_the_one_before() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000002").await;
        county.to_lawyer(number).await;
        let events = county.register.events(&county.officer, number, 0, 100).await.unwrap();
        let events = events["items"].as_array().unwrap();
        assert_eq!(events.len(), 7);
        assert_eq!(events[0]["prev"], "0".repeat(64));
        for pair in events.windows(2) {
            assert_eq!(pair[1]["prev"], pair[0]["hash"]);
            assert_eq!(pair[1]["seq"].as_i64(), pair[0]["seq"].as_i64().map(|seq| seq + 1));
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_proposed_does_not_approve() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000003").await;
        let mut both = county.officer.clone();
        both.grants.extend(county.approver.grants.clone());
        county.act(&both, number, "accept-for-review").await.unwrap();
        county.act(&both, number, "propose-grant").await.unwrap();
        let offers = county.register.actions(&both, number, Lang::Zh).await.unwrap();
        assert!(!offers.as_array().unwrap().iter().any(|offer| offer["action"] == "grant"));
        let refused = county.act(&both, number, "grant").await.unwrap_err();
        assert_eq!(refused.code, Code::RuleRefused);
        assert!(refused.rule.is_some() && !refused.next.is_empty());
        county.act(&county.approver, number, "grant").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_matter_does_not_exist_for_strangers() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000004").await;
        let other = county.open("consultation.text", "open-key-0000005").await;
        for who in [
            &county.stranger,
            &county.lawyer,
            &county.firm_admin,
            &Principal::guest(other),
            &Principal::anonymous(),
        ] {
            let refused = county.register.view(who, number, Lang::Zh).await.unwrap_err();
            assert_eq!(refused.code, Code::NotFound);
            assert_eq!(county.act(who, number, "accept-for-review").await.unwrap_err().code, Code::NotFound);
        }
        let todo = county.register.worklist(&county.stranger, &list(WorklistView::Todo)).await.unwrap();
        assert_eq!(todo["total"], 0);
        let watch = county.register.worklist(&county.supervisor, &list(WorklistView::Watch)).await.unwrap();
        assert_eq!(watch["total"], 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_key_answers_with_the_first_receipt() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let body = county.body("legal-aid.civil");
        let who = Principal::anonymous();
        let first = county.register.open(&who, &body, "open-key-0000006", Lang::Zh).await.unwrap();
        let second = county.register.open(&who, &body, "open-key-0000006", Lang::Zh).await.unwrap();
        assert!(!first.replayed && second.replayed);
        assert_eq!(first.body, second.body);
        let mut other = body.clone();
        other["applicant"]["name"] = json!("另一人");
        let refused = county.register.open(&who, &other, "open-key-0000006", Lang::Zh).await.unwrap_err();
        assert_eq!(refused.code, Code::IdempotencyMismatch);

        let number = first.body["number"].as_str().unwrap().parse().unwrap();
        let ask = |version| Ask {
            action: "accept-for-review",
            version,
            input: Map::new(),
            task: None,
            key: "action-key-000001",
            lang: Lang::Zh,
        };
        let first = county.register.act(&county.officer, number, &ask(1)).await.unwrap();
        let second = county.register.act(&county.officer, number, &ask(1)).await.unwrap();
        assert_eq!((first.body, second.replayed), (second.body, true));
        assert_eq!(
            county.register.act(&county.officer, number, &ask(2)).await.unwrap_err().code,
            Code::IdempotencyMismatch
        );
    })
    .await;
}

#[tokio::test]
async fn of_many_who_act_at_once_one_wins_and_the_others_see_what_changed() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000007").await;
        let tries = (0..16).map(|index| {
            let (register, officer) = (county.register.clone(), county.officer.clone());
            tokio::spawn(async move {
                let key = format!("racing-key-{index:06}");
                let ask = Ask {
                    action: "accept-for-review",
                    version: 1,
                    input: Map::new(),
                    task: None,
                    key: &key,
                    lang: Lang::Zh,
                };
                register.act(&officer, number, &ask).await
            })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                Err(refused) => {
                    assert_eq!(refused.code, Code::StaleVersion);
                    let current = refused.current.unwrap();
                    assert_eq!(
                        (&current["version"], &current["changed"][0]["action"]),
                        (&json!(2), &json!("accept-for-review"))
                    );
                }
            }
        }
        assert_eq!(won, 1);
        assert_eq!(county.version(number).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_supplement_stops_the_clock_and_its_end_withdraws_the_application() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let kept = county.open("legal-aid.civil", "open-key-0000008").await;
        let lost = county.open("legal-aid.civil", "open-key-0000009").await;
        for number in [kept, lost] {
            county.act(&county.officer, number, "notify-gaps").await.unwrap();
            // The time to answer runs from service of the notice.
            county.act(&Principal::guest(number), number, "acknowledge").await.unwrap();
            let view = county.view(number).await;
            assert_eq!(
                (&view["step"], &view["clocks"][0]["state"]),
                (&json!("supplement"), &json!("paused"))
            );
            assert_eq!(view["waiting_for"][0]["role"], "applicant");
        }
        county.clock.set("2026-11-24T10:00:00+08:00".parse().unwrap());
        county.act(&Principal::guest(kept), kept, "supplement").await.unwrap();
        let resumed = county.view(kept).await;
        assert_eq!(resumed["clocks"][0]["state"], "running");
        assert!(
            resumed["clocks"][0]["due"].as_str().unwrap() > "2026-11-27",
            "days that stood still are not lost"
        );
        let second = county.act(&county.officer, kept, "notify-gaps").await.unwrap_err();
        assert_eq!(second.code, Code::RuleRefused, "gaps are told once (法律援助法 art. 43)");

        assert_eq!(county.register.tick().await.unwrap(), 0);
        county.clock.set("2027-03-01T10:00:00+08:00".parse().unwrap());
        // One is deemed withdrawn; of the other the head learns that the decision is late.
        assert_eq!(county.register.tick().await.unwrap(), 2);
        assert_eq!(county.register.tick().await.unwrap(), 0);
        let late = county.view(kept).await;
        assert_eq!(late["waiting_for"][1]["actions"], json!(["attend"]));
        assert_eq!(late["waiting_for"][1]["role"], "office_head");
        let ended = county.view(lost).await;
        assert_eq!((&ended["step"], &ended["final"]), (&json!("withdrawn"), &json!(true)));
        let events = county.register.events(&county.officer, lost, 0, 100).await.unwrap();
        assert_eq!(events["items"][3]["role"], "system");
        assert_eq!(county.view(kept).await["final"], false);
    })
    .await;
}

#[tokio::test]
async fn a_consultation_reopens_and_leaves_the_done_lists() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-0000010").await;
        let guest = Principal::guest(number);
        for round in 1..=2 {
            county.act(&county.clerk, number, "answer").await.unwrap();
            let done = county.register.worklist(&county.clerk, &list(WorklistView::Done)).await.unwrap();
            assert_eq!(
                (&done["total"], done["items"].as_array().unwrap().len()),
                (&json!(1), 1),
                "round {round}"
            );
            county.act(&guest, number, "rate").await.unwrap();
            county.act(&guest, number, "reopen").await.unwrap();
            let done = county.register.worklist(&county.clerk, &list(WorklistView::Done)).await.unwrap();
            assert_eq!(
                (&done["total"], done["items"].as_array().unwrap().len()),
                (&json!(0), 0),
                "round {round}"
            );
            assert_eq!(county.view(number).await["final"], false);
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_always_lands_with_somebody_who_answers() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-0000011").await;
        let guest = Principal::guest(number);
        county.act(&county.clerk, number, "ask-more").await.unwrap();
        county.act(&guest, number, "message").await.unwrap();
        let view = county.view(number).await;
        assert_eq!(view["waiting_for"].as_array().unwrap().len(), 2);
        county.act(&county.clerk, number, "answer-message").await.unwrap();
        county.act(&guest, number, "reply").await.unwrap();
        county.act(&county.clerk, number, "answer").await.unwrap();
        county.act(&guest, number, "message").await.unwrap();
        let after = county.view(number).await;
        assert_eq!(
            (&after["final"], &after["waiting_for"][0]["actions"]),
            (&json!(true), &json!(["answer-message"]))
        );
        county.act(&county.clerk, number, "answer-message").await.unwrap();
        assert_eq!(county.view(number).await["waiting_for"], json!([]));
        let progress = county.register.progress_of(&guest, number, Lang::Zh).await.unwrap();
        assert!(progress["timeline"].as_array().unwrap().len() >= 6);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_number_answer_alike_and_five_tries_rest() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-0000012").await;
        let code = county.register.query_code(number, 1);
        let good = county.register.progress(&number.grouped(), code.as_str(), Lang::Zh).await.unwrap();
        assert_eq!(good["waiting_on"], "office");
        let wrong = county.register.progress(&number.to_string(), "00000000", Lang::Zh).await.unwrap_err();
        let absent = county.register.progress("3715022609999996", "00000000", Lang::Zh).await.unwrap_err();
        assert_eq!(wrong, absent);
        for _ in 0..4 {
            county.register.progress(&number.to_string(), "00000000", Lang::Zh).await.unwrap_err();
        }
        let resting =
            county.register.progress(&number.to_string(), code.as_str(), Lang::Zh).await.unwrap_err();
        assert_eq!(resting.code, Code::TooMany);
        county.clock.advance(jiff::SignedDuration::from_mins(16));
        county.register.progress(&number.to_string(), code.as_str(), Lang::Zh).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_look_in_full_gives_a_reason_and_leaves_the_version() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000013").await;
        let input = json!({ "facts": ["applicant.id_no"], "reason": "核对身份" });
        let answer = county
            .act_with(&county.officer, number, "reveal", input.as_object().unwrap().clone())
            .await
            .unwrap();
        let full = answer.body["values"]["applicant.id_no"].as_str().unwrap();
        assert_eq!(full.len(), 18);
        assert!(!full.contains('*'));
        assert_eq!(county.version(number).await, 1);
        let again = county
            .act_with(&county.officer, number, "reveal", input.as_object().unwrap().clone())
            .await
            .unwrap();
        assert!(again.replayed && again.body == answer.body, "a repeat answers alike and is logged once");
        let kept: Vec<(String,)> = store::sql("SELECT CAST(body AS TEXT) FROM action_key")
            .all(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        assert!(!kept[0].0.contains(full), "values shown in full are stored nowhere");
        let logged: Vec<(String, String)> = store::sql("SELECT account, facts FROM access_log")
            .all(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        assert_eq!(logged, [("account-officer".to_owned(), "applicant.id_no".to_owned())]);
        let nobody = county
            .act_with(&Principal::guest(number), number, "reveal", input.as_object().unwrap().clone())
            .await;
        assert_eq!(nobody.unwrap_err().code, Code::Forbidden);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readers_at_once_do_not_wait_for_each_other() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "open-key-0000014").await;
        // What a node remembers of its offices is a second old at most: then everybody looks again at once.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let reading = (0..100).map(|_| {
            let (register, officer) = (county.register.clone(), county.officer.clone());
            tokio::spawn(async move { register.view(&officer, number, Lang::Zh).await })
        });
        for read in reading.collect::<Vec<_>>() {
            read.await.unwrap().expect("no connection is held while another is waited for");
        }
    })
    .await;
}
