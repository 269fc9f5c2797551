//! Signed heads: made when the log grew, never against an earlier one; and what they find that tables alone cannot.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{damage, keyring, kinds, live, number, settle, start};
use evidence::bundle::{self, Bundle, verify_bundle};
use evidence::checkpoint::{self, Checkpoint, CheckpointRow, Made, Signing, SigningError};
use evidence::note::{Note, SigningKey, Suite, VerifierKey};
use evidence::{Against, FaultKind, Kept, Report, export, verify, verify_export, verify_whole};
use jiff::SignedDuration;
use kernel::chain::{self, Digest, EventParts};
use kernel::time::{Clock as _, SystemClock};
use serde_json::json;
use store::seal::Keyring;
use store::testkit::for_each_db;
use store::{Db, sql};

const ORIGIN: &str = "huifa.example/log";

fn signing(memory: Option<&Path>) -> Signing {
    Signing { origin: Some(ORIGIN.to_owned()), memory: memory.map(Path::to_path_buf) }
}

async fn sign(db: &Db, keys: &Keyring) -> Made {
    checkpoint::sign(db, keys, &signing(None), "test", SystemClock.now()).await.unwrap()
}

async fn signed(db: &Db, keys: &Keyring) -> CheckpointRow {
    match sign(db, keys).await {
        Made::Signed(row) => row,
        other => panic!("{other:?}"),
    }
}

async fn grow(db: &Db, keys: &Keyring, of: u32) {
    live(db, keys, of, 3).await;
    settle(db).await;
}

async fn published(db: &Db) -> Vec<VerifierKey> {
    checkpoint::keys::verifiers(&mut db.reader().await.unwrap()).await.unwrap()
}

async fn whole(db: &Db, kept: &[Kept], trusted: &[VerifierKey]) -> Report {
    verify_whole(db, &Against { kept, trusted, ..Against::default() }).await.unwrap()
}

fn only(kind: FaultKind) -> BTreeSet<FaultKind> {
    BTreeSet::from([kind])
}

#[tokio::test]
async fn a_head_is_signed_when_the_log_grew_and_only_then() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        assert_eq!(sign(&db, &keys).await, Made::Nothing, "an empty log needs no head and no keys");
        assert!(published(&db).await.is_empty());
        grow(&db, &keys, 1).await;
        let first = signed(&db, &keys).await;
        assert_eq!((first.seq, first.size), (1, 3));
        assert_eq!(sign(&db, &keys).await, Made::Nothing);
        grow(&db, &keys, 2).await;
        let second = signed(&db, &keys).await;
        assert_eq!((second.seq, second.size), (2, 6));

        let note = Note::parse(&second.note).unwrap();
        let known = published(&db).await;
        assert_eq!(note.verify(&known).unwrap().len(), 2, "each suite signs");
        let head = Checkpoint::from_note(&note, &known).unwrap();
        assert_eq!((head.origin.as_str(), head.size, head.root), (ORIGIN, 6, second.digest()));
        let report = verify(&db, None, None).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
        assert_eq!((report.checkpoints, report.root), (2, head.root));
    })
    .await;
}

#[tokio::test]
async fn of_nodes_that_sign_together_one_signs() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        grow(&db, &keys, 1).await;
        let now = SystemClock.now();
        let way = signing(None);
        let ask = |holder: &'static str| checkpoint::sign(&db, &keys, &way, holder, now);
        let (a, b, c) = tokio::join!(ask("a"), ask("b"), ask("c"));
        let made = [a.unwrap(), b.unwrap(), c.unwrap()];
        assert_eq!(made.iter().filter(|made| matches!(made, Made::Signed(_))).count(), 1, "{made:?}");
        let report = whole(&db, &[], &[]).await;
        assert_eq!((report.checkpoints, report.is_sound()), (1, true));

        // A node that lost its lease without noticing has read the same last head: its row is refused.
        let row = checkpoint::latest(&mut db.reader().await.unwrap()).await.unwrap().unwrap();
        let mut late = store::Changes::new();
        late.push(
            sql("INSERT INTO log_checkpoint (seq, at, size, root, note) VALUES (?, ?, ?, ?, ?)")
                .bind(row.seq)
                .bind(now)
                .bind(row.size)
                .bind(row.root.clone())
                .bind(&row.note),
        );
        assert!(db.apply("late", late).await.unwrap_err().is_duplicate_of("log_checkpoint"));
    })
    .await;
}

