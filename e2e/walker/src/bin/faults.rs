//! One fault of a server room, done on purpose under load.

use anyhow::Result;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use walker::faults::{Ask, Outcome, clients, clock, database, disk, kept, nodes};

/// Breaks something and looks at what is left.
#[derive(Debug, Parser)]
struct Cli {
    /// What breaks.
    fault: Fault,
    /// The `huifa` program.
    #[arg(long)]
    serve: PathBuf,
    /// A folder of one's own.
    #[arg(long)]
    data: PathBuf,
    /// Database URL; SQLite without it.
    #[arg(long)]
    database: Option<String>,
    /// An empty database to restore into; SQLite without it.
    #[arg(long)]
    other_database: Option<String>,
    /// The folder of the database server's socket.
    #[arg(long)]
    socket: Option<PathBuf>,
    /// Data directory of the database server.
    #[arg(long)]
    cluster: Option<PathBuf>,
    /// Shell command that starts the database server again.
    #[arg(long)]
    restart: Option<String>,
    /// Where chance begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Fault {
    /// The disk fills up.
    DiskFull,
    /// The disk takes no writes.
    ReadOnly,
    /// The clock is set back.
    ClockBack,
    /// Callers hang up in the middle.
    HangUp,
    /// The database server is killed.
    PostgresKilled,
    /// Connections to the database are cut.
    Cut,
    /// The node that holds the lease stands still.
    TwoNodes,
    /// A backup under load is brought back elsewhere.
    Restored,
}

/// How a run says that this machine cannot do it.
const SKIPPED: u8 = 77;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let fault = cli.fault;
    match run(cli).await {
        Ok(Outcome::Borne(seen)) => {
            println!("{fault:?}: {seen}");
            ExitCode::SUCCESS
        }
        Ok(Outcome::Skipped(what)) => {
            println!("SKIP: {fault:?} needs {what}");
            ExitCode::from(SKIPPED)
        }
        Err(error) => {
            eprintln!("{fault:?}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<Outcome> {
    std::fs::create_dir_all(&cli.data)?;
    let ask = Ask {
        program: cli.serve,
        folder: cli.data.canonicalize()?,
        database: cli.database,
        other_database: cli.other_database,
        socket: cli.socket,
        cluster: cli.cluster,
        restart: cli.restart,
        seed: cli.seed,
    };
    match cli.fault {
        Fault::DiskFull => disk::full(&ask).await,
        Fault::ReadOnly => disk::read_only(&ask).await,
        Fault::ClockBack => clock::set_back(&ask).await,
        Fault::HangUp => clients::hang_up(&ask).await,
        Fault::PostgresKilled => database::killed(&ask).await,
        Fault::Cut => database::cut(&ask).await,
        Fault::TwoNodes => nodes::lease(&ask).await,
        Fault::Restored => kept::restored(&ask).await,
    }
}
