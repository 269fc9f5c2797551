//! The rules of legal aid as they are lived: every test reads like the rule it holds.

#![expect(clippy::needless_pass_by_value, clippy::unwrap_used, reason = "a test's panic is its report")]

mod common;

use access::{AccountId, OrgId, Principal};
use common::{County, staff};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use serde_json::{Map, Value, json};
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

/// Those of other bodies whom legal aid needs.
struct Around {
    bureau: Principal,
    office_admin: Principal,
    worker: Principal,
    duty_lawyer: Principal,
    court: Principal,
    peer: Principal,
}

impl Around {
    async fn settle(db: &Db, county: &County) -> Self {
        let around = Self {
            bureau: staff("bureau-one", Role::Supervisor, Some("bureau")),
            office_admin: staff("office-admin", Role::FirmAdmin, Some("service")),
            worker: staff("worker", Role::LegalWorker, Some("service")),
            duty_lawyer: staff("duty", Role::Lawyer, Some("aid")),
            court: staff("judge", Role::Organ, Some("court")),
            peer: staff("peer", Role::AidOfficer, Some("aid-elsewhere")),
        };
        let mut changes = Changes::new();
        for (id, name, duty, area) in [
            ("bureau", "司法局", "supervision", 371_502_000_000_i64),
            ("service", "明德法律服务所", "legal-service", 371_502_000_000),
            ("court", "人民法院", "court", 371_502_000_000),
            ("aid-elsewhere", "外地法律援助中心", "legal-aid", 410_100_000_000),
        ] {
            changes.push(
                sql("INSERT INTO organisation (id, name, kind, area, origin) VALUES (?, ?, 'center', ?, 'test')")
                    .bind(id)
                    .bind(name)
                    .bind(area),
            );
            changes.push(
                sql("INSERT INTO organisation_duty (organisation, duty) VALUES (?, ?)").bind(id).bind(duty),
            );
        }
        for person in [
            &around.bureau,
            &around.office_admin,
            &around.worker,
            &around.duty_lawyer,
            &around.court,
            &around.peer,
        ] {
            let account: &AccountId = person.account.as_ref().unwrap();
            let grant = &person.grants[0];
            let organisation: &OrgId = grant.organisation.as_ref().unwrap();
            changes.push(
                sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                     VALUES (?, 'staff', ?, ?, ?, 'test', ?)")
                .bind(account.as_str())
                .bind(person.login.clone())
                .bind(&person.name)
                .bind(organisation.as_str())
                .bind(county.register.now()),
            );
            changes.push(
                sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) VALUES (?, ?, ?, ?, ?)")
                    .bind(account.as_str())
                    .bind(grant.role.as_str())
                    .bind(grant.area)
                    .bind(organisation.as_str())
                    .bind(county.register.now()),
            );
        }
        changes.push(sql("INSERT INTO reference_version (family, version) VALUES ('organisation', 9) \
             ON CONFLICT (family) DO UPDATE SET version = 9"));
        db.apply("settle the bodies around legal aid", changes).await.unwrap();
        around
    }
}

fn input(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// The example of an offered action, with some answers changed.
async fn changed(
    county: &County,
    who: &Principal,
    number: MatterNumber,
    action: &str,
    with: Value,
) -> Map<String, Value> {
    let offers = county.register.actions(who, number, Lang::Zh).await.unwrap();
    let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == action);
    let mut answers = offer.unwrap_or_else(|| panic!("{action} is not offered"))["example"].clone();
    let answers = answers.as_object_mut().unwrap();
    answers.extend(input(with));
    answers.clone()
}

/// Does acts one after the other with their examples.
async fn go(county: &County, number: MatterNumber, acts: &[(&Principal, &str)]) {
    for (who, action) in acts {
        if let Err(refusal) = county.act(who, number, action).await {
            panic!("{action}: {refusal:?}");
        }
    }
}

