//! The law of people's mediation, of judicial confirmation and of complaints, read as journeys through the
//! register. Each test is one rule of `docs/law-coverage.md`. On both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use access::{AccountId, Grant, OrgId, Principal};
use common::County;
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use serde_json::{Value, json};
use store::testkit::for_each_db;
use store::{Changes, Db, sql};

/// The county with a mediation committee, a court, a bureau and their people.
struct Town {
    county: County,
    mediator: Principal,
    second: Principal,
    head: Principal,
    court: Principal,
    bureau: Principal,
    clerk: Principal,
}

impl Town {
    async fn found(db: &Db) -> Self {
        let county = County::found(db).await;
        let mut changes = Changes::new();
        for (id, name, kind, duties) in [
            ("committee", "人民调解委员会", "mediation-committee", vec!["mediation"]),
            ("court", "人民法院", "organ", vec!["court"]),
            ("bureau", "司法局", "bureau", vec!["supervision"]),
            ("desk", "司法所", "station", vec!["complaint", "intake"]),
        ] {
            changes.push(
                sql("INSERT INTO organisation (id, name, kind, area, origin) VALUES (?, ?, ?, ?, 'test')")
                    .bind(id)
                    .bind(name)
                    .bind(kind)
                    .bind(371_502_000_000_i64),
            );
            for duty in duties {
                changes.push(
                    sql("INSERT INTO organisation_duty (organisation, duty) VALUES (?, ?)")
                        .bind(id)
                        .bind(duty),
                );
            }
        }
        changes.push(sql("INSERT INTO reference_version (family, version) VALUES ('organisation', 9) \
             ON CONFLICT (family) DO UPDATE SET version = 9"));
        let mut people = Vec::new();
        for (login, role, organisation) in [
            ("mediator", Role::Mediator, "committee"),
            ("mediator-two", Role::Mediator, "committee"),
            ("committee-head", Role::CommitteeHead, "committee"),
            ("judge", Role::Organ, "court"),
            ("bureau-officer", Role::Supervisor, "bureau"),
            ("desk-clerk", Role::Clerk, "desk"),
        ] {
            let who = common::staff(login, role, Some(organisation));
            let account = who.account.as_ref().map(AccountId::as_str).unwrap().to_owned();
            changes.push(
                sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                     VALUES (?, 'staff', ?, ?, ?, 'test', ?)")
                .bind(account.clone())
                .bind(login)
                .bind(who.name.clone())
                .bind(organisation)
                .bind(county.register.now()),
            );
            changes.push(
                sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) \
                     VALUES (?, ?, ?, ?, ?)")
                .bind(account)
                .bind(role.as_str())
                .bind(371_502_000_000_i64)
                .bind(organisation)
                .bind(county.register.now()),
            );
            people.push(who);
        }
        db.apply("settle town", changes).await.unwrap();
        let mut people = people.into_iter();
        let mut next = || people.next().unwrap();
        Self {
            mediator: next(),
            second: next(),
            head: next(),
            court: next(),
            bureau: next(),
            clerk: next(),
            county,
        }
    }

    async fn open(&self, item: &str, key: &str) -> MatterNumber {
        self.county.open(item, key).await
    }

    /// Opens an item with some answers of its example changed.
    async fn open_with(&self, item: &str, key: &str, changed: Value) -> MatterNumber {
        let mut body = self.county.body(item);
        for (name, value) in changed.as_object().unwrap() {
            body["form"][name] = value.clone();
        }
        let answer = self.county.register.open(&Principal::anonymous(), &body, key, Lang::Zh).await.unwrap();
        answer.body["number"].as_str().unwrap().parse().unwrap()
    }

    async fn act(&self, who: &Principal, number: MatterNumber, action: &str) {
        if let Err(refusal) = self.county.act(who, number, action).await {
            panic!("{action}: {refusal:?}");
        }
    }

    /// Asks for an action, with an example of its input, that must be refused here. (What a guard forbids is
    /// not offered, so the example comes from the item.)
    async fn refused(&self, who: &Principal, number: MatterNumber, action: &str) -> Refusal {
        let view = self.view(number).await;
        let catalog = self.county.register.catalog();
        let item = catalog.item(view["item"].as_str().unwrap()).unwrap();
        let asked = &item.action(view["step"].as_str().unwrap(), action).unwrap().input;
        let mut input = catalog::form::example(catalog, asked, self.county.register.now().date());
        if asked.iter().any(|question| question.fact == "complaint.bureau") {
            input.insert("complaint.bureau".to_owned(), json!("bureau"));
        }
        if asked.iter().any(|question| question.fact == "confirmation.court") {
            input.insert("confirmation.court".to_owned(), json!("court"));
        }
        self.county.act_with(who, number, action, input).await.unwrap_err()
    }

    /// Does an action with its example, some answers of which are changed.
    async fn act_with(
        &self,
        who: &Principal,
        number: MatterNumber,
        action: &str,
        changed: Value,
    ) -> Result<(), Refusal> {
        let offers = self.county.register.actions(who, number, Lang::Zh).await?;
        let offer = offers.as_array().unwrap().iter().find(|offer| offer["action"] == action);
        let mut input = offer.and_then(|offer| offer["example"].as_object()).cloned().unwrap_or_default();
        input.extend(changed.as_object().cloned().unwrap_or_default());
        self.county.act_with(who, number, action, input).await.map(|_| ())
    }

    async fn view(&self, number: MatterNumber) -> Value {
        self.county.view(number).await
    }

    /// What may follow from a matter, as its applicant is offered it.
    async fn follow_ups(&self, number: MatterNumber) -> Value {
        let guest = Principal::guest(number);
        Value::Array(self.county.register.follow_ups(&guest, number, Lang::Zh).await.unwrap())
    }

    async fn step(&self, number: MatterNumber) -> String {
        self.view(number).await["step"].as_str().unwrap().to_owned()
    }

    /// The clock of this id that is not ended.
    async fn clock(&self, number: MatterNumber, id: &str) -> Value {
        let view = self.view(number).await;
        let running = view["clocks"].as_array().unwrap().iter().find(|clock| clock["id"] == id);
        running.cloned().unwrap_or_else(|| panic!("clock {id} is not among {}", view["clocks"]))
    }

    /// The words of the newest document of a kind.
    async fn words(&self, who: &Principal, number: MatterNumber, kind: &str) -> String {
        let documents = self.county.register.documents(who, number, Lang::Zh).await.unwrap();
        let found = documents.iter().rev().find(|document| document["kind"] == kind);
        let id = found.unwrap_or_else(|| panic!("no {kind} among {documents:?}"))["id"].as_str().unwrap();
        let shown = self.county.register.document(who, number, id, Lang::Zh).await.unwrap();
        shown["text"].as_str().unwrap().to_owned()
    }

    /// Sets the clock of the town.
    fn now(&self, at: &str) {
        self.county.clock.set(at.parse().unwrap());
    }

    /// A mediation in which all agreed and the mediator was named.
    async fn mediating(&self, key: &str) -> MatterNumber {
        let number = self.open("mediation.people", key).await;
        self.act(&self.mediator, number, "accept").await;
        self.act(&self.mediator, number, "all-agree").await;
        self.act_with(&self.head, number, "appoint", json!({ "mediation.mediator": "mediator" }))
            .await
            .unwrap();
        number
    }

    /// A mediation whose written agreement is in effect.
    async fn performing(&self, key: &str) -> MatterNumber {
        let number = self.mediating(key).await;
        self.act(&self.mediator, number, "reach-written").await;
        self.act(&self.mediator, number, "sign").await;
        self.act(&self.mediator, number, "sign").await;
        self.act(&self.mediator, number, "conclude").await;
        number
    }
}

