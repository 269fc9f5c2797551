//! A server of our own: started, waited for, killed.

use crate::client::Client;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The `huifa` program.
    pub program: PathBuf,
    /// Its data folder.
    pub data: PathBuf,
    /// Database URL; SQLite in the data folder without one.
    pub database: Option<String>,
    /// Whether rate limits hold; the walker's speed is nobody's on earth.
    pub limits: Limits,
}

/// Whether rate limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// As configured.
    On,
    /// `HUIFA_LIMITS=off`.
    Off,
}

/// A running `huifa demo`; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    /// Starts the demonstration city and waits until it is ready.
    pub async fn start(setup: &Setup) -> Result<Self> {
        Self::start_under(setup, &[]).await
    }

    /// The same, under another program (`strace …`) that takes the server's command line after its own.
    pub async fn start_under(setup: &Setup, wrapper: &[&str]) -> Result<Self> {
        Self::start_with(setup, wrapper, &[]).await
    }

    /// The same, with variables of the environment besides.
    pub async fn start_with(setup: &Setup, wrapper: &[&str], variables: &[(&str, &str)]) -> Result<Self> {
        std::fs::create_dir_all(&setup.data)
            .with_context(|| format!("cannot create {}", setup.data.display()))?;
        let address = free_address()?;
        let log = setup.data.join("server.log");
        let out = std::fs::File::options().create(true).append(true).open(&log)?;
        let mut command = match wrapper {
            [] => Command::new(&setup.program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(&setup.program);
                command
            }
        };
        // What is tested makes its own matters; the months before would only take time.
        command.arg("demo").arg("--data").arg(&setup.data).args(["--listen", &address, "--history", "0"]);
        if let Some(url) = &setup.database {
            command.args(["--database", url]);
        }
        if setup.limits == Limits::Off {
            command.env("HUIFA_LIMITS", "off");
        }
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).kill_on_drop(true);
        let child = command.spawn().with_context(|| format!("cannot start {}", setup.program.display()))?;
        let mut server = Self { child, address, log };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// `kill -9`.
    pub async fn kill(&mut self) -> Result<()> {
        self.child.kill().await.context("cannot kill the server")
    }

    /// Asks it to end (SIGTERM) and waits.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(pid) = self.pid().map(innermost) {
            Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        }
        match tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await {
            Ok(status) => {
                let status = status?;
                if status.success() {
                    Ok(())
                } else {
                    bail!("the server ended with {status}: {}", self.said())
                }
            }
            Err(_) => bail!("the server did not end within 20 s of SIGTERM"),
        }
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it was ready: {}", self.said());
            }
            let mut client = Client::new(&self.address);
            if client.raw("GET", "/readyz", None, None).await.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if began.elapsed() > Duration::from_mins(2) {
                bail!("the server was not ready within 120 s: {}", self.said());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The last lines of what it logged.
    fn said(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// The server itself where it runs under another program: a tracer keeps signals to itself.
fn innermost(pid: u32) -> u32 {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    children.split_whitespace().next().and_then(|child| child.parse().ok()).unwrap_or(pid)
}

/// The file in which the demonstration city lists its people.
pub fn accounts_file(data: &Path) -> PathBuf {
    data.join("demo-accounts.json")
}

/// A port nobody listens on now.
fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.to_string())
}
