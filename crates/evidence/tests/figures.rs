//! How fast the log follows and how fast everything is verified. Not part of a run of tests; the figures are in
//! docs/performance.md:
//!
//! ```text
//! cargo test --release -p huifa-evidence --test figures -- --ignored --nocapture
//! ```
//!
//! `HUIFA_EVENTS` says how many events (a million), `HUIFA_DATABASE` where (an empty PostgreSQL; else a file of SQLite).

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::time::Instant as Stopwatch;

use evidence::checkpoint::{self, Signing};
use evidence::{MerkleLog, verify};
use jiff::SignedDuration;
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::{Clock as _, Instant, SystemClock};
use serde_json::{Value, json};
use store::feed::follow_once;
use store::seal::{Keyring, MasterKey};
use store::{Changes, Config, Db, sql};

/// Events of one matter, about as many as a real one has.
const LIFE: i64 = 10;
/// Matters written in one transaction.
const TOGETHER: u32 = 500;

struct Row {
    number: MatterNumber,
    seq: i64,
    at: Instant,
    public: Value,
    commit: Digest,
    prev: Digest,
    hash: Digest,
}

/// One matter's events as the register makes them.
fn life(of: u32) -> Vec<Row> {
    let area = 371_502 + of / 9_000_000;
    let number = MatterNumber::new(area.to_string().parse().unwrap(), 2026, of % 9_000_000 + 1).unwrap();
    let start: Instant = "2026-11-21T09:00:00.123456+08:00".parse().unwrap();
    let mut prev = Digest::ZERO;
    (1..=LIFE)
        .map(|seq| {
            let at = start.plus(SignedDuration::from_secs(i64::from(of) + seq * 3600));
            let public = json!({
                "role": "aid_officer", "door": "web", "from": "received", "to": "under-review",
                "task": "0198c0de-7777-7000-8000-000000000001", "office": "aid.dongchangfu",
                "clocks": ["decide:start"], "due": "2026-12-01", "notify": ["applicant"],
            });
            let commit = chain::commit(&[7; 32], &json!({ "reason": of, "seq": seq })).unwrap();
            let hash = chain::event_hash(&EventParts {
                number,
                seq,
                at,
                actor: "0198c0de-7777-7000-8000-000000000002",
                action: "accept-for-review",
                public: &public,
                commit,
                prev,
            })
            .unwrap();
            let row = Row { number, seq, at, public, commit, prev, hash };
            prev = hash;
            row
        })
        .collect()
}

/// Writes matters with their events, in the feed already.
async fn write(db: &Db, from: u32, to: u32, wrapped: &[u8]) {
    let lives: Vec<Vec<Row>> = (from..to).map(life).collect();
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version, head, \
             opened_at, received_on, issue, state, data_key) VALUES ")
        .rows(&lives, |row, life| {
            let last = life.last().unwrap();
            let row = row.bind(last.number).bind("legal-aid.civil").bind(1).bind("legal-aid").bind(371_502_000_000_i64);
            let row = row.bind("aid.dongchangfu").bind("web").bind("under-review").bind(false).bind(LIFE);
            let row = row.bind(last.hash.as_bytes()).bind(last.at).bind("2026-11-21").bind(0).bind(json!({}));
            row.bind(wrapped.to_vec())
        }),
    );
    let events: Vec<&Row> = lives.iter().flatten().collect();
    // A statement takes so many values and no more.
    for some in events.chunks(2000) {
        changes.push(
            sql("INSERT INTO event (number, seq, at, actor, action, alg, public, sealed, commitment, prev, hash) VALUES ")
                .rows(some, |row, event| {
                    let row = row.bind(event.number).bind(event.seq).bind(event.at);
                    let row = row.bind("0198c0de-7777-7000-8000-000000000002").bind("accept-for-review");
                    let row = row.bind(ALGORITHM).bind(event.public.clone()).bind(vec![0_u8; 300]);
                    row.bind(event.commit.as_bytes()).bind(event.prev.as_bytes()).bind(event.hash.as_bytes())
                }),
        );
    }
    // Matters live side by side: in the feed their events lie apart.
    let mut order: Vec<&&Row> = events.iter().collect();
    order.sort_by_key(|event| (event.seq, event.number));
    let before = i64::from(from) * LIFE;
    let placed: Vec<(i64, &&Row)> = (before + 1..).zip(order.iter().copied()).collect();
    changes.push(
        sql("INSERT INTO feed (pos, number, seq) VALUES ")
            .rows(&placed, |row, (pos, event)| row.bind(*pos).bind(event.number).bind(event.seq)),
    );
    changes.push(sql("UPDATE feed_head SET pos = ?").bind(i64::from(to) * LIFE));
    db.apply("write lives", changes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: minutes, in release"]
async fn figures_of_the_evidence() {
    let wanted: u32 =
        std::env::var("HUIFA_EVENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let scratch = store::testkit::scratch();
    let file = scratch.path().join("huifa.db").display().to_string();
    let url = std::env::var("HUIFA_DATABASE").unwrap_or(file);
    let db = Db::open(&Config::new(url)).await.unwrap();
    let keys = Keyring::open(&MasterKey::ephemeral().unwrap(), &db).await.unwrap();
    let (_, wrapped) = keys.new_data_key().unwrap();
    let matters = wanted / u32::try_from(LIFE).unwrap();
    let mut from = 0;
    while from < matters {
        let to = (from + TOGETHER).min(matters);
        write(&db, from, to, &wrapped).await;
        from = to;
    }
    let events = u64::from(matters) * u64::try_from(LIFE).unwrap();
    println!("{events} events of {matters} matters on {:?}", db.kind());

    let watch = Stopwatch::now();
    while follow_once(&db, &MerkleLog).await.unwrap() > 0 {}
    let took = watch.elapsed().as_secs_f64();
    println!("followed in {took:.2} s: {:.0} events/s (wanted: 5000)", events as f64 / took);

    let signing = Signing { origin: Some("huifa.example/figures".into()), memory: None };
    checkpoint::sign(&db, &keys, &signing, "figures", SystemClock.now()).await.unwrap();
    let watch = Stopwatch::now();
    let report = verify(&db, None, None).await.unwrap();
    let took = watch.elapsed().as_secs_f64();
    assert!(report.is_sound(), "{:?}", report.faults.first());
    assert_eq!((report.events, report.tree_size, report.checkpoints), (events, events, 1));
    println!("verified in {took:.2} s: {:.0} events/s (wanted: a million in 10 s)", events as f64 / took);

    let folder = scratch.path().join("export");
    let watch = Stopwatch::now();
    evidence::export(&db, &folder).await.unwrap();
    println!("exported in {:.2} s", watch.elapsed().as_secs_f64());
    let watch = Stopwatch::now();
    assert!(evidence::verify_export(&folder, &[], &[]).unwrap().is_sound());
    println!("export verified in {:.2} s", watch.elapsed().as_secs_f64());
    db.close().await;
}
