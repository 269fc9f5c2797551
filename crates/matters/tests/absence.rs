//! 请假与 AB 角: nobody owns work while away, nothing is without an owner, and nothing comes back in silence.
//! On both databases.

#![expect(clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::absence::{Kind, NewAbsence};
use access::{Access, Principal};
use common::County;
use common::office::Office;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;
use store::{Db, sql};

fn input(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

async fn desk(db: &Db, county: &County) -> Access {
    Access::open(db.clone(), county.keyring.clone(), access::Limits::default(), county.register.now())
        .await
        .unwrap()
}

/// Somebody enters an absence of their own.
async fn away(
    access: &Access,
    county: &County,
    who: &Principal,
    days: (&str, &str),
    substitute: Option<&str>,
) {
    let new = NewAbsence {
        login: None,
        from: days.0.parse().unwrap(),
        to: days.1.parse().unwrap(),
        kind: Kind::Leave,
        substitute: substitute.map(ToOwned::to_owned),
    };
    access.enter_absence(who, &new, county.register.now()).await.unwrap();
}

fn morning(county: &County, day: &str) {
    county.clock.set(format!("{day}T08:00:00+08:00").parse().unwrap());
}

async fn last_event(county: &County, number: MatterNumber) -> Value {
    let events = county.register.events(&county.officer, number, 0, 100).await.unwrap();
    events["items"].as_array().unwrap().last().unwrap().clone()
}

#[tokio::test]
async fn when_an_absence_begins_the_work_goes_to_the_substitute_one_event_a_matter() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        let number = county.open("legal-aid.civil", "absence-key-0000001").await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        away(&access, &county, &county.officer, ("2026-11-23", "2026-11-25"), Some("officer-two")).await;
        assert_eq!(county.register.tick().await.unwrap(), 0, "the absence has not begun");
        let before = county.version(number).await;

        morning(&county, "2026-11-23");
        assert_eq!(county.register.tick().await.unwrap(), 1);
        let view = county.view(number).await;
        assert_eq!(view["owner"]["login"], "officer-two");
        assert_eq!(view["waiting_for"][0]["login"], "officer-two");
        assert_eq!(county.version(number).await, before + 1, "one event");
        let event = last_event(&county, number).await;
        assert_eq!((event["action"].as_str(), event["role"].as_str()), (Some("stand-in"), Some("system")));
        assert!(event["reason"].as_str().unwrap().contains("officer-two"), "{event}");
        assert_eq!(county.register.tick().await.unwrap(), 0, "once is enough");
        let guest = Principal::guest(number);
        let told = county.register.events(&guest, number, 0, 100).await.unwrap().to_string();
        assert!(!told.contains("请假"), "who is on leave is no business of the parties");
        county.act(&office.second, number, "propose-grant").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn without_a_substitute_it_goes_back_to_the_pool_and_its_office_owns_it() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        let number = county.open("legal-aid.civil", "absence-key-0000002").await;
        county.act(&county.officer, number, "accept-for-review").await.unwrap();
        away(&access, &county, &county.officer, ("2026-11-20", "2026-11-20"), None).await;
        county.register.tick().await.unwrap();
        let view = county.view(number).await;
        assert_eq!(view["owner"], json!({ "kind": "office", "organisation": "aid", "name": "法律援助中心" }));
        assert!(view["waiting_for"][0].get("login").is_none(), "{view}");
        county.act(&office.second, number, "take").await.unwrap();
        assert_eq!(county.view(number).await["owner"]["login"], "officer-two");
    })
    .await;
}

