//! Class keys, and what is done with them.
//!
//! Three classes: `data` wraps data keys, `index` makes the hashes people are found again by, `steady` makes what
//! somebody outside may still hold (query codes, form tokens, codes sent to phones). The first two are changed
//! while everything runs ([`super::rotate`]); what the third made cannot be made anew, so it stays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use kernel::time::{Clock as _, SystemClock};
use sha2::Sha256;

use super::{DataKey, MasterKey, Secret, master};
use crate::changes::Changes;
use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

/// A data key as stored: class key id (four bytes, big endian), then the blob.
pub type WrappedKey = Vec<u8>;

/// Wraps data keys.
pub(super) const DATA: &str = "data";
/// Makes look-up hashes.
pub(super) const INDEX: &str = "index";
/// Makes query codes and short-lived tokens.
pub(super) const STEADY: &str = "steady";

/// All class keys of an installation. Cheap to clone; all clones learn of new keys together.
#[derive(Clone)]
pub struct Keyring {
    inner: Arc<Inner>,
}

struct Inner {
    keys: RwLock<Arc<Keys>>,
    master: RwLock<MasterKey>,
    /// Where the master key lies, to be read again when it was changed.
    folder: Option<PathBuf>,
    /// Rung when a value needs a key this node does not know yet.
    missing: tokio::sync::Notify,
}

#[derive(Default, Clone)]
struct Keys {
    data: Class,
    index: Class,
    steady: Class,
}

/// The keys of a class that are not retired, and the one for new values.
#[derive(Default, Clone)]
struct Class {
    keys: BTreeMap<u32, Secret>,
    current: u32,
}

impl Class {
    fn current(&self) -> Result<(u32, &Secret), StoreError> {
        let secret = self.keys.get(&self.current);
        secret.map(|secret| (self.current, secret)).ok_or_else(|| StoreError::Seal("no class key".into()))
    }
}

/// A row of `class_key`: class, id, wrapped, since when it is used, when it was retired.
pub(super) type Stored = (String, u32, Vec<u8>, Option<Timestamp>, Option<Timestamp>);

