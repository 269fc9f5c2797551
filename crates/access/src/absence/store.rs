//! SQL of absences.

use jiff::civil::Date;
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use super::model::{Absence, Away, Standin};
use crate::account::store::grants;

store::record! {
    #[derive(Debug)]
    struct Row {
        id: String,
        account: String,
        name: Option<String>,
        last_day: Date,
        substitute: Option<String>,
        login: Option<String>,
        substitute_name: Option<String>,
    }
}

/// Those of these accounts who are away on a day, with who stands in. One statement when nobody is.
pub async fn away(reads: &mut impl Reads, day: Date, accounts: &[String]) -> Result<Vec<Away>, StoreError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    // Whoever stands in and is away too stands in for nobody: the work goes on to the pool.
    let rows: Vec<Row> = sql("SELECT a.id, a.account, o.name, a.last_day, s.id AS substitute, s.login, s.name AS substitute_name")
        .then(" FROM absence a LEFT JOIN account o ON o.id = a.account")
        .then(" LEFT JOIN account s ON s.id = a.substitute AND s.disabled_at IS NULL AND NOT EXISTS")
        .then(" (SELECT 1 FROM absence b WHERE b.account = a.substitute AND b.ended_at IS NULL AND b.first_day <= ? AND b.last_day >= ?)")
        .bind(day)
        .bind(day)
        .then(" WHERE a.ended_at IS NULL AND a.first_day <= ? AND a.last_day >= ?")
        .bind(day)
        .bind(day)
        .list(" AND a.account IN (", accounts, ")")
        .then(" ORDER BY a.account")
        .all(reads)
        .await?;
    let mut away = Vec::with_capacity(rows.len());
    for row in rows {
        let standin = match (row.substitute, row.login) {
            (Some(account), Some(login)) => Some(Standin {
                grants: grants(reads, &account).await?,
                name: row.substitute_name.unwrap_or_else(|| login.clone()),
                account,
                login,
            }),
            _ => None,
        };
        away.push(Away {
            account: row.account,
            name: row.name.unwrap_or_default(),
            absence: row.id,
            until: row.last_day,
            standin,
        });
    }
    Ok(away)
}

/// Accounts of everybody who is away on a day.
pub async fn away_on(reads: &mut impl Reads, day: Date) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = sql("SELECT DISTINCT account FROM absence")
        .then(" WHERE ended_at IS NULL AND first_day <= ? AND last_day >= ? ORDER BY account")
        .bind(day)
        .bind(day)
        .all(reads)
        .await?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

/// Whether somebody who is there on this day may do the work of a role for a body, or in an area around a place.
pub async fn anybody(
    reads: &mut impl Reads,
    role: Role,
    office: Option<&str>,
    area: AreaCode,
    day: Date,
) -> Result<bool, StoreError> {
    let around: Vec<i64> = area.upwards().map(AreaCode::as_i64).collect();
    let found: Option<(i64,)> =
        sql("SELECT CAST(1 AS BIGINT) AS one FROM account_grant g JOIN account c ON c.id = g.account")
            .then(" WHERE g.role = ? AND c.kind = 'staff' AND c.disabled_at IS NULL")
            .bind(role.as_str())
            .then(" AND (g.organisation = ? OR (g.organisation = ''")
            .bind(office.unwrap_or("-"))
            .list(" AND g.area IN (", around, ")))")
            .then(
                " AND NOT EXISTS (SELECT 1 FROM absence b WHERE b.account = g.account AND b.ended_at IS NULL",
            )
            .then(" AND b.first_day <= ? AND b.last_day >= ?) LIMIT 1")
            .bind(day)
            .bind(day)
            .optional(reads)
            .await?;
    Ok(found.is_some())
}

const COLUMNS: &str = "SELECT a.id, a.account, o.login, o.name, a.first_day, a.last_day, a.kind, s.login AS substitute_login, \
     s.name AS substitute_name, a.ended_at FROM absence a JOIN account o ON o.id = a.account \
     LEFT JOIN account s ON s.id = a.substitute WHERE ";

pub(super) async fn one(reads: &mut impl Reads, id: &str) -> Result<Option<Absence>, StoreError> {
    sql(COLUMNS).then("a.id = ?").bind(id).optional(reads).await
}

/// Absences of these accounts, and those they stand in for, that end on this day or later; the next first.
pub(super) async fn of(
    reads: &mut impl Reads,
    accounts: &[String],
    since: Date,
) -> Result<Vec<Absence>, StoreError> {
    sql(COLUMNS)
        .then("a.last_day >= ?")
        .bind(since)
        .list(" AND (a.account IN (", accounts, ")")
        .list(" OR a.substitute IN (", accounts, "))")
        .then(" ORDER BY a.first_day, a.id LIMIT 200")
        .all(reads)
        .await
}

/// Whether somebody is away on any of these days.
pub(super) async fn away_between(
    reads: &mut impl Reads,
    account: &str,
    from: Date,
    to: Date,
) -> Result<bool, StoreError> {
    let found: Option<(String,)> = sql("SELECT id FROM absence WHERE account = ? AND ended_at IS NULL")
        .bind(account)
        .then(" AND first_day <= ? AND last_day >= ? LIMIT 1")
        .bind(to)
        .bind(from)
        .optional(reads)
        .await?;
    Ok(found.is_some())
}

/// Staff accounts of these bodies, and of grants within these areas.
pub(super) async fn people_of(
    reads: &mut impl Reads,
    offices: &[String],
    ranges: &[(i64, i64)],
) -> Result<Vec<(String, Option<String>, Option<String>)>, StoreError> {
    let mut statement =
        sql("SELECT DISTINCT c.id, c.login, c.name FROM account_grant g JOIN account c ON c.id = g.account")
            .then(" WHERE c.kind = 'staff' AND c.disabled_at IS NULL")
            .list(" AND (g.organisation IN (", offices, ")");
    for (low, high) in ranges {
        statement = statement.then(" OR g.area BETWEEN ? AND ?").bind(*low).bind(*high);
    }
    statement.then(") ORDER BY c.login LIMIT 1000").all(reads).await
}

pub(super) struct Insert<'a> {
    pub id: &'a str,
    pub account: &'a str,
    pub first_day: Date,
    pub last_day: Date,
    pub kind: &'static str,
    pub substitute: Option<&'a str>,
    pub entered_by: &'a str,
    pub at: Instant,
}

pub(super) fn insert(new: &Insert<'_>) -> Sql {
    sql("INSERT INTO absence (id, account, first_day, last_day, kind, substitute, entered_by, entered_at)")
        .then(" VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(new.id)
        .bind(new.account)
        .bind(new.first_day)
        .bind(new.last_day)
        .bind(new.kind)
        .bind(new.substitute)
        .bind(new.entered_by)
        .bind(new.at)
}

pub(super) fn end(id: &str, at: Instant) -> Sql {
    sql("UPDATE absence SET ended_at = ? WHERE id = ? AND ended_at IS NULL").bind(at).bind(id)
}
