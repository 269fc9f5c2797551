//! The feed under interleaved writers and dying sequencers: nothing skipped, nothing twice.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, SystemClock};
use store::feed::{self, Entry, Follower, Sequencer, follow_once};
use store::testkit::for_each_db;
use store::{BoxFuture, Changes, Db, StoreError, lease, sql};

fn number(of: u32) -> MatterNumber {
    MatterNumber::new("371502".parse::<AreaCode>().unwrap(), 2026, of).unwrap()
}

/// A small reproducible source of chance; the seed is printed.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).unwrap();
        let seed = u64::from_le_bytes(seed) | 1;
        println!("seed {seed}");
        Self(seed)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Writes every entry it is given into a table without any unique rule, so that a double would show.
struct Scribe(&'static str);

impl Follower for Scribe {
    fn name(&self) -> &'static str {
        self.0
    }
    fn batch(&self) -> u32 {
        7
    }
    fn effect<'a>(&'a self, _: &'a Db, entries: &'a [Entry]) -> BoxFuture<'a, Result<Changes, StoreError>> {
        Box::pin(async move {
            let mut changes = Changes::new();
            changes.push(
                sql("INSERT INTO scribe (follower, pos, number, seq) VALUES ").rows(entries, |row, entry| {
                    row.bind(self.0).bind(entry.pos).bind(entry.number).bind(entry.seq)
                }),
            );
            Ok(changes)
        })
    }
}

async fn make_scribe(db: &Db) {
    db.write("make scribe", |tx| {
        Box::pin(async move {
            sql("CREATE TABLE scribe (follower TEXT, pos BIGINT, number BIGINT, seq BIGINT)")
                .execute(tx)
                .await
        })
    })
    .await
    .unwrap();
}

/// A writer of one matter at a time: event 1, 2, 3 … each in its own command, some commands refused.
async fn writer(db: Db, first: u32, matters: u32, events: i64) {
    for seq in 1..=events {
        for of in first..first + matters {
            let mut changes = Changes::new();
            changes.announce(number(of), seq);
            if (i64::from(of) + seq) % 5 == 0 {
                // Refused after the outbox row was written: it must leave no trace.
                let mut refused = changes.clone();
                refused.expect_one(sql("DELETE FROM lease WHERE name = ?").bind("nobody"), "refused");
                let error = db.apply("refused", refused).await.unwrap_err();
                assert!(matches!(error, StoreError::Conflict("refused")), "{error:?}");
            }
            db.apply("write event", changes).await.unwrap();
        }
    }
}

