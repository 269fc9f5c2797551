//! Each kind of damage is planted in the tables and must be found, on both databases.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod common;

use std::collections::BTreeSet;

use common::{damage, keyring, kinds, live, number, settle, start};
use evidence::{ExportError, FaultKind, MerkleLog, export, log, tree, verify, verify_export, verify_receipt};
use jiff::SignedDuration;
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use serde_json::json;
use store::feed::{Sequencer, follow_once};
use store::testkit::for_each_db;
use store::{Changes, Db, Sql, sql};

#[tokio::test]
async fn a_sound_register_has_no_faults() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let empty = verify(&db, None, Some(&keys)).await.unwrap();
        assert_eq!((empty.events, empty.matters, empty.tree_size, empty.is_sound()), (0, 0, 0, true));
        assert_eq!(empty.root, tree::empty_root());

        for of in 1..=7 {
            live(&db, &keys, of, i64::from(of % 3 + 1)).await;
        }
        // Waiting in the outbox is not damage.
        let early = verify(&db, None, Some(&keys)).await.unwrap();
        assert!(early.is_sound(), "{:?}", early.faults);
        settle(&db).await;
        let later = live(&db, &keys, 8, 3).await;
        let report = verify(&db, None, Some(&keys)).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
        assert_eq!((report.matters, report.events, report.tree_size), (8, 17, 14));
        settle(&db).await;
        let report = verify(&db, None, Some(&keys)).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
        assert_eq!(report.tree_size, 17);

        let one = verify(&db, Some(later.number), Some(&keys)).await.unwrap();
        assert!(one.is_sound(), "{:?}", one.faults);
        assert_eq!((one.matters, one.events, one.tree_size, one.root), (1, 3, 17, report.root));
        let nobody = verify(&db, Some(number(999)), None).await.unwrap();
        assert_eq!((nobody.matters, nobody.events, nobody.is_sound()), (0, 0, true));
    })
    .await;
}

#[tokio::test]
async fn the_log_grows_the_same_in_any_batches() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let mut peaks = tree::Peaks::default();
        for of in 1..=20 {
            live(&db, &keys, of, 2).await;
            if of % 3 == 0 {
                settle(&db).await;
            }
        }
        settle(&db).await;
        let mut reads = db.snapshot().await.unwrap();
        let rows: Vec<(i64, [u8; 32])> =
            sql("SELECT pos, hash FROM log_leaf ORDER BY pos").all(&mut reads).await.unwrap();
        for (index, (pos, hash)) in rows.iter().enumerate() {
            assert_eq!(usize::try_from(*pos).unwrap(), index + 1);
            peaks.append(Digest::new(*hash));
        }
        let head = log::head(&mut reads).await.unwrap();
        assert_eq!((head.root, &head.peaks), (peaks.root(), &peaks));
        for of in [1, 7, 20] {
            let proof = log::inclusion(&mut reads, number(of), 2).await.unwrap().unwrap();
            assert!(tree::verify_inclusion(&proof.leaf, proof.index, proof.size, &proof.proof, &proof.root));
            assert_eq!(proof.root, head.root);
        }
        assert_eq!(log::inclusion(&mut reads, number(1), 3).await.unwrap(), None);
    })
    .await;
}

