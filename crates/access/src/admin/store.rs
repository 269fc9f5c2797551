//! SQL of what administrators see and change.

use std::collections::HashMap;

use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use super::model::Wanted;

store::record! {
    /// An account as administrators see it.
    #[derive(Debug, Clone)]
    pub(crate) struct Kept {
        pub(crate) id: String,
        pub(crate) login: String,
        pub(crate) name: Option<String>,
        pub(crate) organisation: Option<String>,
        pub(crate) disabled_at: Option<jiff::Timestamp>,
        pub(crate) must_change: bool,
        pub(crate) confirmed_at: Option<jiff::Timestamp>,
    }
}

const COLUMNS: &str = "SELECT account.id, account.login, account.name, account.organisation, account.disabled_at, account.must_change, account_totp.confirmed_at FROM account LEFT JOIN account_totp ON account_totp.account = account.id WHERE account.kind = 'staff' AND account.login IS NOT NULL";

/// Accounts of bodies within these ranges; an account without a body belongs where all its roles do.
fn within(mut statement: Sql, ranges: Option<&[(i64, i64)]>) -> Sql {
    let Some(ranges) = ranges else { return statement };
    statement = statement.then(" AND (account.organisation IN (SELECT id FROM organisation WHERE 1 = 0");
    for (low, high) in ranges {
        statement = statement.then(" OR area BETWEEN ? AND ?").bind(*low).bind(*high);
    }
    statement = statement.then(
        ") OR (account.organisation IS NULL AND NOT EXISTS (SELECT 1 FROM account_grant WHERE account_grant.account = account.id AND NOT (1 = 0",
    );
    for (low, high) in ranges {
        statement = statement.then(" OR account_grant.area BETWEEN ? AND ?").bind(*low).bind(*high);
    }
    statement.then("))))")
}

fn narrowed(head: Sql, wanted: &Wanted) -> Sql {
    let mut statement = head.when(" AND account.organisation = ?", wanted.organisation.clone());
    if let Some(text) = wanted.q.as_deref() {
        let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{escaped}%");
        statement = statement
            .then(" AND (lower(account.login) LIKE ? ESCAPE '!' OR lower(account.name) LIKE ? ESCAPE '!')")
            .bind(pattern.clone())
            .bind(pattern);
    }
    statement
}

pub(crate) async fn page(
    reads: &mut impl Reads,
    wanted: &Wanted,
    ranges: Option<&[(i64, i64)]>,
) -> Result<(Vec<Kept>, i64), StoreError> {
    let head = sql("SELECT count(*) FROM account WHERE account.kind = 'staff' AND account.login IS NOT NULL");
    let (total,): (i64,) = narrowed(within(head, ranges), wanted).one(reads).await?;
    let rows = narrowed(within(sql(COLUMNS), ranges), wanted)
        .when(" AND account.login > ?", wanted.after.clone())
        .then(" ORDER BY account.login LIMIT ?")
        .bind(wanted.limit + 1)
        .all(reads)
        .await?;
    Ok((rows, total))
}

pub(crate) async fn one(
    reads: &mut impl Reads,
    login: &str,
    ranges: Option<&[(i64, i64)]>,
) -> Result<Option<Kept>, StoreError> {
    within(sql(COLUMNS).then(" AND account.login = ?").bind(login), ranges).optional(reads).await
}

/// Roles of several accounts, in order.
pub(crate) async fn roles(
    reads: &mut impl Reads,
    accounts: Vec<String>,
) -> Result<Vec<(String, String, i64, String)>, StoreError> {
    sql("SELECT account, role, area, organisation FROM account_grant WHERE")
        .list(" account IN (", accounts, ")")
        .then(" ORDER BY account, role, area, organisation")
        .all(reads)
        .await
}

/// Failed tries in a row of these subjects, and when the last was.
pub(crate) async fn failures(
    reads: &mut impl Reads,
    bucket: &str,
    subjects: Vec<[u8; 32]>,
) -> Result<HashMap<[u8; 32], (i64, Instant)>, StoreError> {
    let rows: Vec<([u8; 32], i64, jiff::Timestamp)> =
        sql("SELECT subject, hits, window_start FROM throttle WHERE bucket = ?")
            .bind(bucket)
            .list(" AND subject IN (", subjects, ")")
            .all(reads)
            .await?;
    Ok(rows.into_iter().map(|(subject, hits, at)| (subject, (hits, Instant::new(at)))).collect())
}

pub(crate) fn close(account: &str, at: Instant) -> Sql {
    sql("UPDATE account SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL")
        .bind(at.timestamp())
        .bind(account)
}

pub(crate) fn reopen(account: &str) -> Sql {
    sql("UPDATE account SET disabled_at = NULL WHERE id = ? AND disabled_at IS NOT NULL").bind(account)
}

pub(crate) fn move_to(account: &str, organisation: Option<&str>) -> Sql {
    sql("UPDATE account SET organisation = ? WHERE id = ?").bind(organisation).bind(account)
}

pub(crate) fn revoke(account: &str, role: &str, area: i64, organisation: &str) -> Sql {
    sql("DELETE FROM account_grant WHERE account = ? AND role = ? AND area = ? AND organisation = ?")
        .bind(account)
        .bind(role)
        .bind(area)
        .bind(organisation)
}
