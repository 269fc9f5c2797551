//! Locks, passwords and second factors, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use access::session::{Must, Origin, Proof};
use access::{Access, AccessError, Principal, Rules};
use common::{accounts, code_of, later, morning, room, signed};
use kernel::actor::Role;
use kernel::identity::Phone;
use kernel::refusal::Code;
use kernel::time::Instant;
use store::testkit::for_each_db;

const PASSWORD: &str = "a quiet morning";

async fn sign_in(
    access: &Access,
    login: &str,
    totp: Option<&str>,
    now: Instant,
) -> Result<access::session::Opened, AccessError> {
    let proof = Proof { login, password: PASSWORD, totp };
    access.sign_in_with(&proof, &Origin { address: "192.0.2.7", agent: Some("test") }, now).await
}

/// The code an authenticator would show.
fn code(secret: &str, now: Instant) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let machine = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    machine.generate(u64::try_from(now.timestamp().as_second()).unwrap()).to_string()
}

#[tokio::test]
async fn wrong_tries_in_a_row_wait_longer_and_lock_until_the_security_administrator_unlocks() {
    for_each_db(async |db| {
        let rules = Rules { delay_after: 2, tries_before_lock: 4, lock_minutes: 20, ..Rules::default() };
        let access = room(&db, rules).await;
        accounts(&access, &[("clerk.1", Role::Clerk), ("sec.1", Role::SecurityAdmin)]).await;
        // Known and unknown logins fare alike: two tries, a minute, one more, two minutes, one more, locked.
        for (minute, expected) in [
            (0, Code::Unauthenticated),
            (0, Code::Unauthenticated),
            (0, Code::TooMany),
            (1, Code::Unauthenticated),
            (2, Code::TooMany),
            (3, Code::Unauthenticated),
            (22, Code::TooMany),
        ] {
            let mut told = Vec::new();
            for login in ["clerk.1", "nobody.1"] {
                let refused = access.sign_in(login, "a loud morning", None, later(minute)).await.unwrap_err();
                told.push(format!("{refused:?}"));
                assert_eq!(code_of::<()>(Err(refused)), expected, "{login} in minute {minute}");
            }
            assert_eq!(told[0], told[1], "what is told does not say whether the login exists");
        }
        assert_eq!(
            code_of(sign_in(&access, "clerk.1", None, later(22)).await),
            Code::TooMany,
            "right, but locked"
        );
        let security = sign_in(&access, "sec.1", None, later(22)).await.unwrap().principal;
        let view = access.see_account(&security, "clerk.1", later(22)).await.unwrap();
        assert_eq!(view.locked_until, Some(later(23)));
        access.unlock(&security, "clerk.1", "电话核实是本人", later(22)).await.unwrap();
        assert!(sign_in(&access, "clerk.1", None, later(22)).await.is_ok());
        assert_eq!(code_of(sign_in(&access, "nobody.1", None, later(22)).await), Code::TooMany);
        assert_eq!(
            code_of(sign_in(&access, "nobody.1", None, later(24)).await),
            Code::Unauthenticated,
            "it ends"
        );
    })
    .await;
}