#[tokio::test]
async fn the_name_of_a_log_stays() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        grow(&db, &keys, 1).await;
        let nameless = Signing::default();
        let now = SystemClock.now();
        let Made::Signed(row) = checkpoint::sign(&db, &keys, &nameless, "test", now).await.unwrap() else {
            panic!("not signed")
        };
        assert!(row.note.starts_with("huifa/"), "{}", row.note);
        grow(&db, &keys, 2).await;
        let named = checkpoint::sign(&db, &keys, &signing(None), "test", now).await;
        assert!(matches!(named, Err(SigningError::Renamed { .. })), "{named:?}");
        assert!(matches!(
            checkpoint::sign(&db, &keys, &nameless, "test", now).await.unwrap(),
            Made::Signed(_)
        ));
    })
    .await;
}

/// Makes the log anew from the events as they stand now, as somebody would who can write every table.
async fn rebuild_log(db: &Db) {
    damage(
        db,
        vec![
            sql("DELETE FROM log_leaf"),
            sql("DELETE FROM log_node"),
            sql("DELETE FROM log_head"),
            sql("DELETE FROM feed_cursor"),
        ],
    )
    .await;
    settle(db).await;
}

/// Rewrites the last event of a matter so that everything in the tables fits again.
async fn rewrite(db: &Db, of: u32, seq: i64) {
    let (n, public) = (number(of), json!({ "to": "closed" }));
    let (commit, prev): ([u8; 32], [u8; 32]) =
        sql("SELECT commitment, prev FROM event WHERE number = ? AND seq = ?")
            .bind(n)
            .bind(seq)
            .one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
    let at = start().plus(SignedDuration::from_secs(i64::from(of) * 60 + seq));
    let (commit, prev) = (Digest::new(commit), Digest::new(prev));
    let parts =
        EventParts { number: n, seq, at, actor: "a-1", action: "take", public: &public, commit, prev };
    let hash = chain::event_hash(&parts).unwrap();
    damage(
        db,
        vec![
            sql("UPDATE event SET public = ?, hash = ? WHERE number = ? AND seq = ?")
                .bind(public)
                .bind(hash.as_bytes())
                .bind(n)
                .bind(seq),
            sql("UPDATE matter SET head = ? WHERE number = ?").bind(hash.as_bytes()).bind(n),
        ],
    )
    .await;
    rebuild_log(db).await;
}

#[tokio::test]
async fn a_register_rewritten_as_a_whole_contradicts_its_heads() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        grow(&db, &keys, 1).await;
        let head = signed(&db, &keys).await;
        let kept = [Kept { whose: "a friend".into(), note: head.note.clone() }];
        let trusted = published(&db).await;
        rewrite(&db, 1, 3).await;
        assert_eq!(kinds(&whole(&db, &[], &[]).await), only(FaultKind::Fork));
        // Nothing is signed over it, also when it has grown since.
        live(&db, &keys, 2, 2).await;
        settle(&db).await;
        let refused = checkpoint::sign(&db, &keys, &signing(None), "test", SystemClock.now()).await;
        assert!(matches!(refused, Err(SigningError::Fork(_))), "{refused:?}");

        // Whoever takes away the heads as well finds silence here, and is found by the one who kept a note.
        damage(&db, vec![sql("DELETE FROM log_checkpoint")]).await;
        assert!(whole(&db, &[], &[]).await.is_sound());
        assert_eq!(kinds(&whole(&db, &kept, &trusted).await), only(FaultKind::Fork));
    })
    .await;
}