/// Whether a refusal names this article.
fn cites(refusal: &Refusal, article: &str) -> bool {
    let rule = refusal.rule.as_ref().unwrap();
    serde_json::to_value(rule).unwrap()["article"] == article
}

#[tokio::test]
async fn a_dispute_is_mediated_signed_performed_visited_and_filed() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.performing("open-key-0000201").await;
        assert_eq!(town.step(number).await, "performing");
        town.act(&town.mediator, number, "urge-performance").await;
        town.act(&town.mediator, number, "performed").await;
        town.act(&town.mediator, number, "record-visit").await;
        town.act(&town.head, number, "return-file").await;
        town.act(&town.mediator, number, "mended").await;
        town.act(&town.head, number, "archive-performed").await;
        let filed = town.view(number).await;
        assert_eq!((&filed["step"], &filed["outcome"]), (&json!("performed"), &json!("performed")));
        town.act(&Principal::guest(number), number, "rate").await;
    })
    .await;
}

#[tokio::test]
async fn no_mediation_when_one_side_clearly_refuses_and_other_routes_are_told() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("mediation.people", "open-key-0000202").await;
        town.act(&town.mediator, number, "accept").await;
        town.act(&town.mediator, number, "party-refuses").await;
        let ended = town.view(number).await;
        assert_eq!((&ended["step"], &ended["final"]), (&json!("declined"), &json!(true)));
        let letter = town.words(&town.mediator, number, "end-notice").await;
        assert!(letter.contains("仲裁、行政、司法"), "{letter}");
    })
    .await;
}