/// A sequencer that works until it is told to stop, or killed.
async fn sequencer(db: Db, name: String, done: Arc<AtomicBool>) {
    let mut sequencer = Sequencer::with_term(name, Duration::from_millis(60));
    while !done.load(Ordering::Relaxed) {
        // A killed neighbour may leave errors of its own; this one goes on.
        let _ = sequencer.step(&db, SystemClock.now()).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn check(db: &Db, expected: usize, follower: &str) {
    let mut reads = db.reader().await.unwrap();
    let all = feed::after(&mut reads, 0, 1_000_000).await.unwrap();
    assert_eq!(all.len(), expected, "events in the feed");
    let mut last: BTreeMap<MatterNumber, i64> = BTreeMap::new();
    for (index, entry) in all.iter().enumerate() {
        assert_eq!(entry.pos, i64::try_from(index).unwrap() + 1, "positions have no holes");
        let seq = last.entry(entry.number).or_insert(0);
        assert_eq!(entry.seq, *seq + 1, "events of {} in order", entry.number);
        *seq = entry.seq;
    }
    assert_eq!(feed::head(&mut reads).await.unwrap(), i64::try_from(expected).unwrap());
    let written: Vec<(i64, MatterNumber, i64)> =
        sql("SELECT pos, number, seq FROM scribe WHERE follower = ? ORDER BY pos")
            .bind(follower)
            .all(&mut reads)
            .await
            .unwrap();
    let unique: BTreeSet<_> = written.iter().map(|row| row.0).collect();
    assert_eq!(unique.len(), written.len(), "nothing followed twice");
    assert_eq!(written.len(), expected, "nothing skipped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_skipped_and_nothing_comes_twice() {
    for_each_db(async |db| {
        make_scribe(&db).await;
        let mut dice = Dice::new();
        let done = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..4).map(|n| tokio::spawn(writer(db.clone(), 1 + n * 100, 15, 12))).collect();
        let expected = 4 * 15 * 12;

        let mut born = 0;
        let mut spawn = |db: &Db| {
            born += 1;
            tokio::spawn(sequencer(db.clone(), format!("s{born}"), Arc::clone(&done)))
        };
        let mut sequencers = vec![spawn(&db), spawn(&db)];
        // Two nodes under one name, each killed too.
        let mut followers: Vec<_> = (0..2).map(|_| tokio::spawn(follow(db.clone()))).collect();

        let mut killed = 0;
        let mut stolen = 0;
        while !writers.iter().all(tokio::task::JoinHandle::is_finished) || killed < 10 {
            tokio::time::sleep(Duration::from_millis(5 + dice.below(25))).await;
            match dice.below(4) {
                0 => {
                    let which = usize::try_from(dice.below(2)).unwrap();
                    sequencers[which].abort();
                    sequencers[which] = spawn(&db);
                    killed += 1;
                }
                1 => {
                    // A thief for whom the lease has long ended; its holder does not notice.
                    let now = SystemClock.now().plus(SignedDuration::from_secs(3600));
                    let until = SystemClock.now().plus(SignedDuration::from_millis(20));
                    if let Some(lease) = lease::take(&db, "feed", "thief", now, until).await.unwrap() {
                        let mut fence = Changes::new();
                        fence.push(
                            sql("UPDATE feed_head SET epoch = ? WHERE epoch < ?")
                                .bind(lease.epoch)
                                .bind(lease.epoch),
                        );
                        db.apply("steal", fence).await.unwrap();
                        stolen += 1;
                    }
                }
                2 => {
                    let which = usize::try_from(dice.below(2)).unwrap();
                    followers[which].abort();
                    followers[which] = tokio::spawn(follow(db.clone()));
                }
                _ => {}
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        println!("{:?}: {killed} killed, {stolen} stolen", db.kind());
        wait_for(&db, expected).await;
        done.store(true, Ordering::Relaxed);
        for task in sequencers.into_iter().chain(followers) {
            task.abort();
            let _ = task.await;
        }
        check(&db, usize::try_from(expected).unwrap(), "scribe").await;
    })
    .await;
}

async fn follow(db: Db) {
    loop {
        match follow_once(&db, &Scribe("scribe")).await {
            Ok(0) | Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
            Ok(_) => {}
        }
    }
}

async fn wait_for(db: &Db, expected: u32) {
    for _ in 0..2000 {
        let mut reads = db.reader().await.unwrap();
        if feed::cursor(&mut reads, "scribe").await.unwrap() >= i64::from(expected) {
            return;
        }
        drop(reads);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the feed did not come to its end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_running_feed_moves_and_stops() {
    for_each_db(async |db| {
        make_scribe(&db).await;
        let running = feed::start(&db, vec![Arc::new(Scribe("scribe"))]);
        writer(db.clone(), 1, 10, 5).await;
        wait_for(&db, 50).await;
        running.stop().await;
        check(&db, 50, "scribe").await;
        // The lease was given back: the next node need not wait for its end.
        let now = SystemClock.now();
        let until = now.plus(SignedDuration::from_secs(1));
        assert!(lease::take(&db, "feed", "next", now, until).await.unwrap().is_some());
    })
    .await;
}

/// A deposed holder that still believes in its lease cannot move anything.
#[tokio::test]
async fn a_deposed_sequencer_is_fenced_off() {
    for_each_db(async |db| {
        let now = SystemClock.now();
        let mut old = Sequencer::with_term("old", Duration::from_secs(100));
        writer(db.clone(), 1, 1, 2).await;
        assert_eq!(old.step(&db, now).await.unwrap(), 2);
        let mut new = Sequencer::with_term("new", Duration::from_secs(100));
        writer(db.clone(), 2, 1, 2).await;
        assert_eq!(new.step(&db, now).await.unwrap(), 0, "the lease is held");
        let later = now.plus(SignedDuration::from_secs(200));
        assert_eq!(new.step(&db, later).await.unwrap(), 2, "the lease has ended");
        writer(db.clone(), 3, 1, 2).await;
        assert_eq!(old.step(&db, now).await.unwrap(), 0, "the old one still believes, but is fenced off");
        assert_eq!(new.step(&db, later).await.unwrap(), 2);
    })
    .await;
}
