//! What every command works in: folder, database, clock, catalogue.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::load::Files;
use jiff::SignedDuration;
use kernel::time::{Clock, Instant, OffsetClock, SteadyClock, SystemClock};

use crate::cli::Globals;
use crate::failure::Failure;

/// The surroundings of a command, made from the options before anything is touched.
pub struct Context {
    globals: Globals,
    clock: Arc<dyn Clock>,
    /// The same clock where it is the machine's.
    machine: Option<Arc<SteadyClock<SystemClock>>>,
    trusts_clock: bool,
}

/// So far behind the newest event the machine's clock may be for the service to wait until it has caught up; further,
/// and somebody must look.
const WAITS_FOR_CLOCK: SignedDuration = SignedDuration::from_mins(10);

impl Context {
    /// Checks the options that can be wrong by themselves.
    pub fn new(globals: Globals) -> Result<Self, Failure> {
        let (clock, machine): (Arc<dyn Clock>, _) = match globals.now {
            None => {
                let machine = Arc::new(SteadyClock::over(SystemClock));
                (machine.clone(), Some(machine))
            }
            Some(_) if !globals.data.join("test").exists() => {
                return Err(Failure::Usage(format!(
                    "--now is only for tests: {} holds no file named `test`",
                    globals.data.display()
                )));
            }
            Some(start) => (Arc::new(OffsetClock::starting_at(start)), None),
        };
        Ok(Self { globals, clock, machine, trusts_clock: false })
    }

    /// The same surroundings at another moment; only for a folder with a `test` marker.
    pub fn at(&self, now: Instant) -> Result<Self, Failure> {
        Self::new(Globals { now: Some(now), ..self.globals.clone() })
    }

    /// The same surroundings with another clock; for the demo's months before today.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { globals: self.globals.clone(), clock, machine: None, trusts_clock: false }
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.globals.data
    }

    /// The folder that replaces the built-in catalogue.
    pub fn catalog_folder(&self) -> Option<&Path> {
        self.globals.catalog.as_deref()
    }

    /// The files of the catalogue: those of that folder, else the built-in ones.
    pub fn sources(&self) -> Result<Files, Failure> {
        match self.catalog_folder() {
            Some(folder) => Files::read(folder)
                .map_err(|error| Failure::Environment(format!("{}: {error}", folder.display()))),
            None => Ok(Files::embedded()),
        }
    }

    /// What answers with kinds, topics and dangers.
    pub fn triage(&self) -> Result<triage::room::Room, Failure> {
        let sources = self.sources()?;
        triage::room::Room::read(|file| sources.get(file), self.data().to_owned())
            .map_err(Failure::environment)
    }

    /// Whether JSON is wanted.
    pub fn wants_json(&self) -> bool {
        self.globals.json.is_some()
    }

    /// Text given as `--json=TEXT`.
    pub fn json_inputs(&self) -> Option<&str> {
        self.globals.json.as_deref().filter(|text| !text.is_empty())
    }

    /// Where "now" comes from.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The same surroundings, where somebody has looked at the machine's clock and says that it is right.
    pub fn trusting_clock(&self) -> Self {
        Self {
            globals: self.globals.clone(),
            clock: self.clock(),
            machine: self.machine.clone(),
            trusts_clock: true,
        }
    }

    /// Lets nothing be written before the newest event of the database. Refuses when the machine's clock lies far
    /// behind it.
    pub async fn steady(&self, db: &store::Db) -> Result<(), Failure> {
        let Some(machine) = self.machine.as_ref().filter(|_| !self.trusts_clock) else { return Ok(()) };
        let mut reads = db.reader().await.map_err(Failure::environment)?;
        let newest = store::inspect::newest_event(&mut reads).await.map_err(Failure::environment)?;
        let Some(newest) = newest else { return Ok(()) };
        let now = machine.now();
        if newest.since(now) <= WAITS_FOR_CLOCK {
            machine.not_before(newest);
            return Ok(());
        }
        // Tests write days ahead with `tick --until` and go on today.
        if self.data().join("test").exists() {
            return Ok(());
        }
        Err(Failure::Environment(format!(
            "this machine's clock says {now}, and the newest event was written at {newest}: set the clock right. If it \
             was wrong when that was written and is right now, start once with `huifa serve --trust-clock`"
        )))
    }

    /// Path or URL of the database.
    pub fn database_url(&self) -> String {
        let file = || -> PathBuf { self.globals.data.join("huifa.db") };
        self.globals.database.clone().unwrap_or_else(|| file().to_string_lossy().into_owned())
    }

    /// Opens the database, creating the data folder when it is the default place.
    pub async fn database(&self) -> Result<store::Db, Failure> {
        if self.globals.database.is_none() {
            std::fs::create_dir_all(self.data())
                .map_err(|error| Failure::Environment(format!("{}: {error}", self.data().display())))?;
        }
        store::Db::open(&store::Config::new(self.database_url())).await.map_err(Failure::environment)
    }

    /// Whether there is a database to ask: one named by an address, or a file that exists.
    pub fn has_database(&self) -> bool {
        let config = store::Config::new(self.database_url());
        config.is_postgres() || Path::new(&config.url).exists()
    }

    /// Opens a database that must be there already: a check of one just made would say nothing.
    pub async fn existing_database(&self) -> Result<store::Db, Failure> {
        let config = store::Config::new(self.database_url());
        if !self.has_database() {
            return Err(Failure::Environment(format!("{}: there is no database", config.url)));
        }
        store::Db::open(&config).await.map_err(Failure::environment)
    }

    /// Runs an asynchronous command to its end.
    #[expect(clippy::unused_self, reason = "reads as context.block_on(work)")]
    pub fn block_on<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(Failure::environment)?.block_on(work)
    }
}
