//! Versions of items that were ever published, kept in the database.
//!
//! The database, not the binary, is the truth: nodes of two releases agree, and a matter finishes under
//! the version it began with. What is kept is the *resolved* item, with fragments included and labels
//! from the dictionary, so it is whole without any file. A version that was published never changes:
//! the same version with other content stops the start.

use crate::Catalog;
use crate::item::Item;
use kernel::chain::{self, ChainFault, Digest};
use kernel::time::Instant;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Db, Reads, StoreError, WriteTx, sql};

/// A resolved item as it is kept and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The item in canonical JSON (RFC 8785).
    pub body: String,
    /// The content hash, see [`content_hash`].
    pub sha256: Digest,
}

/// What was published and now reads otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Item id.
    pub id: String,
    /// The version both carry.
    pub version: u32,
    /// Hash of what was published.
    pub kept: Digest,
    /// Hash of what this program carries.
    pub found: Digest,
}

/// Why versions could not be published or loaded.
#[derive(Debug, thiserror::Error)]
pub enum VersionsError {
    /// Published content reads otherwise: a change without a new version.
    #[error("{}", explain(.0))]
    Changed(Vec<Changed>),
    /// A kept version cannot be read, or no longer fits its hash.
    #[error("item {id} version {version} in the database cannot be used: {why}")]
    Damaged {
        /// Item id.
        id: String,
        /// Its version.
        version: u32,
        /// What is wrong with it.
        why: String,
    },
    /// An item has no canonical form.
    #[error(transparent)]
    Canonical(#[from] ChainFault),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn explain(changed: &[Changed]) -> String {
    let list: Vec<_> = changed
        .iter()
        .map(|c| {
            format!(
                "item {} was changed without a new version: version {} was published with content {}, \
                 this program carries {}",
                c.id, c.version, c.kept, c.found
            )
        })
        .collect();
    format!(
        "{}; set `version` to the next number in the item's file, run `huifa catalog lock` and start again",
        list.join("; ")
    )
}

store::record! {
    struct Kept {
        id: String,
        version: u32,
        sha256: [u8; 32],
        body: String,
    }
}

/// The resolved form of an item with its content hash.
///
/// # Errors
/// When a number in an example has no canonical form.
pub fn resolved(item: &Item) -> Result<Resolved, ChainFault> {
    let value = serde_json::to_value(item).map_err(|fault| ChainFault::Canonical(fault.to_string()))?;
    let bytes = chain::canonical(&value)?;
    let body = String::from_utf8(bytes).map_err(|fault| ChainFault::Canonical(fault.to_string()))?;
    Ok(Resolved { body, sha256: content_hash(value)? })
}

/// SHA-256 over the canonical form without absent values and empty lists, so that a key which a later
/// release adds to the format, and which an item does not use, leaves its hash as it was.
fn content_hash(value: Value) -> Result<Digest, ChainFault> {
    chain::digest(&lean(value))
}

fn lean(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter_map(|(key, value)| {
                let value = lean(value);
                let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
                (!nothing).then_some((key, value))
            })
            .collect(),
        Value::Array(list) => list.into_iter().map(lean).collect(),
        other => other,
    }
}

/// Keeps every version of the catalogue in the database. Called at start-up, by every node; what is
/// there already is compared and left alone.
///
/// # Errors
/// [`VersionsError::Changed`] when content differs under the same version: then nothing is kept.
pub async fn publish(db: &Db, catalog: &Catalog, now: Instant) -> Result<(), VersionsError> {
    let mut offered = Vec::new();
    for item in catalog.versions() {
        offered.push((item.id.clone(), item.version, resolved(item)?));
    }
    let offered = Arc::new(offered);
    db.write("publish items", move |tx| {
        let offered = Arc::clone(&offered);
        Box::pin(async move { keep(tx, &offered, now).await })
    })
    .await
}

