//! SQL of work that went from one person to another.

use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Json, Reads, Sql, StoreError, sql};

use crate::engine::cover::{Handed, Was};

store::record! {
    /// One row of `handed_on`.
    #[derive(Debug, Clone)]
    pub struct HandedRow {
        /// Matter.
        pub number: MatterNumber,
        /// The event that did it.
        pub seq: i64,
        /// Who had it.
        pub account: String,
        /// `absence:ID` or `order:ID`.
        pub cause: String,
        /// Who got it.
        pub receiver: Option<String>,
        /// What lay with them.
        pub was: Json<Was>,
        /// When.
        pub at: Instant,
        /// Whether it was put back.
        pub undone: bool,
    }
}

/// Remembers what went on.
pub fn insert_handed(number: MatterNumber, seq: i64, cause: &str, handed: &Handed, at: Instant) -> Sql {
    sql("INSERT INTO handed_on (number, seq, account, cause, receiver, was, at, undone) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(number)
        .bind(seq)
        .bind(&handed.from.account)
        .bind(cause)
        .bind(handed.to.as_ref().map(|to| to.account.clone()))
        .bind(Json(&handed.was))
        .bind(at)
        .bind(false)
}

/// Lets who was away go on seeing a matter for a while, whatever their role sees otherwise.
pub fn sight_until(number: MatterNumber, account: &str, until: Instant) -> Sql {
    sql("INSERT INTO access (number, principal, reason, until) VALUES (?, ?, 'stood-in', ?) \
         ON CONFLICT (number, principal, reason) DO UPDATE SET until = excluded.until")
    .bind(number)
    .bind(account)
    .bind(until)
}

/// What went on from somebody since a moment, the last first.
pub async fn handed_from(
    reads: &mut impl Reads,
    account: &str,
    since: Instant,
    limit: i64,
) -> Result<Vec<HandedRow>, StoreError> {
    sql("SELECT number, seq, account, cause, receiver, was, at, undone FROM handed_on")
        .then(" WHERE account = ? AND at >= ? ORDER BY at DESC, number LIMIT ?")
        .bind(account)
        .bind(since)
        .bind(limit)
        .all(reads)
        .await
}

/// What an order or an absence moved.
pub async fn handed_by(reads: &mut impl Reads, cause: &str) -> Result<Vec<HandedRow>, StoreError> {
    sql("SELECT number, seq, account, cause, receiver, was, at, undone FROM handed_on")
        .then(" WHERE cause = ? ORDER BY number")
        .bind(cause)
        .all(reads)
        .await
}

/// Marks a row as put back.
pub fn mark_undone(number: MatterNumber, seq: i64, account: &str) -> Sql {
    sql("UPDATE handed_on SET undone = ? WHERE number = ? AND seq = ? AND account = ?")
        .bind(true)
        .bind(number)
        .bind(seq)
        .bind(account)
}

/// Open matters with a task of one of these people, or owned by one of them, after a number.
pub async fn work_of(
    reads: &mut impl Reads,
    accounts: &[String],
    after: Option<MatterNumber>,
    limit: i64,
) -> Result<Vec<MatterNumber>, StoreError> {
    let after = after.map_or(0, MatterNumber::as_i64);
    let rows: Vec<(MatterNumber,)> = sql("SELECT number FROM (SELECT number FROM open_task WHERE number > ?")
        .bind(after)
        .list(" AND assignee IN (", accounts, ")")
        .then(" UNION SELECT number FROM open_task WHERE number > ?")
        .bind(after)
        .list(" AND owner_account IN (", accounts, ")")
        .then(") AS work ORDER BY number LIMIT ?")
        .bind(limit)
        .all(reads)
        .await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// Writes an order down; a second one with the same id is a duplicate.
pub fn insert_order(id: &str, by: &str, digest: &[u8], at: Instant) -> Sql {
    sql("INSERT INTO reassignment (id, by_account, digest, at) VALUES (?, ?, ?, ?)")
        .bind(id)
        .bind(by)
        .bind(digest.to_vec())
        .bind(at)
}

/// An order: who gave it, the digest of what was asked, when.
pub async fn order(
    reads: &mut impl Reads,
    id: &str,
) -> Result<Option<(String, Vec<u8>, Instant)>, StoreError> {
    sql("SELECT by_account, digest, at FROM reassignment WHERE id = ?").bind(id).optional(reads).await
}

/// Most matters that are looked at for one order; an order says how many it left.
const LOOKED_AT: i64 = 5_000;

/// Open matters with a task of this person, or owned by them, of an item and a division if asked.
pub async fn work_like(
    reads: &mut impl Reads,
    account: &str,
    item: Option<&str>,
    area: Option<AreaCode>,
) -> Result<Vec<MatterNumber>, StoreError> {
    let narrow = |statement: Sql| {
        let statement = statement.when(" AND item = ?", item);
        match area.map(AreaCode::range) {
            Some((low, high)) => statement.then(" AND area BETWEEN ? AND ?").bind(low).bind(high),
            None => statement,
        }
    };
    let assigned =
        narrow(sql("SELECT number FROM (SELECT number FROM open_task WHERE assignee = ?").bind(account));
    let owned =
        narrow(assigned.then(" UNION SELECT number FROM open_task WHERE owner_account = ?").bind(account));
    let rows: Vec<(MatterNumber,)> =
        owned.then(") AS work ORDER BY number LIMIT ?").bind(LOOKED_AT).all(reads).await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}
