//! `kill -9` under load, again and again: whatever the server acknowledged must be there afterwards.

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use walker::accounts::People;
use walker::client::Client;
use walker::http::Connection;
use walker::life::{self, Acknowledged, Script};
use walker::random::Random;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::views::{Event, Matter, Page};
use walker::{items, walk};

/// Kills a server under load and looks for what it had acknowledged.
#[derive(Debug, Parser)]
struct Cli {
    /// The `huifa` program.
    #[arg(long)]
    serve: PathBuf,
    /// Its data folder.
    #[arg(long)]
    data: PathBuf,
    /// Database URL; SQLite without it.
    #[arg(long)]
    database: Option<String>,
    /// How often to kill.
    #[arg(long, default_value_t = 10)]
    kills: usize,
    /// Connections that load it meanwhile.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("killer: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The latest thing the server acknowledged about each matter, and every event it told a hash of.
type Ledger = Arc<Mutex<BTreeMap<String, Vec<Acknowledged>>>>;

async fn run(cli: Cli) -> Result<()> {
    let setup = Setup { program: cli.serve, data: cli.data, database: cli.database, limits: Limits::Off };
    let mut chance = Random::new(cli.seed);
    let ledger: Ledger = Arc::default();
    let mut total = 0;
    for kill in 0..cli.kills {
        let mut server = Server::start(&setup).await.with_context(|| format!("start {kill}"))?;
        let people = People::load(&accounts_file(&setup.data), server.address())?;
        verify(&people.anonymous(), &ledger).await.with_context(|| format!("after kill {kill}"))?;
        let scripts = Arc::new(scripts(&people, 3).await?);
        let load = Load::start(server.address(), &scripts, cli.clients, chance.bits(), &ledger);
        let millis = 400 + chance.below(1600) as u64;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        server.kill().await?;
        let acknowledged = load.stop().await?;
        ensure!(acknowledged > 0, "nothing was acknowledged before kill {kill}");
        total += acknowledged;
        println!("kill {} after {millis} ms: {acknowledged} commands acknowledged", kill + 1);
    }
    let began = Instant::now();
    let server = Server::start(&setup).await.context("the last start")?;
    println!("ready {} ms after the last kill", began.elapsed().as_millis());
    let people = People::load(&accounts_file(&setup.data), server.address())?;
    let matters = verify(&people.anonymous(), &ledger).await.context("at the end")?;
    walk::counts_equal_lists(&people).await.context("worklists")?;
    server.stop().await?;
    println!("{total} acknowledged commands on {matters} matters: all there; counts equal lists");
    Ok(())
}

async fn scripts(people: &People, counties: usize) -> Result<Vec<Script>> {
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

/// Clients that live lives until the server is gone.
struct Load {
    stop: Arc<AtomicBool>,
    clients: tokio::task::JoinSet<(usize, anyhow::Error)>,
}

impl Load {
    fn start(address: &str, scripts: &Arc<Vec<Script>>, clients: usize, seed: u64, ledger: &Ledger) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = tokio::task::JoinSet::new();
        for client in 0..clients {
            let (address, scripts, ledger, stop) =
                (address.to_owned(), scripts.clone(), ledger.clone(), stop.clone());
            let mut chance = Random::new(seed).fork(client as u64);
            running.spawn(async move {
                let mut connection = Connection::new(address);
                let mut count = 0;
                loop {
                    let script = &scripts[chance.below(scripts.len())];
                    let lived = script.live(
                        &mut connection,
                        || chance.key(),
                        |acknowledged| {
                            count += 1;
                            if let Ok(mut ledger) = ledger.lock() {
                                ledger.entry(acknowledged.number.clone()).or_default().push(acknowledged);
                            }
                        },
                    );
                    match lived.await {
                        Ok(()) if stop.load(Ordering::Relaxed) => return (count, anyhow::anyhow!("stopped")),
                        Ok(()) => {}
                        Err(error) => return (count, error),
                    }
                }
            });
        }
        Self { stop, clients: running }
    }

    /// Ends after the kill. A client that a *living* server refused is a fault of the server.
    async fn stop(mut self) -> Result<usize> {
        self.stop.store(true, Ordering::Relaxed);
        let mut sum = 0;
        while let Some(done) = self.clients.join_next().await {
            let (count, ended) = done.context("a client broke")?;
            if format!("{ended:#}").contains("answered ") {
                bail!("refused under load: {ended:#}");
            }
            sum += count;
        }
        Ok(sum)
    }
}

/// Asks for every matter of the ledger: its version is at least the acknowledged one, and every event whose
/// hash was told is there with that hash.
async fn verify(nobody: &Client, ledger: &Ledger) -> Result<usize> {
    let told = ledger.lock().map_err(|_| anyhow::anyhow!("the ledger is poisoned"))?.clone();
    let matters = told.len();
    let mut readers = tokio::task::JoinSet::new();
    let all: Vec<Vec<Acknowledged>> = told.into_values().collect();
    for part in all.chunks(matters.div_ceil(8).max(1)) {
        let (part, nobody) = (part.to_vec(), nobody.with_token(None));
        readers.spawn(async move {
            for acknowledged in part {
                one(&nobody, &acknowledged).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = readers.join_next().await {
        done.context("a reader broke")??;
    }
    Ok(matters)
}

async fn one(nobody: &Client, told: &[Acknowledged]) -> Result<()> {
    let Some(last) = told.last() else { return Ok(()) };
    let number = &last.number;
    let mut guest =
        nobody.guest(number, &last.query_code).await.with_context(|| format!("matter {number} is gone"))?;
    let matter: Matter = guest.get(&format!("/api/v1/matters/{number}")).await?.done()?;
    ensure!(
        matter.version >= last.version,
        "matter {number}: version {} was acknowledged, {} is there",
        last.version,
        matter.version
    );
    let page: Page<Event> = guest.get(&format!("/api/v1/matters/{number}/events?limit=100")).await?.done()?;
    for (seq, hash) in told.iter().filter_map(|acknowledged| acknowledged.event.as_ref()) {
        let event = page.items.iter().find(|event| event.seq == *seq);
        let event =
            event.with_context(|| format!("matter {number}: event {seq} was acknowledged and is gone"))?;
        ensure!(event.hash.0 == *hash, "matter {number}: event {seq} has another hash than was acknowledged");
    }
    Ok(())
}