async fn keep(
    tx: &mut WriteTx,
    offered: &[(String, u32, Resolved)],
    now: Instant,
) -> Result<(), VersionsError> {
    for (id, version, resolved) in offered {
        sql("INSERT INTO item_version (id, version, sha256, body, published_at) VALUES (?, ?, ?, ?, ?) ")
            .bind(id)
            .bind(*version)
            .bind(resolved.sha256.as_bytes())
            .bind(&resolved.body)
            .bind(now)
            .then("ON CONFLICT (id, version) DO NOTHING")
            .execute(tx)
            .await?;
    }
    // Compared only now: this also sees what another node published in the meantime.
    let kept = hashes(tx).await?;
    let mut changed = Vec::new();
    for (id, version, resolved) in offered {
        if let Some(known) = kept.get(&(id.clone(), *version)).filter(|known| **known != resolved.sha256) {
            changed.push(Changed { id: id.clone(), version: *version, kept: *known, found: resolved.sha256 });
        }
    }
    if changed.is_empty() { Ok(()) } else { Err(VersionsError::Changed(changed)) }
}

async fn hashes(reads: &mut impl Reads) -> Result<BTreeMap<(String, u32), Digest>, StoreError> {
    let rows: Vec<(String, u32, [u8; 32])> =
        sql("SELECT id, version, sha256 FROM item_version").all(reads).await?;
    Ok(rows.into_iter().map(|(id, version, hash)| ((id, version), Digest::new(hash))).collect())
}