/// The latest clock of this id.
async fn clock(county: &County, number: MatterNumber, id: &str) -> Value {
    let view = county.view(number).await;
    let clocks = view["clocks"].as_array().unwrap().clone();
    clocks.into_iter().rfind(|clock| clock["id"] == id).unwrap_or(Value::Null)
}

async fn step(county: &County, number: MatterNumber) -> String {
    county.view(number).await["step"].as_str().unwrap().to_owned()
}

async fn at(county: &County, instant: &str) {
    county.clock.set(instant.parse().unwrap());
    county.register.tick().await.unwrap();
}

/// The text of the newest document of a kind.
async fn text(county: &County, number: MatterNumber, kind: &str) -> String {
    let all = county.register.documents(&county.officer, number, Lang::Zh).await.unwrap();
    let one = all.iter().rfind(|one| one["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"));
    let id = one["id"].as_str().unwrap();
    let whole = county.register.document(&county.officer, number, id, Lang::Zh).await.unwrap();
    whole["text"].as_str().unwrap().to_owned()
}

/// Opens what follows from a matter by the first example of its item, without the facts told there.
async fn follow(
    county: &County,
    who: &Principal,
    from: MatterNumber,
    item: &str,
    told: &[&str],
) -> MatterNumber {
    let example = county.body(item);
    let mut form = example["form"].as_object().cloned().unwrap();
    for fact in told {
        form.remove(*fact);
    }
    let body = json!({ "item": item, "door": "web", "from": from, "form": form, "materials": [] });
    let key = format!("follow-key-{from}");
    let opened = county.register.open(who, &body, &key, Lang::Zh).await;
    opened.unwrap_or_else(|refusal| panic!("{item}: {refusal:?}")).body["number"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

async fn refuse(county: &County, number: MatterNumber) {
    go(
        county,
        number,
        &[
            (&county.officer, "accept-for-review"),
            (&county.officer, "propose-refusal"),
            (&county.approver, "refuse"),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_time_to_object_runs_from_service_and_its_end_makes_the_refusal_final() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "aid-key-00000001").await;
        refuse(&county, number).await;
        assert_eq!(step(&county, number).await, "refused");
        assert_eq!(
            clock(&county, number, "objection").await,
            Value::Null,
            "nobody has received anything yet"
        );
        assert!(text(&county, number, "refusal").await.contains("十五日内"));

        let served = json!({ "service.result": "received", "service.received_on": "2026-11-20" });
        let served = changed(&county, &county.officer, number, "serve", served).await;
        county.act_with(&county.officer, number, "serve", served).await.unwrap();
        // Fifteen days after the 20th is Saturday, 5 December: it rolls to Monday.
        assert_eq!(clock(&county, number, "objection").await["due"], "2026-12-07");
        at(&county, "2026-12-07T18:00:00+08:00").await;
        assert_eq!(step(&county, number).await, "refused");
        at(&county, "2026-12-08T00:00:01+08:00").await;
        assert_eq!(step(&county, number).await, "refused-final");
    })
    .await;
}

#[tokio::test]
async fn the_bureau_decides_an_objection_in_five_days_and_may_order_aid() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000002").await;
        refuse(&county, number).await;
        let guest = Principal::guest(number);
        go(&county, number, &[(&guest, "acknowledge"), (&guest, "object")]).await;
        assert_eq!(clock(&county, number, "objection-review").await["due"], "2026-11-25");
        assert!(county.act(&county.approver, number, "uphold").await.is_err(), "not the institution itself");
        go(&county, number, &[(&around.bureau, "order-correction")]).await;
        assert_eq!(step(&county, number).await, "assigning");
        go(&county, number, &[(&county.officer, "assign-firm")]).await;
    })
    .await;
}

#[tokio::test]
async fn an_upheld_refusal_names_reconsideration_and_the_court() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000003").await;
        refuse(&county, number).await;
        let guest = Principal::guest(number);
        go(&county, number, &[(&guest, "object"), (&around.bureau, "uphold")]).await;
        let letter = text(&county, number, "upheld").await;
        assert!(letter.contains("六十日") && letter.contains("六个月"), "{letter}");
        assert_eq!(county.view(number).await["outcome"], "upheld");
    })
    .await;
}

