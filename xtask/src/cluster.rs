//! One PostgreSQL for a whole run of the suite: started as a user that is not root, on a socket in a short
//! temporary folder, C collation, thrown away at the end.

use crate::tools;
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running cluster; stopped and removed when dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    bin: PathBuf,
    owner: Option<(u32, u32)>,
}

/// Whether what the database acknowledges must survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync=off`: for tests of behaviour.
    Off,
    /// As in service: for kill tests and measurements.
    On,
}

impl Cluster {
    /// Starts one, or says `None` when this machine has no PostgreSQL server programs.
    pub fn start(durability: Durability) -> Result<Option<Self>> {
        let Some(bin) = programs() else { return Ok(None) };
        // Sockets have a path limit of 107 bytes: a deep TMPDIR must not decide whether tests run.
        let folder = tempfile::Builder::new().prefix("hfpg").tempdir_in("/tmp")?;
        let owner = owner();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))
                .context("cannot hand the folder to the database's user")?;
        }
        let cluster = Self { folder, bin, owner };
        let data = cluster.path().join("data");
        cluster.run(Command::new(cluster.bin.join("initdb")).arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        let mut settings = vec![
            "-c listen_addresses=".to_owned(),
            format!("-c unix_socket_directories={}", cluster.path().display()),
            "-c max_connections=300".to_owned(),
            "-c shared_buffers=256MB".to_owned(),
            "-c timezone=UTC".to_owned(),
        ];
        if durability == Durability::Off {
            settings.extend(
                ["fsync", "synchronous_commit", "full_page_writes"].map(|key| format!("-c {key}=off")),
            );
        }
        cluster.run(
            Command::new(cluster.bin.join("pg_ctl"))
                .args(["start", "-w", "-t", "60", "-D"])
                .arg(&data)
                .arg("-l")
                .arg(cluster.path().join("log"))
                .args(["-o", &settings.join(" ")]),
        )?;
        Ok(Some(cluster))
    }

    /// The URL of a database in this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.path().display())
    }

    /// Creates an empty database and hands back its URL.
    pub fn create(&self, database: &str) -> Result<String> {
        self.run(Command::new(self.bin.join("createdb")).arg("--host").arg(self.path()).args([
            "--username=postgres",
            "--template=template0",
            "--locale=C",
            "--encoding=UTF8",
            database,
        ]))?;
        Ok(self.url(database))
    }

    /// Its data directory.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a program of PostgreSQL as the cluster's owner; what it prints is shown only when it fails.
    fn run(&self, command: &mut Command) -> Result<()> {
        let mut owned = Command::new(command.get_program());
        if let Some((user, group)) = self.owner {
            owned = Command::new("setpriv");
            owned.args([format!("--reuid={user}"), format!("--regid={group}")]);
            owned.args(["--clear-groups", "--"]).arg(command.get_program());
        }
        owned.args(command.get_args());
        // The server outlives `pg_ctl`: with our own pipes it would hold them open for ever.
        let said = self.path().join(format!("said-{}", std::process::id()));
        let out = fs::File::create(&said)?;
        owned.current_dir("/tmp").stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let status = owned
            .status()
            .with_context(|| format!("cannot start {}", owned.get_program().to_string_lossy()))?;
        if !status.success() {
            let said = fs::read_to_string(&said).unwrap_or_default();
            let log = fs::read_to_string(self.path().join("log")).unwrap_or_default();
            bail!(
                "{} ended with {status}: {}\n{}",
                command.get_program().to_string_lossy(),
                said.trim(),
                log.trim()
            );
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.path().join("data");
        let stop = self.run(
            Command::new(self.bin.join("pg_ctl")).args(["stop", "-m", "immediate", "-w", "-D"]).arg(&data),
        );
        if let Err(error) = stop {
            eprintln!("cannot stop the test cluster: {error:#}");
        }
    }
}

/// The folder with `initdb` and `pg_ctl`, newest version first.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
}

/// `initdb` refuses root: the user `postgres` where there is one, else nobody. `None` when we are not root.
fn owner() -> Option<(u32, u32)> {
    let us = tools::output(Command::new("id").arg("-u")).ok()?;
    if us.trim() != "0" {
        return None;
    }
    let number = |flag: &str| {
        tools::output(Command::new("id").args([flag, "postgres"]))
            .ok()
            .and_then(|text| text.trim().parse().ok())
    };
    Some(number("-u").zip(number("-g")).unwrap_or((65534, 65534)))
}
