//! Keys are changed while values are written and read, over a death in the middle, and the old key opens nothing
//! afterwards.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::seal::rotate::{self, Class};
use store::seal::{Keyring, MasterKey};
use store::testkit::{for_each_db, scratch};
use store::{Changes, Db, sql};

const NOW: Duration = Duration::ZERO;

async fn keep(db: &Db, ring: &Keyring, id: &str) {
    let (key, wrapped) = ring.new_data_key().unwrap();
    let sealed = key.seal(id, id.as_bytes()).unwrap();
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO account (id, kind, wrapped_key, sealed, origin, created_at) VALUES (?, 'citizen', ?, ?, 'test', ?)")
            .bind(id)
            .bind(wrapped)
            .bind(sealed)
            .bind(jiff::Timestamp::UNIX_EPOCH),
    );
    db.apply("keep", changes).await.unwrap();
}

async fn kept(db: &Db) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    sql("SELECT id, wrapped_key, sealed FROM account ORDER BY id")
        .all(&mut db.reader().await.unwrap())
        .await
        .unwrap()
}

fn opens(ring: &Keyring, (id, wrapped, sealed): &(String, Vec<u8>, Vec<u8>)) -> bool {
    ring.unwrap(wrapped).is_ok_and(|key| key.open(id, sealed).is_ok_and(|plain| plain == id.as_bytes()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn data_keys_are_wrapped_anew_under_load_and_over_a_death() {
    for_each_db(async |db| {
        let master = MasterKey::ephemeral().unwrap();
        let ring = Keyring::open(&master, &db).await.unwrap();
        // Another node, which learns of the key by itself; and somebody who keeps the old keys for ever.
        let other = Keyring::open(&master, &db).await.unwrap();
        let thief = Keyring::open(&master, &db).await.unwrap();
        for n in 0..150 {
            keep(&db, &ring, &format!("before-{n:04}")).await;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let mut load = Vec::new();
        for worker in 0..3 {
            let (db, ring, stop) =
                (db.clone(), if worker == 0 { other.clone() } else { ring.clone() }, stop.clone());
            load.push(tokio::spawn(async move {
                let mut n = 0;
                while !stop.load(Ordering::Relaxed) {
                    keep(&db, &ring, &format!("during-{worker}-{n:05}")).await;
                    for row in kept(&db).await {
                        // A node that has not heard of the key yet is told to ask again, never that it is lost.
                        match ring.unwrap(&row.1) {
                            Ok(key) => assert_eq!(key.open(&row.0, &row.2).unwrap(), row.0.as_bytes()),
                            Err(error) => {
                                assert!(error.is_temporary(), "{error}");
                                ring.refresh(&db).await.unwrap();
                            }
                        }
                    }
                    n += 1;
                }
                n
            }));
        }
        let id = rotate::rotate(&db, &ring, Class::Data, NOW).await.unwrap();
        assert_eq!(id, 2);
        assert!(ring.refresh(&db).await.unwrap());
        assert_eq!(ring.data_key_id(), 2);
        // The first worker dies after two batches.
        for _ in 0..2 {
            assert!(rotate::rewrap_some(&db, &ring, 20).await.unwrap() > 0);
        }
        let half = rotate::progress(&db).await.unwrap();
        assert!(half.iter().any(|step| step.moved > 0 && step.key_id == 2), "{half:?}");
        // The next one goes on where it ended.
        other.refresh(&db).await.unwrap();
        while rotate::rewrap_some(&db, &other, 20).await.unwrap() > 0 {}
        stop.store(true, Ordering::Relaxed);
        for worker in load {
            assert!(worker.await.unwrap() > 0, "the load did nothing");
        }
        // Rows a late node wrote with the old key are found before that key goes.
        for _ in 0..3 {
            if rotate::retire(&db, NOW).await.unwrap() > 0 {
                break;
            }
            while rotate::rewrap_some(&db, &ring, 50).await.unwrap() > 0 {}
        }
        ring.refresh(&db).await.unwrap();
        let states: Vec<_> = rotate::list(&db)
            .await
            .unwrap()
            .into_iter()
            .filter(|key| key.class == "data")
            .map(|key| key.state)
            .collect();
        assert_eq!(states, ["retired", "current"]);
        let rows = kept(&db).await;
        assert!(rows.len() > 150);
        assert!(rows.iter().all(|row| opens(&ring, row)), "everything opens with the new key");
        assert!(!rows.iter().any(|row| opens(&thief, row)), "nothing opens with the old key");
        let fresh = Keyring::open(&master, &db).await.unwrap();
        assert!(rows.iter().all(|row| opens(&fresh, row)), "a node started afterwards reads all");
    })
    .await;
}

#[tokio::test]
async fn an_old_key_stays_while_something_refers_to_it() {
    for_each_db(async |db| {
        let ring = Keyring::open(&MasterKey::ephemeral().unwrap(), &db).await.unwrap();
        keep(&db, &ring, "one").await;
        rotate::rotate(&db, &ring, Class::Data, NOW).await.unwrap();
        ring.refresh(&db).await.unwrap();
        assert_eq!(rotate::retire(&db, NOW).await.unwrap(), 0, "a row is still wrapped by it");
        while rotate::rewrap_some(&db, &ring, 10).await.unwrap() > 0 {}
        assert_eq!(rotate::retire(&db, Duration::from_mins(10)).await.unwrap(), 0, "too early");
        assert_eq!(rotate::retire(&db, NOW).await.unwrap(), 1);
        assert!(opens(&ring, &kept(&db).await[0]));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_used_only_after_every_node_had_time_to_learn_it() {
    for_each_db(async |db| {
        let ring = Keyring::open(&MasterKey::ephemeral().unwrap(), &db).await.unwrap();
        let (first, mac) = ring.index_mac("phone", b"13800000000").unwrap();
        let steady = ring.key("query-code").unwrap();
        rotate::rotate(&db, &ring, Class::Index, Duration::from_hours(1)).await.unwrap();
        ring.refresh(&db).await.unwrap();
        assert_eq!(ring.index_mac("phone", b"13800000000").unwrap(), (first, mac));
        assert_eq!(ring.index_macs("phone", b"13800000000").len(), 2, "but values of nodes ahead are found");
        rotate::rotate(&db, &ring, Class::Index, NOW).await.unwrap();
        ring.refresh(&db).await.unwrap();
        let (newest, other) = ring.index_mac("phone", b"13800000000").unwrap();
        assert!(newest > first && other != mac);
        assert!(ring.index_macs("phone", b"13800000000").contains(&mac));
        assert_eq!(ring.key("query-code").unwrap(), steady, "codes in people's hands go on");
    })
    .await;
}

#[tokio::test]
async fn codes_made_before_there_was_a_class_for_them_go_on() {
    for_each_db(async |db| {
        let master = MasterKey::ephemeral().unwrap();
        let ring = Keyring::open(&master, &db).await.unwrap();
        let (_, phone) = ring.index_mac("query-code", b"").unwrap();
        let mut changes = Changes::new();
        changes.push(sql("DELETE FROM class_key WHERE class = 'steady'"));
        db.apply("as it was", changes).await.unwrap();
        let ring = Keyring::open(&master, &db).await.unwrap();
        assert_eq!(ring.mac("query-code", b"").unwrap(), phone, "the same key as the first for look-ups");
    })
    .await;
}

#[tokio::test]
async fn the_master_key_is_changed_and_a_cut_in_the_middle_is_mended() {
    for_each_db(async |db| {
        let folder = scratch();
        let ring = Keyring::load_or_create(folder.path(), &db).await.unwrap();
        keep(&db, &ring, "one").await;
        let old = std::fs::read(folder.path().join("master.key")).unwrap();
        let next = MasterKey::read_or_create(&folder.path().join("new.key")).unwrap();
        assert_eq!(rotate::rotate_master(&db, &ring, folder.path(), &next).await.unwrap(), 3);
        let new = std::fs::read(folder.path().join("master.key")).unwrap();
        assert_ne!(old, new);
        let again = Keyring::load_or_create(folder.path(), &db).await.unwrap();
        assert!(opens(&again, &kept(&db).await[0]));
        // The node that ran meanwhile learns a key wrapped by the new master key.
        rotate::rotate(&db, &again, Class::Data, NOW).await.unwrap();
        ring.refresh(&db).await.unwrap();
        assert_eq!(ring.data_key_id(), 2);
        // As if the power had gone between the database and the folder.
        std::fs::rename(folder.path().join("master.key"), folder.path().join("master.key.next")).unwrap();
        std::fs::copy(folder.path().join("new.key"), folder.path().join("unused")).unwrap();
        let stolen = scratch();
        for (place, text) in [(folder.path(), &old), (stolen.path(), &old)] {
            let path = place.join("master.key");
            std::fs::copy(folder.path().join("new.key"), &path).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let mended = Keyring::load_or_create(folder.path(), &db).await.unwrap();
        assert!(opens(&mended, &kept(&db).await[0]));
        assert_eq!(std::fs::read(folder.path().join("master.key")).unwrap(), new);
        assert!(
            Keyring::load_or_create(stolen.path(), &db).await.is_err(),
            "the old key alone opens nothing"
        );
    })
    .await;
}

/// Columns that hold wrapped data keys are named so; each must be gone through by a change of keys.
#[test]
fn every_column_of_wrapped_keys_is_known_to_the_change_of_keys() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut table = String::new();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => table = (*name).to_owned(),
                [column @ ("data_key" | "wrapped_key" | "wrapped"), kind, ..]
                    if kind.starts_with("BYTEA") =>
                {
                    found.insert(format!("{table}.{column}"));
                }
                _ => {}
            }
        }
    }
    found.remove("class_key.wrapped");
    let known: BTreeSet<String> = rotate::places().map(str::to_owned).collect();
    assert_eq!(found, known);
}
