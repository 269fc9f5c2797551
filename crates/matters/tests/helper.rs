//! A helper comes in with both sides' consent, sees and does only what a helper may in that one matter, and is out
//! again at the second the applicant named or said so.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::{AccountId, Kind, Principal};
use common::County;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;

fn citizen(id: &str) -> Principal {
    Principal { account: Some(AccountId(id.into())), kind: Kind::Citizen, ..Principal::anonymous() }
}

fn help(may: &str, until: &str) -> Map<String, Value> {
    json!({ "helper.may": may, "helper.until": until }).as_object().unwrap().clone()
}

async fn code(county: &County, number: MatterNumber) -> String {
    let told = county.register.helper(&Principal::guest(number), number).await.unwrap();
    assert_eq!(told["state"], "offered", "{told}");
    told["code"].as_str().unwrap().to_owned()
}

async fn join(
    county: &County,
    who: &Principal,
    number: MatterNumber,
    code: &str,
    key: &str,
) -> Result<bool, Code> {
    let number = number.to_string();
    let answer = county.register.join_as_helper(who, (&number, code), key, Lang::Zh).await;
    answer.map(|answer| answer.replayed).map_err(|refusal| refusal.code)
}

fn names(offers: &Value) -> Vec<&str> {
    offers.as_array().unwrap().iter().filter_map(|offer| offer["action"].as_str()).collect()
}

#[tokio::test]
async fn a_helper_comes_in_by_the_code_sees_one_matter_and_writes_for_the_applicant() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-helper-1").await;
        let other = county.open("consultation.text", "open-key-helper-2").await;
        let (applicant, helper) = (Principal::guest(number), citizen("citizen-1"));
        county.act_with(&applicant, number, "add-helper", help("act", "2026-11-30")).await.unwrap();
        let right = code(&county, number).await;
        let not_seen = county.register.view(&helper, number, Lang::Zh).await.unwrap_err();
        assert_eq!(not_seen.code, Code::NotFound, "the code alone lets nobody see");

        assert_eq!(
            join(&county, &Principal::anonymous(), number, &right, "key-nobody-000001").await,
            Err(Code::Unauthenticated)
        );
        assert_eq!(
            join(&county, &county.clerk, number, &right, "key-staff-0000001").await,
            Err(Code::Forbidden)
        );
        assert_eq!(
            join(&county, &helper, number, "00000000", "key-wrong-0000001").await,
            Err(Code::NotFound)
        );
        assert_eq!(join(&county, &helper, other, &right, "key-other-0000001").await, Err(Code::NotFound));
        assert_eq!(join(&county, &helper, number, &right, "key-helper-000001").await, Ok(false));
        assert_eq!(join(&county, &helper, number, &right, "key-helper-000001").await, Ok(true), "a repeat");
        assert_eq!(
            join(&county, &citizen("citizen-2"), number, &right, "key-second-000001").await,
            Err(Code::NotFound),
            "a code that was used is dead"
        );

        assert_eq!(county.register.mine(&helper).await.unwrap(), [number]);
        let running = county.register.running(&helper).await.unwrap();
        assert_eq!(
            running,
            [(number, "consultation.text".to_owned())],
            "a helper hands in for the applicant"
        );
        let offers = county.register.actions(&helper, number, Lang::Zh).await.unwrap();
        let offered = names(&offers);
        assert!(offered.contains(&"message") && offered.contains(&"end-helper"), "{offered:?}");
        for kept in ["withdraw", "rate", "reissue-code", "add-helper", "complain", "reveal"] {
            assert!(!offered.contains(&kept), "{kept} is the applicant's own: {offered:?}");
            let refused = county.act_with(&helper, number, kept, Map::new()).await.unwrap_err();
            assert!(
                matches!(refused.code, Code::Forbidden | Code::WrongStep | Code::NotFound),
                "{kept}: {:?}",
                refused.code
            );
        }
        county.act(&helper, number, "message").await.unwrap();
        let events = county.register.events(&applicant, number, 0, 20).await.unwrap();
        let roles: Vec<&str> =
            events["items"].as_array().unwrap().iter().filter_map(|event| event["role"].as_str()).collect();
        assert_eq!(
            roles[roles.len() - 2..],
            ["helper", "helper"],
            "who wrote is not hidden behind the applicant"
        );
        let elsewhere = county.register.view(&helper, other, Lang::Zh).await.unwrap_err();
        assert_eq!(elsewhere.code, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn help_ends_when_the_applicant_says_so_and_to_the_second_of_the_day_named() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-helper-3").await;
        let (applicant, helper) = (Principal::guest(number), citizen("citizen-1"));
        let refused = county.act_with(&applicant, number, "add-helper", help("act", "2026-11-19")).await;
        assert_eq!(refused.unwrap_err().code, Code::FactsWrong, "a day that is over");

        county.act_with(&applicant, number, "add-helper", help("act", "2026-11-30")).await.unwrap();
        let first = code(&county, number).await;
        let twice = county.act_with(&applicant, number, "add-helper", help("act", "2026-11-30")).await;
        assert_eq!(twice.unwrap_err().code, Code::RuleRefused, "one at a time");
        county.act(&applicant, number, "end-helper").await.unwrap();
        assert_eq!(join(&county, &helper, number, &first, "key-ended-0000001").await, Err(Code::NotFound));

        county.act_with(&applicant, number, "add-helper", help("act", "2026-11-30")).await.unwrap();
        let second = code(&county, number).await;
        assert_ne!(first, second);
        join(&county, &helper, number, &second, "key-second-000001").await.unwrap();
        county.act(&applicant, number, "end-helper").await.unwrap();
        let gone = county.register.view(&helper, number, Lang::Zh).await.unwrap_err();
        assert_eq!(gone.code, Code::NotFound, "at once");

        // Only reading, until the end of today.
        county.act_with(&applicant, number, "add-helper", help("read", "2026-11-20")).await.unwrap();
        let third = code(&county, number).await;
        join(&county, &helper, number, &third, "key-third-0000001").await.unwrap();
        let offers = county.register.actions(&helper, number, Lang::Zh).await.unwrap();
        assert_eq!(names(&offers), ["end-helper"], "who only reads does nothing but leave");
        assert_eq!(county.register.mine(&helper).await.unwrap(), [number]);
        assert_eq!(county.register.running(&helper).await.unwrap(), [], "nor is asked what to hand in");
        county.clock.set("2026-11-20T23:59:59+08:00".parse().unwrap());
        county.register.view(&helper, number, Lang::Zh).await.unwrap();
        county.clock.set("2026-11-21T00:00:00+08:00".parse().unwrap());
        let over = county.register.view(&helper, number, Lang::Zh).await.unwrap_err();
        assert_eq!(over.code, Code::NotFound);
        assert!(county.register.mine(&helper).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_helper_code_is_not_guessed() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("consultation.text", "open-key-helper-4").await;
        let applicant = Principal::guest(number);
        county.act_with(&applicant, number, "add-helper", help("act", "2026-11-30")).await.unwrap();
        let right = code(&county, number).await;
        for turn in 0..5 {
            let key = format!("key-guess-{turn}-00001");
            assert_eq!(
                join(&county, &citizen("guesser"), number, "ZZZZZZZZ", &key).await,
                Err(Code::NotFound)
            );
        }
        assert_eq!(
            join(&county, &citizen("guesser"), number, &right, "key-guess-right-01").await,
            Err(Code::TooMany)
        );
    })
    .await;
}