#[tokio::test]
async fn thirty_days_are_a_promise_not_law_and_both_sides_extend_them_once() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000203").await;
        let clock = town.clock(number, "mediate").await;
        // The thirtieth day, the 20th of December, is a Sunday.
        assert_eq!((&clock["due"], &clock["due_statutory"]), (&json!("2026-12-21"), &Value::Null));
        let one_side =
            town.act_with(&town.mediator, number, "extend", json!({ "mediation.joint_request": false }));
        assert_eq!(one_side.await.unwrap_err().code, Code::RuleRefused);
        town.act(&town.mediator, number, "extend").await;
        assert_eq!(town.clock(number, "mediate").await["due"], "2027-01-19");
        let again =
            town.act_with(&town.mediator, number, "extend", json!({ "mediation.joint_request": true }));
        assert_eq!(again.await.unwrap_err().detail.key, "refused-extended-already");
    })
    .await;
}

#[tokio::test]
async fn others_help_only_with_the_parties_consent() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000204").await;
        let unasked = town.act_with(&town.mediator, number, "invite", json!({ "invite.consent": false }));
        let refused = unasked.await.unwrap_err();
        assert!(cites(&refused, "20"), "{refused:?}");
        town.act(&town.mediator, number, "invite").await;
        town.act(&town.second, number, "record-session").await;
    })
    .await;
}

#[tokio::test]
async fn danger_is_reported_at_once_and_the_parties_are_not_told() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000205").await;
        town.act(&town.mediator, number, "report-risk").await;
        assert_eq!(town.step(number).await, "mediating", "mediation goes on");
        assert!(town.words(&town.mediator, number, "risk-report").await.contains("第二十五条"));
        let guest = Principal::guest(number);
        let seen = town.county.register.documents(&guest, number, Lang::Zh).await.unwrap();
        assert!(seen.iter().all(|document| document["kind"] != "risk-report"), "{seen:?}");
        let told = town.county.register.progress_of(&guest, number, Lang::Zh).await;
        assert!(!format!("{told:?}").contains("风险"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn an_agreement_takes_effect_only_when_everybody_signed_and_it_is_sealed() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000206").await;
        town.act(&town.mediator, number, "reach-written").await;
        let early = town.refused(&town.mediator, number, "conclude").await;
        assert!(cites(&early, "29"), "{early:?}");
        town.act(&town.mediator, number, "sign").await;
        assert!(cites(&town.refused(&town.mediator, number, "conclude").await, "29"));
        town.act(&town.mediator, number, "sign").await;
        let unsealed =
            town.act_with(&town.mediator, number, "conclude", json!({ "agreement.sealed": false }));
        assert!(cites(&unsealed.await.unwrap_err(), "29"));
        town.act(&town.mediator, number, "conclude").await;
        let agreement = town.words(&town.mediator, number, "agreement").await;
        for part in ["〔2026〕人调字第1号", "各方责任", "履行方式", "履行期限", "测试壬", "测试辛"]
        {
            assert!(agreement.contains(part), "{part} is not in {agreement}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_does_not_sign_sends_everybody_back_to_talk_and_to_sign_anew() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000207").await;
        town.act(&town.mediator, number, "reach-written").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "talk-on").await;
        town.act(&town.mediator, number, "reach-written").await;
        town.act(&town.mediator, number, "sign").await;
        let half = town.refused(&town.mediator, number, "conclude").await;
        assert!(cites(&half, "29"), "the signature under the first text does not count: {half:?}");
    })
    .await;
}