/// What is done to matter 3 (events 1 to 4 of it), and what must be found in all and in one.
type Planted = (&'static str, fn(MatterNumber) -> Vec<Sql>, &'static [FaultKind], &'static [FaultKind]);

const PLANTED: &[Planted] = &[
    (
        "the public part is edited",
        |n| {
            vec![
                sql("UPDATE event SET public = ? WHERE number = ? AND seq = 2")
                    .bind(json!({ "to": "closed" }))
                    .bind(n),
            ]
        },
        &[FaultKind::Hash],
        &[FaultKind::Hash],
    ),
    (
        "the actor is edited",
        |n| vec![sql("UPDATE event SET actor = 'a-2' WHERE number = ? AND seq = 2").bind(n)],
        &[FaultKind::Hash],
        &[FaultKind::Hash],
    ),
    (
        "the time is edited by a microsecond",
        |n| {
            let at = start().plus(SignedDuration::from_micros(1));
            vec![sql("UPDATE event SET at = ? WHERE number = ? AND seq = 2").bind(at).bind(n)]
        },
        &[FaultKind::Hash],
        &[FaultKind::Hash],
    ),
    (
        "the algorithm is renamed",
        |n| vec![sql("UPDATE event SET alg = 'none' WHERE number = ? AND seq = 2").bind(n)],
        &[FaultKind::Algorithm],
        &[FaultKind::Algorithm],
    ),
    (
        "the sealed text is exchanged for that of another event",
        |n| {
            vec![
                sql("UPDATE event SET sealed = (SELECT sealed FROM event WHERE number = ? AND seq = 3) \
                     WHERE number = ? AND seq = 2")
                .bind(n)
                .bind(n),
            ]
        },
        &[FaultKind::Sealed],
        &[FaultKind::Sealed],
    ),
    (
        "an event in the middle is deleted",
        |n| vec![sql("DELETE FROM event WHERE number = ? AND seq = 2").bind(n)],
        &[FaultKind::Gap, FaultKind::LeafWithoutEvent],
        &[FaultKind::Gap, FaultKind::LeafWithoutEvent],
    ),
    (
        "the last event is cut off",
        |n| vec![sql("DELETE FROM event WHERE number = ? AND seq = 4").bind(n)],
        &[FaultKind::Truncated, FaultKind::LeafWithoutEvent],
        &[FaultKind::Truncated, FaultKind::LeafWithoutEvent],
    ),
    (
        "the last event is cut off and the matter turned back",
        |n| {
            vec![
                sql("UPDATE matter SET version = 3, head = (SELECT prev FROM event WHERE number = ? AND seq = 4) \
                     WHERE number = ?")
                .bind(n)
                .bind(n),
                sql("DELETE FROM event WHERE number = ? AND seq = 4").bind(n),
            ]
        },
        &[FaultKind::LeafWithoutEvent],
        &[FaultKind::LeafWithoutEvent],
    ),
    (
        "the whole matter is deleted",
        |n| {
            vec![
                sql("DELETE FROM event WHERE number = ?").bind(n),
                sql("DELETE FROM matter WHERE number = ?").bind(n),
            ]
        },
        &[FaultKind::LeafWithoutEvent],
        &[FaultKind::LeafWithoutEvent],
    ),
    (
        "two events change places",
        |n| {
            vec![
                sql("UPDATE event SET seq = 99 WHERE number = ? AND seq = 2").bind(n),
                sql("UPDATE event SET seq = 2 WHERE number = ? AND seq = 3").bind(n),
                sql("UPDATE event SET seq = 3 WHERE number = ? AND seq = 99").bind(n),
            ]
        },
        &[FaultKind::Hash, FaultKind::Prev, FaultKind::Sealed, FaultKind::LeafHash],
        &[FaultKind::Hash, FaultKind::Prev, FaultKind::Sealed, FaultKind::LeafHash],
    ),
    (
        "the matter forgets its last command",
        |n| vec![sql("UPDATE matter SET version = 3 WHERE number = ?").bind(n)],
        &[FaultKind::Surplus],
        &[FaultKind::Surplus],
    ),
    (
        "the matter's head is exchanged",
        |n| vec![sql("UPDATE matter SET head = ? WHERE number = ?").bind([7_u8; 32]).bind(n)],
        &[FaultKind::Head],
        &[FaultKind::Head],
    ),
    (
        "a leaf of the log is edited",
        |n| vec![sql("UPDATE log_leaf SET hash = ? WHERE number = ? AND seq = 2").bind([7_u8; 32]).bind(n)],
        &[FaultKind::LeafHash, FaultKind::Node, FaultKind::Root],
        &[FaultKind::LeafHash, FaultKind::Node],
    ),
    (
        "a leaf of the log is deleted",
        |n| vec![sql("DELETE FROM log_leaf WHERE number = ? AND seq = 2").bind(n)],
        &[FaultKind::Leaf, FaultKind::Node],
        &[FaultKind::Node],
    ),
    (
        "the log's end is cut off",
        |_| vec![sql("DELETE FROM log_leaf WHERE pos = (SELECT max(pos) FROM feed)")],
        &[FaultKind::Leaf],
        &[],
    ),
    (
        "the log and its head are turned back",
        |_| {
            vec![
                sql("UPDATE log_head SET size = 16"),
                sql("UPDATE log_head SET peaks = (SELECT hash FROM log_node WHERE level = 4 AND place = 0)"),
                sql("UPDATE log_head SET root = (SELECT hash FROM log_node WHERE level = 4 AND place = 0)"),
                sql("DELETE FROM log_leaf WHERE pos > 16"),
            ]
        },
        &[FaultKind::Leaf],
        &[],
    ),
    (
        "a node of the tree is edited",
        |_| vec![sql("UPDATE log_node SET hash = ? WHERE level = 3 AND place = 0").bind([7_u8; 32])],
        &[FaultKind::Node],
        &[FaultKind::Node],
    ),
    (
        "the root is edited",
        |_| vec![sql("UPDATE log_head SET root = ?").bind([7_u8; 32])],
        &[FaultKind::Root],
        &[FaultKind::Root, FaultKind::Node],
    ),
    (
        "an event is taken out of feed and outbox",
        |n| vec![sql("DELETE FROM feed WHERE number = ? AND seq = 4").bind(n)],
        &[FaultKind::Unannounced, FaultKind::Feed, FaultKind::Leaf],
        &[FaultKind::Unannounced],
    ),
    (
        "the feed is put into another order",
        |n| {
            vec![
                sql("UPDATE feed SET seq = 99 WHERE number = ? AND seq = 2").bind(n),
                sql("UPDATE feed SET seq = 2 WHERE number = ? AND seq = 3").bind(n),
                sql("UPDATE feed SET seq = 3 WHERE number = ? AND seq = 99").bind(n),
            ]
        },
        &[FaultKind::Feed, FaultKind::Leaf],
        &[],
    ),
];

/// Undoes any damage: the tables as they were.
async fn restore(db: &Db, kept: &[Vec<Sql>]) {
    let mut changes = Changes::new();
    for table in ["log_head", "log_node", "log_leaf", "feed", "event", "matter"] {
        changes.push(match table {
            "log_head" => sql("DELETE FROM log_head"),
            "log_node" => sql("DELETE FROM log_node"),
            "log_leaf" => sql("DELETE FROM log_leaf"),
            "feed" => sql("DELETE FROM feed"),
            "event" => sql("DELETE FROM event"),
            _ => sql("DELETE FROM matter"),
        });
    }
    for statement in kept.iter().flatten() {
        changes.push(statement.clone());
    }
    db.apply("restore", changes).await.unwrap();
}

/// Copies of all tables, to put back after each damage.
async fn keep(db: &Db) {
    db.write("keep", |tx| {
        Box::pin(async move {
            for statement in [
                "CREATE TABLE kept_matter AS SELECT * FROM matter",
                "CREATE TABLE kept_event AS SELECT * FROM event",
                "CREATE TABLE kept_feed AS SELECT * FROM feed",
                "CREATE TABLE kept_leaf AS SELECT * FROM log_leaf",
                "CREATE TABLE kept_node AS SELECT * FROM log_node",
                "CREATE TABLE kept_head AS SELECT * FROM log_head",
            ] {
                sql(statement).execute(tx).await?;
            }
            Ok::<_, store::StoreError>(())
        })
    })
    .await
    .unwrap();
}

fn put_back() -> Vec<Vec<Sql>> {
    vec![vec![
        sql("INSERT INTO matter SELECT * FROM kept_matter"),
        sql("INSERT INTO event SELECT * FROM kept_event"),
        sql("INSERT INTO feed SELECT * FROM kept_feed"),
        sql("INSERT INTO log_leaf SELECT * FROM kept_leaf"),
        sql("INSERT INTO log_node SELECT * FROM kept_node"),
        sql("INSERT INTO log_head SELECT * FROM kept_head"),
    ]]
}

#[tokio::test]
async fn every_kind_of_damage_is_found() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        for of in 1..=5 {
            live(&db, &keys, of, 4).await;
        }
        settle(&db).await;
        keep(&db).await;
        let target = number(3);
        for (name, plant, in_all, in_one) in PLANTED {
            damage(&db, plant(target)).await;
            let whole = verify(&db, None, Some(&keys)).await.unwrap();
            let wanted: BTreeSet<_> = in_all.iter().copied().collect();
            assert_eq!(kinds(&whole), wanted, "{name}, on {:?}: {:?}", db.kind(), whole.faults);
            let one = verify(&db, Some(target), Some(&keys)).await.unwrap();
            let wanted: BTreeSet<_> = in_one.iter().copied().collect();
            assert_eq!(kinds(&one), wanted, "{name}, one matter, on {:?}: {:?}", db.kind(), one.faults);
            restore(&db, &put_back()).await;
            let sound = verify(&db, None, Some(&keys)).await.unwrap();
            assert!(sound.is_sound(), "after {name}: {:?}", sound.faults);
        }
    })
    .await;
}

