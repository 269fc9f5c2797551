//! Signing in by each of the three ways, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use access::account::NewAccount;
use access::password::Cost;
use access::{Access, AccessError, Kind, Limits, Principal};
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::identity::Phone;
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use kernel::time::Instant;
use store::Db;
use store::seal::{Keyring, MasterKey};
use store::statements::counted;
use store::testkit::for_each_db;

fn morning() -> Instant {
    "2026-11-23T08:00:00+08:00".parse().unwrap()
}

fn later(minutes: i64) -> Instant {
    morning().plus(SignedDuration::from_mins(minutes))
}

async fn room(db: &Db, limits: Limits) -> Access {
    room_with(db, &MasterKey::ephemeral().unwrap(), limits).await
}

async fn room_with(db: &Db, master: &MasterKey, limits: Limits) -> Access {
    let keyring = Keyring::open(master, db).await.unwrap();
    Access::open_at(Cost::Least, db.clone(), keyring, limits, morning()).await.unwrap()
}

fn code_of<T: std::fmt::Debug>(result: Result<T, AccessError>) -> Code {
    match result {
        Err(AccessError::Refused(refusal)) => refusal.code,
        other => panic!("refused expected, got {other:?}"),
    }
}

async fn clerk(access: &Access) {
    let new = NewAccount {
        login: "clerk.1".into(),
        name: "王晓明".into(),
        organisation: None,
        password: "a quiet morning".into(),
    };
    access.add_account(&new, morning()).await.unwrap();
    access.grant("clerk.1", Role::Clerk, "371502".parse().unwrap(), None, morning()).await.unwrap();
}

async fn who(access: &Access, token: &str, now: Instant) -> Option<Principal> {
    access.authenticate(token, now).await.unwrap()
}