#[tokio::test]
async fn an_oral_agreement_is_in_effect_when_it_is_reached_and_is_recorded() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000208").await;
        town.act(&town.mediator, number, "reach-oral").await;
        assert_eq!(town.step(number).await, "performing");
        let record = town.words(&town.mediator, number, "oral-record").await;
        assert!(record.contains("2026年11月20日"), "{record}");
    })
    .await;
}

#[tokio::test]
async fn failure_ends_mediation_tells_other_routes_and_is_filed_too() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.mediating("open-key-0000209").await;
        town.act(&town.mediator, number, "fail").await;
        let wrong = town.refused(&town.head, number, "archive-performed").await;
        assert_eq!(wrong.code, Code::RuleRefused, "it was not performed");
        town.act(&town.head, number, "archive-failed").await;
        assert_eq!(town.view(number).await["outcome"], "failed");
    })
    .await;
}

#[tokio::test]
async fn a_mediator_does_not_pass_the_file_and_the_subsidy_of_the_own_case() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.performing("open-key-0000210").await;
        town.act(&town.mediator, number, "performed").await;
        town.act(&town.mediator, number, "record-visit").await;
        let mut both = town.mediator.clone();
        both.grants.push(Grant::new(
            Role::CommitteeHead,
            "371502".parse().unwrap(),
            Some(OrgId("committee".into())),
        ));
        let refused = town.act_with(&both, number, "archive-performed", json!({})).await.unwrap_err();
        assert_eq!(refused.detail.key, "refused-four-eyes");
    })
    .await;
}

#[tokio::test]
async fn a_broken_agreement_is_urged_and_leads_to_new_mediation_or_court() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.performing("open-key-0000211").await;
        town.act(&town.mediator, number, "not-performed").await;
        town.act(&town.mediator, number, "urge-performance").await;
        let offers = town.follow_ups(number).await;
        for item in ["mediation.people", "mediation.judicial-confirmation"] {
            let offered = offers.as_array().unwrap().iter().any(|offer| offer["item"] == item);
            assert!(offered, "{item} is not among {offers}");
        }
        town.act(&town.mediator, number, "give-up").await;
        let letter = town.words(&town.mediator, number, "breach-notice").await;
        assert!(letter.contains("重新申请人民调解") && letter.contains("提起诉讼"), "{letter}");
        town.act(&town.head, number, "archive-unperformed").await;
        assert_eq!(town.view(number).await["outcome"], "unperformed");
    })
    .await;
}

#[tokio::test]
async fn confirmation_follows_from_the_agreement_within_thirty_days_of_effect() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let before = town.performing("open-key-0000212").await;
        // Five days later the two of them go on.
        town.now("2026-11-25T09:00:00+08:00");
        let body = json!({
            "item": "mediation.judicial-confirmation", "door": "web", "from": before,
            "form": {
                "confirmation.committee": "人民调解委员会", "confirmation.joint": true,
                "confirmation.subject": "ordinary", "confirmation.court_basis": "organisation",
            },
        });
        let guest = Principal::guest(before);
        let opened = town.county.register.open(&guest, &body, "open-key-0000213", Lang::Zh).await.unwrap();
        let number: MatterNumber = opened.body["number"].as_str().unwrap().parse().unwrap();
        let view = town.view(number).await;
        assert_eq!(view["links"][0]["kind"], "confirms");
        assert_eq!(view["form"]["agreement.effective_on"], "2026-11-20", "nothing is asked again");
        let clock = town.clock(number, "file-together").await;
        // The thirtieth day, the 20th of December, is a Sunday.
        assert_eq!((&clock["due"], &clock["due_statutory"]), (&json!("2026-12-21"), &json!("2026-12-21")));
        town.now("2026-12-22T00:00:00+08:00");
        town.county.register.tick().await.unwrap();
        assert_eq!(town.step(number).await, "expired");
    })
    .await;
}

