//! Keys that sign heads of the log. One pair at a time, a key of each suite; those before stay published.

use ::store::seal::Keyring;
use ::store::{Changes, Db, Reads, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::store::{self, KeyRow};
use crate::note::{SigningKey, Suite, VerifierKey};

/// A published key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicKey {
    /// `name+id+base64`.
    pub key: String,
    /// `ed25519` or `sm2-sm3`.
    pub suite: &'static str,
    /// When it was made.
    pub made_at: Timestamp,
    /// When a new one took over; what it signed before stays good.
    pub retired_at: Option<Timestamp>,
}

/// All public keys, the oldest first.
pub async fn published(reads: &mut impl Reads) -> Result<Vec<PublicKey>, StoreError> {
    let rows = store::keys(reads).await?;
    rows.iter()
        .map(|row| {
            let (key, suite) = (verifier(row)?.to_string(), row.suite.as_str());
            Ok(PublicKey { key, suite, made_at: row.made_at, retired_at: row.retired_at })
        })
        .collect()
}

/// All public keys as verifiers.
pub async fn verifiers(reads: &mut impl Reads) -> Result<Vec<VerifierKey>, StoreError> {
    store::keys(reads).await?.iter().map(verifier).collect()
}

fn verifier(row: &KeyRow) -> Result<VerifierKey, StoreError> {
    VerifierKey::new(&row.origin, row.suite, &row.public).map_err(|fault| StoreError::column("public", fault))
}

/// The keys that sign now, the newest first: after a change the old ones once more beside the new.
pub(super) fn signing(rows: &[KeyRow], keyring: &Keyring) -> Result<Vec<SigningKey>, StoreError> {
    let mut keys = Vec::new();
    for row in rows.iter().rev() {
        let (Some(wrapped), Some(sealed)) = (&row.data_key, &row.sealed) else { continue };
        let secret = Zeroizing::new(keyring.unwrap(wrapped)?.open(&place(row.id), sealed)?);
        let secret: Option<&[u8; 32]> = secret[..].try_into().ok();
        let key = secret.and_then(|secret| SigningKey::from_secret(&row.origin, row.suite, secret).ok());
        let key = key.filter(|key| key.verifier().public == row.public);
        keys.push(
            key.ok_or_else(|| StoreError::Seal(format!("key {} of the log is not what it says", row.id)))?,
        );
    }
    keys.sort_by_key(|key| key.verifier().suite != Suite::Ed25519);
    Ok(keys)
}

/// The keys of the log, made when there are none. `origin` is used for the first ones; later the log keeps its name.
pub(super) async fn load_or_make(
    db: &Db,
    keyring: &Keyring,
    origin: Option<&str>,
    now: Timestamp,
) -> Result<Vec<KeyRow>, StoreError> {
    let rows = store::keys(&mut db.reader().await?).await?;
    if !rows.is_empty() {
        return Ok(rows);
    }
    let mut changes = Changes::new();
    let origin = origin.map_or_else(invented, |origin| Ok(origin.to_owned()))?;
    for key in pair(keyring, &origin, 1, now)? {
        store::add_key(&mut changes, &key);
    }
    db.apply("make keys of the log", changes).await?;
    store::keys(&mut db.reader().await?).await
}

/// A name nobody else has.
fn invented() -> Result<String, StoreError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Seal(format!("no randomness: {error}")))?;
    Ok(format!("huifa/{}", hex::encode(bytes)))
}

/// A new key of each suite, sealed.
pub(super) fn pair(
    keyring: &Keyring,
    origin: &str,
    first_id: i64,
    now: Timestamp,
) -> Result<Vec<KeyRow>, StoreError> {
    let make = |(id, suite): (i64, Suite)| {
        let (key, secret) =
            SigningKey::random(origin, suite).map_err(|fault| StoreError::Seal(fault.to_string()))?;
        let (data_key, wrapped) = keyring.new_data_key()?;
        let sealed = data_key.seal(&place(id), secret.as_ref())?;
        Ok(KeyRow {
            id,
            suite,
            origin: origin.to_owned(),
            public: key.verifier().public.clone(),
            data_key: Some(wrapped),
            sealed: Some(sealed),
            made_at: now,
            retired_at: None,
        })
    };
    (first_id..).zip(Suite::ALL).map(make).collect()
}

fn place(id: i64) -> String {
    format!("log_key.sealed:{id}")
}
