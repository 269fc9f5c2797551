//! `kill -9` under load, again and again: whatever the server acknowledged must be there afterwards.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use walker::accounts::People;
use walker::load::{Bears, Ledger, Load, scripts, verify};
use walker::random::Random;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::walk;

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
        let load =
            Load::start(server.address(), &scripts, cli.clients, chance.bits(), &ledger, Bears::Nothing);
        let millis = 400 + chance.below(1600) as u64;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        server.kill().await?;
        let acknowledged = load.stop().await?.acknowledged;
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