#[tokio::test]
async fn status_and_ownership_are_refused_when_the_packet_is_made() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        for (at, subject) in ["status", "real-right", "ip", "other-procedure", "outside"].iter().enumerate() {
            let key = format!("open-key-00003{at:02}");
            let number = town.open("mediation.judicial-confirmation", &key).await;
            let changed = json!({ "confirmation.subject": subject });
            let refused = town.act_with(&town.mediator, number, "make-packet", changed).await.unwrap_err();
            assert!(cites(&refused, "355"), "{subject}: {refused:?}");
        }
        let number = town.open("mediation.judicial-confirmation", "open-key-0000320").await;
        let alone = json!({ "confirmation.joint": false });
        let refused = town.act_with(&town.mediator, number, "make-packet", alone).await.unwrap_err();
        assert_eq!(refused.code, Code::RuleRefused, "both sides apply together");
        town.act(&town.mediator, number, "cannot-file").await;
        assert_eq!(town.view(number).await["outcome"], "cannot-be-filed");
    })
    .await;
}

#[tokio::test]
async fn both_sign_then_the_court_has_three_days_fifteen_days_and_ten_more() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("mediation.judicial-confirmation", "open-key-0000214").await;
        town.act(&town.mediator, number, "make-packet").await;
        let unsigned = town.refused(&town.mediator, number, "hand-to-court").await;
        assert_eq!(unsigned.code, Code::RuleRefused);
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "hand-to-court").await;
        assert_eq!(town.clock(number, "court-accept").await["due"], "2026-11-23");
        town.act(&town.court, number, "docket").await;
        let deciding = town.clock(number, "court-decide").await;
        // Fifteen days of the 2011 rules come before the thirty of the special procedure; the 5th of
        // December is a Saturday.
        assert_eq!(deciding["due"], "2026-12-07");
        town.act(&town.court, number, "extend-ruling").await;
        assert_eq!(town.clock(number, "court-decide").await["due"], "2026-12-15");
        town.act(&town.court, number, "ask-supplement").await;
        town.act(&Principal::guest(number), number, "supply").await;
        town.act(&town.court, number, "rule-rejected").await;
        town.act(&town.mediator, number, "tell-rejected").await;
        let letter = town.words(&town.mediator, number, "rejection-letter").await;
        for way in ["变更原协议", "重新达成调解协议", "向人民法院起诉"] {
            assert!(letter.contains(way), "{way} is not in {letter}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_valid_ruling_is_told_with_the_two_years_of_enforcement() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("mediation.judicial-confirmation", "open-key-0000215").await;
        town.act(&town.mediator, number, "make-packet").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "hand-to-court").await;
        town.act(&town.court, number, "docket").await;
        town.act(&town.court, number, "rule-valid").await;
        town.act(&town.mediator, number, "tell-valid").await;
        assert!(town.words(&town.mediator, number, "valid-letter").await.contains("二年"));
        assert_eq!(town.view(number).await["outcome"], "valid");
    })
    .await;
}

#[tokio::test]
async fn an_application_may_be_withdrawn_before_the_ruling() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("mediation.judicial-confirmation", "open-key-0000216").await;
        town.act(&town.mediator, number, "make-packet").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "sign").await;
        town.act(&town.mediator, number, "hand-to-court").await;
        town.act(&town.court, number, "docket").await;
        town.act(&Principal::guest(number), number, "withdraw").await;
        assert_eq!(town.view(number).await["outcome"], "withdrawn");
    })
    .await;
}