#[tokio::test]
async fn a_password_somebody_else_chose_is_changed_before_anything_else() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        let new = common::new("clerk.2");
        access.open_account(&Principal::system(), &new, morning()).await.unwrap();
        let opened = sign_in(&access, "clerk.2", None, morning()).await.unwrap();
        assert_eq!(opened.must, Some(Must::Password));
        let shut = access.authenticate(&opened.token, later(1)).await;
        assert_eq!(code_of(shut), Code::PasswordChangeRequired, "the session may do nothing else");
        let other = sign_in(&access, "clerk.2", None, morning()).await.unwrap();
        let me = signed(&access, &opened.token, later(1)).await;
        let change =
            async |current: &str, next: &str| access.change_password(&me, current, next, later(1)).await;
        for (current, next) in [
            ("not this one", "Rain-4-lunch"),
            (PASSWORD, "weak"),
            (PASSWORD, "P@ssw0rd"),
            (PASSWORD, PASSWORD),
        ] {
            assert_eq!(code_of(change(current, next).await), Code::FactsWrong, "{next}");
        }
        change(PASSWORD, "Rain-4-lunch").await.unwrap();
        assert!(
            access.authenticate(&opened.token, later(2)).await.unwrap().is_some(),
            "this session goes on"
        );
        assert!(access.authenticate(&other.token, later(2)).await.unwrap().is_none(), "every other ended");
        assert_eq!(code_of(change("Rain-4-lunch", PASSWORD).await), Code::FactsWrong, "not the one before");
        // Five others later the first may come again.
        let mut current = "Rain-4-lunch".to_owned();
        for n in 0..5 {
            let next = format!("Rain-5-lunch-{n}");
            access.change_password(&me, &current, &next, later(10 + n)).await.unwrap();
            current = next;
        }
        access.change_password(&me, &current, PASSWORD, later(20)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_old_password_is_changed_when_age_counts() {
    for_each_db(async |db| {
        let access = room(&db, Rules { password_max_days: Some(90), ..Rules::default() }).await;
        accounts(&access, &[("clerk.1", Role::Clerk)]).await;
        let days = |days: i64| later(days * 24 * 60);
        assert_eq!(sign_in(&access, "clerk.1", None, days(89)).await.unwrap().must, None);
        let opened = sign_in(&access, "clerk.1", None, days(91)).await.unwrap();
        assert_eq!(opened.must, Some(Must::Password));
        let me = signed(&access, &opened.token, days(91)).await;
        access.change_password(&me, PASSWORD, "another quiet one", days(91)).await.unwrap();
        let proof = Proof { login: "clerk.1", password: "another quiet one", totp: None };
        assert_eq!(access.sign_in_with(&proof, &Origin::default(), days(100)).await.unwrap().must, None);
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_taken_once_and_removed_by_the_security_administrator() {
    for_each_db(async |db| {
        let access = room(&db, Rules { totp_roles: vec![Role::Clerk], ..Rules::default() }).await;
        accounts(&access, &[("clerk.1", Role::Clerk), ("sec.1", Role::SecurityAdmin)]).await;
        // The role asks for one: nothing else goes before it is there.
        let opened = sign_in(&access, "clerk.1", None, morning()).await.unwrap();
        assert_eq!(opened.must, Some(Must::Totp));
        assert_eq!(code_of(access.authenticate(&opened.token, morning()).await), Code::TotpSetupRequired);
        let me = signed(&access, &opened.token, morning()).await;
        assert_eq!(code_of(access.begin_totp(&me, "wrong", morning()).await), Code::FactsWrong);
        let enrolment = access.begin_totp(&me, PASSWORD, morning()).await.unwrap();
        assert!(enrolment.uri.starts_with("otpauth://totp/Huifa:clerk.1?secret="), "{}", enrolment.uri);
        assert_eq!(code_of(access.confirm_totp(&me, "000000", morning()).await), Code::FactsWrong);
        let first = code(&enrolment.secret, morning());
        let recovery = access.confirm_totp(&me, &first, morning()).await.unwrap();
        assert_eq!(recovery.len(), 10);
        assert!(
            access.authenticate(&opened.token, morning()).await.unwrap().is_some(),
            "now the way is free"
        );

        assert_eq!(code_of(sign_in(&access, "clerk.1", None, later(5)).await), Code::TotpRequired, "missing");
        assert_eq!(code_of(sign_in(&access, "clerk.1", Some("000000"), later(5)).await), Code::TotpRequired);
        let now = code(&enrolment.secret, later(5));
        let spaced = format!(" {} {}", &now[..3], &now[3..]);
        assert_eq!(sign_in(&access, "clerk.1", Some(&spaced), later(5)).await.unwrap().must, None);
        let again = sign_in(&access, "clerk.1", Some(&now), later(5)).await;
        assert_eq!(code_of(again), Code::TotpRequired, "a used step is never taken twice");
        assert!(sign_in(&access, "clerk.1", Some(&recovery[3].to_uppercase()), later(6)).await.is_ok());
        let used = sign_in(&access, "clerk.1", Some(&recovery[3]), later(6)).await;
        assert_eq!(code_of(used), Code::TotpRequired, "a recovery code works once");

        let security = sign_in(&access, "sec.1", None, later(7)).await.unwrap().principal;
        access.remove_totp(&security, "clerk.1", "手机丢失，已核实", later(7)).await.unwrap();
        assert_eq!(sign_in(&access, "clerk.1", None, later(7)).await.unwrap().must, Some(Must::Totp));
    })
    .await;
}

#[tokio::test]
async fn two_doors_at_once_take_one_code_once() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        accounts(&access, &[("clerk.1", Role::Clerk)]).await;
        let opened = sign_in(&access, "clerk.1", None, morning()).await.unwrap();
        let me = signed(&access, &opened.token, morning()).await;
        let secret = access.begin_totp(&me, PASSWORD, morning()).await.unwrap().secret;
        access.confirm_totp(&me, &code(&secret, morning()), morning()).await.unwrap();
        let now = code(&secret, later(3));
        let (one, two) = tokio::join!(
            sign_in(&access, "clerk.1", Some(&now), later(3)),
            sign_in(&access, "clerk.1", Some(&now), later(3)),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
    })
    .await;
}

#[tokio::test]
async fn own_devices_are_seen_and_signed_out() {
    for_each_db(async |db| {
        let access = room(&db, Rules::default()).await;
        accounts(&access, &[("clerk.1", Role::Clerk), ("clerk.2", Role::Clerk)]).await;
        let here = sign_in(&access, "clerk.1", None, morning()).await.unwrap();
        let there = sign_in(&access, "clerk.1", None, later(1)).await.unwrap();
        let stranger = sign_in(&access, "clerk.2", None, later(1)).await.unwrap();
        let me = signed(&access, &here.token, later(2)).await;
        let they = signed(&access, &stranger.token, later(2)).await;
        let devices = access.my_devices(&me, later(2)).await.unwrap();
        assert_eq!(devices.len(), 2);
        assert_eq!(devices.iter().filter(|device| device.id == me.session).count(), 1, "which is this one");
        let foreign = access.end_my_device(&they, &me.session, later(2)).await;
        assert_eq!(code_of(foreign), Code::NotFound, "another's device is none");
        let other = devices.iter().find(|device| device.id != me.session).unwrap();
        access.end_my_device(&me, &other.id, later(2)).await.unwrap();
        assert!(access.authenticate(&there.token, later(2)).await.unwrap().is_none());
        access.end_my_devices(&me, later(3)).await.unwrap();
        assert!(access.authenticate(&here.token, later(3)).await.unwrap().is_none());
        assert!(access.authenticate(&stranger.token, later(3)).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn codes_of_a_day_are_limited_for_a_phone_an_address_and_in_all() {
    for_each_db(async |db| {
        let rules =
            Rules { codes_per_phone_day: 2, codes_per_address_day: 4, codes_per_day: 6, ..Rules::default() };
        let access = room(&db, rules).await;
        let phone = |n: u32| Phone::parse(&format!("1380013800{n}")).unwrap();
        let mut hour = 0;
        let mut ask = async |n: u32, address: &str| {
            hour += 1;
            access.send_code(&phone(n), address, later(hour * 61)).await
        };
        for _ in 0..2 {
            ask(1, "192.0.2.1").await.unwrap();
        }
        assert_eq!(code_of(ask(1, "192.0.2.1").await), Code::TooMany, "two a day to one phone");
        ask(2, "192.0.2.1").await.unwrap();
        assert_eq!(code_of(ask(3, "192.0.2.1").await), Code::TooMany, "four a day from one address");
        for n in 4..7 {
            ask(n, &format!("192.0.2.{n}")).await.unwrap();
        }
        assert_eq!(code_of(ask(8, "192.0.2.8").await), Code::TooMany, "six a day in all");
        let next_day = later(25 * 60 + 9 * 61);
        assert!(access.send_code(&phone(1), "192.0.2.1", next_day).await.is_ok());
    })
    .await;
}
