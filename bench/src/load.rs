//! Two kinds of load: as fast as answers come (closed loop), and at a given rate whether they come or not
//! (open loop).

use anyhow::{Context, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use walker::http::{Connection, Request};
use walker::life::Script;
use walker::random::Random;

/// What a phase of load saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Commands acknowledged.
    pub commands: usize,
    /// Lives lived to their end.
    pub lives: usize,
    /// From sending (closed loop) or from when it was due (open loop) to the answer.
    pub latencies: Vec<Duration>,
    /// How long the phase took.
    pub took: Duration,
}

/// Each connection lives one life after the other.
pub async fn closed(
    address: &str,
    scripts: &Arc<Vec<Script>>,
    clients: usize,
    phase: Duration,
    seed: u64,
) -> Result<Seen> {
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (address, scripts) = (address.to_owned(), scripts.clone());
        let mut chance = Random::new(seed).fork(client as u64);
        running.spawn(async move {
            let mut connection = Connection::new(address);
            let mut own = Seen::default();
            let mut turn = client;
            while began.elapsed() < phase {
                let script = &scripts[turn % scripts.len()];
                turn += 1;
                live(script, &mut connection, &mut chance, Instant::now(), &mut own).await?;
            }
            Ok::<_, anyhow::Error>(own)
        });
    }
    gather(running, began).await
}

/// Lives begin at a steady rate; when the server is slow they queue, and the wait counts.
pub async fn open(
    address: &str,
    scripts: &Arc<Vec<Script>>,
    lives_per_second: f64,
    phase: Duration,
    seed: u64,
) -> Result<Seen> {
    let began = Instant::now();
    let (arrive, arrivals) = mpsc::unbounded_channel::<Instant>();
    let arrivals = Arc::new(tokio::sync::Mutex::new(arrivals));
    let mut running = tokio::task::JoinSet::new();
    let turn = Arc::new(AtomicUsize::new(0));
    for client in 0..128_u64 {
        let (address, scripts, arrivals, turn) =
            (address.to_owned(), scripts.clone(), arrivals.clone(), turn.clone());
        let mut chance = Random::new(seed).fork(client);
        running.spawn(async move {
            let mut connection = Connection::new(address);
            let mut own = Seen::default();
            loop {
                let due = arrivals.lock().await.recv().await;
                let Some(due) = due else { return Ok::<_, anyhow::Error>(own) };
                let script = &scripts[turn.fetch_add(1, Ordering::Relaxed) % scripts.len()];
                live(script, &mut connection, &mut chance, due, &mut own).await?;
            }
        });
    }
    let mut chance = Random::new(seed ^ 0x6f70_656e);
    let mut due = 0.0_f64;
    while due < phase.as_secs_f64() {
        let at = began + Duration::from_secs_f64(due);
        tokio::time::sleep_until(at.into()).await;
        arrive.send(at).context("nobody takes arrivals")?;
        // Independent arrivals: exponential gaps.
        let uniform = f64::from(u32::try_from(chance.below(1_000_000))? + 1) / 1_000_001.0;
        due -= uniform.ln() / lives_per_second;
    }
    drop(arrive);
    gather(running, began).await
}

/// One life; each command's latency runs from the acknowledgement before it, the first from `due`.
async fn live(
    script: &Script,
    connection: &mut Connection,
    chance: &mut Random,
    due: Instant,
    seen: &mut Seen,
) -> Result<()> {
    let mut since = due;
    let keys = chance.clone();
    let mut keys = keys.fork(chance.bits());
    script
        .live(
            connection,
            || keys.key(),
            |_| {
                let now = Instant::now();
                seen.latencies.push(now - since);
                seen.commands += 1;
                since = now;
            },
        )
        .await
        .with_context(|| format!("a life of {}", script.item))?;
    seen.lives += 1;
    Ok(())
}

/// The same request again and again: what HTTP itself costs.
pub async fn empty(address: &str, path: &'static str, clients: usize, phase: Duration) -> Result<Seen> {
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let address = address.to_owned();
        running.spawn(async move {
            let mut connection = Connection::new(address);
            let mut own = Seen::default();
            while began.elapsed() < phase {
                let sent = Instant::now();
                let request = Request { method: "GET", path, token: None, key: None, body: None };
                let answer = connection.send(request).await?;
                anyhow::ensure!(answer.status == 200, "{path} answered {}", answer.status);
                own.latencies.push(sent.elapsed());
                own.commands += 1;
            }
            Ok::<_, anyhow::Error>(own)
        });
    }
    gather(running, began).await
}

/// Adds up what each client saw.
pub async fn gather(mut running: tokio::task::JoinSet<Result<Seen>>, began: Instant) -> Result<Seen> {
    let mut sum = Seen::default();
    while let Some(done) = running.join_next().await {
        let seen = done.context("a client broke")??;
        sum.commands += seen.commands;
        sum.lives += seen.lives;
        sum.latencies.extend(seen.latencies);
    }
    sum.took = began.elapsed();
    sum.latencies.sort_unstable();
    Ok(sum)
}