#[tokio::test]
async fn an_objection_is_reviewed_within_five_days_of_its_receipt_however_long_the_window_slept() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("complaint.objection", "open-key-0000217").await;
        town.now("2026-11-23T09:00:00+08:00");
        town.act(&town.clerk, number, "to-bureau").await;
        let clock = town.clock(number, "review").await;
        assert_eq!((&clock["due"], &clock["due_statutory"]), (&json!("2026-11-25"), &json!("2026-11-25")));
        town.act(&town.bureau, number, "uphold").await;
        let letter = town.words(&town.bureau, number, "uphold-letter").await;
        assert!(letter.contains("六十日内") && letter.contains("六个月内"), "{letter}");
    })
    .await;
}

#[tokio::test]
async fn every_other_decision_gets_a_letter_with_the_right_remedy() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town
            .open_with(
                "complaint.objection",
                "open-key-0000218",
                json!({ "objection.decision": "administrative" }),
            )
            .await;
        assert_eq!(town.refused(&town.clerk, number, "to-bureau").await.code, Code::RuleRefused);
        town.act(&town.clerk, number, "guide").await;
        let letter = town.words(&town.clerk, number, "guide-letter").await;
        assert!(letter.contains("六十日内申请行政复议"), "{letter}");
    })
    .await;
}

#[tokio::test]
async fn acceptance_of_a_complaint_about_appraisal_is_decided_in_seven_working_days() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town
            .open_with("complaint.misconduct", "open-key-0000219", json!({ "complaint.who": "appraiser" }))
            .await;
        town.now("2026-11-23T09:00:00+08:00");
        town.act(&town.clerk, number, "to-bureau-appraisal").await;
        let clock = town.clock(number, "accept-appraisal").await;
        // Received on Friday the 20th of November.
        assert_eq!((&clock["due"], &clock["due_statutory"]), (&json!("2026-12-01"), &json!("2026-12-01")));
        town.act(&town.bureau, number, "accept").await;
        town.act(&town.bureau, number, "conclude").await;
        assert_eq!(town.view(number).await["outcome"], "concluded");
    })
    .await;
}

#[tokio::test]
async fn a_complaint_about_a_service_is_answered_and_looked_at_again_by_the_bureau() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("complaint.service", "open-key-0000220").await;
        town.act(&town.clerk, number, "handle").await;
        town.act(&town.clerk, number, "answer").await;
        let waiting = town.view(number).await["waiting_for"].clone();
        assert!(waiting.as_array().unwrap().iter().any(|task| task["role"] == "applicant"), "{waiting}");
        town.act(&Principal::guest(number), number, "ask-review").await;
        town.act(&town.bureau, number, "conclude-review").await;
        assert_eq!(town.view(number).await["outcome"], "reviewed");

        let silent = town.open("complaint.service", "open-key-0000221").await;
        town.act(&town.clerk, silent, "handle").await;
        town.act(&town.clerk, silent, "answer").await;
        town.now("2026-12-31T00:00:00+08:00");
        town.county.register.tick().await.unwrap();
        assert_eq!(town.view(silent).await["outcome"], "answered");
    })
    .await;
}

#[tokio::test]
async fn a_petition_is_told_its_way_in_fifteen_days_and_handled_in_sixty_and_thirty() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("complaint.petition", "open-key-0000222").await;
        // The fifteenth day, the 5th of December, is a Saturday.
        assert_eq!(town.clock(number, "tell").await["due_statutory"], "2026-12-07");
        town.act(&town.clerk, number, "to-bureau").await;
        assert_eq!(town.clock(number, "handle").await["due_statutory"], "2027-01-19");
        town.act(&town.bureau, number, "extend-handling").await;
        assert_eq!(town.clock(number, "handle").await["due_statutory"], "2027-02-18");
        town.act(&town.bureau, number, "give-opinion").await;
        assert!(town.words(&town.bureau, number, "opinion").await.contains("三十日内请求上一级机关"));
    })
    .await;
}