#[tokio::test]
async fn a_matter_swapped_for_another_or_a_log_put_in_another_order_is_a_fork() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        grow(&db, &keys, 1).await;
        grow(&db, &keys, 2).await;
        signed(&db, &keys).await;
        // The feed as if matter 2 had come first; every table fits.
        damage(
            &db,
            vec![
                sql("UPDATE feed SET pos = pos + 100 WHERE number = ?").bind(number(1)),
                sql("UPDATE feed SET pos = pos - 3 WHERE number = ?").bind(number(2)),
                sql("UPDATE feed SET pos = pos - 97 WHERE number = ?").bind(number(1)),
            ],
        )
        .await;
        rebuild_log(&db).await;
        assert_eq!(kinds(&whole(&db, &[], &[]).await), only(FaultKind::Fork));
    })
    .await;
}

/// The tables of the log, set back to the state before the last matter came.
async fn set_back(db: &Db, of: u32, size: i64, checkpoints: i64) {
    let n = number(of);
    damage(
        db,
        vec![
            sql("DELETE FROM event WHERE number = ?").bind(n),
            sql("DELETE FROM matter WHERE number = ?").bind(n),
            sql("DELETE FROM feed WHERE number = ?").bind(n),
            sql("UPDATE feed_head SET pos = ?").bind(size),
            sql("DELETE FROM log_checkpoint WHERE seq > ?").bind(checkpoints),
        ],
    )
    .await;
    rebuild_log(db).await;
}

#[tokio::test]
async fn a_log_that_was_set_back_is_found_and_not_signed_again() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let scratch = store::testkit::scratch();
        let memory = scratch.path().join("checkpoint");
        let way = signing(Some(&memory));
        let sign = async || checkpoint::sign(&db, &keys, &way, "test", SystemClock.now()).await;
        grow(&db, &keys, 1).await;
        sign().await.unwrap();
        grow(&db, &keys, 2).await;
        sign().await.unwrap();
        let note = checkpoint::recall(&memory).unwrap().unwrap();
        let kept = [Kept { whose: "memory".into(), note }];

        // With its own heads left in place the tables tell it themselves.
        set_back(&db, 2, 3, 2).await;
        assert_eq!(kinds(&whole(&db, &[], &[]).await), only(FaultKind::Fork));
        assert!(matches!(sign().await, Err(SigningError::Shrunk { now: 3, signed: 6, .. })));

        // Set back as a whole, as by an old backup: only what lies outside knows.
        set_back(&db, 2, 3, 1).await;
        assert!(whole(&db, &[], &[]).await.is_sound());
        assert_eq!(kinds(&whole(&db, &kept, &[]).await), only(FaultKind::Fork));
        assert!(matches!(sign().await, Err(SigningError::Shrunk { .. })));
        // And grown again past that size, differently: two logs under one name.
        grow(&db, &keys, 4).await;
        grow(&db, &keys, 5).await;
        let fork = sign().await;
        assert!(matches!(fork, Err(SigningError::Fork(_))), "{fork:?}");
        assert_eq!(kinds(&whole(&db, &kept, &[]).await), only(FaultKind::Fork));
    })
    .await;
}