/// Adds the versions kept in the database to those of the files, so that matters in flight finish under
/// theirs, and so that a node of an older release offers what a newer one published.
///
/// # Errors
/// When a kept version cannot be read, does not fit its hash, or reads otherwise in the files.
pub async fn load(db: &Db, mut catalog: Catalog) -> Result<Catalog, VersionsError> {
    let rows: Vec<Kept> = sql("SELECT id, version, sha256, body FROM item_version ORDER BY id, version")
        .all(&mut db.reader().await?)
        .await?;
    let mut changed = Vec::new();
    for row in rows {
        let kept = Digest::new(row.sha256);
        if let Some(item) = catalog.version(&row.id, row.version) {
            let found = resolved(item)?.sha256;
            if found != kept {
                changed.push(Changed { id: row.id, version: row.version, kept, found });
            }
            continue;
        }
        let damaged = |why: String| VersionsError::Damaged { id: row.id.clone(), version: row.version, why };
        let value: Value = serde_json::from_str(&row.body).map_err(|fault| damaged(fault.to_string()))?;
        if content_hash(value.clone())? != kept {
            return Err(damaged(format!("its content does not fit its hash {kept}")));
        }
        let item: Item = serde_json::from_value(value)
            .map_err(|fault| damaged(format!("this release cannot read it ({fault})")))?;
        if (item.id.as_str(), item.version) != (row.id.as_str(), row.version) {
            return Err(damaged(format!("it says it is {} version {}", item.id, item.version)));
        }
        if let Some((source, fault)) = catalog.insert(item).into_iter().next() {
            return Err(VersionsError::Damaged {
                id: row.id,
                version: row.version,
                why: format!("this release cannot read its rule `{source}`: {fault}"),
            });
        }
    }
    if changed.is_empty() { Ok(catalog) } else { Err(VersionsError::Changed(changed)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Files;
    use store::Changes;
    use store::testkit::for_each_db;

    fn now() -> Instant {
        "2026-11-21T09:00:00+08:00".parse().unwrap()
    }

    fn catalog(change: impl Fn(&str) -> String) -> Catalog {
        let path = "items/consultation/text.toml";
        let mut files = Files::embedded();
        let text = change(files.get(path).unwrap());
        files.put(path, text);
        Catalog::from_files(&files).unwrap_or_else(|faults| panic!("{faults:#?}"))
    }

    fn unchanged() -> Catalog {
        catalog(str::to_owned)
    }

    /// How many items there are to publish.
    fn all() -> i64 {
        i64::try_from(unchanged().items().count()).unwrap()
    }

    async fn count(db: &Db) -> i64 {
        let mut reads = db.reader().await.unwrap();
        let (n,): (i64,) = sql("SELECT count(*) FROM item_version").one(&mut reads).await.unwrap();
        n
    }

    #[tokio::test]
    async fn publishing_twice_changes_nothing() {
        for_each_db(async |db| {
            publish(&db, &unchanged(), now()).await.unwrap();
            assert_eq!(count(&db).await, all());
            publish(&db, &unchanged(), now()).await.unwrap();
            assert_eq!(count(&db).await, all());
        })
        .await;
    }

    #[tokio::test]
    async fn nodes_that_start_together_agree() {
        for_each_db(async |db| {
            let catalog = unchanged();
            let (a, b, c) = tokio::join!(
                publish(&db, &catalog, now()),
                publish(&db, &catalog, now()),
                publish(&db, &catalog, now())
            );
            for done in [a, b, c] {
                done.unwrap();
            }
            assert_eq!(count(&db).await, all());
        })
        .await;
    }

    #[tokio::test]
    async fn a_change_needs_a_new_version() {
        for_each_db(async |db| {
            publish(&db, &unchanged(), now()).await.unwrap();
            let quiet = catalog(|text| text.replace("法律咨询（书面）", "法律咨询"));
            let refused = publish(&db, &quiet, now()).await.unwrap_err();
            let VersionsError::Changed(changed) = &refused else { panic!("{refused}") };
            assert_eq!((changed[0].id.as_str(), changed[0].version), ("consultation.text", 1));
            assert!(refused.to_string().contains("set `version` to the next number"), "{refused}");
            assert!(matches!(load(&db, quiet).await, Err(VersionsError::Changed(_))));
            let bumped = catalog(|text| {
                text.replace("法律咨询（书面）", "法律咨询").replacen("version = 1", "version = 2", 1)
            });
            publish(&db, &bumped, now()).await.unwrap();
            assert_eq!(count(&db).await, all() + 1);
        })
        .await;
    }

    #[tokio::test]
    async fn a_refused_start_keeps_nothing() {
        for_each_db(async |db| {
            publish(&db, &unchanged(), now()).await.unwrap();
            // One item changed quietly, the other with a new version: neither goes in.
            let path = "items/legal-aid/civil.toml";
            let mut files = Files::embedded();
            files.put(path, files.get(path).unwrap().replacen("version = 1", "version = 2", 1));
            let path = "items/consultation/text.toml";
            files.put(path, files.get(path).unwrap().replace("法律咨询（书面）", "法律咨询"));
            let mixed = Catalog::from_files(&files).unwrap();
            assert!(matches!(publish(&db, &mixed, now()).await, Err(VersionsError::Changed(_))));
            assert_eq!(count(&db).await, all());
        })
        .await;
    }

    #[tokio::test]
    async fn matters_in_flight_keep_their_version() {
        for_each_db(async |db| {
            publish(&db, &unchanged(), now()).await.unwrap();
            let next = catalog(|text| {
                text.replace("法律咨询（书面）", "法律咨询").replacen("version = 1", "version = 2", 1)
            });
            publish(&db, &next, now()).await.unwrap();
            let newer = load(&db, next).await.unwrap();
            let first = newer.version("consultation.text", 1).unwrap();
            assert_eq!(**first, **unchanged().item("consultation.text").unwrap());
            assert_eq!(newer.item("consultation.text").unwrap().version, 2);
            // A node of the older release offers what the newer one published.
            let older = load(&db, unchanged()).await.unwrap();
            assert_eq!(older.item("consultation.text").unwrap().name.zh, "法律咨询");
        })
        .await;
    }

    #[tokio::test]
    async fn a_kept_version_that_was_touched_is_not_used() {
        for_each_db(async |db| {
            let next = catalog(|text| text.replacen("version = 1", "version = 2", 1));
            publish(&db, &next, now()).await.unwrap();
            let mut changes = Changes::new();
            changes.expect_one(
                sql("UPDATE item_version SET body = replace(body, ?, ?) WHERE id = ?")
                    .bind("法律咨询（书面）")
                    .bind("法律咨询(口头)")
                    .bind("consultation.text"),
                "touched",
            );
            db.apply("touch", changes).await.unwrap();
            let refused = load(&db, unchanged()).await.unwrap_err();
            assert!(matches!(&refused, VersionsError::Damaged { version: 2, .. }), "{refused}");
        })
        .await;
    }

    #[test]
    fn unused_keys_of_a_later_format_leave_the_hash() {
        let item = unchanged().item("consultation.text").unwrap().clone();
        let mut value = serde_json::to_value(&*item).unwrap();
        let before = content_hash(value.clone()).unwrap();
        assert_eq!(before, resolved(&item).unwrap().sha256);
        value["steps"][0]["escalates"] = Value::Null;
        value["documents"] = serde_json::json!([]);
        assert_eq!(content_hash(value.clone()).unwrap(), before);
        value["steps"][0]["escalates"] = "office".into();
        assert_ne!(content_hash(value).unwrap(), before);
    }
}
