//! SQL of links, sign-ins under way, and sessions that hang on the provider's.

use kernel::time::Instant;
use store::{Db, Reads, Sql, StoreError, sql};

use super::model::Side;

/// A new link between a person of a provider and an account.
pub(super) struct Link<'a> {
    pub(super) subject: [u8; 32],
    pub(super) side: Side,
    pub(super) issuer: &'a str,
    pub(super) account: &'a str,
    pub(super) sealed: Vec<u8>,
    pub(super) at: Instant,
}

pub(super) async fn linked(
    reads: &mut impl Reads,
    subject: &[u8; 32],
    side: Side,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = sql("SELECT account FROM oidc_link WHERE subject_mac = ? AND side = ?")
        .bind(subject)
        .bind(side.as_str())
        .optional(reads)
        .await?;
    Ok(row.map(|(account,)| account))
}

pub(super) fn link(new: Link<'_>) -> Sql {
    sql("INSERT INTO oidc_link (subject_mac, side, issuer, account, sealed, linked_at)")
        .then(" VALUES (?, ?, ?, ?, ?, ?)")
        .bind(new.subject)
        .bind(new.side.as_str())
        .bind(new.issuer)
        .bind(new.account)
        .bind(new.sealed)
        .bind(new.at.timestamp())
}

/// What a row of `oidc_flow` is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Enter,
    Leave,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Leave => "leave",
        }
    }
}

pub(super) fn begin(name: &[u8; 32], side: Side, purpose: Purpose, sealed: Vec<u8>, until: Instant) -> Sql {
    sql("INSERT INTO oidc_flow (name_hash, side, purpose, sealed, expires_at) VALUES (?, ?, ?, ?, ?)")
        .bind(name)
        .bind(side.as_str())
        .bind(purpose.as_str())
        .bind(sealed)
        .bind(until.timestamp())
}

/// Takes a row away; of two who try, one gets it.
pub(super) async fn take(
    db: &Db,
    name: [u8; 32],
    side: Side,
    purpose: Purpose,
    now: Instant,
) -> Result<Option<Vec<u8>>, StoreError> {
    db.write("take sign-in", move |tx| {
        Box::pin(async move {
            let row: Option<(Vec<u8>, jiff::Timestamp)> = sql("DELETE FROM oidc_flow WHERE name_hash = ?")
                .then(" AND side = ? AND purpose = ? RETURNING sealed, expires_at")
                .bind(name)
                .bind(side.as_str())
                .bind(purpose.as_str())
                .optional(tx)
                .await?;
            Ok(row.filter(|(_, until)| Instant::new(*until) > now).map(|(sealed, _)| sealed))
        })
    })
    .await
}

pub(super) fn hang(
    token: &[u8; 32],
    side: Side,
    subject: &[u8; 32],
    sid: Option<[u8; 32]>,
    sealed: Vec<u8>,
) -> Sql {
    sql("INSERT INTO oidc_session (token_hash, side, subject_mac, sid_mac, sealed) VALUES (?, ?, ?, ?, ?)")
        .bind(token)
        .bind(side.as_str())
        .bind(subject)
        .bind(sid)
        .bind(sealed)
}

pub(super) async fn hanging(
    reads: &mut impl Reads,
    token: &[u8; 32],
    side: Side,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<(Vec<u8>,)> = sql("SELECT sealed FROM oidc_session WHERE token_hash = ? AND side = ?")
        .bind(token)
        .bind(side.as_str())
        .optional(reads)
        .await?;
    Ok(row.map(|(sealed,)| sealed))
}

pub(super) fn unhang(token: &[u8; 32]) -> Sql {
    sql("DELETE FROM oidc_session WHERE token_hash = ?").bind(token)
}

/// Ends our sessions that hang on one session of the provider, or on all of a person, once for each token name.
/// `false` when the name was taken before.
pub(super) async fn end(
    db: &Db,
    side: Side,
    subject: Option<[u8; 32]>,
    sid: Option<[u8; 32]>,
    jti: [u8; 32],
    remember: Instant,
) -> Result<bool, StoreError> {
    db.write("end sessions of the provider", move |tx| {
        Box::pin(async move {
            let fresh: Option<(jiff::Timestamp,)> =
                sql("INSERT INTO oidc_logout (jti_mac, expires_at) VALUES (?, ?)")
                    .bind(jti)
                    .bind(remember.timestamp())
                    .then(" ON CONFLICT (jti_mac) DO NOTHING RETURNING expires_at")
                    .optional(tx)
                    .await?;
            if fresh.is_none() {
                return Ok(false);
            }
            let which = |head: &'static str| {
                // One session where the token names one; its person must fit too when the token says who.
                sql(head)
                    .bind(side.as_str())
                    .when(" AND sid_mac = ?", sid)
                    .when(" AND subject_mac = ?", subject)
            };
            which(
                "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM oidc_session WHERE side = ?",
            )
            .then(")")
            .execute(tx)
            .await?;
            which("DELETE FROM oidc_session WHERE side = ?").execute(tx).await?;
            Ok(true)
        })
    })
    .await
}

/// What has run out, and what hangs on sessions that are gone.
pub(crate) fn sweep(now: Instant) -> [Sql; 3] {
    [
        sql("DELETE FROM oidc_flow WHERE expires_at <= ?").bind(now.timestamp()),
        sql("DELETE FROM oidc_logout WHERE expires_at <= ?").bind(now.timestamp()),
        sql("DELETE FROM oidc_session WHERE NOT EXISTS")
            .then(" (SELECT 1 FROM session WHERE session.token_hash = oidc_session.token_hash)"),
    ]
}

/// What ties an account to a provider, for deleting it: before its sessions and the account itself.
pub(crate) fn forget(account: &str) -> [Sql; 2] {
    [
        sql(
            "DELETE FROM oidc_session WHERE token_hash IN (SELECT token_hash FROM session WHERE account = ?)",
        )
        .bind(account),
        sql("DELETE FROM oidc_link WHERE account = ?").bind(account),
    ]
}
