//! A backup brought back is the same, table by table and by the log, on each database and from one to the other;
//! and what is not whole is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use keeping::{KeepingError, check, restore};
use store::copy::{Place, Source};
use store::{Config, Db, Kind, families, sql};
use support::{Origin, backup_of, into, targets};

/// Rows of every table that is kept, as lines.
async fn rows(config: &Config) -> Vec<(String, String)> {
    let mut source = Source::open(config).await.unwrap();
    let mut found = Vec::new();
    for table in source.tables().await.unwrap() {
        // Written by the restore itself, after everything was compared.
        if families::PASSING.contains(&table.name.as_str())
            || ["keeping", "number_block"].contains(&table.name.as_str())
        {
            continue;
        }
        let (mut place, mut lines) = (Place::default(), Vec::new());
        while !place.ended {
            source.page(&table, &mut place, &mut lines).await.unwrap();
        }
        found.push((table.name, String::from_utf8(lines).unwrap()));
    }
    found
}

#[tokio::test]
async fn what_comes_back_is_the_same_from_each_database_into_each() {
    for origin in Origin::all().await {
        let made = backup_of(&origin, false).await.unwrap();
        assert_eq!(made.manifest.files.count, 1);
        assert!(made.manifest.log.size > 0 && made.manifest.feed_position == made.manifest.log.size);
        let before = rows(&origin.config).await;
        for target in targets().await {
            let restored = restore(&into(&target, &made.file)).await.unwrap();
            assert!(restored.evidence.is_sound() && restored.evidence.events > 20);
            assert_eq!(restored.key, keeping::restore::Key::Missing);
            let after = rows(&target.config).await;
            assert_eq!(before.len(), after.len());
            for (was, is) in before.iter().zip(&after) {
                assert_eq!(was, is, "from {:?}", origin.config.url);
            }
            // The paper lies where it belongs, sealed as it was.
            let blob = origin.blob().await;
            let read = |data: &Path| std::fs::read(data.join("files").join(&blob[..2]).join(&blob)).unwrap();
            assert_eq!(read(target.data()), read(&origin.data()));
        }
        origin.close().await;
    }
}

#[tokio::test]
async fn nobody_who_left_comes_back_in_and_numbers_leave_a_gap() {
    let origin = Origin::sqlite().await;
    origin.sign_somebody_in().await;
    let made = backup_of(&origin, false).await.unwrap();
    assert!(made.about.left_out.contains(&"session".to_owned()));
    for target in targets().await {
        restore(&into(&target, &made.file)).await.unwrap();
        let db = Db::open(&target.config).await.unwrap();
        let mut reads = db.reader().await.unwrap();
        let (sessions,): (i64,) = sql("SELECT count(*) FROM session").one(&mut reads).await.unwrap();
        assert_eq!(sessions, 0);
        let (next,): (i64,) = sql("SELECT next FROM number_block WHERE county = ? AND year = ?")
            .bind(371_502)
            .bind(2026)
            .one(&mut reads)
            .await
            .unwrap();
        assert!(next > restore::GAP, "{next}");
        drop(reads);
        db.close().await;
    }
    origin.close().await;
}

#[tokio::test]
async fn a_database_in_use_is_never_written_over() {
    let origin = Origin::sqlite().await;
    let made = backup_of(&origin, false).await.unwrap();
    for target in targets().await {
        restore(&into(&target, &made.file)).await.unwrap();
        let again = restore(&into(&target, &made.file)).await.unwrap_err();
        assert!(matches!(&again, KeepingError::Refused(why) if why.contains("already")), "{again}");
    }
    origin.close().await;
}

#[tokio::test]
async fn a_file_that_was_cut_off_or_changed_is_refused_and_leaves_nothing() {
    let origin = Origin::sqlite().await;
    let made = backup_of(&origin, false).await.unwrap();
    let whole = std::fs::read(&made.file).unwrap();
    let wrong = made.file.with_file_name("wrong.tar.zst");
    for part in 1..20 {
        std::fs::write(&wrong, &whole[..whole.len() * part / 20]).unwrap();
        let refused = check(&wrong).await.unwrap_err();
        assert!(matches!(refused, KeepingError::Damaged(_)), "cut at {part}/20: {refused}");
        let mut changed = whole.clone();
        changed[whole.len() * part / 20] ^= 0x10;
        std::fs::write(&wrong, &changed).unwrap();
        let refused = check(&wrong).await.unwrap_err();
        assert!(matches!(refused, KeepingError::Damaged(_)), "changed at {part}/20: {refused}");
    }
    for target in targets().await {
        let refused = restore(&into(&target, &wrong)).await.unwrap_err();
        assert!(matches!(refused, KeepingError::Damaged(_)), "{refused}");
        assert!(!target.data().join("huifa.db").exists() && !target.data().join("files").exists());
        // The place is as free as before.
        restore(&into(&target, &made.file)).await.unwrap();
    }
    origin.close().await;
}