#[tokio::test]
async fn a_destroyed_key_leaves_the_chain_whole() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let life = live(&db, &keys, 1, 3).await;
        settle(&db).await;
        damage(&db, vec![sql("UPDATE matter SET data_key = NULL WHERE number = ?").bind(life.number)]).await;
        let report = verify(&db, None, Some(&keys)).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
    })
    .await;
}

#[tokio::test]
async fn a_receipt_is_held_against_its_event() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let life = live(&db, &keys, 1, 3).await;
        let sound = verify_receipt(&db, life.number, 2, &life.hashes[1]).await.unwrap();
        assert!(sound.is_sound(), "{:?}", sound.faults);
        for (seq, hash) in [(2, Digest::ZERO), (3, life.hashes[1]), (4, life.hashes[2])] {
            let report = verify_receipt(&db, life.number, seq, &hash).await.unwrap();
            assert_eq!(kinds(&report), BTreeSet::from([FaultKind::Receipt]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_gone_event_stops_the_log_instead_of_shifting_it() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let life = live(&db, &keys, 1, 3).await;
        let mut sequencer = Sequencer::new("test");
        sequencer.step(&db, start()).await.unwrap();
        damage(&db, vec![sql("DELETE FROM event WHERE number = ? AND seq = 2").bind(life.number)]).await;
        follow_once(&db, &MerkleLog).await.unwrap_err();
        let report = verify(&db, None, None).await.unwrap();
        assert_eq!((report.tree_size, kinds(&report)), (0, BTreeSet::from([FaultKind::Gap])));
    })
    .await;
}

