//! SQL of passwords and second factors.

use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

store::record! {
    /// A second factor.
    pub(crate) struct TotpRow {
        pub(crate) sealed: Vec<u8>,
        pub(crate) last_step: i64,
        pub(crate) confirmed_at: Option<jiff::Timestamp>,
    }
}

/// The second factor of an account, also one that was not confirmed yet.
pub(crate) async fn totp(reads: &mut impl Reads, account: &str) -> Result<Option<TotpRow>, StoreError> {
    sql("SELECT sealed, last_step, confirmed_at FROM account_totp WHERE account = ?")
        .bind(account)
        .optional(reads)
        .await
}

/// Begins setting one up; what was begun before and not confirmed is replaced, a confirmed one stays.
pub(crate) fn begin_totp(account: &str, sealed: Vec<u8>, at: Instant) -> Sql {
    sql("INSERT INTO account_totp (account, sealed, last_step, created_at) VALUES (?, ?, 0, ?)")
        .bind(account)
        .bind(sealed)
        .bind(at.timestamp())
        .then(" ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, last_step = 0,")
        .then(" created_at = excluded.created_at WHERE account_totp.confirmed_at IS NULL")
}

pub(crate) fn confirm_totp(account: &str, step: i64, at: Instant) -> Sql {
    sql("UPDATE account_totp SET confirmed_at = ?, last_step = ? WHERE account = ? AND confirmed_at IS NULL")
        .bind(at.timestamp())
        .bind(step)
        .bind(account)
}

/// Uses a step up: touches nothing when it, or a later one, was taken before.
pub(crate) fn use_step(account: &str, step: i64) -> Sql {
    sql("UPDATE account_totp SET last_step = ? WHERE account = ? AND last_step < ?")
        .bind(step)
        .bind(account)
        .bind(step)
}

pub(crate) fn remove_totp(account: &str) -> Sql {
    sql("DELETE FROM account_totp WHERE account = ?").bind(account)
}

pub(crate) fn remove_recovery(account: &str) -> Sql {
    sql("DELETE FROM recovery_code WHERE account = ?").bind(account)
}

pub(crate) fn keep_recovery(account: &str, macs: Vec<[u8; 32]>) -> Sql {
    sql("INSERT INTO recovery_code (account, code_mac) VALUES ")
        .rows(macs, |row, mac| row.bind(account).bind(mac))
}

/// Uses a recovery code up: touches nothing when there is none such.
pub(crate) fn use_recovery(account: &str, mac: &[u8; 32]) -> Sql {
    sql("DELETE FROM recovery_code WHERE account = ? AND code_mac = ?").bind(account).bind(mac)
}

pub(crate) async fn has_recovery(
    reads: &mut impl Reads,
    account: &str,
    mac: &[u8; 32],
) -> Result<bool, StoreError> {
    let found: Option<(i64,)> = sql("SELECT 1 FROM recovery_code WHERE account = ? AND code_mac = ?")
        .bind(account)
        .bind(mac)
        .optional(reads)
        .await?;
    Ok(found.is_some())
}

pub(crate) async fn recovery_left(reads: &mut impl Reads, account: &str) -> Result<i64, StoreError> {
    let (left,): (i64,) =
        sql("SELECT count(*) FROM recovery_code WHERE account = ?").bind(account).one(reads).await?;
    Ok(left)
}

/// Gives an account a data key of its own where it has none: what is known of staff was not sealed so far.
pub(crate) fn give_key(account: &str, wrapped: &[u8]) -> Sql {
    sql("UPDATE account SET wrapped_key = ? WHERE id = ? AND wrapped_key IS NULL").bind(wrapped).bind(account)
}

pub(crate) async fn key_of(reads: &mut impl Reads, account: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<(Option<Vec<u8>>,)> =
        sql("SELECT wrapped_key FROM account WHERE id = ?").bind(account).optional(reads).await?;
    Ok(row.and_then(|(key,)| key))
}

/// Hashes of earlier passwords, the newest first.
pub(crate) async fn past(
    reads: &mut impl Reads,
    account: &str,
    most: u32,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> =
        sql("SELECT hash FROM password_past WHERE account = ? ORDER BY set_at DESC LIMIT ?")
            .bind(account)
            .bind(most)
            .all(reads)
            .await?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// Keeps the hash that is replaced.
pub(crate) fn keep_past(account: &str, hash: &str, at: Instant) -> Sql {
    sql("INSERT INTO password_past (account, set_at, hash) VALUES (?, ?, ?)")
        .bind(account)
        .bind(at.timestamp())
        .bind(hash)
        .then(" ON CONFLICT (account, set_at) DO UPDATE SET hash = excluded.hash")
}

/// Forgets all but the newest.
pub(crate) fn prune_past(account: &str, most: u32) -> Sql {
    sql("DELETE FROM password_past WHERE account = ? AND set_at NOT IN (SELECT set_at FROM password_past")
        .bind(account)
        .then(" WHERE account = ? ORDER BY set_at DESC LIMIT ?)")
        .bind(account)
        .bind(most)
}

pub(crate) fn set_password(account: &str, hash: &str, must_change: bool, at: Instant) -> Sql {
    sql("UPDATE account SET password = ?, password_at = ?, must_change = ? WHERE id = ?")
        .bind(hash)
        .bind(at.timestamp())
        .bind(must_change)
        .bind(account)
}