#[tokio::test]
async fn rows_changed_by_somebody_who_packs_the_file_anew_do_not_pass() {
    let origin = Origin::sqlite().await;
    let made = backup_of(&origin, false).await.unwrap();
    // The manifest left as it was: the rows give it away.
    let anew = support::repacked(&made.file, |name, bytes| {
        if name.starts_with("tables/matter/") {
            support::replaced(bytes, "consultation.text", "consultation.tent");
        }
    });
    let refused = check(&anew).await.unwrap_err();
    assert!(refused.to_string().contains("matter"), "{refused}");
    // The manifest written anew as well: the chain gives it away, and nothing stays that a service would start on.
    let anew = support::repacked_with_manifest(&made.file, |name, bytes| {
        if name.starts_with("tables/event/") {
            support::replaced(bytes, "\"take\"", "\"tako\"");
        }
    });
    check(&anew).await.unwrap();
    for target in targets().await {
        let refused = restore(&into(&target, &anew)).await.unwrap_err();
        assert!(matches!(&refused, KeepingError::Unproved(why) if why[0].contains("evidence")), "{refused}");
        assert!(!target.data().join("huifa.db").exists());
        if target.kind == Kind::Postgres {
            assert!(store::copy::Target::occupied(&target.config).await.unwrap().is_none());
        }
    }
    origin.close().await;
}

#[tokio::test]
async fn the_key_is_inside_only_when_asked_for() {
    let origin = Origin::sqlite().await;
    let (without, with) = (backup_of(&origin, false).await.unwrap(), backup_of(&origin, true).await.unwrap());
    let key = std::fs::read(origin.data().join("master.key")).unwrap();
    let holds = |file: &Path| support::entries(file).iter().any(|(_, bytes)| support::contains(bytes, &key));
    assert!(!holds(&without.file) && holds(&with.file));
    assert_eq!(without.about.key_fingerprint, with.about.key_fingerprint);

    let target = targets().await.remove(0);
    let restored = restore(&into(&target, &with.file)).await.unwrap();
    assert_eq!(restored.key, keeping::restore::Key::Inside);
    assert_eq!(std::fs::read(target.data().join("master.key")).unwrap(), key);

    // Another key in the folder would make everything unreadable: refused before anything is written.
    let other = targets().await.remove(0);
    std::fs::write(other.data().join("master.key"), "7".repeat(64)).unwrap();
    support::only_owner(&other.data().join("master.key"));
    let refused = restore(&into(&other, &without.file)).await.unwrap_err();
    assert!(refused.to_string().contains("fingerprint"), "{refused}");
    assert!(!other.data().join("huifa.db").exists());
    origin.close().await;
}

#[tokio::test]
async fn a_restore_that_was_cut_off_starts_nothing_and_can_be_begun_again() {
    let origin = Origin::sqlite().await;
    let made = backup_of(&origin, false).await.unwrap();
    for target in targets().await.into_iter().filter(|target| target.kind == Kind::Postgres) {
        let half = store::copy::Target::create(&target.config, &made.about.schema).await.unwrap();
        half.close().await.unwrap();
        let refused = Db::open(&target.config).await.err().unwrap().to_string();
        assert!(refused.contains("did not come to its end"), "{refused}");
        restore(&into(&target, &made.file)).await.unwrap();
        Db::open(&target.config).await.unwrap().close().await;
    }
    origin.close().await;
}

#[tokio::test]
async fn a_paper_that_was_erased_is_rightly_gone_and_one_that_was_lost_is_told() {
    for origin in Origin::all().await {
        let blob = origin.blob().await;
        let path = origin.data().join("files").join(&blob[..2]).join(&blob);
        let sealed = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let lost = backup_of(&origin, false).await.unwrap();
        assert_eq!((lost.manifest.files.count, lost.manifest.files.missing.len()), (0, 1));
        std::fs::write(&path, &sealed[1..]).unwrap();
        let damaged = backup_of(&origin, false).await.unwrap();
        assert_eq!(damaged.manifest.files.missing.len(), 1);
        std::fs::remove_file(&path).unwrap();
        origin.erase_paper().await;
        let erased = backup_of(&origin, false).await.unwrap();
        assert_eq!((erased.manifest.files.count, erased.manifest.files.missing.len()), (0, 0));
        origin.close().await;
    }
}
