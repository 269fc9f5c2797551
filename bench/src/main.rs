//! What a durable command costs: whole lives of matters over HTTP, with the raw database and an empty handler
//! beside them in the same run on the same machine.

mod gate;
mod load;
mod machine;
mod measure;
mod raw;
mod year;

use anyhow::{Context, Result};
use clap::Parser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Measures a server of its own on SQLite and, when told where, on PostgreSQL.
#[derive(Debug, Parser)]
pub struct Cli {
    /// The `huifa` program, built for release.
    #[arg(long)]
    pub serve: PathBuf,
    /// An empty folder for data.
    #[arg(long)]
    pub data: PathBuf,
    /// URL of an empty PostgreSQL database.
    #[arg(long)]
    pub postgres: Option<String>,
    /// The store's own driver (`cargo build --release -p huifa-store --example commands`).
    #[arg(long)]
    pub raw: Option<PathBuf>,
    /// URL of another empty PostgreSQL database, for the store's own driver.
    #[arg(long)]
    pub postgres_raw: Option<String>,
    /// Seconds of each phase.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Connections of the closed loop.
    #[arg(long, default_value_t = 32)]
    pub clients: usize,
    /// Counties the load is spread over.
    #[arg(long, default_value_t = 4)]
    pub counties: usize,
    /// Folder for the figures, one JSON file a database.
    #[arg(long)]
    pub results: Option<PathBuf>,
    /// Measures PostgreSQL alone.
    #[arg(long, requires = "postgres")]
    pub postgres_only: bool,
    /// Measures a register with so many old matters instead of single commands.
    #[arg(long, default_value_t = 0)]
    pub matters: u32,
    /// People signed in at once, with `--matters`.
    #[arg(long, default_value_t = 1000)]
    pub users: usize,
    /// Minutes of their work, with `--matters`.
    #[arg(long, default_value_t = 10)]
    pub minutes: u64,
    /// Exit 1 when a gate is missed.
    #[arg(long)]
    pub gate: bool,
}

impl Cli {
    fn phase(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<bool> {
    let mut held = true;
    let mut databases = if cli.postgres_only { Vec::new() } else { vec![("sqlite", None)] };
    databases.extend(cli.postgres.clone().map(|url| ("postgresql", Some(url))));
    for (name, url) in databases {
        if cli.matters > 0 {
            let figures = year::database(cli, name, url).await.with_context(|| format!("on {name}"))?;
            if let Some(folder) = &cli.results {
                year::write(folder, name, &figures)?;
            }
            continue;
        }
        let figures = measure::database(cli, name, url).await.with_context(|| format!("on {name}"))?;
        measure::print(&figures);
        if let Some(folder) = &cli.results {
            write(folder, name, &figures)?;
        }
        held &= gate::holds(&figures) || !cli.gate;
    }
    Ok(held)
}

fn write(folder: &Path, name: &str, figures: &measure::Figures) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(format!("smoke-{name}.json"));
    std::fs::write(&file, serde_json::to_string_pretty(figures)? + "\n")
        .with_context(|| format!("cannot write {}", file.display()))
}
