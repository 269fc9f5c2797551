//! The three administrators and the record of what they do, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use access::admin::Wanted;
use access::admin::service::Granting;
use access::audit::{Act, Asked, Line};
use access::session::{Origin, Proof};
use access::{Access, Principal, Rules};
use common::{accounts, code_of, later, morning, new, person, room};
use kernel::actor::Role;
use kernel::refusal::Code;
use store::testkit::for_each_db;

async fn three(access: &Access) -> [Principal; 3] {
    accounts(
        access,
        &[
            ("sys.1", Role::SystemAdmin),
            ("sec.1", Role::SecurityAdmin),
            ("aud.1", Role::AuditAdmin),
            ("clerk.1", Role::Clerk),
        ],
    )
    .await;
    [
        person(access, "sys.1", morning()).await,
        person(access, "sec.1", morning()).await,
        person(access, "aud.1", morning()).await,
    ]
}

fn granting(login: &str, role: Role, area: &str) -> Granting {
    Granting { login: login.into(), role, area: area.parse().unwrap(), organisation: None }
}

async fn record(access: &Access, auditor: &Principal, act: Act) -> Vec<Line> {
    let asked = Asked { act: Some(act), limit: 50, ..Asked::default() };
    access.audit(auditor, &asked, later(60)).await.unwrap().items
}

