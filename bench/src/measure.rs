//! One database from an empty folder to its figures.

use crate::Cli;
use crate::load::{self, Seen};
use crate::machine::{self, Machine};
use crate::raw::{self, Raw};
use anyhow::{Context, Result, ensure};
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};
use walker::accounts::People;
use walker::items;
use walker::life::{self, Script};
use walker::server::{Limits, Server, Setup, accounts_file};

/// Everything one run measured on one database. A refused or broken command ends the run with an error.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// `sqlite` or `postgresql`.
    pub database: String,
    /// Where.
    pub machine: Machine,
    /// Milliseconds from start to ready, on an empty folder and again on a filled one.
    pub cold_start_ms: u128,
    /// What one life consists of, per item.
    pub lives: Vec<String>,
    /// As fast as answers came.
    pub closed: Phase,
    /// Lives arriving independently at 60 % of what the closed loop reached.
    pub open: Phase,
    /// `GET /healthz` as fast as answers came: what HTTP itself costs.
    pub empty: Phase,
    /// The store's own driver on a fresh database: what the database itself costs.
    pub raw: Option<Raw>,
    /// Server CPU of a command over CPU of an empty request.
    pub times_empty: f64,
    /// Commands a second over HTTP, as a share of the raw driver's.
    pub share_of_raw: Option<f64>,
    /// Resident memory at the end, MiB.
    pub memory_mib: u64,
    /// Resident memory at its highest, MiB.
    pub memory_mib_highest: u64,
}

/// One phase of load.
#[derive(Debug, Serialize)]
pub struct Phase {
    /// Durable commands (or requests) a second.
    pub per_second: f64,
    /// Whole lives a second.
    pub lives_per_second: f64,
    /// CPU of the server process a command, milliseconds.
    pub server_cpu_ms: f64,
    /// CPU of all database processes a command, milliseconds (PostgreSQL only).
    pub database_cpu_ms: f64,
    /// CPU of this client over all CPU used.
    pub client_share: f64,
    /// Milliseconds at the median.
    pub p50_ms: f64,
    /// Milliseconds at 99 of 100.
    pub p99_ms: f64,
    /// Milliseconds at the slowest.
    pub max_ms: f64,
    /// Commands counted.
    pub counted: usize,
}

/// Measures one database.
pub async fn database(cli: &Cli, name: &str, url: Option<String>) -> Result<Figures> {
    let machine = Machine::here();
    let setup =
        Setup { program: cli.serve.clone(), data: cli.data.join(name), database: url, limits: Limits::Off };
    println!("\n{name}: filling the demonstration city");
    Server::start(&setup).await?.stop().await?;
    let began = Instant::now();
    let server = Server::start(&setup).await?;
    let cold_start_ms = began.elapsed().as_millis();
    let pid = server.pid().context("the server has no process id")?;
    let people = People::load(&accounts_file(&setup.data), server.address())?;
    let scripts = Arc::new(learn(&people, cli.counties).await?);
    let lives = describe(&scripts);

    load::closed(server.address(), &scripts, cli.clients, Duration::from_secs(2), 1)
        .await
        .context("warming up")?;
    let meter = Meter::start(pid, name);
    let closed = meter.stop(
        &load::closed(server.address(), &scripts, cli.clients, cli.phase(), 2)
            .await
            .context("closed loop")?,
    );
    let rate = closed.lives_per_second * 0.6;
    let meter = Meter::start(pid, name);
    let open =
        meter.stop(&load::open(server.address(), &scripts, rate, cli.phase(), 3).await.context("open loop")?);
    let (memory_mib, memory_mib_highest) = machine::memory_mib(pid);
    let meter = Meter::start(pid, name);
    let empty = meter.stop(
        &load::empty(server.address(), "/healthz", cli.clients, cli.phase() / 3)
            .await
            .context("empty handler")?,
    );
    server.stop().await?;

    let raw = match (&cli.raw, name, &cli.postgres_raw) {
        (Some(program), "sqlite", _) => {
            let place = cli.data.join("raw.db").display().to_string();
            Some(raw::drive(program, &place, cli.clients, cli.seconds).await?)
        }
        (Some(program), _, Some(url)) => Some(raw::drive(program, url, cli.clients, cli.seconds).await?),
        _ => None,
    };
    Ok(Figures {
        database: name.to_owned(),
        machine,
        cold_start_ms,
        lives,
        times_empty: closed.server_cpu_ms / empty.server_cpu_ms,
        share_of_raw: raw.as_ref().map(|raw| closed.per_second / raw.per_second),
        closed,
        open,
        empty,
        raw,
        memory_mib,
        memory_mib_highest,
    })
}

