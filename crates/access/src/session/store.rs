//! SQL of sessions.

use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use super::model::Device;
use crate::principal::{Kind, Principal};

store::record! {
    pub(crate) struct SessionRow {
        pub(crate) id: String,
        pub(crate) must: Option<String>,
        pub(crate) principal: Vec<u8>,
        pub(crate) created_at: jiff::Timestamp,
        pub(crate) seen_at: jiff::Timestamp,
        pub(crate) expires_at: jiff::Timestamp,
    }
}

pub(crate) async fn find(
    reads: &mut impl Reads,
    token_hash: &[u8; 32],
) -> Result<Option<SessionRow>, StoreError> {
    sql("SELECT id, must, principal, created_at, seen_at, expires_at FROM session WHERE token_hash = ?")
        .bind(token_hash)
        .optional(reads)
        .await
}

pub(crate) fn insert(
    token_hash: &[u8; 32],
    principal: &Principal,
    sealed: Vec<u8>,
    agent: Option<&str>,
    must: Option<&str>,
    at: Instant,
    expires: Instant,
) -> Sql {
    let number = match principal.kind {
        Kind::Guest(number) => Some(number.as_i64()),
        _ => None,
    };
    sql("INSERT INTO session (token_hash, id, kind, account, number, principal, agent, must, created_at,")
        .then(" seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(token_hash)
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(principal.kind.as_str())
        .bind(principal.account.as_ref().map(|account| account.0.clone()))
        .bind(number)
        .bind(sealed)
        .bind(agent)
        .bind(must)
        .bind(at.timestamp())
        .bind(at.timestamp())
        .bind(expires.timestamp())
}

pub(crate) fn touch(token_hash: &[u8; 32], seen: Instant, expires: Instant) -> Sql {
    sql("UPDATE session SET seen_at = ?, expires_at = ? WHERE token_hash = ?")
        .bind(seen.timestamp())
        .bind(expires.timestamp())
        .bind(token_hash)
}

pub(crate) fn end(token_hash: &[u8; 32]) -> Sql {
    sql("DELETE FROM session WHERE token_hash = ?").bind(token_hash)
}

pub(crate) fn end_of_account(account: &str) -> Sql {
    sql("DELETE FROM session WHERE account = ?").bind(account)
}

pub(crate) fn end_device(account: &str, id: &str) -> Sql {
    sql("DELETE FROM session WHERE account = ? AND id = ?").bind(account).bind(id)
}

/// Ends all sessions of an account but one.
pub(crate) fn end_others(account: &str, kept: &str) -> Sql {
    sql("DELETE FROM session WHERE account = ? AND id <> ?").bind(account).bind(kept)
}

/// What must be done first, from now on.
pub(crate) fn set_must(id: &str, must: Option<&str>) -> Sql {
    sql("UPDATE session SET must = ? WHERE id = ?").bind(must).bind(id)
}

/// Ends all guest sessions of a matter: its query code was issued anew.
pub fn end_of_matter(number: MatterNumber) -> Sql {
    sql("DELETE FROM session WHERE number = ?").bind(number.as_i64())
}

pub(crate) fn end_expired(now: Instant) -> Sql {
    sql("DELETE FROM session WHERE expires_at <= ?").bind(now.timestamp())
}

pub(crate) async fn devices(
    reads: &mut impl Reads,
    account: &str,
    now: Instant,
) -> Result<Vec<Device>, StoreError> {
    let rows: Vec<(String, Option<String>, jiff::Timestamp, jiff::Timestamp, jiff::Timestamp)> =
        sql("SELECT id, agent, created_at, seen_at, expires_at FROM session")
            .then(" WHERE account = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC LIMIT 100")
            .bind(account)
            .bind(now.timestamp())
            .all(reads)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, created, seen, expires)| Device {
            id,
            agent,
            created_at: Instant::new(created),
            seen_at: Instant::new(seen),
            expires_at: Instant::new(expires),
        })
        .collect())
}
