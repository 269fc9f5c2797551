//! Links in messages. An address holds a random token and nothing else; only its hash is kept.
//!
//! Opening the address changes nothing and reads nothing: scanners and previews open every address they see.
//! What it is for happens when somebody taps the button of the page (`POST`). A link to a matter opens nothing
//! by itself: the page then asks for the query code as usual.

use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use store::{Changes, Reads, Sql, StoreError, sql};

use crate::room::Notices;

/// How long a link to a matter leads there.
const MATTER: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a mail address may be proved.
const PROOF: SignedDuration = SignedDuration::from_hours(24);

/// What a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// It leads to a matter.
    Matter(MatterNumber),
    /// It proves the mail address of an account.
    Proof(String),
}

/// 128 random bits in 22 letters that stand in an address as they are.
pub(crate) fn token() -> Result<String, StoreError> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [0_u8; 22];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Seal(format!("no randomness: {error}")))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 63)])).collect())
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn insert(
    token: &str,
    number: Option<MatterNumber>,
    account: Option<&str>,
    now: Instant,
    life: SignedDuration,
) -> Sql {
    sql("INSERT INTO notice_link (hash, number, account, made_at, expires_at) VALUES (?, ?, ?, ?, ?)")
        .bind(hash(token))
        .bind(number)
        .bind(account)
        .bind(now)
        .bind(now.plus(life))
}

/// A link to a matter.
pub(crate) fn to_matter(token: &str, number: MatterNumber, now: Instant) -> Sql {
    insert(token, Some(number), None, now, MATTER)
}

/// A link that proves an address.
pub(crate) fn to_proof(token: &str, account: &str, now: Instant) -> Sql {
    insert(token, None, Some(account), now, PROOF)
}

/// Removes what has run out.
pub(crate) fn forget(now: Instant) -> Sql {
    sql("DELETE FROM notice_link WHERE expires_at <= ?").bind(now)
}

async fn find(reads: &mut impl Reads, token: &str, now: Instant) -> Result<Option<Aim>, StoreError> {
    let row: Option<(Option<MatterNumber>, Option<String>)> =
        sql("SELECT number, account FROM notice_link WHERE hash = ? AND expires_at > ?")
            .bind(hash(token))
            .bind(now)
            .optional(reads)
            .await?;
    Ok(row.and_then(|(number, account)| match (number, account) {
        (Some(number), _) => Some(Aim::Matter(number)),
        (None, Some(account)) => Some(Aim::Proof(account)),
        (None, None) => None,
    }))
}

impl Notices {
    /// Somebody tapped: what the link is for, done. None when there is no such link, or not any more. The proof
    /// of an address holds once; the way to a matter stays open until it ends.
    pub async fn follow_link(&self, token: &str) -> Result<Option<Aim>, StoreError> {
        let now = self.now();
        let Some(aim) = find(&mut self.db().reader().await?, token, now).await? else { return Ok(None) };
        let Aim::Proof(account) = &aim else { return Ok(Some(aim)) };
        let mut changes = Changes::new();
        changes.expect_one(
            sql("DELETE FROM notice_link WHERE hash = ? AND account = ?").bind(hash(token)).bind(account),
            "notice link",
        );
        changes.push(
            sql("UPDATE notice_contact SET confirmed_at = ? WHERE account = ? AND confirmed_at IS NULL")
                .bind(now)
                .bind(account),
        );
        match self.db().apply("prove mail address", changes).await {
            Ok(()) => Ok(Some(aim)),
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes links that have run out. For the timer.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        changes.push(forget(self.now()));
        self.db().apply("sweep links", changes).await
    }

    /// The address of a link outside.
    pub(crate) fn address_of(&self, token: &str) -> Option<String> {
        self.settings().public_url.as_ref().map(|site| format!("{site}/n/{token}"))
    }
}
