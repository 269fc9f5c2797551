//! Lets 64 callers at once, of every role and place, ask for everything, and fails at the first foreign row.

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use walker::accounts::People;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::strangers::{self, Options};

/// Mixed calls by people of different places and roles; exit code 1 and the row that was foreign, or missing.
#[derive(Debug, Parser)]
struct Cli {
    /// The `huifa` program.
    #[arg(long)]
    serve: PathBuf,
    /// Its data folder; the more lies in it, the better the question.
    #[arg(long)]
    data: PathBuf,
    /// Database URL; SQLite in the data folder without it.
    #[arg(long)]
    database: Option<String>,
    /// Calls in all.
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// Callers at the same time.
    #[arg(long, default_value_t = 64)]
    threads: u64,
    /// Matters of each item that are opened for them to ask for.
    #[arg(long, default_value_t = 9)]
    per_item: usize,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("strangers: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let setup = Setup { program: cli.serve, data: cli.data, database: cli.database, limits: Limits::Off };
    let server = Server::start(&setup).await?;
    let people = People::load(&accounts_file(&setup.data), server.address())?;
    let options = Options { calls: cli.calls, threads: cli.threads, per_item: cli.per_item, seed: cli.seed };
    let found = strangers::run(&people, server.address(), &options).await?;
    println!(
        "{} calls by {} callers at once, as {} people about {} matters: foreign rows 0, missing rows 0; {} shown, \
         {} kept as if absent, {} denied with rule and next step; {:.1} s, {:.0} calls/s",
        found.counts.calls,
        cli.threads,
        found.callers,
        found.matters,
        found.counts.shown,
        found.counts.hidden,
        found.counts.denied,
        found.seconds,
        found.rate,
    );
    server.stop().await
}
