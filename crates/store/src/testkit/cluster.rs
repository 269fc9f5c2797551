//! A PostgreSQL cluster for tests: made, started, shared and stopped without root.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr as _;
use std::sync::OnceLock;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};

use super::Scratch;
use crate::config::Migrations;
use crate::error::StoreError;
use crate::migrate;

/// URL of a maintenance database whose user may create databases. When set, no cluster is started.
pub const TEST_PG_VARIABLE: &str = "HUIFA_TEST_PG";
/// Folder with `initdb` and `pg_ctl`, when they are not where they are looked for.
const BIN_VARIABLE: &str = "HUIFA_PG_BIN";
/// The superuser of test clusters.
const USER: &str = "huifa";
/// uid and gid of `nobody`, used when root runs the tests: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65534;

/// Whether a cluster syncs its commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// For tests that kill it.
    On,
    /// For all others: several times faster.
    Off,
}

/// A cluster of its own, stopped and removed when dropped.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    programs: PathBuf,
    owned: bool,
}

impl Cluster {
    /// Starts a cluster that nobody shares; none when there are no server programs.
    pub fn start(sync: Sync) -> Result<Option<Self>, StoreError> {
        let Some(programs) = programs() else { return Ok(None) };
        let home = Scratch::new("pg").map_err(|error| failed("folder", error))?;
        let cluster = Self { home: home.path().to_owned(), programs, owned: true };
        cluster.create()?;
        cluster.run(sync)?;
        // From here the cluster removes the folder itself.
        std::mem::forget(home);
        Ok(Some(cluster))
    }

    /// URL of a database in it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@localhost/{database}?host={}", self.home.display())
    }

    /// Kills every process of the cluster at once, as a power cut would.
    pub fn kill(&self) -> Result<(), StoreError> {
        self.control(&["-m", "immediate", "stop"])
    }

    /// Starts it again after [`Cluster::kill`].
    pub fn restart(&self, sync: Sync) -> Result<(), StoreError> {
        self.run(sync)
    }

    fn create(&self) -> Result<(), StoreError> {
        fs::create_dir_all(&self.home).map_err(|error| failed("folder", error))?;
        if let Some((uid, gid)) = unprivileged(&self.home) {
            std::os::unix::fs::chown(&self.home, Some(uid), Some(gid))
                .map_err(|error| failed("chown", error))?;
        }
        self.program("initdb")
            .arg("-D")
            .arg(self.home.join("data"))
            .args(["-U", USER, "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync"])
            .finish()
    }

    fn run(&self, sync: Sync) -> Result<(), StoreError> {
        let switch = if sync == Sync::On { "on" } else { "off" };
        let options = format!(
            "-k {} -c listen_addresses= -c max_connections=200 -c shared_buffers=64MB -c fsync={switch} \
             -c synchronous_commit={switch} -c full_page_writes={switch}",
            self.home.display()
        );
        let log = self.home.join("log");
        self.control(&[
            OsStr::new("-l"),
            log.as_os_str(),
            OsStr::new("-o"),
            options.as_ref(),
            "start".as_ref(),
        ])
    }

    fn control(&self, args: &[impl AsRef<OsStr>]) -> Result<(), StoreError> {
        self.program("pg_ctl")
            .arg("-D")
            .arg(self.home.join("data"))
            .args(["-w", "-t", "60"])
            .args(args)
            .finish()
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.home).env("LC_ALL", "C").stdin(Stdio::null());
        if let Some((uid, gid)) = unprivileged(&self.home) {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn is_running(&self) -> bool {
        self.home.join("data").is_dir() && self.control(&["status"]).is_ok()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.owned {
            let _ = self.kill();
            let _ = fs::remove_dir_all(&self.home);
        }
    }
}

/// The account the server runs under, when the tests are run by root.
fn unprivileged(folder: &Path) -> Option<(u32, u32)> {
    // The folder is ours until it is given away, and only root gives away: either way root started us
    // exactly when /proc/self belongs to root.
    let own = fs::metadata("/proc/self").or_else(|_| fs::metadata(folder)).ok()?.uid();
    if own != 0 {
        return None;
    }
    // initdb wants a user with a name.
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    users
        .lines()
        .find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == "postgres").then_some(())?;
            Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
        })
        .or(Some((NOBODY, NOBODY)))
}

