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
    settings: String,
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
        Self::begin(durability, "")
    }

    /// One that keeps its log for going back to any moment: in the folder `archive` beside its data.
    pub fn start_archiving(durability: Durability) -> Result<Option<Self>> {
        Self::begin(
            durability,
            "-c archive_mode=on -c archive_timeout=60 -c archive_command='test ! -f ../archive/%f && cp %p ../archive/%f'",
        )
    }

    fn begin(durability: Durability, more: &str) -> Result<Option<Self>> {
        let Some(mut cluster) = Self::empty()? else { return Ok(None) };
        let data = cluster.data();
        cluster.run(Command::new(cluster.bin.join("initdb")).arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        let mut settings = cluster.basic();
        if durability == Durability::Off {
            settings.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        if !more.is_empty() {
            cluster.run(Command::new("mkdir").arg(cluster.path().join("archive")))?;
            settings.push(' ');
            settings.push_str(more);
        }
        cluster.settings = settings;
        cluster.launch()?;
        Ok(Some(cluster))
    }

    /// A folder that belongs to the database's user.
    fn empty() -> Result<Option<Self>> {
        let Some(bin) = programs() else { return Ok(None) };
        // Sockets have a path limit of 107 bytes: a deep TMPDIR must not decide whether tests run.
        let folder = tempfile::Builder::new().prefix("hfpg").tempdir_in("/tmp")?;
        let owner = owner();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))
                .context("cannot hand the folder to the database's user")?;
        }
        Ok(Some(Self { folder, bin, owner, settings: String::new() }))
    }

    fn basic(&self) -> String {
        format!(
            "-c listen_addresses= -c unix_socket_directories={} -c max_connections=300 -c shared_buffers=256MB \
             -c timezone=UTC",
            self.path().display()
        )
    }

    fn launch(&self) -> Result<()> {
        self.run(
            Command::new(self.bin.join("pg_ctl"))
                .args(["start", "-w", "-t", "60", "-D"])
                .arg(self.data())
                .arg("-l")
                .arg(self.path().join("log"))
                .args(["-o", &self.settings]),
        )
    }

    /// The folder its socket lies in.
    pub fn socket(&self) -> &Path {
        self.path()
    }

    /// A shell command that starts it again after it was killed.
    pub fn start_command(&self) -> String {
        let user = self.owner.map_or_else(String::new, |(user, group)| {
            format!("setpriv --reuid={user} --regid={group} --clear-groups -- ")
        });
        format!(
            "cd /tmp && {user}{} start -w -t 20 -D {} -l {} -o \"{}\"",
            self.bin.join("pg_ctl").display(),
            self.data().display(),
            self.path().join("log").display(),
            self.settings
        )
    }

    /// What a statement answers, as text.
    pub fn query(&self, database: &str, text: &str) -> Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.arg("--host").arg(self.path()).args([
            "--username=postgres",
            "--no-psqlrc",
            "-At",
            "-c",
            text,
            database,
        ]);
        tools::output(&mut psql)
    }

    /// A copy of the whole cluster beside it, taken while it runs.
    pub fn base_backup(&self) -> Result<()> {
        let mut copy = Command::new(self.bin.join("pg_basebackup"));
        copy.arg("--host").arg(self.path()).args([
            "--username=postgres",
            "--checkpoint=fast",
            "--wal-method=none",
        ]);
        self.run(copy.arg("-D").arg(self.path().join("base")))
    }

    /// Waits until the log up to the last switch lies in the archive.
    pub fn wait_archived(&self, database: &str) -> Result<()> {
        let done = "SELECT coalesce(last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1), false) \
                    FROM pg_stat_archiver";
        for _ in 0..100 {
            if self.query(database, done)?.trim() == "t" {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        bail!("the log was not archived within 20 s")
    }

    /// Stops it at once and loses its data.
    pub fn lose(&self) -> Result<()> {
        self.stop()?;
        fs::remove_dir_all(self.data()).context("cannot remove the data")
    }

    /// The base backup brought to a moment by the archive, as a cluster of its own.
    pub fn recovered(&self, moment: &str) -> Result<Self> {
        let mut back = Self::empty()?.context("PostgreSQL went away")?;
        let archive = self.path().join("archive");
        self.run(Command::new("cp").arg("-a").arg(self.path().join("base")).arg(back.data()))?;
        self.run(Command::new("touch").arg(back.data().join("recovery.signal")))?;
        back.settings = format!(
            "{} -c restore_command='cp {}/%f %p' -c recovery_target_time='{moment}' -c recovery_target_action=promote",
            back.basic(),
            archive.display()
        );
        back.launch()?;
        for _ in 0..150 {
            if back.query("postgres", "SELECT pg_is_in_recovery()")?.trim() == "f" {
                return Ok(back);
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        bail!("the recovery did not end within 30 s")
    }

    fn stop(&self) -> Result<()> {
        self.run(
            Command::new(self.bin.join("pg_ctl"))
                .args(["stop", "-m", "immediate", "-w", "-D"])
                .arg(self.data()),
        )
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
        if !self.data().join("postmaster.pid").exists() {
            return;
        }
        if let Err(error) = self.stop() {
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
