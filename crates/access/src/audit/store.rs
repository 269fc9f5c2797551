//! SQL of the record. Rows are inserted, read and, after their time, deleted.

use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use super::model::{Asked, Entry, coarse};

/// Rows counted at most.
const COUNTED: i64 = 10_000;

store::record! {
    pub(crate) struct AuditRow {
        pub(crate) id: String,
        pub(crate) at: jiff::Timestamp,
        pub(crate) actor: Option<String>,
        pub(crate) act: String,
        pub(crate) subject: Option<String>,
        pub(crate) result: String,
        pub(crate) origin: Option<String>,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

pub(crate) fn insert(id: &str, entry: &Entry<'_>, sealed: Option<Vec<u8>>, at: Instant) -> Sql {
    sql("INSERT INTO audit (id, at, actor, act, subject, result, origin, sealed)")
        .then(" VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(at.timestamp())
        .bind(entry.actor)
        .bind(entry.act.as_str())
        .bind(entry.subject)
        .bind(entry.result.as_str())
        .bind(coarse(entry.address))
        .bind(sealed)
}

pub(crate) fn remove_before(at: Instant) -> Sql {
    sql("DELETE FROM audit WHERE at <= ?").bind(at.timestamp())
}

/// `account` is the id of the login asked for.
fn narrowed(head: Sql, asked: &Asked, account: Option<&str>) -> Sql {
    let statement = head
        .when(" AND act = ?", asked.act.map(super::model::Act::as_str))
        .when(" AND at >= ?", asked.from.map(Instant::timestamp))
        .when(" AND at < ?", asked.until.map(Instant::timestamp));
    match account {
        Some(account) => statement.then(" AND (actor = ? OR subject = ?)").bind(account).bind(account),
        None => statement,
    }
}

pub(crate) async fn page(
    reads: &mut impl Reads,
    asked: &Asked,
    account: Option<&str>,
    after: Option<(jiff::Timestamp, String)>,
) -> Result<Vec<AuditRow>, StoreError> {
    let head = sql("SELECT id, at, actor, act, subject, result, origin, sealed FROM audit WHERE 1 = 1");
    let mut statement = narrowed(head, asked, account);
    if let Some((at, id)) = after {
        statement = statement.then(" AND (at, id) < (?, ?)").bind(at).bind(id);
    }
    statement.then(" ORDER BY at DESC, id DESC LIMIT ?").bind(asked.limit + 1).all(reads).await
}

pub(crate) async fn count(
    reads: &mut impl Reads,
    asked: &Asked,
    account: Option<&str>,
) -> Result<i64, StoreError> {
    let head = sql("SELECT count(*) FROM (SELECT 1 AS one FROM audit WHERE 1 = 1");
    let (count,): (i64,) =
        narrowed(head, asked, account).then(" LIMIT ?) AS counted").bind(COUNTED).one(reads).await?;
    Ok(count)
}

/// Logins of accounts, by id; accounts without one (citizens) are left out.
pub(crate) async fn logins(
    reads: &mut impl Reads,
    ids: Vec<String>,
) -> Result<Vec<(String, String)>, StoreError> {
    sql("SELECT id, login FROM account WHERE login IS NOT NULL")
        .list(" AND id IN (", ids, ")")
        .all(reads)
        .await
}
