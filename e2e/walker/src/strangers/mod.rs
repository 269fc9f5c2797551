//! Strangers: many callers at once who ask for everything, and never get what is not theirs.
//!
//! * [`oracle`] – who may see what, from the contract alone
//! * [`city`] – the matters and the callers
//! * [`calls`] – one call and what its answer must be

pub mod calls;
pub mod city;
pub mod oracle;

use crate::accounts::People;
use crate::http::Connection;
use crate::random::Random;
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// What a run is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Calls in all.
    pub calls: u64,
    /// Callers at the same time, each with a connection of its own.
    pub threads: u64,
    /// Matters of each item.
    pub per_item: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// What a run came to.
#[derive(Debug)]
pub struct Found {
    /// What was counted.
    pub counts: calls::Counts,
    /// People who called.
    pub callers: usize,
    /// Matters they asked for.
    pub matters: usize,
    /// How long they took, in seconds.
    pub seconds: f64,
    /// Calls a second.
    pub rate: f64,
}

/// Lets the strangers call; the first foreign or missing row ends the run with an error.
pub async fn run(people: &People, address: &str, options: &Options) -> Result<Found> {
    let mut chance = Random::new(options.seed);
    let city =
        Arc::new(city::found(people, options.per_item, &mut chance).await.context("founding the city")?);
    let memory = Arc::new(calls::Memory::default());
    let left = Arc::new(AtomicU64::new(options.calls));
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..options.threads {
        let (city, memory, left) = (Arc::clone(&city), Arc::clone(&memory), Arc::clone(&left));
        let (mut chance, mut connection) = (chance.fork(turn), Connection::new(address));
        tasks.spawn(async move {
            let mut counts = calls::Counts::default();
            let another = |left: u64| left.checked_sub(1);
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, another).is_ok() {
                calls::call(&city, &memory, &mut connection, &mut chance, &mut counts).await?;
            }
            anyhow::Ok(counts)
        });
    }
    let mut counts = calls::Counts::default();
    while let Some(done) = tasks.join_next().await {
        let one = done.context("a stranger fell")??;
        counts.calls += one.calls;
        counts.shown += one.shown;
        counts.hidden += one.hidden;
        counts.denied += one.denied;
    }
    ensure!(counts.calls == options.calls, "{} calls of {}", counts.calls, options.calls);
    // A run in which nobody saw anything, or nothing was kept from anybody, proves nothing.
    ensure!(counts.shown > 0 && counts.hidden > 0, "nothing was at stake: {counts:?}");
    let seconds = began.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(counts.calls).unwrap_or(u32::MAX)) / seconds.max(f64::EPSILON);
    Ok(Found { counts, callers: city.callers.len(), matters: city.matters.len(), seconds, rate })
}
