//! What was acknowledged is on disk: a sync before every answer, and nothing lost to `kill -9`.
//!
//! Both tests run this same program again as a child, because they need a process to trace and to kill.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use store::testkit::scratch;
use store::{Changes, Config, Db, StoreError, sql};

/// Where the child finds its database.
const PLACE: &str = "HUIFA_TEST_PLACE";
/// From which id on the child writes.
const FROM: &str = "HUIFA_TEST_FROM";

async fn open(place: &str) -> Db {
    let db = Db::open(&Config::new(place)).await.unwrap();
    db.write("make table", |tx| {
        Box::pin(async move {
            sql("CREATE TABLE IF NOT EXISTS acknowledged (id BIGINT NOT NULL PRIMARY KEY, part BIGINT NOT NULL)")
                .execute(tx)
                .await?;
            sql("CREATE TABLE IF NOT EXISTS half (id BIGINT NOT NULL PRIMARY KEY)").execute(tx).await
        })
    })
    .await
    .unwrap();
    db
}

fn insert(id: i64, part: i64) -> Changes {
    let mut changes = Changes::new();
    changes.push(sql("INSERT INTO acknowledged (id, part) VALUES (?, ?)").bind(id).bind(part));
    changes.push(sql("INSERT INTO half (id) VALUES (?)").bind(id));
    changes
}

fn say(id: i64) {
    // One write(2) a line: the trace shows it as one call.
    let line = format!("ack {id}\n");
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

#[tokio::test]
#[ignore = "the child of every_answer_comes_after_a_sync"]
async fn child_one_by_one() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let db = open(&place).await;
    for id in 0..30 {
        db.apply("insert", insert(id, 0)).await.unwrap();
        say(id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child of nothing_acknowledged_is_lost_to_kill"]
async fn child_under_load() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let from: i64 = std::env::var(FROM).unwrap().parse().unwrap();
    let db = open(&place).await;
    let mut tasks = Vec::new();
    for part in 0..16 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            for n in 0.. {
                let id = from + n * 16 + part;
                db.apply("insert", insert(id, part)).await?;
                say(id);
            }
            Ok::<_, StoreError>(())
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

fn child(name: &str) -> Vec<String> {
    let program = std::env::current_exe().unwrap().display().to_string();
    [&program, "--exact", name, "--ignored", "--nocapture", "--test-threads=1"].map(str::to_owned).to_vec()
}

/// `strace` shows, before each answer, the write to the log file and then a sync of it that succeeded.
#[test]
fn every_answer_comes_after_a_sync() {
    let scratch = scratch();
    let place = scratch.path().join("huifa.db").display().to_string();
    let trace = scratch.path().join("trace");
    let run = Command::new("strace")
        .args(["-f", "-y", "-s", "16", "-e", "trace=write,pwrite64,fsync,fdatasync", "-o"])
        .arg(&trace)
        .args(child("child_one_by_one"))
        .env(PLACE, &place)
        .output();
    let text = match run {
        Ok(output) if output.status.success() => std::fs::read_to_string(&trace).unwrap(),
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("not permitted") => {
            eprintln!("SKIP: tracing is not permitted here");
            return;
        }
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => {
            eprintln!("SKIP: no strace: {error}");
            return;
        }
    };
    assert_eq!(judge(&text), Ok(30), "{text}");
    // The judge itself must notice a missing sync.
    let without: String = text.lines().filter(|line| !line.contains("sync")).collect::<Vec<_>>().join("\n");
    assert!(judge(&without).is_err());
}

/// Number of answers, or the first that came without a sync.
fn judge(trace: &str) -> Result<usize, String> {
    let mut answers = 0;
    let mut written = false;
    let mut synced = false;
    let mut syncing: BTreeSet<&str> = BTreeSet::new();
    for line in trace.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        let log = line.contains("-wal>");
        let sync = line.contains("fsync") || line.contains("fdatasync");
        if line.contains("pwrite64(") && log {
            written = true;
            synced = false;
        } else if sync && log && line.contains("<unfinished") {
            syncing.insert(thread);
        } else if sync && (log || line.contains("resumed") && syncing.remove(thread)) && line.ends_with("= 0")
        {
            synced = true;
        } else if line.contains("write(1") && line.contains("\"ack ") {
            if !(written && synced) {
                return Err(line.to_owned());
            }
            answers += 1;
            (written, synced) = (false, false);
        }
    }
    Ok(answers)
}

/// Ten times: sixteen writers, killed in the middle of it; every acknowledged row must be there, and of
/// every command both rows or none.
#[test]
fn nothing_acknowledged_is_lost_to_kill() {
    let scratch = scratch();
    let place = scratch.path().join("huifa.db").display().to_string();
    let mut acknowledged: BTreeSet<i64> = BTreeSet::new();
    for round in 0..10_i64 {
        let arguments = child("child_under_load");
        let mut running = Command::new(&arguments[0])
            .args(&arguments[1..])
            .env(PLACE, &place)
            .env(FROM, (round * 1_000_000).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
        let mut until = None;
        // Lines that were said before the kill are still in the pipe after it.
        while let Some(Ok(line)) = lines.next() {
            if let Some(id) = line.rsplit("ack ").next().and_then(|id| id.parse().ok()) {
                acknowledged.insert(id);
                let until = until.get_or_insert_with(|| {
                    Instant::now() + Duration::from_millis(60 + 17 * u64::try_from(round).unwrap())
                });
                if Instant::now() > *until {
                    let _ = running.kill();
                }
            }
        }
        running.wait().unwrap();
        check(&place, &acknowledged);
    }
    assert!(acknowledged.len() > 100, "only {} commands were acknowledged at all", acknowledged.len());
    println!("{} acknowledged commands survived ten kills", acknowledged.len());
}

#[tokio::main(flavor = "current_thread")]
async fn check(place: &str, acknowledged: &BTreeSet<i64>) {
    assert!(Path::new(place).exists());
    let db = open(place).await;
    let mut reads = db.reader().await.unwrap();
    let found: Vec<(i64,)> = sql("SELECT id FROM acknowledged").all(&mut reads).await.unwrap();
    let halves: Vec<(i64,)> = sql("SELECT id FROM half").all(&mut reads).await.unwrap();
    let found: BTreeSet<i64> = found.into_iter().map(|row| row.0).collect();
    let halves: BTreeSet<i64> = halves.into_iter().map(|row| row.0).collect();
    assert_eq!(found, halves, "a command is there whole or not at all");
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    drop(reads);
    db.close().await;
}