#[tokio::test]
async fn time_stands_still_for_supplements_and_for_verification_elsewhere() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000004").await;
        let due = clock(&county, number, "decide").await["due"].clone();
        let guest = Principal::guest(number);
        go(&county, number, &[(&county.officer, "notify-gaps")]).await;
        assert_eq!(clock(&county, number, "decide").await["state"], "paused");
        at(&county, "2026-11-23T09:00:00+08:00").await;
        go(&county, number, &[(&guest, "supplement"), (&county.officer, "accept-for-review")]).await;
        let later = clock(&county, number, "decide").await["due"].clone();
        assert!(later.as_str() > due.as_str(), "{due} and {later}");
        go(&county, number, &[(&county.officer, "request-verification")]).await;
        assert_eq!(clock(&county, number, "decide").await["state"], "paused");
        assert!(text(&county, number, "cooperation").await.contains("外地法律援助中心"));
        go(&county, number, &[(&around.peer, "report-verification")]).await;
        assert_eq!(step(&county, number).await, "review");
        assert_eq!(clock(&county, number, "decide").await["state"], "running");
        let twice = county.act(&county.officer, number, "notify-gaps").await.unwrap_err();
        assert_eq!(twice.code, Code::RuleRefused, "what is missing is told once");
    })
    .await;
}

#[tokio::test]
async fn the_receiver_of_a_transfer_has_its_own_time_from_its_receipt() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000005").await;
        go(&county, number, &[(&county.officer, "transfer")]).await;
        assert_eq!(clock(&county, number, "decide").await["state"], "running", "the delay stays visible");
        county.clock.set("2026-11-23T09:00:00+08:00".parse().unwrap());
        go(&county, number, &[(&around.peer, "accept-transfer")]).await;
        // Seven days of the Law from Monday the 23rd; the rule of 山东 does not hold elsewhere.
        assert_eq!(clock(&county, number, "decide").await["due"], "2026-11-30");
    })
    .await;
}

#[tokio::test]
async fn urgent_aid_comes_first_and_ends_when_the_paperwork_does_not_follow() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "aid-key-00000006").await;
        let far = json!({ "first.ground": "limitation", "first.limit_date": "2026-11-27" });
        let far = changed(&county, &county.officer, number, "aid-first", far).await;
        let refused = county.act_with(&county.officer, number, "aid-first", far).await.unwrap_err();
        assert_eq!(refused.code, Code::RuleRefused, "seven days left are not less than seven");
        let near = json!({ "first.ground": "limitation", "first.limit_date": "2026-11-26" });
        let near = changed(&county, &county.officer, number, "aid-first", near).await;
        county.act_with(&county.officer, number, "aid-first", near).await.unwrap();
        assert_eq!(step(&county, number).await, "assigning", "no review before the lawyer");
        let guest = Principal::guest(number);
        go(
            &county,
            number,
            &[
                (&guest, "acknowledge"),
                (&county.officer, "assign-firm"),
                (&county.firm_admin, "name-lawyer"),
                (&county.lawyer, "accept"),
            ],
        )
        .await;
        assert_eq!(clock(&county, number, "later-paperwork").await["due"], "2026-11-27");
        assert!(
            county.act(&county.lawyer, number, "report-closing").await.is_err(),
            "what was not granted in due form is not closed"
        );
        at(&county, "2026-11-28T00:00:01+08:00").await;
        assert_eq!(step(&county, number).await, "termination-review");
    })
    .await;
}