#[tokio::test]
async fn staff_sign_in_are_known_and_leave() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        clerk(&access).await;
        let opened = access.sign_in("Clerk.1 ", "a quiet morning", Some("test"), morning()).await.unwrap();
        assert_eq!(opened.token.len(), 43);
        let (known, statements) = counted(who(&access, &opened.token, later(1))).await;
        assert_eq!(statements, 1, "one SELECT authenticates a request");
        let known = known.unwrap();
        assert_eq!(known, opened.principal);
        assert_eq!((known.kind, known.name.as_str(), known.has(Role::Clerk)), (Kind::Staff, "王晓明", true));

        // Used after eleven hours it slides on, unused for twelve it ends.
        assert!(who(&access, &opened.token, later(11 * 60)).await.is_some());
        assert!(who(&access, &opened.token, later(22 * 60)).await.is_some());
        assert!(who(&access, &opened.token, later(35 * 60)).await.is_none());
        assert!(who(&access, "not a token", morning()).await.is_none());

        let account = known.account.unwrap();
        let again = access.sign_in("clerk.1", "a quiet morning", Some("phone"), morning()).await.unwrap();
        assert_eq!(access.devices(&account, later(1)).await.unwrap().len(), 2);
        access.end_session(&again.token).await.unwrap();
        assert!(who(&access, &again.token, later(1)).await.is_none());
        let devices = access.devices(&account, later(1)).await.unwrap();
        assert_eq!(devices.len(), 1);
        access.end_device(&account, &devices[0].id).await.unwrap();
        assert!(who(&access, &opened.token, later(1)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_new_grant_ends_what_was_signed_in_before() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        clerk(&access).await;
        let opened = access.sign_in("clerk.1", "a quiet morning", None, morning()).await.unwrap();
        access.grant("clerk.1", Role::Adviser, "371502001".parse().unwrap(), None, later(1)).await.unwrap();
        assert!(who(&access, &opened.token, later(2)).await.is_none());
        let opened = access.sign_in("clerk.1", "a quiet morning", None, later(2)).await.unwrap();
        assert_eq!(opened.principal.grants.len(), 2);
        let separate = access.grant("clerk.1", Role::AuditAdmin, "37".parse().unwrap(), None, later(3)).await;
        assert_eq!(code_of(separate), Code::FactsWrong);
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_answer_alike_and_lock_for_a_minute() {
    for_each_db(async |db| {
        let master = MasterKey::ephemeral().unwrap();
        let access = room_with(&db, &master, Limits { login_per_minute: Some(3) }).await;
        clerk(&access).await;
        let wrong = access.sign_in("clerk.1", "a loud morning", None, morning()).await.unwrap_err();
        let unknown = access.sign_in("nobody", "a loud morning", None, morning()).await.unwrap_err();
        assert_eq!(format!("{wrong:?}"), format!("{unknown:?}"));
        for _ in 0..2 {
            assert_eq!(code_of(access.sign_in("clerk.1", "x", None, morning()).await), Code::Unauthenticated);
        }
        let locked = access.sign_in("clerk.1", "a quiet morning", None, later(0)).await;
        assert_eq!(code_of(locked), Code::TooMany, "right, but too soon");
        assert!(access.sign_in("clerk.1", "a quiet morning", None, later(2)).await.is_ok());

        let open = room_with(&db, &master, Limits { login_per_minute: None }).await;
        for _ in 0..5 {
            assert_eq!(code_of(open.sign_in("clerk.1", "x", None, later(2)).await), Code::Unauthenticated);
        }
        assert!(open.sign_in("clerk.1", "a quiet morning", None, later(2)).await.is_ok());
    })
    .await;
}

async fn sent(access: &Access) -> String {
    let newest = access.outbox(1).await.unwrap().remove(0);
    newest.text.args.iter().find(|(name, _)| name == "code").unwrap().1.clone()
}

#[tokio::test]
async fn a_citizen_signs_in_with_a_code_that_works_once() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        let phone = Phone::parse("138 0013 8000").unwrap();
        access.send_code(&phone, "192.0.2.1", morning()).await.unwrap();
        let code = sent(&access).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let refused = access.sign_in_with_code(&phone, wrong, None, morning()).await;
        assert_eq!(code_of(refused), Code::Unauthenticated);
        let opened = access.sign_in_with_code(&phone, &code, None, later(4)).await.unwrap();
        assert_eq!(opened.principal.kind, Kind::Citizen);
        assert!(who(&access, &opened.token, later(29 * 24 * 60)).await.is_some());
        let used = access.sign_in_with_code(&phone, &code, None, later(4)).await;
        assert_eq!(code_of(used), Code::Unauthenticated, "used");

        access.send_code(&phone, "192.0.2.1", later(10)).await.unwrap();
        let code = sent(&access).await;
        let late = access.sign_in_with_code(&phone, &code, None, later(16)).await;
        assert_eq!(code_of(late), Code::Unauthenticated, "expired");

        access.send_code(&phone, "192.0.2.1", later(20)).await.unwrap();
        let code = sent(&access).await;
        let again = access.sign_in_with_code(&phone, &code, None, later(20)).await.unwrap();
        assert_eq!(again.principal.account, opened.principal.account, "the same person");
        assert_eq!(access.vault(&again.principal.account.unwrap()).await.unwrap().phone, "13800138000");
    })
    .await;
}

#[tokio::test]
async fn five_wrong_tries_kill_a_code_and_a_burst_gets_no_more() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        let phone = Phone::parse("13800138001").unwrap();
        access.send_code(&phone, "192.0.2.1", morning()).await.unwrap();
        let code = sent(&access).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert_eq!(
                code_of(access.sign_in_with_code(&phone, wrong, None, morning()).await),
                Code::Unauthenticated
            );
        }
        assert_eq!(
            code_of(access.sign_in_with_code(&phone, &code, None, morning()).await),
            Code::Unauthenticated,
            "dead after five"
        );
    })
    .await;
}