impl Keyring {
    /// Finds the master key (environment, then `dir/master.key`) and opens the class keys of the
    /// database with it. In an empty database they are made.
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
        Self::open_in(master, Some(dir), db).await
    }

    /// How many class keys of the database a master key opens, making none; refuses when it does not open one.
    pub async fn look(master: &MasterKey, db: &Db) -> Result<usize, StoreError> {
        let rows = stored(db).await?;
        for (class, id, wrapped, _, _) in &rows {
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
        Self::open_in(master.clone(), None, db).await
    }

    async fn open_in(master: MasterKey, folder: Option<&Path>, db: &Db) -> Result<Self, StoreError> {
        let master = finish_change(master, folder, db).await?;
        make_missing(&master, db).await?;
        let ring = Self {
            inner: Arc::new(Inner {
                keys: RwLock::default(),
                master: RwLock::new(master),
                folder: folder.map(Path::to_path_buf),
                missing: tokio::sync::Notify::new(),
            }),
        };
        ring.refresh(db).await?;
        Ok(ring)
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.inner.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn master(&self) -> MasterKey {
        self.inner.master.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the class keys again: new ones are learnt, retired ones forgotten. Says whether anything changed.
    pub async fn refresh(&self, db: &Db) -> Result<bool, StoreError> {
        let known = self.keys();
        let now = SystemClock.now().timestamp();
        let mut fresh = Keys::default();
        let mut master = self.master();
        for (class, id, wrapped, used_from, retired_at) in stored(db).await? {
            let (old, new) = match class.as_str() {
                DATA => (&known.data, &mut fresh.data),
                INDEX => (&known.index, &mut fresh.index),
                STEADY => (&known.steady, &mut fresh.steady),
                other => return Err(StoreError::Seal(format!("class {other} is not known"))),
            };
            if retired_at.is_some() {
                continue;
            }
            let secret = match old.keys.get(&id) {
                Some(secret) => secret.clone(),
                None => match open_key(&master, &class, id, &wrapped) {
                    Ok(secret) => secret,
                    // The master key was changed while this node ran: the new one lies where the old one lay.
                    Err(error) => {
                        let again = self.inner.folder.as_deref().map(MasterKey::find).transpose()?.flatten();
                        let Some(again) = again else { return Err(error) };
                        let secret = open_key(&again, &class, id, &wrapped)?;
                        master = again;
                        secret
                    }
                },
            };
            if used_from.is_none_or(|from| from <= now) {
                new.current = new.current.max(id);
            }
            new.keys.insert(id, secret);
        }
        let changed = [(&known.data, &fresh.data), (&known.index, &fresh.index)]
            .iter()
            .any(|(old, new)| old.current != new.current || !old.keys.keys().eq(new.keys.keys()));
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        *self.inner.master.write().unwrap_or_else(PoisonError::into_inner) = master;
        Ok(changed)
    }

    /// Keeps the keys of a running node up to date: looks every `pause`, and at once when a value needs a key
    /// that is not known here yet. Never ends.
    pub async fn watch(&self, db: &Db, pause: Duration) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.inner.missing.notified() => {}
            }
            match self.refresh(db).await {
                Ok(true) => tracing::info!("class keys changed"),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "class keys"),
            }
        }
    }

    /// A new data key, and its wrapped form to be stored beside what it seals.
    pub fn new_data_key(&self) -> Result<(DataKey, WrappedKey), StoreError> {
        let key = DataKey(Secret::random()?);
        let wrapped = self.wrap(&key)?;
        Ok((key, wrapped))
    }

    fn wrap(&self, key: &DataKey) -> Result<WrappedKey, StoreError> {
        let keys = self.keys();
        let (id, class) = keys.data.current()?;
        let mut wrapped = id.to_be_bytes().to_vec();
        wrapped.extend(class.seal(&wrapping_aad(id), key.0.bytes())?);
        Ok(wrapped)
    }

    /// The data key in its stored form, opened.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<DataKey, StoreError> {
        let (id, blob) = wrapped
            .split_first_chunk::<4>()
            .ok_or_else(|| StoreError::Seal("a wrapped key cut short".into()))?;
        let id = u32::from_be_bytes(*id);
        let keys = self.keys();
        let Some(class) = keys.data.keys.get(&id) else {
            self.inner.missing.notify_one();
            // A key made a moment ago elsewhere: the caller asks again, and finds it learnt.
            return Err(if keys.data.keys.last_key_value().is_some_and(|(newest, _)| id > *newest) {
                StoreError::Unavailable(format!("class key {id} is not known here yet"))
            } else {
                StoreError::Seal(format!("class key {id} is not known"))
            });
        };
        let bytes = zeroize::Zeroizing::new(class.open(&wrapping_aad(id), blob)?);
        Secret::from_slice(&bytes).map(DataKey).ok_or_else(|| StoreError::Seal("not a data key".into()))
    }

    /// The same data key wrapped by the key for new values.
    pub fn rewrap(&self, wrapped: &[u8]) -> Result<WrappedKey, StoreError> {
        self.wrap(&self.unwrap(wrapped)?)
    }

    /// Id of the key that wraps new data keys.
    pub fn data_key_id(&self) -> u32 {
        self.keys().data.current
    }

    /// Keyed hash of what somebody outside may still hold or what is kept for minutes: codes, tokens, throttles.
    /// Each kind has a key of its own. It is not made anew when keys change; for what people are found by, see
    /// [`Keyring::index_mac`].
    pub fn mac(&self, kind: &str, value: &[u8]) -> Result<[u8; 32], StoreError> {
        let key = self.key(kind)?;
        Ok(hmac(&key, &[value]))
    }

    /// A key for one purpose, the same on every node, and not changed by a rotation: query codes.
    pub fn key(&self, purpose: &str) -> Result<[u8; 32], StoreError> {
        let keys = self.keys();
        Ok(derive(keys.steady.current()?.1, purpose))
    }

    /// Keyed hash for a look-up column, by the key for new values, and that key's id to be stored beside it. Each
    /// kind (`"phone"`, `"blind-name"` …) has a key of its own, so that hashes of different kinds cannot be
    /// compared. Normalise the value before.
    pub fn index_mac(&self, kind: &str, value: &[u8]) -> Result<(u32, [u8; 32]), StoreError> {
        let keys = self.keys();
        let (id, class) = keys.index.current()?;
        Ok((id, hmac(&derive(class, kind), &[value])))
    }

    /// The hashes a value may stand under: by each key that is not retired, the one for new values first. More
    /// than one only while keys are changed.
    pub fn index_macs(&self, kind: &str, value: &[u8]) -> Vec<[u8; 32]> {
        let keys = self.keys();
        keys.index.keys.values().rev().map(|class| hmac(&derive(class, kind), &[value])).collect()
    }

    /// Id of the key that makes new look-up hashes.
    pub fn index_key_id(&self) -> u32 {
        self.keys().index.current
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(…)")
    }
}