#[tokio::test]
async fn urgent_aid_is_granted_in_due_form_by_two_people_once_the_paperwork_is_there() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "aid-key-00000007").await;
        let guest = Principal::guest(number);
        go(
            &county,
            number,
            &[
                (&county.officer, "aid-first"),
                (&guest, "acknowledge"),
                (&county.officer, "assign-firm"),
                (&county.firm_admin, "name-lawyer"),
                (&county.lawyer, "accept"),
                (&guest, "complete-paperwork"),
                (&county.officer, "propose-first"),
            ],
        )
        .await;
        let mut both = county.officer.clone();
        both.grants.extend(county.approver.grants.clone());
        assert!(county.act(&both, number, "grant-first").await.is_err(), "two people");
        go(&county, number, &[(&county.approver, "grant-first")]).await;
        assert_eq!(step(&county, number).await, "in-progress");
        assert_eq!(county.view(number).await["owner"]["login"], "lawyer", "the lawyer kept the case");
        at(&county, "2026-12-20T00:00:01+08:00").await;
        assert_eq!(step(&county, number).await, "in-progress", "the time for paperwork is over with");
        go(&county, number, &[(&county.lawyer, "report-closing")]).await;
    })
    .await;
}

#[tokio::test]
async fn article_32_and_article_42_stay_apart_in_the_decision() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        for (key, ground, cited, other) in [
            ("aid-key-00000008", "no-condition", "第三十二条", "第四十二条"),
            ("aid-key-00000009", "exempt", "第四十二条", "第三十二条"),
            ("aid-key-00000010", "hardship", "第三十四条", "第四十二条"),
        ] {
            let number = county.open("legal-aid.civil", key).await;
            go(&county, number, &[(&county.officer, "accept-for-review")]).await;
            let how = json!({ "review.ground": ground });
            let how = changed(&county, &county.officer, number, "propose-grant", how).await;
            county.act_with(&county.officer, number, "propose-grant", how).await.unwrap();
            go(&county, number, &[(&county.approver, "grant")]).await;
            let letter = text(&county, number, "grant").await;
            assert!(letter.contains(cited) && !letter.contains(other), "{letter}");
            assert!(letter.contains("缓交诉讼费用") && letter.contains("公证费、鉴定费"), "{letter}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_legal_service_office_names_a_legal_worker_and_the_case_stays_with_that_road() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000011").await;
        let guest = Principal::guest(number);
        go(
            &county,
            number,
            &[
                (&county.officer, "accept-for-review"),
                (&county.officer, "propose-grant"),
                (&county.approver, "grant"),
                (&county.officer, "assign-service-office"),
                (&around.office_admin, "name-worker"),
                (&around.worker, "accept"),
                (&around.worker, "record-meeting"),
                (&around.worker, "report-progress"),
                (&guest, "ask-change"),
            ],
        )
        .await;
        assert_eq!(clock(&county, number, "personnel-change").await["due"], "2026-11-25");
        assert!(
            county.act(&county.officer, number, "refuse-change").await.is_err(),
            "that is the lawyers' road"
        );
        go(
            &county,
            number,
            &[
                (&county.officer, "refuse-change-worker"),
                (&around.worker, "report-closing"),
                (&around.worker, "submit-file"),
                (&county.officer, "return-worker"),
                (&around.worker, "submit-file"),
                (&county.officer, "close"),
            ],
        )
        .await;
        assert_eq!(county.view(number).await["outcome"], "closed");
    })
    .await;
}

#[tokio::test]
async fn ending_aid_takes_a_ground_two_people_and_a_decision_sent_in_three_days() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "aid-key-00000012").await;
        county.to_lawyer(number).await;
        go(&county, number, &[(&county.lawyer, "report-ground"), (&county.officer, "propose-termination")])
            .await;
        let mut both = county.officer.clone();
        both.grants.extend(county.approver.grants.clone());
        assert!(county.act(&both, number, "terminate-aid").await.is_err(), "two people");
        go(&county, number, &[(&county.approver, "terminate-aid")]).await;
        assert_eq!(clock(&county, number, "termination-send").await["due"], "2026-11-23");
        let letter = text(&county, number, "termination").await;
        assert!(letter.contains("自行委托律师或者其他代理人") && letter.contains("第四十八条"), "{letter}");
        go(&county, number, &[(&county.officer, "send-termination")]).await;
        assert_eq!(step(&county, number).await, "terminated", "open to objection");
        let guest = Principal::guest(number);
        go(&county, number, &[(&guest, "accept-decision")]).await;
        assert_eq!(county.view(number).await["outcome"], "terminated");
    })
    .await;
}