#[tokio::test]
async fn each_administrator_does_his_own_and_is_refused_the_others() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        let [system, security, auditor] = three(&access).await;
        let clerk = person(&access, "clerk.1", morning()).await;
        let role = granting("clerk.1", Role::Adviser, "371502001");
        for who in [&security, &auditor, &clerk] {
            assert_eq!(code_of(access.open_account(who, &new("clerk.9"), later(1)).await), Code::Forbidden);
            assert_eq!(
                code_of(access.close_account(who, "clerk.1", "不该", later(1)).await),
                Code::Forbidden
            );
            assert_eq!(code_of(access.see_settings(who, later(1)).await), Code::Forbidden);
        }
        for who in [&system, &auditor, &clerk] {
            assert_eq!(code_of(access.grant_role(who, &role, later(1)).await), Code::Forbidden);
            assert_eq!(code_of(access.unlock(who, "clerk.1", "不该", later(1)).await), Code::Forbidden);
            assert_eq!(code_of(access.remove_totp(who, "clerk.1", "不该", later(1)).await), Code::Forbidden);
        }
        let asked = Asked { limit: 20, ..Asked::default() };
        for who in [&system, &security, &clerk] {
            assert_eq!(code_of(access.audit(who, &asked, later(1)).await), Code::Forbidden);
        }
        let wanted = Wanted { limit: 20, ..Wanted::default() };
        assert_eq!(code_of(access.list_accounts(&auditor, &wanted, later(1)).await), Code::Forbidden);

        access.open_account(&system, &new("clerk.9"), later(2)).await.unwrap();
        access.grant_role(&security, &role, later(2)).await.unwrap();
        access.revoke_role(&security, &role, "调离岗位", later(3)).await.unwrap();
        let again = access.revoke_role(&security, &role, "调离岗位", later(3)).await;
        assert_eq!(code_of(again), Code::RuleRefused, "there is nothing left to revoke");
        access.close_account(&system, "clerk.1", "退休", later(4)).await.unwrap();
        assert_eq!(
            code_of(access.sign_in("clerk.1", "a quiet morning", None, later(4)).await),
            Code::Unauthenticated,
            "a closed account answers like one that is not there"
        );
        access.reopen_account(&system, "clerk.1", "返聘", later(5)).await.unwrap();
        assert!(access.sign_in("clerk.1", "a quiet morning", None, later(5)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn nobody_administrates_himself_and_nobody_is_two_of_the_three() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        let [system, security, _] = three(&access).await;
        let own =
            access.grant_role(&security, &granting("sec.1", Role::SecurityAdmin, "3715"), later(1)).await;
        assert_eq!(code_of(own), Code::RuleRefused, "not to himself");
        assert_eq!(
            code_of(access.close_account(&system, "sys.1", "不该", later(1)).await),
            Code::RuleRefused
        );
        for (login, role) in [
            ("sys.1", Role::SecurityAdmin),
            ("sys.1", Role::AuditAdmin),
            ("sys.1", Role::Clerk),
            ("clerk.1", Role::AuditAdmin),
        ] {
            let mixed = access.grant_role(&security, &granting(login, role, "37"), later(1)).await;
            assert_eq!(code_of(mixed), Code::FactsWrong, "{login} {role}");
        }
        // Whoever could set the password of another administrator could be two of the three.
        let taken = access.set_password(&system, "sec.1", "Rain-4-lunch", "不该", later(1)).await;
        assert_eq!(code_of(taken), Code::RuleRefused);
        access.set_password(&system, "clerk.1", "Rain-4-lunch", "忘记密码", later(1)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_grants_at_once_do_not_make_an_administrator_of_a_clerk() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        let [_, security, _] = three(&access).await;
        for round in 0..4 {
            let login = format!("new.{round}");
            access.add_account(&new(&login), morning()).await.unwrap();
            let (clerk, auditor) =
                (granting(&login, Role::Clerk, "371502"), granting(&login, Role::AuditAdmin, "37"));
            let (one, two) = tokio::join!(
                access.grant_role(&security, &clerk, later(1)),
                access.grant_role(&security, &auditor, later(1)),
            );
            assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
            let roles = access.see_account(&security, &login, later(2)).await.unwrap().roles;
            assert_eq!(roles.len(), 1, "{roles:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_administrator_reaches_his_own_area_only() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        three(&access).await;
        access.add_account(&new("sec.2"), morning()).await.unwrap();
        let county = "371521".parse().unwrap();
        access.grant("sec.2", Role::SecurityAdmin, county, None, morning()).await.unwrap();
        let county_admin = person(&access, "sec.2", later(1)).await;
        let far = access.unlock(&county_admin, "clerk.1", "不该", later(1)).await;
        assert_eq!(code_of(far), Code::NotFound, "an account elsewhere is none");
        let wanted = Wanted { limit: 20, ..Wanted::default() };
        let seen = access.list_accounts(&county_admin, &wanted, later(1)).await.unwrap();
        let logins: Vec<&str> = seen.items.iter().map(|view| view.login.as_str()).collect();
        assert_eq!((logins, seen.total), (vec!["sec.2"], 1));
        access.add_account(&new("clerk.5"), morning()).await.unwrap();
        let beyond =
            access.grant_role(&county_admin, &granting("clerk.5", Role::Clerk, "371502"), later(2)).await;
        assert_eq!(code_of(beyond), Code::FactsWrong, "nothing beyond his own area");
        access
            .grant_role(&county_admin, &granting("clerk.5", Role::Clerk, "371521"), later(2))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_sign_in_and_every_act_stands_in_the_record_and_only_its_age_removes_it() {
    for_each_db(async |db| {
        let access = room(&db, Rules { tries_before_lock: 2, ..Rules::default() }).await;
        let [system, security, auditor] = three(&access).await;
        let from = Origin { address: "192.0.2.77", agent: None };
        for login in ["clerk.1", "somebody-secret"] {
            for _ in 0..2 {
                let proof = Proof { login, password: "a loud morning", totp: None };
                access.sign_in_with(&proof, &from, later(1)).await.unwrap_err();
            }
        }
        access.unlock(&security, "clerk.1", "电话核实是本人", later(2)).await.unwrap();
        assert_eq!(code_of(access.unlock(&system, "clerk.1", "不该", later(2)).await), Code::Forbidden);

        let failed: Vec<Line> = record(&access, &auditor, Act::SignIn)
            .await
            .into_iter()
            .filter(|line| line.result == "refused")
            .collect();
        assert_eq!(failed.len(), 4);
        assert!(failed.iter().all(|line| line.origin.as_deref() == Some("192.0.2.0/24")), "{failed:?}");
        assert_eq!(failed.iter().filter(|line| line.subject.as_deref() == Some("clerk.1")).count(), 2);
        let typed = failed.iter().filter(|line| line.subject.is_none());
        assert!(
            typed.clone().all(|line| line.words == Some(serde_json::json!({ "login": "somebody-secret" })))
        );
        assert_eq!(record(&access, &auditor, Act::Lock).await.len(), 2);
        let unlocks = record(&access, &auditor, Act::Unlock).await;
        let told: Vec<(Option<&str>, Option<&str>, &str)> = unlocks
            .iter()
            .map(|line| (line.actor.as_deref(), line.subject.as_deref(), line.result.as_str()))
            .collect();
        assert_eq!(told, [(Some("sys.1"), None, "refused"), (Some("sec.1"), Some("clerk.1"), "done")]);
        assert_eq!(unlocks[1].words, Some(serde_json::json!({ "reason": "电话核实是本人" })));
        // What was typed, and reasons, are nowhere in the table.
        let rows: Vec<(Option<Vec<u8>>,)> =
            store::sql("SELECT sealed FROM audit").all(&mut db.reader().await.unwrap()).await.unwrap();
        let plain = |needle: &[u8]| {
            rows.iter()
                .flat_map(|(sealed,)| sealed)
                .any(|bytes| bytes.windows(needle.len()).any(|w| w == needle))
        };
        assert!(!plain(b"somebody-secret") && !plain("电话核实".as_bytes()));

        // Pages follow each other without gap or repeat.
        let mut asked = Asked { limit: 3, login: Some("clerk.1".into()), ..Asked::default() };
        let mut seen = Vec::new();
        loop {
            let page = access.audit(&auditor, &asked, later(90)).await.unwrap();
            seen.extend(page.items.iter().map(|line| line.id.clone()));
            asked.cursor = page.next;
            if asked.cursor.is_none() {
                assert_eq!(seen.len(), usize::try_from(page.total).unwrap());
                break;
            }
        }
        let unique: std::collections::HashSet<&String> = seen.iter().collect();
        assert_eq!(unique.len(), seen.len());
        assert!(seen.len() > 5, "{}", seen.len());

        let days = |days: i64| later(days * 24 * 60);
        access.sweep(days(185)).await.unwrap();
        assert_eq!(record(&access, &auditor, Act::Lock).await.len(), 2, "kept six months and more");
        access.sweep(days(191)).await.unwrap();
        assert_eq!(record(&access, &auditor, Act::Lock).await.len(), 0);
    })
    .await;
}