#[tokio::test]
async fn a_phone_is_sent_few_codes() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        let phone = Phone::parse("13800138002").unwrap();
        access.send_code(&phone, "192.0.2.1", morning()).await.unwrap();
        access.send_code(&phone, "192.0.2.1", morning()).await.unwrap();
        assert_eq!(access.outbox(10).await.unwrap().len(), 1, "asked twice within a minute, sent once");
        for minutes in 1..6 {
            access.send_code(&phone, "192.0.2.1", later(minutes * 2)).await.unwrap();
        }
        let seventh = access.send_code(&phone, "192.0.2.1", later(14)).await;
        assert_eq!(code_of(seventh), Code::TooMany);
        assert!(access.send_code(&phone, "192.0.2.1", later(70)).await.is_ok(), "an hour later");
    })
    .await;
}

#[tokio::test]
async fn a_guest_is_the_applicant_of_one_matter_until_the_code_is_issued_anew() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        let number = MatterNumber::new("371502".parse().unwrap(), 2026, 7).unwrap();
        let opened = access.open_guest(number, None, morning()).await.unwrap();
        assert_eq!(who(&access, &opened.token, later(1)).await.unwrap().kind, Kind::Guest(number));
        let mut changes = store::Changes::new();
        changes.push(access::session::end_of_matter(number));
        db.apply("reissue", changes).await.unwrap();
        assert!(who(&access, &opened.token, later(1)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn sweeping_removes_only_what_has_run_out() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        clerk(&access).await;
        let old = access.sign_in("clerk.1", "a quiet morning", None, morning()).await.unwrap();
        let new = access.sign_in("clerk.1", "a quiet morning", None, later(13 * 60)).await.unwrap();
        access.sweep(later(14 * 60)).await.unwrap();
        assert!(who(&access, &old.token, later(1)).await.is_none(), "gone, not only ended");
        assert!(who(&access, &new.token, later(14 * 60)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_demo_city_loads_once_and_keeps_its_passwords() {
    for_each_db(async |db| {
        let access = room(&db, Limits::default()).await;
        let first = access::demo::load(&access, &[], morning()).await.unwrap();
        let passwords: HashSet<&str> = first.iter().map(|account| account.password.as_str()).collect();
        assert_eq!(passwords.len(), first.len(), "every account its own");
        let again = access::demo::load(&access, &first, morning()).await.unwrap();
        assert_eq!(again, first);
        for login in ["aid.dongchangfu.1", "citizen.1", "admin.audit"] {
            let account = first.iter().find(|account| account.login == login).unwrap();
            let opened = access.sign_in(login, &account.password, None, morning()).await.unwrap();
            assert_eq!(opened.principal.name, account.name);
            assert_eq!(opened.principal.kind.as_str(), account.kind);
            assert_eq!(opened.principal.grants.len(), account.roles.len());
        }
        let offices = access.offices().current().await.unwrap();
        let routed = |duty, area: &str| {
            offices.route(duty, area.parse().unwrap()).map(|office| office.id.0.clone()).unwrap_or_default()
        };
        assert_eq!(routed("legal-aid", "371502001"), "aid.dongchangfu");
        assert_eq!(routed("consultation", "371502001"), "station.371502001");
        assert_eq!(routed("consultation", "371521"), "center.yanggu");
        assert_eq!(routed("legal-aid", "371523"), "aid.chiping", "the former 茌平县");

        // A clerk of 茌平区 also sees what was opened under the county's former code.
        let chiping = first.iter().find(|account| account.login == "clerk.chiping.1").unwrap();
        let opened = access.sign_in(&chiping.login, &chiping.password, None, morning()).await.unwrap();
        assert!(opened.principal.grants[0].covers("371523".parse().unwrap()));

        let atlas = access.areas().current().await.unwrap();
        let on = jiff::civil::date(2026, 11, 21);
        let counties = atlas.below(Some("3715".parse().unwrap()), on).count();
        assert_eq!(counties, 8, "the former 茌平县 stands no longer");
        assert!(atlas.services_of("371502010".parse().unwrap()).count() > 0, "蒋官屯 lies in a zone");
    })
    .await;
}