#[tokio::test]
async fn the_closing_file_is_due_thirty_days_from_the_closing_date() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let number = county.open("legal-aid.civil", "aid-key-00000013").await;
        county.to_lawyer(number).await;
        let when = json!({ "closing.date": "2026-11-10" });
        let when = changed(&county, &county.lawyer, number, "report-closing", when).await;
        county.act_with(&county.lawyer, number, "report-closing", when).await.unwrap();
        assert_eq!(clock(&county, number, "closing-file").await["due"], "2026-12-10");
        go(&county, number, &[(&county.lawyer, "submit-file")]).await;
        // Thirty days from its receipt on the 20th, a Sunday: Monday.
        assert_eq!(clock(&county, number, "file-review").await["due"], "2026-12-21");
        let half =
            changed(&county, &county.officer, number, "close", json!({ "file.complete": false })).await;
        assert!(county.act_with(&county.officer, number, "close", half).await.is_err());
        go(&county, number, &[(&county.officer, "close")]).await;
        // The next stage is a new matter, linked; nothing told before is asked again.
        let told = ["aid.matter", "matter.description", "case.organ_area", "aid.no_condition", "aid.exempt"];
        let next = follow(&county, &Principal::guest(number), number, "legal-aid.civil", &told).await;
        assert_eq!(county.view(next).await["links"], json!([{ "kind": "next-stage", "number": number }]));
        assert_eq!(
            county.view(next).await["form"]["aid.matter"],
            county.view(number).await["form"]["aid.matter"]
        );
    })
    .await;
}

/// Opens a criminal matter by the example at this position.
async fn open_criminal(county: &County, around: &Around, which: usize, key: &str) -> MatterNumber {
    let examples = &county.register.catalog().item("legal-aid.criminal").unwrap().examples;
    let mut body = examples[which].body.clone();
    body["materials"] = json!([]);
    let who = if body["door"] == "partner" { around.court.clone() } else { Principal::anonymous() };
    let opened = county.register.open(&who, &body, key, Lang::Zh).await.unwrap();
    opened.body["number"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn after_a_notice_a_lawyer_is_assigned_in_three_days_without_a_look_at_means() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = open_criminal(&county, &around, 1, "aid-key-00000014").await;
        assert!(county.act(&county.officer, number, "accept-for-review").await.is_err(), "nothing to review");
        go(&county, number, &[(&county.officer, "confirm-notice")]).await;
        assert_eq!(clock(&county, number, "notice-assign").await["due"], "2026-11-23");
        let same =
            changed(&county, &county.officer, number, "assign-firm", json!({ "firm.checked": false })).await;
        let refused = county.act_with(&county.officer, number, "assign-firm", same).await.unwrap_err();
        assert_eq!(refused.code, Code::RuleRefused, "co-accused have different firms");
        go(&county, number, &[(&county.officer, "assign-firm")]).await;
        assert!(text(&county, number, "letter").await.contains("某某律师事务所"), "the organ is told");

        let young =
            changed(&county, &county.firm_admin, number, "name-lawyer", json!({ "handler.minors": false }))
                .await;
        assert!(county.act_with(&county.firm_admin, number, "name-lawyer", young).await.is_err());
        let life = json!({ "serious.life_death": true, "handler.years": 2 });
        let life = changed(&county, &county.firm_admin, number, "name-lawyer", life).await;
        let refused = county.act_with(&county.firm_admin, number, "name-lawyer", life).await.unwrap_err();
        assert_eq!(refused.rule.unwrap().article.as_deref(), Some("26"));
        let fits = json!({ "serious.life_death": true, "handler.years": 3 });
        let fits = changed(&county, &county.firm_admin, number, "name-lawyer", fits).await;
        county.act_with(&county.firm_admin, number, "name-lawyer", fits).await.unwrap();

        let worker = json!({ "handler.kind": "legal-worker" });
        let worker = changed(&county, &county.lawyer, number, "accept", worker).await;
        assert!(county.act_with(&county.lawyer, number, "accept", worker).await.is_err(), "lawyers only");
        go(&county, number, &[(&county.lawyer, "accept")]).await;
        let no =
            changed(&county, &county.lawyer, number, "first-meeting", json!({ "meeting.agrees": false }))
                .await;
        assert!(county.act_with(&county.lawyer, number, "first-meeting", no).await.is_err());
        go(&county, number, &[(&county.lawyer, "first-meeting"), (&county.lawyer, "ask-custody-meeting")])
            .await;
        let meeting = clock(&county, number, "custody-meeting").await;
        assert!(meeting["due"].as_str().unwrap().starts_with("2026-11-22"), "48 hours: {meeting}");
        go(
            &county,
            number,
            &[(&county.lawyer, "record-custody-meeting"), (&county.lawyer, "report-disagreement")],
        )
        .await;
        assert_eq!(step(&county, number).await, "termination-review");
        assert!(text(&county, number, "disagreement").await.contains("不同意"));
    })
    .await;
}

