//! Class keys, and what is done with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{DataKey, MasterKey, Secret, master};
use crate::changes::Changes;
use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

/// A data key as stored: class key id (four bytes, big endian), then the blob.
pub type WrappedKey = Vec<u8>;

/// Wraps data keys.
const DATA: &str = "data";
/// Makes look-up hashes and query codes.
const INDEX: &str = "index";

/// All class keys of an installation. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    data: BTreeMap<u32, Secret>,
    index: BTreeMap<u32, Secret>,
}

impl Keyring {
    /// Finds the master key (environment, then `dir/master.key`) and opens the class keys of the
    /// database with it. In an empty database both are made.
    ///
    /// Refuses when the database has class keys but there is no master key, or another one: a new key
    /// would hide the loss until the first old matter is opened.
    pub async fn load_or_create(dir: &Path, db: &Db) -> Result<Self, StoreError> {
        let master = match MasterKey::find(dir)? {
            Some(master) => master,
            None if stored(db).await?.is_empty() => MasterKey::create(dir)?,
            None => {
                return Err(StoreError::Seal(format!(
                    "the master key is missing: {} does not exist and {} is not set, but the database holds \
                     sealed data. Nobody can read it without that key. Put the key back from where you keep \
                     its copy; do not start with a new one.",
                    master::file(dir).display(),
                    master::MASTER_KEY_VARIABLE,
                )));
            }
        };
        Self::open(&master, db).await
    }

    /// How many class keys of the database a master key opens, making none; refuses when it does not open one.
    pub async fn look(master: &MasterKey, db: &Db) -> Result<usize, StoreError> {
        let rows = stored(db).await?;
        for (class, id, wrapped) in &rows {
            master.secret.open(aad(class, *id).as_bytes(), wrapped).map_err(|_| {
                StoreError::Seal(format!(
                    "the master key from {} does not open this database's keys: it belongs to another installation",
                    master.source
                ))
            })?;
        }
        Ok(rows.len())
    }

    /// Opens the class keys with a master key, making those that are missing.
    pub async fn open(master: &MasterKey, db: &Db) -> Result<Self, StoreError> {
        let mut rows = stored(db).await?;
        let mut changes = Changes::new();
        for class in [DATA, INDEX] {
            if !rows.iter().any(|(found, ..)| found == class) {
                let wrapped = master.secret.seal(aad(class, 1).as_bytes(), Secret::random()?.bytes())?;
                changes.push(
                    sql("INSERT INTO class_key (class, id, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                        .bind(class)
                        .bind(1_i64)
                        .bind(wrapped),
                );
            }
        }
        if !changes.is_empty() {
            db.apply("make class keys", changes).await?;
            // Another node may have been first; what is stored counts.
            rows = stored(db).await?;
        }
        let mut inner = Inner { data: BTreeMap::new(), index: BTreeMap::new() };
        for (class, id, wrapped) in rows {
            let secret = master
                .secret
                .open(aad(&class, id).as_bytes(), &wrapped)
                .ok()
                .and_then(|bytes| Secret::from_slice(&zeroize::Zeroizing::new(bytes)[..]))
                .ok_or_else(|| {
                    StoreError::Seal(format!(
                        "the master key from {} does not open this database's keys: it belongs to another \
                         installation. Put the right key back.",
                        master.source
                    ))
                })?;
            match class.as_str() {
                DATA => inner.data.insert(id, secret),
                INDEX => inner.index.insert(id, secret),
                other => return Err(StoreError::Seal(format!("class {other} is not known"))),
            };
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// A new data key, and its wrapped form to be stored beside what it seals.
    pub fn new_data_key(&self) -> Result<(DataKey, WrappedKey), StoreError> {
        let (id, class) = newest(&self.inner.data)?;
        let secret = Secret::random()?;
        let mut wrapped = id.to_be_bytes().to_vec();
        wrapped.extend(class.seal(&wrapping_aad(id), secret.bytes())?);
        Ok((DataKey(secret), wrapped))
    }

    /// The data key in its stored form, opened.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, StoreError> {
        let (id, blob) = wrapped
            .split_first_chunk::<4>()
            .ok_or_else(|| StoreError::Seal("a wrapped key cut short".into()))?;
        let id = u32::from_be_bytes(*id);
        let class = self
            .inner
            .data
            .get(&id)
            .ok_or_else(|| StoreError::Seal(format!("class key {id} is not known")))?;
        let bytes = zeroize::Zeroizing::new(class.open(&wrapping_aad(id), blob)?);
        Secret::from_slice(&bytes).map(DataKey).ok_or_else(|| StoreError::Seal("not a data key".into()))
    }

    /// Keyed hash for equality search. Each kind (`"phone"`, `"name"` …) has a key of its own, so that
    /// hashes of different kinds cannot be compared. Normalise the value before.
    pub fn mac(&self, kind: &str, value: &[u8]) -> Result<[u8; 32], StoreError> {
        let key = self.key(kind)?;
        Ok(hmac(&key, &[value]))
    }

    /// The id to store beside a [`Keyring::mac`], so that hashes can be made anew after a rotation.
    pub fn mac_key_id(&self) -> Result<u32, StoreError> {
        newest(&self.inner.index).map(|(id, _)| id)
    }

    /// A key for one purpose, the same on every node: query codes, session bound tokens.
    pub fn key(&self, purpose: &str) -> Result<[u8; 32], StoreError> {
        let (_, class) = newest(&self.inner.index)?;
        Ok(hmac(class.bytes(), &[b"huifa key for ", purpose.as_bytes()]))
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}

async fn stored(db: &Db) -> Result<Vec<(String, u32, Vec<u8>)>, StoreError> {
    sql("SELECT class, id, wrapped FROM class_key ORDER BY class, id").all(&mut db.reader().await?).await
}

fn newest(keys: &BTreeMap<u32, Secret>) -> Result<(u32, &Secret), StoreError> {
    keys.last_key_value()
        .map(|(id, secret)| (*id, secret))
        .ok_or_else(|| StoreError::Seal("no class key".into()))
}

fn aad(class: &str, id: u32) -> String {
    format!("class_key.wrapped:{class}:{id}")
}

fn wrapping_aad(id: u32) -> Vec<u8> {
    format!("data key under {id}").into_bytes()
}

fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than SHA-256's block is padded with zeros (RFC 2104, section 2).
    let mut block = zeroize::Zeroizing::new([0_u8; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
