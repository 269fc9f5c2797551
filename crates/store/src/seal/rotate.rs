//! Changing keys while everything runs.
//!
//! A new class key is made with a moment from which it is used; until then every node has learnt it. From that
//! moment new values are made with it, and what the old one made is gone through in small batches under a lease:
//! a batch is one transaction, the place reached is written with it, so a node that dies in the middle is
//! followed by the next. When nothing refers to an old key any more, its secret is destroyed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kernel::time::{Clock as _, SystemClock};

use super::keyring::{DATA, INDEX, Keyring, STEADY, open_key, stored, wrap_key};
use super::{MasterKey, Secret};
use crate::changes::Changes;
use crate::db::Db;
use crate::error::StoreError;
use crate::row::Column;
use crate::sql::{Sql, sql};
use crate::tx::Reads;
use crate::value::Bind;

/// How long a new key waits before it is used. Nodes look for keys every [`WATCH`].
pub const WAIT: Duration = Duration::from_secs(10);
/// How often a node looks for new keys.
pub const WATCH: Duration = Duration::from_secs(2);
/// How long after a new key took over an old one is kept at least: longer than any command runs.
pub const KEEP: Duration = Duration::from_mins(10);
/// Rows of a batch: a few milliseconds of the only writer.
pub const BATCH: i64 = 200;

/// A class whose key can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Wraps data keys.
    Data,
    /// Makes look-up hashes.
    Index,
}

impl Class {
    /// Its word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Data => DATA,
            Self::Index => INDEX,
        }
    }
}

/// One class key as an administrator sees it; never the key itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeyLine {
    /// `data`, `index` or `steady`.
    pub class: String,
    /// Its id within the class.
    pub id: u32,
    /// `coming`, `current`, `old` or `retired`.
    pub state: &'static str,
    /// From when it is or was used; none = from the beginning.
    pub used_from: Option<Timestamp>,
    /// When its secret was destroyed.
    pub retired_at: Option<Timestamp>,
}

/// How far the work that follows a new key has come in one place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// `data` or `index`.
    pub class: String,
    /// The key that takes over.
    pub key_id: u32,
    /// What is gone through.
    pub place: String,
    /// Rows made anew.
    pub moved: i64,
    /// Whether all rows were seen.
    pub finished: bool,
}

/// Makes a key of a class, used `wait` from now; gives its id.
pub async fn rotate(db: &Db, keyring: &Keyring, class: Class, wait: Duration) -> Result<u32, StoreError> {
    let newest = stored(db).await?.iter().filter(|row| row.0 == class.as_str()).map(|row| row.1).max();
    let id = newest.unwrap_or(0) + 1;
    let wait = SignedDuration::try_from(wait).map_err(|error| StoreError::Seal(error.to_string()))?;
    let from = SystemClock
        .now()
        .timestamp()
        .checked_add(wait)
        .map_err(|error| StoreError::Seal(error.to_string()))?;
    let wrapped = wrap_key(&keyring.master(), class.as_str(), id, &Secret::random()?)?;
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO class_key (class, id, wrapped, used_from) VALUES (?, ?, ?, ?)")
            .bind(class.as_str())
            .bind(i64::from(id))
            .bind(wrapped)
            .bind(from),
    );
    db.apply("rotate key", changes).await?;
    Ok(id)
}

/// All keys, by class and id.
pub async fn list(db: &Db) -> Result<Vec<KeyLine>, StoreError> {
    let now = SystemClock.now().timestamp();
    let rows = stored(db).await?;
    let used = |from: &Option<Timestamp>| from.is_none_or(|from| from <= now);
    let current = |class: &str| {
        let good = rows.iter().filter(|row| row.0 == class && row.4.is_none() && used(&row.3));
        good.map(|row| row.1).max()
    };
    Ok(rows
        .iter()
        .map(|(class, id, _, used_from, retired_at)| KeyLine {
            class: class.clone(),
            id: *id,
            state: if retired_at.is_some() {
                "retired"
            } else if !used(used_from) {
                "coming"
            } else if current(class) == Some(*id) {
                "current"
            } else {
                "old"
            },
            used_from: *used_from,
            retired_at: *retired_at,
        })
        .collect())
}

/// How far all changes of keys have come.
pub async fn progress(db: &Db) -> Result<Vec<Progress>, StoreError> {
    let rows: Vec<(String, u32, String, i64, bool)> =
        sql("SELECT class, key_id, place, moved, finished FROM key_work ORDER BY class, key_id, place")
            .all(&mut db.reader().await?)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(class, key_id, place, moved, finished)| Progress { class, key_id, place, moved, finished })
        .collect())
}