#[tokio::test]
async fn a_lead_is_checked_by_one_and_mediated_by_another() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("dispute.lead", "open-key-0000223").await;
        let mut both = town.clerk.clone();
        both.grants.extend(town.mediator.grants.clone());
        town.act(&both, number, "confirm").await;
        town.act(&both, number, "dispatch").await;
        let refused = town.act_with(&both, number, "settle", json!({ "lead.outcome": "当场和好" })).await;
        assert_eq!(refused.unwrap_err().detail.key, "refused-four-eyes");
        let offers = town.follow_ups(number).await;
        assert!(offers.as_array().unwrap().iter().any(|offer| offer["item"] == "mediation.people"));
        town.act(&town.mediator, number, "begin-mediation").await;
        assert_eq!(town.view(number).await["outcome"], "to-mediation");
    })
    .await;
}

#[tokio::test]
async fn the_committees_own_initiative_asks_everybody_too_and_anybody_may_leave() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let mut body = town.county.body("mediation.people");
        body["door"] = json!("window");
        body["form"]["mediation.source"] = json!("own-initiative");
        let opened = town.county.register.open(&town.mediator, &body, "open-key-0000224", Lang::Zh).await;
        let number: MatterNumber = opened.unwrap().body["number"].as_str().unwrap().parse().unwrap();
        town.act(&town.mediator, number, "accept").await;
        assert_eq!(town.step(number).await, "consent", "nobody is mediated without being asked");
        town.act(&town.mediator, number, "note-answer").await;
        town.act(&town.mediator, number, "all-agree").await;
        town.act(&Principal::guest(number), number, "withdraw").await;
        assert_eq!(town.view(number).await["outcome"], "withdrawn");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_names_its_ground_and_where_to_go() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let number = town.open("mediation.people", "open-key-0000225").await;
        town.act(&town.mediator, number, "refuse").await;
        assert_eq!(town.view(number).await["outcome"], "not-accepted");
        let letter = town.words(&town.mediator, number, "refusal-notice").await;
        assert!(letter.contains("人民法院已经受理") && letter.contains("起诉"), "{letter}");
    })
    .await;
}

#[tokio::test]
async fn whoever_noticed_a_dispute_is_no_party_and_does_not_mediate_it() {
    for_each_db(async |db| {
        let town = Town::found(&db).await;
        let mut body = town.county.body("dispute.lead");
        body["door"] = json!("window");
        let opened = town.county.register.open(&town.mediator, &body, "open-key-0000226", Lang::Zh).await;
        let lead: MatterNumber = opened.unwrap().body["number"].as_str().unwrap().parse().unwrap();
        town.act(&town.clerk, lead, "confirm").await;
        town.act(&town.clerk, lead, "dispatch").await;
        let own = town.act_with(&town.mediator, lead, "settle", json!({ "lead.outcome": "当场和好" })).await;
        assert_eq!(own.unwrap_err().detail.key, "refused-four-eyes");

        let example = town.county.body("mediation.people");
        let mut mediation = json!({
            "item": "mediation.people", "door": "window", "from": lead,
            "form": { "mediation.source": "lead", "mediation.prior": "none" },
            "parties": example["parties"],
        });
        let nameless =
            town.county.register.open(&town.second, &mediation, "open-key-0000227", Lang::Zh).await;
        assert!(nameless.is_err(), "the person who reported it does not come along");
        mediation["applicant"] = example["applicant"].clone();
        let opened = town.county.register.open(&town.second, &mediation, "open-key-0000228", Lang::Zh).await;
        let number: MatterNumber = opened.unwrap().body["number"].as_str().unwrap().parse().unwrap();
        let view = town.view(number).await;
        assert_eq!(view["links"][0]["kind"], "lead");
        assert_eq!(view["form"]["mediation.type"], "D03", "what was seen is not asked again");
        town.act(&town.second, lead, "begin-mediation").await;
    })
    .await;
}