#[tokio::test]
async fn what_is_given_to_somebody_away_is_their_substitutes_and_the_reason_is_told() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        away(&access, &county, &county.officer, ("2026-11-20", "2026-11-21"), Some("officer-two")).await;
        away(&access, &county, &office.both, ("2026-11-20", "2026-11-21"), None).await;
        let number = county.open("legal-aid.civil", "absence-key-0000003").await;

        let offers = county.register.actions(&office.head, number, Lang::Zh).await.unwrap();
        let assign = offers.as_array().unwrap().iter().find(|offer| offer["action"] == "assign").unwrap();
        let choices = assign["schema"]["properties"]["pass.person"]["oneOf"].to_string();
        assert!(choices.contains("请假至 2026-11-21，由officer-two代办"), "{choices}");
        assert!(!choices.contains("both"), "nobody stands in for them: {choices}");

        let give = input(&json!({ "pass.person": "officer", "reason": "熟悉情况" }));
        county.act_with(&office.head, number, "assign", give).await.unwrap();
        assert_eq!(county.view(number).await["owner"]["login"], "officer-two");
        let reason = last_event(&county, number).await["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains("熟悉情况") && reason.contains("由officer-two代办"), "{reason}");

        // Whoever is away and takes work all the same does not keep it either.
        let other = county.open("legal-aid.civil", "absence-key-0000004").await;
        county.act(&county.officer, other, "take").await.unwrap();
        assert_eq!(county.view(other).await["owner"]["login"], "officer-two");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_back_sees_what_went_on_and_may_ask_for_it_and_the_owner_decides() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        let mut numbers = Vec::new();
        for key in ["absence-key-0000005", "absence-key-0000006"] {
            let number = county.open("legal-aid.civil", key).await;
            county.act(&county.officer, number, "accept-for-review").await.unwrap();
            numbers.push(number);
        }
        away(&access, &county, &county.officer, ("2026-11-20", "2026-11-20"), Some("officer-two")).await;
        assert_eq!(county.register.tick().await.unwrap(), 2);
        morning(&county, "2026-11-23");
        county.register.tick().await.unwrap();
        for number in &numbers {
            assert_eq!(
                county.view(*number).await["owner"]["login"],
                "officer-two",
                "nothing comes back by itself"
            );
        }
        let handed = county.register.handed_on(&county.officer, Lang::Zh).await.unwrap();
        assert_eq!(handed.len(), 2);
        assert!(
            handed.iter().all(|one| one["may_ask_back"] == true && one["why"] == "absence"),
            "{handed:?}"
        );
        let none = county.register.handed_on(&office.second, Lang::Zh).await.unwrap();
        assert_eq!(none, Vec::<Value>::new());

        let ask = input(&json!({ "reason": "我已经回来，当事人认识我" }));
        for number in &numbers {
            county.act_with(&county.officer, *number, "ask-back", ask.clone()).await.unwrap();
            assert_eq!(county.view(*number).await["owner"]["login"], "officer-two", "until they say yes");
        }
        county.act(&office.second, numbers[0], "accept-hand-over").await.unwrap();
        assert_eq!(county.view(numbers[0]).await["owner"]["login"], "officer");
        let no = input(&json!({ "reason": "马上办完了" }));
        county.act_with(&office.second, numbers[1], "refuse-hand-over", no).await.unwrap();
        assert_eq!(county.view(numbers[1]).await["owner"]["login"], "officer-two");
        let never = county.act_with(&office.both, numbers[1], "ask-back", ask).await.unwrap_err();
        assert_eq!(never.code, kernel::refusal::Code::WrongStep, "it was never theirs");
    })
    .await;
}

#[tokio::test]
async fn four_eyes_hold_for_substitutes() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        let number = county.open("legal-aid.civil", "absence-key-0000007").await;
        county.act(&office.both, number, "accept-for-review").await.unwrap();
        county.act(&office.both, number, "propose-grant").await.unwrap();
        county.act(&county.approver, number, "take").await.unwrap();
        away(&access, &county, &county.approver, ("2026-11-20", "2026-11-20"), Some("both")).await;
        county.register.tick().await.unwrap();
        let waiting = county.view(number).await["waiting_for"].clone();
        let approval =
            waiting.as_array().unwrap().iter().find(|task| task["role"] == "aid_approver").unwrap();
        assert!(
            approval.get("login").is_none(),
            "whoever proposed cannot approve, even for another: {waiting}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_pool_in_which_nobody_is_there_is_told_to_the_head() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let access = desk(&db, &county).await;
        let _ = Office::staffed(&db, &county).await;
        let number = county.open("legal-aid.civil", "absence-key-0000008").await;
        county.to_lawyer(number).await;
        away(&access, &county, &county.lawyer, ("2026-11-20", "2026-11-22"), None).await;
        county.register.tick().await.unwrap();
        let view = county.view(number).await;
        let waiting = view["waiting_for"].as_array().unwrap();
        assert!(waiting.iter().any(|task| task["actions"][0] == "attend"), "{view}");
        // The lawyer, who sees only what is theirs, can still see what they may ask for later.
        morning(&county, "2026-11-23");
        assert!(county.register.view(&county.lawyer, number, Lang::Zh).await.is_ok());
    })
    .await;
}