/// The folder with the server programs.
fn programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(std::env::var_os(BIN_VARIABLE).map(PathBuf::from));
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    for root in ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt"] {
        let mut versions: Vec<PathBuf> = fs::read_dir(root)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .collect();
        versions.sort();
        versions.reverse();
        folders.extend(versions);
    }
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// A new database cloned from the migrated template; its URL.
pub(super) async fn fresh_database() -> Result<Option<String>, StoreError> {
    let Some(maintenance) = shared_url()? else { return Ok(None) };
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let mut connection = connect(&maintenance).await?;
    let template = template(&mut connection, &maintenance).await?;
    run(&mut connection, format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
    with_database(&maintenance, &name).map(Some)
}

/// A new database made with the given options; its URL.
pub(super) async fn database_with(options: &str) -> Result<Option<String>, StoreError> {
    let Some(maintenance) = shared_url()? else { return Ok(None) };
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let mut connection = connect(&maintenance).await?;
    run(&mut connection, format!("CREATE DATABASE {name} {options}")).await?;
    with_database(&maintenance, &name).map(Some)
}

/// Removes a database made by [`fresh_database`].
pub(super) async fn drop_database(url: &str) -> Result<(), StoreError> {
    let name = database_of(url)?;
    let mut connection = connect(&with_database(url, "postgres")?).await?;
    run(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
}

/// The template of the present migrations, made by whoever comes first.
async fn template(connection: &mut PgConnection, maintenance: &str) -> Result<String, StoreError> {
    let name = format!("template_{}", &migrate::fingerprint()[..16]);
    // An advisory lock of the session: held until the connection closes.
    run(connection, "SELECT pg_advisory_lock(448646440546)".to_owned()).await?;
    let found = sqlx::query("SELECT datistemplate FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await
        .map_err(|error| failed("template", error))?;
    let finished = match &found {
        Some(row) => row.try_get::<bool, _>(0).map_err(|error| failed("template", error))?,
        None => false,
    };
    if !finished {
        run(connection, format!("DROP DATABASE IF EXISTS {name}")).await?;
        run(connection, format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
            .await?;
        let mut inside = connect(&with_database(maintenance, &name)?).await?;
        migrate::postgres(&mut inside, Migrations::Apply).await?;
        inside.close().await.map_err(|error| failed("template", error))?;
        run(connection, format!("ALTER DATABASE {name} IS_TEMPLATE true")).await?;
    }
    run(connection, "SELECT pg_advisory_unlock(448646440546)".to_owned()).await?;
    Ok(name)
}

async fn connect(url: &str) -> Result<PgConnection, StoreError> {
    PgConnection::connect(url).await.map_err(|error| failed("connect", error))
}

async fn run(connection: &mut PgConnection, text: String) -> Result<(), StoreError> {
    connection
        .execute(AssertSqlSafe(text))
        .await
        .map(|_| ())
        .map_err(|error| failed("create database", error))
}

fn database_of(url: &str) -> Result<String, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|error| failed("url", error))?;
    options.get_database().map(str::to_owned).ok_or_else(|| failed("url", "names no database"))
}

fn with_database(url: &str, name: &str) -> Result<String, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|error| failed("url", error))?;
    Ok(options.database(name).to_url_lossy().to_string())
}

/// The maintenance URL of the cluster that all tests of this user share, started when need be.
fn shared_url() -> Result<Option<String>, StoreError> {
    static URL: OnceLock<Result<Option<String>, StoreError>> = OnceLock::new();
    URL.get_or_init(|| {
        if let Ok(url) = std::env::var(TEST_PG_VARIABLE) {
            return Ok(Some(url));
        }
        let Some(programs) = programs() else { return Ok(None) };
        let own = fs::metadata("/proc/self").map_or(0, |own| own.uid());
        let home = std::env::temp_dir().join(format!("hf-pg-shared-{own}"));
        let locks = std::env::temp_dir().join(format!("hf-pg-shared-{own}.lock"));
        fs::create_dir_all(&locks).map_err(|error| failed("lock folder", error))?;
        // Held, shared, as long as this process lives: the watchdog stops the cluster when nobody holds it.
        let users = open(&locks.join("users"))?;
        users.lock_shared().map_err(|error| failed("lock", error))?;
        std::mem::forget(users);
        // Held while looking and starting, so that only one process starts it.
        let starting = open(&locks.join("starting"))?;
        starting.lock().map_err(|error| failed("lock", error))?;
        let cluster = Cluster { home: home.clone(), programs, owned: false };
        if !cluster.is_running() {
            let _ = fs::remove_dir_all(&home);
            cluster.create()?;
            cluster.run(Sync::Off)?;
            watchdog(&cluster, &locks)?;
        }
        Ok(Some(cluster.url("postgres")))
    })
    .clone()
}

fn open(path: &Path) -> Result<File, StoreError> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| failed("lock file", error))
}

/// Stops the shared cluster when no test process has lived for half a minute. A process of its own,
/// because with `cargo nextest` every test is one, and none is the last by rule.
fn watchdog(cluster: &Cluster, locks: &Path) -> Result<(), StoreError> {
    let script = r#"
        idle=0
        while [ "$idle" -lt 3 ]; do
            sleep 10
            if flock -n -x "$1/users" true; then idle=$((idle + 1)); else idle=0; fi
        done
        flock -x "$1/users" sh -c '"$0/pg_ctl" -D "$1/data" -m immediate stop; rm -rf "$1"' "$2" "$3"
    "#;
    let mut command = Command::new("/bin/sh");
    if let Some((uid, gid)) = unprivileged(&cluster.home) {
        command.uid(uid).gid(gid);
    }
    command
        .current_dir("/")
        .stdin(Stdio::null())
        .arg("-c")
        .arg(script)
        .arg("huifa-test-pg")
        .arg(locks)
        .arg(&cluster.programs)
        .arg(&cluster.home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    command.spawn().map(|_| ()).map_err(|error| failed("watchdog", error))
}

fn failed(what: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("test cluster, {what}: {error}"))
}

/// Runs a command to its end, keeping quiet unless it fails.
trait Finish {
    fn finish(&mut self) -> Result<(), StoreError>;
}

impl Finish for Command {
    fn finish(&mut self) -> Result<(), StoreError> {
        // The server itself writes into its log file, so these pipes end with the command.
        match self.output() {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(failed(
                &self.get_program().display().to_string(),
                format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)),
            )),
            Err(error) => Err(failed(&self.get_program().display().to_string(), error)),
        }
    }
}