/// Wraps all class keys by another master key, in one transaction, and puts the new key in place of the old one.
/// The new key is on disk before the database needs it; the change can be cut anywhere.
pub async fn rotate_master(
    db: &Db,
    keyring: &Keyring,
    folder: &std::path::Path,
    next: &MasterKey,
) -> Result<usize, StoreError> {
    let master = keyring.master();
    next.write_next(folder)?;
    let mut changes = Changes::new();
    let mut count = 0;
    for (class, id, wrapped, _, retired_at) in stored(db).await? {
        if retired_at.is_some() {
            continue;
        }
        let secret = open_key(&master, &class, id, &wrapped)?;
        changes.expect_one(
            sql("UPDATE class_key SET wrapped = ? WHERE class = ? AND id = ? AND wrapped = ?")
                .bind(wrap_key(next, &class, id, &secret)?)
                .bind(&class)
                .bind(i64::from(id))
                .bind(wrapped),
            "class key",
        );
        count += 1;
    }
    db.apply("change master key", changes).await?;
    MasterKey::put_next_in_place(folder)?;
    Ok(count)
}

/// Where work with a class of keys stands: read with [`work`], written with the batch by [`Work::reached`].
#[derive(Debug, Clone)]
pub struct Work {
    class: &'static str,
    key_id: u32,
    place: &'static str,
    /// The last row seen, as text; empty at the beginning.
    pub after: String,
    /// Whether all rows were seen.
    pub finished: bool,
}

/// Where the work of a place stands for the key that is used now.
pub async fn work(db: &Db, class: Class, key_id: u32, place: &'static str) -> Result<Work, StoreError> {
    let row: Option<(String, bool)> =
        sql("SELECT after, finished FROM key_work WHERE class = ? AND key_id = ? AND place = ?")
            .bind(class.as_str())
            .bind(i64::from(key_id))
            .bind(place)
            .optional(&mut db.reader().await?)
            .await?;
    let (after, finished) = row.unwrap_or_default();
    Ok(Work { class: class.as_str(), key_id, place, after, finished })
}

impl Work {
    /// The statement that remembers how far a batch came; it belongs into the batch's own transaction.
    pub fn reached(&self, after: &str, moved: i64, finished: bool) -> Sql {
        sql("INSERT INTO key_work (class, key_id, place, after, moved, finished) VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (class, key_id, place) DO UPDATE SET after = excluded.after, \
             moved = key_work.moved + excluded.moved, finished = excluded.finished")
        .bind(self.class)
        .bind(i64::from(self.key_id))
        .bind(self.place)
        .bind(after)
        .bind(moved)
        .bind(finished)
    }
}

/// A table with wrapped data keys: what it is called, its batch, its change, and its count.
struct Place {
    name: &'static str,
    id: Id,
    batch: &'static str,
    change: &'static str,
    count: &'static str,
}

/// Of which type the rows' ids are.
#[derive(Clone, Copy)]
enum Id {
    Number,
    Text,
    Bytes,
}

macro_rules! place {
    ($table:literal, $id:literal, $kind:expr, $key:literal) => {
        Place {
            name: concat!($table, ".", $key),
            id: $kind,
            batch: concat!(
                "SELECT ",
                $id,
                ", ",
                $key,
                " FROM ",
                $table,
                " WHERE ",
                $key,
                " < ? AND ",
                $id,
                " > ? ORDER BY ",
                $id,
                " LIMIT ?"
            ),
            change: concat!("UPDATE ", $table, " SET ", $key, " = ? WHERE ", $id, " = ? AND ", $key, " = ?"),
            count: concat!("SELECT COUNT(*) FROM ", $table, " WHERE ", $key, " < ?"),
        }
    };
}

/// Every column with a wrapped data key. A test finds those that are missing here.
const PLACES: &[Place] = &[
    place!("matter", "number", Id::Number, "data_key"),
    place!("account", "id", Id::Text, "wrapped_key"),
    place!("file", "id", Id::Text, "data_key"),
    place!("draft", "id", Id::Bytes, "data_key"),
    place!("room_key", "room", Id::Text, "wrapped"),
    place!("log_key", "id", Id::Number, "data_key"),
    place!("notice_contact", "account", Id::Text, "data_key"),
];

/// The columns with wrapped data keys, as `table.column`.
pub fn places() -> impl Iterator<Item = &'static str> {
    PLACES.iter().map(|place| place.name)
}