/// Ends a change of the master key that a crash cut between the database and the folder.
async fn finish_change(master: MasterKey, folder: Option<&Path>, db: &Db) -> Result<MasterKey, StoreError> {
    let rows = stored(db).await?;
    let Some((class, id, wrapped, ..)) = rows.iter().find(|row| row.4.is_none()) else { return Ok(master) };
    if open_key(&master, class, *id, wrapped).is_ok() {
        return Ok(master);
    }
    let next = folder.map(MasterKey::find_next).transpose()?.flatten();
    match (next, folder) {
        (Some(next), Some(folder)) if open_key(&next, class, *id, wrapped).is_ok() => {
            MasterKey::put_next_in_place(folder)?;
            Ok(next)
        }
        _ => open_key(&master, class, *id, wrapped).map(|_| master.clone()),
    }
}

/// Makes the keys of classes that have none.
async fn make_missing(master: &MasterKey, db: &Db) -> Result<(), StoreError> {
    let rows = stored(db).await?;
    let mut changes = Changes::new();
    for class in [DATA, INDEX, STEADY] {
        if rows.iter().any(|row| row.0 == class) {
            continue;
        }
        // Codes were once made by the first key for look-ups: whoever holds one must get in with it tomorrow.
        let first = rows.iter().find(|row| row.0 == INDEX && row.4.is_none()).filter(|_| class == STEADY);
        let secret = match first {
            Some((of, id, wrapped, ..)) => open_key(master, of, *id, wrapped)?,
            None => Secret::random()?,
        };
        changes.push(
            sql("INSERT INTO class_key (class, id, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(class)
                .bind(1_i64)
                .bind(wrap_key(master, class, 1, &secret)?),
        );
    }
    db.apply("make class keys", changes).await
}

pub(super) fn wrap_key(
    master: &MasterKey,
    class: &str,
    id: u32,
    secret: &Secret,
) -> Result<Vec<u8>, StoreError> {
    master.secret.seal(aad(class, id).as_bytes(), secret.bytes())
}

pub(super) fn open_key(
    master: &MasterKey,
    class: &str,
    id: u32,
    wrapped: &[u8],
) -> Result<Secret, StoreError> {
    let opened = master.secret.open(aad(class, id).as_bytes(), wrapped).ok();
    opened.and_then(|bytes| Secret::from_slice(&zeroize::Zeroizing::new(bytes)[..])).ok_or_else(|| {
        StoreError::Seal(format!(
            "the master key from {} does not open this database's keys: it belongs to another \
             installation, or was changed. Put the right key back.",
            master.source
        ))
    })
}

pub(super) async fn stored(db: &Db) -> Result<Vec<Stored>, StoreError> {
    sql("SELECT class, id, wrapped, used_from, retired_at FROM class_key ORDER BY class, id")
        .all(&mut db.reader().await?)
        .await
}

fn aad(class: &str, id: u32) -> String {
    format!("class_key.wrapped:{class}:{id}")
}

fn wrapping_aad(id: u32) -> Vec<u8> {
    format!("data key under {id}").into_bytes()
}

fn derive(class: &Secret, purpose: &str) -> [u8; 32] {
    hmac(class.bytes(), &[b"huifa key for ", purpose.as_bytes()])
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
