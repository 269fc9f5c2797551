//! The legal aid centre with more people in it: a second officer, an officer who also approves, and the head.

use access::{AccountId, Grant, OrgId, Principal};
use kernel::actor::Role;
use store::{Changes, Db, sql};

use super::County;

/// The people beside those of the county.
pub struct Office {
    pub second: Principal,
    pub both: Principal,
    pub head: Principal,
}

impl Office {
    pub async fn staffed(db: &Db, county: &County) -> Self {
        let mut changes = Changes::new();
        let mut hire = |name: &str, roles: &[Role]| {
            changes.push(
                sql("INSERT INTO account (id, kind, login, name, organisation, origin, created_at) \
                     VALUES (?, 'staff', ?, ?, 'aid', 'test', ?)")
                .bind(name)
                .bind(name)
                .bind(name)
                .bind(county.register.now()),
            );
            for role in roles {
                changes.push(
                    sql("INSERT INTO account_grant (account, role, area, organisation, granted_at) VALUES (?, ?, ?, 'aid', ?)")
                        .bind(name)
                        .bind(role.as_str())
                        .bind(371_502_000_000_i64)
                        .bind(county.register.now()),
                );
            }
            let mut who = county.officer.clone();
            who.account = Some(AccountId(name.to_owned()));
            who.login = Some(name.to_owned());
            name.clone_into(&mut who.name);
            let area = who.grants[0].area;
            who.grants =
                roles.iter().map(|role| Grant::new(*role, area, Some(OrgId("aid".into())))).collect();
            who
        };
        let second = hire("officer-two", &[Role::AidOfficer]);
        let both = hire("both", &[Role::AidOfficer, Role::AidApprover]);
        let head = hire("aid-head", &[Role::AidHead]);
        db.apply("staff office", changes).await.unwrap();
        Self { second, both, head }
    }
}
