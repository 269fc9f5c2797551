//! Carries matters of every item from a random door to a rated close, over the API alone.

use anyhow::{Context, Result, bail};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use walker::accounts::People;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::walk::{self, Options};

/// Walks matters through a server; exit code 1 and one chain of reasons when anything is not as the contract
/// says.
#[derive(Debug, Parser)]
struct Cli {
    /// A server that runs already: `http://127.0.0.1:8080`.
    #[arg(long, requires = "accounts", conflicts_with = "serve")]
    base: Option<String>,
    /// The `demo-accounts.json` of that server.
    #[arg(long)]
    accounts: Option<PathBuf>,
    /// Start this `huifa` program instead, and stop it at the end.
    #[arg(long, requires = "data")]
    serve: Option<PathBuf>,
    /// Data folder for `--serve`.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Database URL for `--serve`; SQLite without it.
    #[arg(long)]
    database: Option<String>,
    /// Only this item.
    #[arg(long)]
    item: Option<String>,
    /// Matters of each item to carry to their end.
    #[arg(long, default_value_t = 100)]
    matters: usize,
    /// Matters of each item to leave on the way.
    #[arg(long, default_value_t = 10)]
    leave: usize,
    /// Matters carried at the same time.
    #[arg(long, default_value_t = 8)]
    workers: usize,
    /// Where chance begins; the same seed walks the same way.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("walker: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    let options = Options {
        item: cli.item,
        matters: cli.matters,
        leave: cli.leave,
        workers: cli.workers,
        seed: cli.seed,
    };
    match (cli.base, cli.serve, cli.data) {
        (Some(base), None, _) => {
            let address = base.trim_start_matches("http://").trim_end_matches('/').to_owned();
            let accounts = cli.accounts.context("--accounts is needed with --base")?;
            walk_at(&address, &accounts, &options).await
        }
        (None, Some(program), Some(data)) => {
            let setup = Setup { program, data, database: cli.database, limits: Limits::Off };
            let server = Server::start(&setup).await?;
            walk_at(server.address(), &accounts_file(&setup.data), &options).await?;
            server.stop().await
        }
        _ => bail!("give --base and --accounts, or --serve and --data"),
    }
}

async fn walk_at(address: &str, accounts: &std::path::Path, options: &Options) -> Result<()> {
    let began = Instant::now();
    let people = Arc::new(People::load(accounts, address)?);
    let walked = walk::run(people, options).await?;
    println!(
        "walked {} matters to their end and {} part of the way: {} commands, {} wrong tries refused, {:.1} s",
        walked.ended,
        walked.left,
        walked.commands,
        walked.refused,
        began.elapsed().as_secs_f64(),
    );
    for (title, counts) in [("ended as", &walked.outcomes), ("took", &walked.actions)] {
        for (what, times) in counts {
            println!("  {title} {what}: {times}");
        }
    }
    Ok(())
}
