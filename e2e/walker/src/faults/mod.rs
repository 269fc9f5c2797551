//! What breaks in a server room, done on purpose under load: after each nothing acknowledged is lost, nothing is half
//! done, counts equal lists, the evidence is clean and the service goes on by itself.

pub mod clients;
pub mod clock;
pub mod database;
pub mod disk;
pub mod kept;
pub mod nodes;

use crate::accounts::People;
use crate::life::Script;
use crate::load::{Bears, Ledger, Load, scripts, verify};
use crate::random::Random;
use crate::server::{Limits, Server, Setup, accounts_file};
use crate::walk;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::process::Command;

/// What a fault needs besides a server.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The `huifa` program.
    pub program: PathBuf,
    /// A folder of one's own.
    pub folder: PathBuf,
    /// Database URL; SQLite without it.
    pub database: Option<String>,
    /// Another, empty database to restore into; SQLite without it.
    pub other_database: Option<String>,
    /// The folder of the database server's socket.
    pub socket: Option<PathBuf>,
    /// Data directory of the database server.
    pub cluster: Option<PathBuf>,
    /// Shell command that starts the database server again.
    pub restart: Option<String>,
    /// Where chance begins.
    pub seed: u64,
}

impl Ask {
    fn setup(&self, data: PathBuf) -> Setup {
        Setup { program: self.program.clone(), data, database: self.database.clone(), limits: Limits::Off }
    }
}

/// How a fault went.
#[derive(Debug)]
pub enum Outcome {
    /// It was borne; what was seen.
    Borne(String),
    /// It could not be done on this machine.
    Skipped(String),
}

/// A server under load, and what it acknowledged.
pub struct Scene {
    setup: Setup,
    server: Server,
    people: People,
    scripts: Arc<Vec<Script>>,
    ledger: Ledger,
    chance: Random,
}

/// Clients of a load.
const CLIENTS: usize = 8;

impl Scene {
    /// Starts a server and learns the lives of its load.
    pub async fn begin(setup: Setup, seed: u64, variables: &[(&str, &str)]) -> Result<Self> {
        let server = Server::start_with(&setup, &[], variables).await?;
        let people = People::load(&accounts_file(&setup.data), server.address())?;
        let scripts = Arc::new(scripts(&people, 2).await?);
        Ok(Self { setup, server, people, scripts, ledger: Arc::default(), chance: Random::new(seed) })
    }

    /// Starts the load.
    pub fn load(&mut self, bears: Bears) -> Load {
        let seed = self.chance.bits();
        Load::start(self.server.address(), &self.scripts, CLIENTS, seed, &self.ledger, bears)
    }

    /// Holds the server against everything it acknowledged, stops it, and has the evidence checked. Gives the number
    /// of matters.
    pub async fn settle(self) -> Result<usize> {
        let matters =
            verify(&self.people.anonymous(), &self.ledger).await.context("what was acknowledged")?;
        walk::counts_equal_lists(&self.people).await.context("counts and lists")?;
        self.server.stop().await?;
        let told = evidence(&self.setup).await?;
        ensure!(told["events"].as_u64().is_some_and(|events| events > 0), "no events: {told}");
        Ok(matters)
    }
}

/// `huifa evidence verify`, which must find no fault.
async fn evidence(setup: &Setup) -> Result<Value> {
    let mut command = huifa(setup);
    let done = command.args(["--json", "evidence", "verify"]).output().await?;
    ensure!(
        done.status.success(),
        "the evidence does not hold: {} {}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// The program on the same data.
fn huifa(setup: &Setup) -> Command {
    let mut command = Command::new(&setup.program);
    command.arg("--data").arg(&setup.data).stdin(Stdio::null());
    if let Some(url) = &setup.database {
        command.args(["--database", url]);
    }
    command
}

/// Runs a program of the system; says whether it ended well.
async fn run(program: &str, arguments: &[&str]) -> bool {
    let done = Command::new(program).args(arguments).stdin(Stdio::null()).output().await;
    done.is_ok_and(|done| done.status.success())
}

async fn signal(pid: u32, name: &str) -> Result<()> {
    ensure!(run("kill", &[name, &pid.to_string()]).await, "cannot send {name} to {pid}");
    Ok(())
}

/// Gives a second place the key and the passwords of the first.
fn share(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for name in ["master.key", "demo-accounts.json"] {
        std::fs::copy(from.join(name), to.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}

async fn pause(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