#[tokio::test]
async fn an_export_is_checked_without_the_database() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        for of in 1..=3 {
            live(&db, &keys, of, 3).await;
        }
        settle(&db).await;
        let scratch = store::testkit::scratch();
        let folder = scratch.path().join("export");
        assert_eq!(export(&db, &folder).await.unwrap(), 9);
        assert!(matches!(export(&db, &folder).await, Err(ExportError::NotEmpty(_))));
        let sound = verify_export(&folder, &[], &[]).unwrap();
        let inside = verify(&db, None, None).await.unwrap();
        assert_eq!(sound, inside, "inside and outside see the same");
        assert!(sound.is_sound());

        let file = folder.join("events.jsonl");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("reason"), "no sealed text leaves the house");
        let lines: Vec<&str> = text.lines().collect();
        let found = |lines: &[&str]| {
            std::fs::write(&file, lines.join("\n")).unwrap();
            kinds(&verify_export(&folder, &[], &[]).unwrap())
        };
        let edited = lines[1].replace("review", "closed");
        assert_eq!(found(&[&[lines[0], &edited], &lines[2..]].concat()), BTreeSet::from([FaultKind::Hash]));
        assert_eq!(
            found(&[&lines[..1], &lines[2..]].concat()),
            BTreeSet::from([FaultKind::Gap, FaultKind::Leaf, FaultKind::Truncated])
        );
        assert_eq!(found(&lines[..8]), BTreeSet::from([FaultKind::Truncated]));
        let swapped = [&[lines[1], lines[0]], &lines[2..]].concat();
        assert!(found(&swapped).is_superset(&BTreeSet::from([
            FaultKind::Gap,
            FaultKind::Leaf,
            FaultKind::Root
        ])));
        assert!(found(&[&lines[..8], &["rubbish"]].concat()).contains(&FaultKind::Unreadable));
        assert_eq!(found(&lines), BTreeSet::new());
        std::fs::write(folder.join("head.json"), "{}").unwrap();
        assert_eq!(found(&lines), BTreeSet::from([FaultKind::Unreadable]));
        std::fs::remove_file(folder.join("head.json")).unwrap();
        assert!(matches!(verify_export(&folder, &[], &[]), Err(ExportError::File(..))));
    })
    .await;
}
