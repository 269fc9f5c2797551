//! Measures single reads a second through `db.reader()`, as a request makes them.
//!
//! `cargo run --release -p huifa-store --example reads -- [clients] [seconds]`

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{Changes, Config, Db, StoreError, sql};

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let mut args = std::env::args().skip(1);
    let clients: i64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(16);
    let seconds: u64 = args.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let scratch = store::testkit::scratch();
    let db = Db::open(&Config::new(scratch.path().join("huifa.db").display().to_string())).await?;
    let mut changes = Changes::new();
    changes.push(
        sql("INSERT INTO feed (pos, number, seq) VALUES ")
            .rows(1..=5000_i64, |row, n| row.bind(n).bind(3_715_022_600_000_000 + n).bind(1)),
    );
    db.apply("fill", changes).await?;
    let before = cpu();
    let until = Instant::now() + Duration::from_secs(seconds);
    let done = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for client in 0..clients {
        let (db, done) = (db.clone(), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            let mut pos = client;
            while Instant::now() < until {
                pos = (pos * 31 + 7) % 5000 + 1;
                let row: (i64, i64) = sql("SELECT number, seq FROM feed WHERE pos = ?")
                    .bind(pos)
                    .one(&mut db.reader().await?)
                    .await?;
                std::hint::black_box(row);
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, StoreError>(())
        }));
    }
    for task in tasks {
        task.await.map_err(|error| StoreError::Statement(error.to_string()))??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of seconds' work")]
    let (count, seconds) = (done.load(Ordering::Relaxed) as f64, seconds as f64);
    println!(
        "{clients} clients: {:.0} reads/s; CPU {:.1} microseconds a read",
        count / seconds,
        (cpu() - before) * 1e6 / count
    );
    db.close().await;
    Ok(())
}

/// CPU seconds of this process, from /proc (zero elsewhere).
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    // USER_HZ is 100 on every Linux we run on.
    (ticks(11) + ticks(12)) / 100.0
}
