//! Rooms and people for the tests of accounts.

#![allow(dead_code, reason = "each test file takes what it needs")]

use access::account::NewAccount;
use access::password::Cost;
use access::session::Signed;
use access::{Access, AccessError, Limits, Principal, Rules};
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::refusal::Code;
use kernel::time::Instant;
use store::Db;
use store::seal::{Keyring, MasterKey};

pub fn morning() -> Instant {
    "2026-11-23T08:00:00+08:00".parse().unwrap()
}

pub fn later(minutes: i64) -> Instant {
    morning().plus(SignedDuration::from_mins(minutes))
}

pub async fn room(db: &Db, rules: Rules) -> Access {
    let keyring = Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap();
    let access = Access::open_at(Cost::Least, db.clone(), keyring, Limits::default(), morning()).await;
    access.unwrap().with_rules(rules)
}

pub fn new(login: &str) -> NewAccount {
    NewAccount {
        login: login.into(),
        name: "王晓明".into(),
        organisation: None,
        password: "a quiet morning".into(),
    }
}

/// Accounts with one role each, for the district 东昌府; administrators for the province.
pub async fn accounts(access: &Access, people: &[(&str, Role)]) {
    for (login, role) in people {
        access.add_account(&new(login), morning()).await.unwrap();
        let area = if role.administers() { "37" } else { "371502" };
        access.grant(login, *role, area.parse().unwrap(), None, morning()).await.unwrap();
    }
}

/// Who holds a password-proved session now.
pub async fn person(access: &Access, login: &str, now: Instant) -> Principal {
    access.sign_in(login, "a quiet morning", None, now).await.unwrap().principal
}

pub async fn signed(access: &Access, token: &str, now: Instant) -> Signed {
    access.authenticate_any(token, now).await.unwrap().unwrap()
}

pub fn code_of<T: std::fmt::Debug>(result: Result<T, AccessError>) -> Code {
    match result {
        Err(AccessError::Refused(refusal)) => refusal.code,
        other => panic!("refused expected, got {other:?}"),
    }
}