#[tokio::test]
async fn a_forged_changed_or_missing_head_is_found() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        let mut heads = Vec::new();
        for of in 1..=3 {
            grow(&db, &keys, of).await;
            heads.push(signed(&db, &keys).await);
        }
        let good = heads[1].clone();
        let text = Note::parse(&good.note).unwrap().text;
        let stranger: Vec<SigningKey> = Suite::ALL
            .into_iter()
            .map(|suite| SigningKey::from_secret(ORIGIN, suite, &[9; 32]).unwrap())
            .collect();
        let forged = Note::sign(text.clone(), &stranger);
        let mut flipped = Note::parse(&good.note).unwrap();
        flipped.lines[1].signature[20] ^= 1;
        let mut one_suite = Note::parse(&good.note).unwrap();
        one_suite.lines.pop();
        let mut more = Note::parse(&good.note).unwrap();
        more.lines.extend(forged.lines.clone());
        let other_size = good.note.replace("\n6\n", "\n7\n");

        for (what, note) in [
            ("signed by a stranger", forged.to_string()),
            ("a bit of a signature turned", flipped.to_string()),
            ("without the second suite", one_suite.to_string()),
            ("a stranger's lines beside ours", more.to_string()),
            ("another size", other_size),
            ("the note of another head", heads[0].note.clone()),
            ("rubbish", "rubbish".to_owned()),
        ] {
            let put = |note: &str| vec![sql("UPDATE log_checkpoint SET note = ? WHERE seq = 2").bind(note)];
            damage(&db, put(&note)).await;
            assert_eq!(kinds(&whole(&db, &[], &[]).await), only(FaultKind::Checkpoint), "{what}");
            damage(&db, put(&good.note)).await;
        }
        damage(&db, vec![sql("UPDATE log_checkpoint SET size = 5 WHERE seq = 2")]).await;
        assert_eq!(kinds(&whole(&db, &[], &[]).await), only(FaultKind::Checkpoint));
        damage(&db, vec![sql("UPDATE log_checkpoint SET size = 6 WHERE seq = 2")]).await;
        assert!(whole(&db, &[], &[]).await.is_sound());

        // Whoever exchanges the keys too is found by those who have the true ones.
        let trusted = published(&db).await;
        let mut plant =
            vec![sql("UPDATE log_checkpoint SET note = ? WHERE seq = 2").bind(forged.to_string())];
        for (id, key) in (10_i64..).zip(&stranger) {
            plant.push(
                sql("INSERT INTO log_key (id, suite, origin, public, made_at) VALUES (?, ?, ?, ?, ?)")
                    .bind(id)
                    .bind(key.verifier().suite.as_str())
                    .bind(ORIGIN)
                    .bind(key.verifier().public.clone())
                    .bind(start().timestamp()),
            );
        }
        plant.push(sql("DELETE FROM log_key WHERE id < 10"));
        damage(&db, plant).await;
        assert_eq!(kinds(&whole(&db, &[], &trusted).await), only(FaultKind::Checkpoint));

        damage(&db, vec![sql("DELETE FROM log_checkpoint WHERE seq = 2")]).await;
        assert!(kinds(&whole(&db, &[], &[]).await).contains(&FaultKind::Checkpoint));
    })
    .await;
}

#[tokio::test]
async fn new_keys_sign_once_beside_the_old_ones() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        grow(&db, &keys, 1).await;
        signed(&db, &keys).await;
        let old = published(&db).await;
        checkpoint::rotate(&db, &keys, &signing(None), SystemClock.now()).await.unwrap();
        let both = signed(&db, &keys).await;
        assert_eq!((both.seq, both.size), (2, 3), "the same log, signed again at once");
        let all = published(&db).await;
        let note = Note::parse(&both.note).unwrap();
        assert_eq!((all.len(), note.verify(&all).unwrap().len()), (4, 4));
        assert_eq!(note.verify(&old).unwrap().len(), 2, "who knows the old keys is handed over to the new");
        let (left,): (i64,) =
            sql("SELECT count(*) FROM log_key WHERE sealed IS NOT NULL OR data_key IS NOT NULL")
                .one(&mut db.reader().await.unwrap())
                .await
                .unwrap();
        assert_eq!(left, 2, "the old secrets are gone");

        grow(&db, &keys, 2).await;
        let next = Note::parse(&signed(&db, &keys).await.note).unwrap();
        assert_eq!(next.lines.len(), 2);
        assert!(next.verify(&old).is_err());
        assert!(whole(&db, &[], &[]).await.is_sound());

        // A new key above them changes nothing of them.
        store::seal::rotate::rotate(&db, &keys, store::seal::rotate::Class::Data, std::time::Duration::ZERO)
            .await
            .unwrap();
        keys.refresh(&db).await.unwrap();
        while store::seal::rotate::rewrap_some(&db, &keys, 50).await.unwrap() > 0 {}
        grow(&db, &keys, 3).await;
        signed(&db, &keys).await;
        assert_eq!(published(&db).await, all);
    })
    .await;
}