async fn learn(people: &People, counties: usize) -> Result<Vec<Script>> {
    let found = life::lived(items::load(&mut people.anonymous()).await?);
    let mut scripts = Vec::new();
    for county in life::counties(people, counties) {
        for item in &found {
            scripts.push(life::learn(people, item, &county).await?);
        }
    }
    ensure!(!scripts.is_empty(), "no county with a legal aid officer");
    Ok(scripts)
}

fn describe(scripts: &[Script]) -> Vec<String> {
    let mut lines: Vec<String> =
        scripts.iter().map(|script| format!("{}: {}", script.item, script.actions().join(" → "))).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// CPU of everybody involved since the phase began.
pub struct Meter {
    pid: u32,
    with_database: bool,
    server: f64,
    database: f64,
    client: f64,
}

impl Meter {
    /// Begins a phase.
    pub fn start(pid: u32, database: &str) -> Self {
        let with_database = database == "postgresql";
        Self {
            pid,
            with_database,
            server: machine::cpu_seconds(pid),
            database: if with_database { machine::postgres_cpu_seconds() } else { 0.0 },
            client: machine::cpu_seconds(std::process::id()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds' work")]
    /// Ends it.
    pub fn stop(self, seen: &Seen) -> Phase {
        let server = machine::cpu_seconds(self.pid) - self.server;
        let database = if self.with_database { machine::postgres_cpu_seconds() - self.database } else { 0.0 };
        let client = machine::cpu_seconds(std::process::id()) - self.client;
        let commands = seen.commands.max(1) as f64;
        let seconds = seen.took.as_secs_f64();
        let at = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place in the list"
            )]
            let place = ((seen.latencies.len() as f64 - 1.0) * share).round().max(0.0) as usize;
            seen.latencies.get(place).map_or(0.0, |found| found.as_secs_f64() * 1e3)
        };
        Phase {
            per_second: seen.commands as f64 / seconds,
            lives_per_second: seen.lives as f64 / seconds,
            server_cpu_ms: server * 1e3 / commands,
            database_cpu_ms: database * 1e3 / commands,
            client_share: client / (client + server + database).max(0.001),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            max_ms: at(1.0),
            counted: seen.commands,
        }
    }
}

/// The figures in words.
pub fn print(figures: &Figures) {
    let phase = |name: &str, phase: &Phase| {
        println!(
            "  {name:<14} {:>7.0}/s  {:>5.0} lives/s  server {:.3} ms  database {:.3} ms  client {:>2.0} %  p50 {:.1}  p99 {:.1}  max {:.0} ms  ({} counted)",
            phase.per_second,
            phase.lives_per_second,
            phase.server_cpu_ms,
            phase.database_cpu_ms,
            phase.client_share * 100.0,
            phase.p50_ms,
            phase.p99_ms,
            phase.max_ms,
            phase.counted,
        );
    };
    println!(
        "{} on {} × {} ({} MiB), load {} before",
        figures.database,
        figures.machine.cores,
        figures.machine.processor,
        figures.machine.memory_mib,
        figures.machine.load_before
    );
    for life in &figures.lives {
        println!("  life           {life}");
    }
    phase("closed loop", &figures.closed);
    phase("open at 60 %", &figures.open);
    phase("empty handler", &figures.empty);
    if let Some(raw) = &figures.raw {
        println!("  raw driver     {}", raw.said);
    }
    println!(
        "  a command costs {:.1} empty requests; {} of the raw driver; ready in {} ms; memory {} MiB, highest {} MiB",
        figures.times_empty,
        figures.share_of_raw.map_or("unknown share".to_owned(), |share| format!("{:.0} %", share * 100.0)),
        figures.cold_start_ms,
        figures.memory_mib,
        figures.memory_mib_highest,
    );
}
