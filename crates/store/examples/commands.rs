//! Measures register commands a second through `db.apply`: eight small statements each, on the real
//! tables, with every answer after its sync.
//!
//! `cargo run --release -p huifa-store --example commands -- [sqlite|postgres|PATH|URL] [clients] [seconds]`

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::testkit::{Cluster, Sync};
use store::{Changes, Config, Db, Json, StoreError, sql};

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let mut args = std::env::args().skip(1);
    let place = args.next().unwrap_or_else(|| "sqlite".into());
    let clients: i64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(64);
    let seconds: u64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let scratch = store::testkit::scratch();
    let mut cluster = None;
    let url = match place.as_str() {
        "sqlite" => scratch.path().join("huifa.db").display().to_string(),
        "postgres" => {
            let Some(own) = Cluster::start(Sync::On)? else {
                eprintln!("SKIP: no PostgreSQL server programs found");
                return Ok(());
            };
            cluster.insert(own).url("postgres")
        }
        other => other.to_owned(),
    };
    let db = Db::open(&Config::new(url)).await?;
    let before = Usage::now();
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let done = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for client in 0..clients {
        let (db, done) = (db.clone(), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            let mut slowest = Duration::ZERO;
            let number = number(client);
            db.apply("open", opening(number)).await?;
            let mut version = 1_i64;
            while Instant::now() < until {
                let begun = Instant::now();
                db.apply("command", command(number, version)).await?;
                version += 1;
                slowest = slowest.max(begun.elapsed());
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, StoreError>(slowest)
        }));
    }
    let mut slowest = Duration::ZERO;
    for task in tasks {
        slowest = slowest.max(task.await.map_err(|error| StoreError::Statement(error.to_string()))??);
    }
    let took = started.elapsed().as_secs_f64();
    let commands = done.load(Ordering::Relaxed);
    let used = Usage::now().since(&before);
    #[expect(clippy::cast_precision_loss, reason = "a count of seconds' work")]
    let count = commands as f64;
    println!(
        "{:?}, {clients} clients: {:.0} commands/s of 8 statements; CPU of this process {:.3} ms a command \
         ({:.2} cores); written {:.1} KiB a command; slowest answer {} ms",
        db.kind(),
        count / took,
        used.cpu * 1000.0 / count,
        used.cpu / took,
        used.written / 1024.0 / count,
        slowest.as_millis(),
    );
    db.close().await;
    Ok(())
}

fn number(client: i64) -> i64 {
    3_715_022_600_000_000 + client * 10
}

fn opening(number: i64) -> Changes {
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version, head, \
             opened_at, received_on, issue, state) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(number)
        .bind("legal-aid.civil")
        .bind(1)
        .bind("legal-aid")
        .bind(371_502_000_000_i64)
        .bind("office")
        .bind("web")
        .bind("received")
        .bind(false)
        .bind(1)
        .bind([0_u8; 32])
        .bind(jiff::Timestamp::UNIX_EPOCH)
        .bind("2026-11-21")
        .bind(1)
        .bind(Json(serde_json::json!({ "tasks": [] }))),
    );
    changes.push(task(number, 1));
    changes
}

fn task(number: i64, version: i64) -> store::Sql {
    sql("INSERT INTO open_task (number, task, name, item, item_version, step, role, area, office, pool, due, paused, since) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(number)
    .bind(format!("t{version}"))
    .bind("review")
    .bind("legal-aid.civil")
    .bind(1)
    .bind("review")
    .bind("officer")
    .bind(371_502_000_000_i64)
    .bind("office")
    .bind("officer@office")
    .bind("2026-12-01")
    .bind(false)
    .bind(jiff::Timestamp::UNIX_EPOCH)
}

/// What one step of a matter writes.
fn command(number: i64, version: i64) -> Changes {
    let mut changes = Changes::new();
    changes.expect_one(
        sql("UPDATE matter SET version = version + 1, step = ?, head = ?, state = ?, next_timer = ? \
             WHERE number = ? AND version = ?")
        .bind("review")
        .bind([7_u8; 32])
        .bind(Json(serde_json::json!({ "tasks": [{ "id": version, "role": "officer" }], "clocks": [] })))
        .bind(jiff::Timestamp::UNIX_EPOCH)
        .bind(number)
        .bind(version),
        "matter version",
    );
    changes.push(
        sql(
            "INSERT INTO event (number, seq, at, actor, action, alg, public, sealed, commitment, prev, hash) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(number)
        .bind(version + 1)
        .bind(jiff::Timestamp::UNIX_EPOCH)
        .bind("0192f0c1-5a8b-7cc0-9f00-000000000001")
        .bind("accept-for-review")
        .bind("sha256-jcs-1")
        .bind(Json(
            serde_json::json!({ "role": "officer", "door": "desk", "from": "received", "to": "review" }),
        ))
        .bind(vec![1_u8; 120])
        .bind([2_u8; 32])
        .bind([3_u8; 32])
        .bind([4_u8; 32]),
    );
    changes.expect_one(
        sql("DELETE FROM open_task WHERE number = ? AND task = ?").bind(number).bind(format!("t{version}")),
        "task",
    );
    changes.push(task(number, version + 1));
    changes.push(
        sql("INSERT INTO access (number, principal, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            .bind(number)
            .bind("0192f0c1-5a8b-7cc0-9f00-000000000001")
            .bind("acted"),
    );
    changes.push(
        sql("INSERT INTO tally (scope, view, slot, n) VALUES (?, ?, ?, 1) \
             ON CONFLICT (scope, view, slot) DO UPDATE SET n = tally.n + 1")
        .bind("office")
        .bind("done")
        .bind(number / 10 % 16),
    );
    changes.push(
        sql("INSERT INTO action_key (number, key, digest, body, at) VALUES (?, ?, ?, ?, ?)")
            .bind(number)
            .bind(format!("0192f0c1-5a8b-7cc0-9f00-{version:012}"))
            .bind([5_u8; 32])
            .bind(Json(serde_json::json!({ "number": number.to_string(), "version": version })))
            .bind(jiff::Timestamp::UNIX_EPOCH),
    );
    changes.push(sql("INSERT INTO outbox (number, seq) VALUES (?, ?)").bind(number).bind(version + 1));
    changes
}

/// What this process has used, from /proc (zero elsewhere).
struct Usage {
    /// CPU seconds, user and system.
    cpu: f64,
    /// Bytes handed to the disk.
    written: f64,
}

impl Usage {
    fn now() -> Self {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
        let written =
            io.lines().find_map(|line| line.strip_prefix("write_bytes: ")?.parse().ok()).unwrap_or(0.0);
        // USER_HZ is 100 on every Linux we run on.
        Self { cpu: (ticks(11) + ticks(12)) / 100.0, written }
    }

    fn since(&self, before: &Self) -> Self {
        Self { cpu: self.cpu - before.cpu, written: self.written - before.written }
    }
}