/// What is changed, how, and what must be found.
type Change<'a> = (&'static str, Box<dyn Fn(&mut Bundle) + 'a>, FaultKind);

async fn bundle_of(db: &Db, of: u32, seq: i64) -> Bundle {
    bundle::of_event(&mut db.snapshot().await.unwrap(), number(of), seq).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_bundle_proves_its_event_alone_and_every_change_of_it_is_found() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        for of in 1..=3 {
            grow(&db, &keys, of).await;
        }
        let early = bundle_of(&db, 2, 2).await;
        assert_eq!((early.checkpoint.as_ref(), early.index, early.path.len()), (None, None, 0));
        let report = early.check(&[]);
        assert_eq!((report.is_sound(), report.tree_size), (true, 0), "sound as far as it goes");

        signed(&db, &keys).await;
        let good = bundle_of(&db, 2, 2).await;
        grow(&db, &keys, 4).await;
        let later = signed(&db, &keys).await;
        assert_eq!(bundle_of(&db, 2, 2).await, good, "the first head that covers it stays its head");
        let trusted = published(&db).await;
        let report = good.check(&trusted);
        assert!(report.is_sound(), "{:?}", report.faults);
        assert_eq!((report.tree_size, report.checkpoints), (9, 1));
        assert!(verify_bundle(&db, &good, &trusted).await.unwrap().is_sound());
        let there_and_back: Bundle =
            serde_json::from_str(&serde_json::to_string_pretty(&good).unwrap()).unwrap();
        assert_eq!(there_and_back, good);

        let other = bundle_of(&db, 3, 2).await;
        let strange = SigningKey::from_secret(ORIGIN, Suite::Ed25519, &[5; 32]).unwrap();
        let changed: [Change; 11] = [
            ("the event", Box::new(|b| b.event = b.event.replace("review", "closed")), FaultKind::Hash),
            ("the hash", Box::new(|b| b.hash = Digest::ZERO), FaultKind::Hash),
            ("the matter", Box::new(|b| b.number = number(3)), FaultKind::Receipt),
            ("the sequence", Box::new(|b| b.seq = 3), FaultKind::Receipt),
            ("another's event", Box::new(|b| b.event.clone_from(&other.event)), FaultKind::Hash),
            ("the place", Box::new(|b| b.index = Some(5)), FaultKind::Node),
            ("no place", Box::new(|b| b.index = None), FaultKind::Node),
            ("the way", Box::new(|b| b.path.swap(0, 1)), FaultKind::Node),
            ("a shorter way", Box::new(|b| b.path.truncate(1)), FaultKind::Node),
            ("another head", Box::new(|b| b.checkpoint = Some(later.note.clone())), FaultKind::Node),
            (
                "a head of the forger's own",
                Box::new(|b| {
                    let text = Note::parse(b.checkpoint.as_ref().unwrap()).unwrap().text;
                    let note = Note::sign(text, std::slice::from_ref(&strange));
                    b.checkpoint = Some(note.to_string());
                    b.keys = vec![strange.verifier().to_string()];
                }),
                FaultKind::Checkpoint,
            ),
        ];
        for (what, change, kind) in changed {
            let mut bad = good.clone();
            change(&mut bad);
            let found = kinds(&bad.check(&trusted));
            assert!(found.contains(&kind), "{what}: {found:?}");
            assert!(!verify_bundle(&db, &bad, &[]).await.unwrap().is_sound(), "{what}, against the database");
        }

        // The house denies it: the bundle, kept outside, still stands by itself and shows the fork.
        rewrite(&db, 2, 3).await;
        assert!(good.check(&trusted).is_sound());
        assert!(kinds(&verify_bundle(&db, &good, &trusted).await.unwrap()).contains(&FaultKind::Fork));
    })
    .await;
}

