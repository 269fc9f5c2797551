//! 联系须知: what a person asked for binds everybody, and nobody learns of it who need not. On both databases.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::Principal;
use common::County;
use kernel::contact::Wording;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use matters::{WorklistQuery, WorklistView};
use serde_json::{Value, json};
use store::testkit::for_each_db;

const SAFE: &str = "13900139077";
const NOTE: &str = "丈夫会看手机";

async fn opened(county: &County, key: &str) -> MatterNumber {
    let mut body = county.body("legal-aid.civil");
    body["applicant"]["phone"] = json!("13800138066");
    body["applicant"]["contact"] =
        json!({ "phone": SAFE, "hours": ["09:00", "11:30"], "message": "none", "note": NOTE });
    let answer = county.register.open(&Principal::anonymous(), &body, key, Lang::Zh).await.unwrap();
    answer.body["number"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn who_calls_gets_the_safe_number_and_what_may_be_said() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = opened(&county, "contact-key-0000001").await;
        let reach = county.register.reach(number, 0).await.unwrap().unwrap();
        assert_eq!(reach.phone.as_deref(), Some(SAFE));
        assert_eq!(reach.rules.message, Wording::None);
        let noon = "2026-11-20T12:00:00+08:00".parse().unwrap();
        assert!(!reach.rules.may_write() && !reach.rules.may_reach(noon));
        assert!(county.register.reach(number, 99).await.unwrap().is_none(), "there is no such party");
        let plain = county.open("legal-aid.civil", "contact-key-0000002").await;
        assert!(county.register.reach(plain, 0).await.unwrap().unwrap().rules.is_empty());
    })
    .await;
}

#[tokio::test]
async fn screens_show_it_masked_and_no_list_view_or_event_holds_it() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = opened(&county, "contact-key-0000003").await;
        let shown = county.register.contact(&county.officer, number).await.unwrap();
        assert_eq!(
            shown,
            json!({
                "rules": { "phone": "139****9077", "hours": ["09:00", "11:30"], "message": "none", "note": "***" },
                "phone": "139****9077",
            })
        );
        county.act(&county.officer, number, "take").await.unwrap();
        county
            .act_with(
                &Principal::guest(number),
                number,
                "change-contact",
                json!({ "contact.message": "neutral", "contact.note": "婆婆也不能知道" }).as_object().cloned().unwrap(),
            )
            .await
            .unwrap();
        let query = WorklistQuery { view: WorklistView::Todo, limit: 20, ..WorklistQuery::default() };
        let told = [
            county.view(number).await,
            county.register.view(&county.officer, number, Lang::Zh).await.unwrap(),
            county.register.events(&county.officer, number, 0, 100).await.unwrap(),
            county.register.events(&Principal::guest(number), number, 0, 100).await.unwrap(),
            county.register.worklist(&county.officer, &query).await.unwrap(),
            shown,
        ];
        for told in told.iter().map(Value::to_string) {
            for secret in [SAFE, NOTE, "婆婆"] {
                assert!(!told.contains(secret), "{secret} stands in {told}");
            }
        }
        let other = county.register.contact(&county.stranger, number).await;
        assert_eq!(other.unwrap_err().code, kernel::refusal::Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn the_applicant_changes_it_and_what_is_left_out_stays() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = opened(&county, "contact-key-0000004").await;
        let guest = Principal::guest(number);
        let change = |value: Value| value.as_object().cloned().unwrap();
        let now =
            change(json!({ "contact.message": "neutral", "contact.from": "20:00", "contact.to": "22:00" }));
        county.act_with(&guest, number, "change-contact", now).await.unwrap();
        let rules = county.register.reach(number, 0).await.unwrap().unwrap().rules;
        assert_eq!(rules.phone.as_deref(), Some(SAFE), "a number not given anew stays");
        assert_eq!(rules.message, Wording::Neutral);
        assert_eq!(rules.hours.unwrap().words(), ["20:00", "22:00"]);

        let half = change(json!({ "contact.message": "normal", "contact.from": "20:00" }));
        let refused = county.act_with(&guest, number, "change-contact", half).await.unwrap_err();
        assert_eq!(refused.errors[0].pointer, "/input/contact.from");

        let forget = change(json!({ "contact.message": "normal", "contact.forget": true }));
        county.act_with(&guest, number, "change-contact", forget).await.unwrap();
        assert!(county.register.reach(number, 0).await.unwrap().unwrap().rules.is_empty());
        let after = county.view(number).await;
        assert_eq!(after["applicant"]["phone"], "138****8066", "nothing else of the person changed");
    })
    .await;
}

#[tokio::test]
async fn the_note_is_read_in_full_only_with_a_reason() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = opened(&county, "contact-key-0000005").await;
        let ask = json!({
            "facts": ["applicant.contact.phone", "applicant.contact.note"], "reason": "打电话核实材料",
        });
        let seen = county
            .act_with(&county.officer, number, "reveal", ask.as_object().cloned().unwrap())
            .await
            .unwrap();
        assert_eq!(seen.body["values"]["applicant.contact.phone"], SAFE);
        assert_eq!(seen.body["values"]["applicant.contact.note"], NOTE);
    })
    .await;
}