#[tokio::test]
async fn a_criminal_application_is_decided_in_seven_days_and_a_notice_is_none() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = open_criminal(&county, &around, 0, "aid-key-00000015").await;
        assert!(county.act(&county.officer, number, "confirm-notice").await.is_err());
        go(&county, number, &[(&county.officer, "accept-for-review")]).await;
        let decide = clock(&county, number, "decide").await;
        assert_eq!(
            (&decide["due"], &decide["started"].as_str().unwrap()[..10]),
            (&json!("2026-11-27"), "2026-11-20")
        );
    })
    .await;
}

#[tokio::test]
async fn the_duty_lawyer_witnesses_only_what_was_heard_and_forwards_in_a_day() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.duty-lawyer", "aid-key-00000016").await;
        let duty = &around.duty_lawyer;
        go(&county, number, &[(&county.officer, "send-lawyer"), (duty, "start-help"), (duty, "record-help")])
            .await;
        for wrong in [json!({ "plea.heard": ["leniency"] }), json!({ "plea.voluntary": false })] {
            let wrong = changed(&county, duty, number, "witness-plea", wrong).await;
            let refused = county.act_with(duty, number, "witness-plea", wrong).await.unwrap_err();
            assert_eq!(refused.code, Code::RuleRefused);
        }
        go(&county, number, &[(duty, "witness-plea"), (duty, "take-application")]).await;
        let forward = clock(&county, number, "forward").await;
        assert!(forward["due"].as_str().unwrap().starts_with("2026-11-21"), "24 hours: {forward}");
        let told = ["crim.stage", "case.organ", "case.organ_area", "matter.description"];
        let next = follow(&county, &Principal::guest(number), number, "legal-aid.criminal", &told).await;
        assert_eq!(county.view(next).await["links"], json!([{ "kind": "continues", "number": number }]));
        go(&county, number, &[(duty, "forward-application"), (duty, "finish-help")]).await;
        assert_eq!(county.view(number).await["outcome"], "helped");
    })
    .await;
}

#[tokio::test]
async fn whoever_refuses_a_transfer_sees_no_more_of_it() {
    for_each_db(async |db| {
        let county = County::found(&db).await;
        let around = Around::settle(&db, &county).await;
        let number = county.open("legal-aid.civil", "aid-key-00000090").await;
        go(&county, number, &[(&county.officer, "transfer")]).await;
        assert!(county.register.view(&around.peer, number, Lang::Zh).await.is_ok(), "asked, it may look");
        go(&county, number, &[(&around.peer, "refuse-transfer")]).await;
        let after = county.register.view(&around.peer, number, Lang::Zh).await.unwrap_err();
        assert_eq!(after.code, Code::NotFound, "it refused: there is nothing for it to see");
    })
    .await;
}