/// Wraps one batch of old data keys anew. Gives the rows seen; 0 when there is nothing to do.
pub async fn rewrap_some(db: &Db, keyring: &Keyring, batch: i64) -> Result<usize, StoreError> {
    let id = keyring.data_key_id();
    for place in PLACES {
        let work = work(db, Class::Data, id, place.name).await?;
        if work.finished {
            continue;
        }
        return match place.id {
            Id::Number => {
                let after = work.after.parse::<i64>().unwrap_or(i64::MIN);
                rewrap_batch(db, keyring, place, &work, after, batch, ToString::to_string).await
            }
            Id::Text => {
                rewrap_batch(db, keyring, place, &work, work.after.clone(), batch, Clone::clone).await
            }
            Id::Bytes => {
                let after = hex::decode(&work.after).unwrap_or_default();
                rewrap_batch(db, keyring, place, &work, after, batch, |id| hex::encode(id)).await
            }
        };
    }
    Ok(0)
}

async fn rewrap_batch<I: Column + Bind + Clone + Send + Sync>(
    db: &Db,
    keyring: &Keyring,
    place: &Place,
    work: &Work,
    after: I,
    batch: i64,
    written: impl Fn(&I) -> String,
) -> Result<usize, StoreError> {
    let rows: Vec<(I, Vec<u8>)> = sql(place.batch)
        .bind(prefix(work.key_id))
        .bind(after.clone())
        .bind(batch)
        .all(&mut db.reader().await?)
        .await?;
    let mut changes = Changes::new();
    for (id, wrapped) in &rows {
        // Whoever destroyed or changed the key meanwhile is right: the row is then left as it is.
        changes.push(sql(place.change).bind(keyring.rewrap(wrapped)?).bind(id.clone()).bind(wrapped.clone()));
    }
    let last = rows.last().map_or_else(|| work.after.clone(), |(id, _)| written(id));
    let moved = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    changes.push(work.reached(&last, moved, moved < batch));
    db.apply("rewrap data keys", changes).await?;
    Ok(rows.len().max(1))
}

/// Lower bound of all data keys wrapped by this class key or a later one: the id leads the wrapped form.
fn prefix(id: u32) -> Vec<u8> {
    id.to_be_bytes().to_vec()
}

/// Destroys the old keys nothing refers to any more, [`KEEP`] after the key that followed came into use. When
/// something still does, what was finished is begun again. Gives the number of keys that went.
pub async fn retire(db: &Db, keep: Duration) -> Result<usize, StoreError> {
    let now = SystemClock.now().timestamp();
    let keys = list(db).await?;
    let mut gone = 0;
    for class in [Class::Data, Class::Index] {
        let mine = || keys.iter().filter(|key| key.class == class.as_str());
        let Some(current) = mine().find(|key| key.state == "current") else { continue };
        let kept = current.used_from.is_some_and(|from| now.duration_since(from) >= signed(keep));
        if !kept || !mine().any(|key| key.state == "old") {
            continue;
        }
        let mut reader = db.reader().await?;
        let left = references(&mut reader, class, current.id).await?;
        drop(reader);
        let mut changes = Changes::new();
        if left > 0 {
            // Written by a node that learnt of the key late: once more from the beginning.
            changes.push(
                sql("UPDATE key_work SET after = '', finished = FALSE WHERE class = ? AND key_id = ? AND finished")
                    .bind(class.as_str())
                    .bind(i64::from(current.id)),
            );
        } else {
            for key in mine().filter(|key| key.state == "old") {
                changes.push(
                    sql("UPDATE class_key SET wrapped = ?, retired_at = ? WHERE class = ? AND id = ?")
                        .bind(Vec::new())
                        .bind(now)
                        .bind(class.as_str())
                        .bind(i64::from(key.id)),
                );
                tracing::warn!(class = class.as_str(), id = key.id, "an old key was retired");
                gone += 1;
            }
        }
        db.apply("retire keys", changes).await?;
    }
    Ok(gone)
}

/// Values made by keys before this one.
pub async fn references(reads: &mut impl Reads, class: Class, id: u32) -> Result<i64, StoreError> {
    let mut left = 0;
    let counts: Vec<Sql> = match class {
        Class::Data => PLACES.iter().map(|place| sql(place.count).bind(prefix(id))).collect(),
        Class::Index => vec![
            sql("SELECT COUNT(*) FROM blind WHERE key_id < ?").bind(i64::from(id)),
            sql("SELECT COUNT(*) FROM account WHERE phone_key < ?").bind(i64::from(id)),
        ],
    };
    for count in counts {
        let (n,): (i64,) = count.one(reads).await?;
        left += n;
    }
    Ok(left)
}

/// Whether the class can be changed at all; what stays is told with its reason.
pub fn stays(class: &str) -> bool {
    class == STEADY
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
