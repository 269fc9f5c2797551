//! The project's own tool: `cargo xtask demo` starts the demonstration city, `cargo xtask test` proves
//! everything, `cargo xtask check` proves the rules of the house, `cargo xtask bench` measures.

mod areas;
mod assets;
mod bench;
mod check;
mod cluster;
mod demo;
mod fixture;
mod laws;
mod pitr;
mod report;
mod schemas;
mod strength;
mod suite;
mod tools;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Run, test, check and measure Huifa.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build everything and serve the demonstration city.
    Demo(DemoArgs),
    /// Format, lints, rules of the house, tests on both databases, walker, browser journeys.
    Test(TestArgs),
    /// The rules of the house: layering, file sizes, links, words, message keys.
    Check,
    /// Bundle styles and scripts into assets/dist (npm only when the lock changed).
    Assets,
    /// Write the divisions the program brings along anew from the pinned npm packages (seldom needed).
    Areas,
    /// Break things on purpose under load: disks, clocks, connections, database servers, nodes.
    Strength(StrengthArgs),
    /// Keep a backup of this schema for the test of upgrades.
    Fixture,
    /// Measure commands a second and CPU a command on both databases (release build).
    Bench(BenchArgs),
}

/// Options of `cargo xtask demo`; those not named here are handed to `huifa demo` as they are.
#[derive(Debug, Args)]
struct DemoArgs {
    /// Data folder of the demonstration.
    #[arg(long, default_value = "var/demo")]
    data: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Database URL; without it SQLite inside the data folder.
    #[arg(long)]
    database: Option<String>,
    /// How many old, closed matters the city has besides.
    #[arg(long)]
    scale: Option<u32>,
    /// How many matters the last months of the city have; 0 leaves them out.
    #[arg(long, value_name = "N")]
    history: Option<u32>,
}

/// Options of `cargo xtask test`.
#[derive(Debug, Args)]
struct TestArgs {
    /// The long run: thousands of walked matters, every fault of `strength`, feed soak, traced syncs, bench gates.
    #[arg(long)]
    full: bool,
    /// Only the steps whose name contains one of these words.
    #[arg(long, value_name = "WORD")]
    only: Vec<String>,
    /// Seed of the walker; the default is fixed so that a failure repeats.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Options of `cargo xtask strength`.
#[derive(Debug, Args)]
struct StrengthArgs {
    /// Only the steps whose name contains one of these words.
    #[arg(long, value_name = "WORD")]
    only: Vec<String>,
    /// How often a server is killed.
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// Which build is tried: dev or release.
    #[arg(long, default_value = "dev")]
    profile: String,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Options of `cargo xtask bench`.
#[derive(Debug, Args)]
struct BenchArgs {
    /// Seconds of each measured phase.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// A register with so many old matters and a thousand people at work, instead of single commands.
    #[arg(long, value_name = "N")]
    matters: Option<u32>,
    /// Minutes of their work.
    #[arg(long, default_value_t = 10, requires = "matters")]
    minutes: u32,
    /// Only on SQLite.
    #[arg(long)]
    sqlite: bool,
    /// Only on PostgreSQL; with `--matters`.
    #[arg(long, requires = "matters", conflicts_with = "sqlite")]
    postgres: bool,
    /// Exit 1 when a gate is missed.
    #[arg(long)]
    gate: bool,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => suite::run(&args),
        Command::Check => check::run(),
        Command::Assets => assets::build().map(|()| ExitCode::SUCCESS),
        Command::Areas => areas::build().map(|()| ExitCode::SUCCESS),
        Command::Strength(args) => strength::run(&args),
        Command::Fixture => fixture::run(),
        Command::Bench(args) => bench::run(&args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