/// A small generator: the same worlds on both databases, and again tomorrow.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }
}

/// No open task and no matter lies with somebody who is away, and every open matter has an owner.
async fn nobody_owns_work_while_away(db: &Db, now: Instant, told: &str) {
    let mut reader = db.reader().await.unwrap();
    let held: Vec<(MatterNumber, String)> =
        sql("SELECT t.number, a.account FROM open_task t JOIN absence a \
         ON a.account = t.assignee OR a.account = t.owner_account \
         WHERE a.ended_at IS NULL AND a.first_day <= ? AND a.last_day >= ?")
        .bind(now.date())
        .bind(now.date())
        .all(&mut reader)
        .await
        .unwrap();
    assert_eq!(held, Vec::new(), "held by somebody away {told}");
    let orphans: Vec<(MatterNumber,)> =
        sql("SELECT number FROM matter WHERE final = ? AND owner_account IS NULL AND owner_office IS NULL")
            .bind(false)
            .all(&mut reader)
            .await
            .unwrap();
    assert_eq!(orphans, Vec::new(), "without an owner {told}");
}

#[tokio::test]
async fn at_no_moment_does_somebody_away_own_work_whatever_happens() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let office = Office::staffed(&db, &county).await;
        let access = desk(&db, &county).await;
        let people = [&county.officer, &office.second, &office.both, &county.approver, &office.head];
        let mut dice = Dice(20_261_128);
        let mut numbers = Vec::new();
        for index in 0..5 {
            numbers.push(county.open("legal-aid.civil", &format!("absence-world-{index:06}")).await);
        }
        let mut day: jiff::civil::Date = "2026-11-23".parse().unwrap();
        for round in 0..20 {
            morning(&county, &day.to_string());
            numbers.push(county.open("legal-aid.civil", &format!("absence-new-{round:08}")).await);
            county.register.tick().await.unwrap();
            nobody_owns_work_while_away(&db, county.register.now(), &format!("in the morning of {day}"))
                .await;
            for act in 0..6 {
                let who = people[dice.roll(people.len())];
                let number = numbers[dice.roll(numbers.len())];
                let offers = county.register.actions(who, number, Lang::Zh).await.unwrap();
                let offers: Vec<&Value> = offers
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|offer| {
                        let idle = ["reveal", "reissue-code", "change-contact", "void", "transfer"];
                        !idle.contains(&offer["action"].as_str().unwrap())
                    })
                    .collect();
                if offers.is_empty() {
                    continue;
                }
                let action = offers[dice.roll(offers.len())]["action"].as_str().unwrap().to_owned();
                // Some acts are refused for reasons of their own; that is not asked here.
                let done = county.act(who, number, &action).await.is_ok();
                let told = format!("after {action} ({done}) in round {round}.{act} on {day}");
                nobody_owns_work_while_away(&db, county.register.now(), &told).await;
            }
            let who = people[dice.roll(people.len())];
            let from = day.checked_add(jiff::Span::new().days(i64::try_from(dice.roll(3)).unwrap())).unwrap();
            let to = from.checked_add(jiff::Span::new().days(i64::try_from(dice.roll(3)).unwrap())).unwrap();
            let substitute = [None, Some("officer-two"), Some("both"), Some("officer")][dice.roll(4)];
            let new = NewAbsence {
                login: None,
                from,
                to,
                kind: Kind::Other,
                substitute: substitute.map(ToOwned::to_owned),
            };
            // Overlaps and unfit substitutes are refused, as they should be.
            let _ = access.enter_absence(who, &new, county.register.now()).await;
            county.register.tick().await.unwrap();
            nobody_owns_work_while_away(&db, county.register.now(), &format!("in the evening of {day}"))
                .await;
            day = day.tomorrow().unwrap();
        }
        let mut reader = db.reader().await.unwrap();
        let (all,): (i64,) = sql("SELECT COUNT(*) FROM handed_on").one(&mut reader).await.unwrap();
        assert!(all >= 10, "this world proves nothing: {all} went on");
    })
    .await;
}