#[tokio::test]
async fn an_export_carries_its_heads_and_every_change_of_them_is_found() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        for of in 1..=3 {
            grow(&db, &keys, of).await;
            signed(&db, &keys).await;
        }
        let trusted = published(&db).await;
        let scratch = store::testkit::scratch();
        let folder = scratch.path().join("export");
        export(&db, &folder).await.unwrap();
        let check = |trusted: &[VerifierKey], kept: &[Kept]| verify_export(&folder, trusted, kept).unwrap();
        let sound = check(&[], &[]);
        assert_eq!(sound, whole(&db, &[], &[]).await, "inside and outside see the same");
        assert!(check(&trusted, &[]).is_sound());
        let newest = std::fs::read_to_string(folder.join("checkpoint")).unwrap();
        assert!(check(&trusted, &[Kept { whose: "kept".into(), note: newest.clone() }]).is_sound());

        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let with = |name: &str, text: &str, trusted: &[VerifierKey]| {
            let before = read(name);
            std::fs::write(folder.join(name), text).unwrap();
            let found = kinds(&check(trusted, &[]));
            std::fs::write(folder.join(name), before).unwrap();
            found
        };
        let events = read("events.jsonl");
        let cut = events.lines().take(7).collect::<Vec<_>>().join("\n");
        assert!(with("events.jsonl", &cut, &[]).contains(&FaultKind::Fork), "cut off");
        let mut lines: Vec<&str> = events.lines().collect();
        lines.swap(3, 4);
        assert!(with("events.jsonl", &lines.join("\n"), &[]).contains(&FaultKind::Fork), "reordered");
        let heads = read("checkpoints.jsonl");
        let mut lines: Vec<&str> = heads.lines().collect();
        lines.remove(1);
        assert_eq!(
            with("checkpoints.jsonl", &lines.join("\n"), &[]),
            only(FaultKind::Checkpoint),
            "one is gone"
        );
        lines.remove(1);
        assert_eq!(
            with("checkpoints.jsonl", &lines.join("\n"), &[]),
            only(FaultKind::Checkpoint),
            "the end is gone"
        );
        let forged = heads.replace("\\n6\\n", "\\n7\\n");
        assert_eq!(with("checkpoints.jsonl", &forged, &[]), only(FaultKind::Checkpoint), "another size");
        let strange = SigningKey::from_secret(ORIGIN, Suite::Ed25519, &[5; 32]).unwrap();
        let keys_file = format!("{}\n", strange.verifier());
        assert_eq!(with("keys.txt", &keys_file, &trusted), only(FaultKind::Checkpoint), "other keys");

        // A note from elsewhere that this log never led to.
        let text = Checkpoint { origin: ORIGIN.into(), size: 9, root: Digest::ZERO }.to_string();
        let note = Note::sign(text, std::slice::from_ref(&strange)).to_string();
        let kept = [Kept { whose: "kept".into(), note }];
        let mut believed = trusted.clone();
        believed.push(strange.verifier().clone());
        assert!(kinds(&check(&believed, &kept)).contains(&FaultKind::Fork));
        for name in ["checkpoint", "checkpoints.jsonl"] {
            std::fs::remove_file(folder.join(name)).unwrap();
        }
        assert_eq!(kinds(&check(&trusted, &[])), only(FaultKind::Checkpoint), "stripped of its heads");
    })
    .await;
}

#[tokio::test]
async fn any_two_sizes_are_consistent_and_proved_so() {
    for_each_db(async |db| {
        let keys = keyring(&db).await;
        for of in 1..=4 {
            grow(&db, &keys, of).await;
        }
        let mut reads = db.snapshot().await.unwrap();
        for to in 1..=12 {
            for from in 1..=to {
                let found = evidence::log::consistency(&mut reads, from, to).await.unwrap().unwrap();
                assert!(
                    evidence::tree::verify_consistency(
                        from,
                        to,
                        &found.proof,
                        &found.from_root,
                        &found.to_root
                    ),
                    "{from} to {to}"
                );
            }
        }
        assert_eq!(evidence::log::consistency(&mut reads, 3, 13).await.unwrap(), None, "not there yet");
        assert_eq!(evidence::log::consistency(&mut reads, 0, 3).await.unwrap(), None);
    })
    .await;
}
