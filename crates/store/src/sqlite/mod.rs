//! SQLite: one file, many readers, one writer task.

mod group;
mod job;
mod readers;

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection};
use tokio::sync::mpsc;

pub(crate) use job::{ChangesJob, ClosureJob, Job};
pub(crate) use readers::Reader;
use readers::Readers;

use crate::config::Config;
use crate::error::{StoreError, classify};
use crate::migrate;

/// The open file.
pub(crate) struct SqliteDb {
    pub(crate) readers: Arc<Readers>,
    queue: mpsc::Sender<Box<dyn Job>>,
    writer: tokio::sync::Mutex<Option<tokio::task::JoinHandle<()>>>,
}

/// Waiting commands before a caller has to wait for a place in the queue.
const QUEUE: usize = 4096;

impl SqliteDb {
    pub(crate) async fn open(config: &Config) -> Result<Self, StoreError> {
        let options = writer_options(config)?;
        if let Some(folder) = options.get_filename().parent()
            && !folder.as_os_str().is_empty()
        {
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::Unavailable(format!("{}: {error}", folder.display())))?;
        }
        let mut connection = options.connect().await.map_err(|error| {
            let (said, file) = (classify(&error).0, options.get_filename());
            StoreError::Unavailable(format!("{}: {said}; can it be written there?", file.display()))
        })?;
        only_owner_reads(options.get_filename())?;
        migrate::sqlite(&mut connection, config.migrations).await?;
        check_settings(&mut connection).await?;

        let readers = Readers::new(reader_options(config)?, config.readers, config.wait);
        let (queue, commands) = mpsc::channel(QUEUE);
        let writer = group::Writer::new(options, connection, config.command_limit);
        let writer = tokio::spawn(writer.run(commands));
        Ok(Self { readers, queue, writer: tokio::sync::Mutex::new(Some(writer)) })
    }

    /// Hands a command to the writer task.
    pub(crate) async fn submit(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        self.queue.send(job).await.map_err(|_| StoreError::Unavailable("the writer has stopped".into()))
    }

    /// Commands waiting for the writer.
    pub(crate) fn waiting(&self) -> usize {
        QUEUE - self.queue.capacity()
    }

    /// Lets the writer finish what it has been given, then closes the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = self.writer.lock().await.take() {
            // An empty job list is the sign to stop; the channel itself lives as long as the handle.
            let _ = self.queue.send(Box::new(job::Stop)).await;
            let _ = writer.await;
        }
    }
}

fn base_options(config: &Config) -> Result<SqliteConnectOptions, StoreError> {
    let name = config.url.strip_prefix("sqlite:").unwrap_or(&config.url);
    let name = name.strip_prefix("//").unwrap_or(name);
    let options = SqliteConnectOptions::from_str("sqlite:").map_err(|error| classify(&error).0)?;
    Ok(options
        .in_memory(false)
        .shared_cache(false)
        .filename(name)
        .foreign_keys(true)
        .busy_timeout(config.wait)
        .statement_cache_capacity(STATEMENTS)
        // What is deleted leaves no readable rest in a page that is written anyway.
        .pragma("secure_delete", "fast")
        .pragma("temp_store", "memory")
        // Not mapped: each connection's view of the file would count as memory of this program, eight times over.
        .pragma("mmap_size", "0")
        // Slow work is logged by the name of its transaction, never with its text.
        .disable_statement_logging())
}

/// Prepared statements kept a connection. A command's statements are prepared as one text.
const STATEMENTS: usize = 400;

fn writer_options(config: &Config) -> Result<SqliteConnectOptions, StoreError> {
    Ok(base_options(config)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Every acknowledged command is on disk. Asserted by a test and by `check_settings`.
        .synchronous(SqliteSynchronous::Full)
        // Pages in the log before it is copied into the file. The default (1,000) copied the same pages
        // every few groups under load.
        .pragma("wal_autocheckpoint", "8000")
        // What a long reader made the log grow to is given back afterwards (bytes).
        .pragma("journal_size_limit", "67108864")
        // KiB of page cache.
        .pragma("cache_size", "-65536")
        .thread_name(|_| "huifa-writer".to_owned()))
}

fn reader_options(config: &Config) -> Result<SqliteConnectOptions, StoreError> {
    Ok(base_options(config)?
        .read_only(true)
        .pragma("cache_size", "-8192")
        .row_buffer_size(256)
        .thread_name(|id| format!("huifa-read-{id}")))
}

/// A connection of its own that only reads, for a copy of everything.
pub(crate) async fn reading_connection(config: &Config) -> Result<SqliteConnection, StoreError> {
    reader_options(config)?.connect().await.map_err(|error| classify(&error).0)
}

/// The settings durability stands on, read back from SQLite itself.
async fn check_settings(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for (pragma, wanted) in
        [("PRAGMA journal_mode", "wal"), ("PRAGMA synchronous", "2"), ("PRAGMA foreign_keys", "1")]
    {
        let row =
            sqlx::query(pragma).fetch_one(&mut *connection).await.map_err(|error| classify(&error).0)?;
        let found = row
            .try_get::<String, _>(0)
            .or_else(|_| row.try_get::<i64, _>(0).map(|number| number.to_string()))
            .map_err(|error| classify(&error).0)?;
        if found != wanted {
            return Err(StoreError::Settings(format!("{pragma} is {found}, must be {wanted}")));
        }
    }
    Ok(())
}

/// The file holds people's affairs: mode 0600, also for the WAL, which takes the mode of the file.
pub(crate) fn only_owner_reads(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
            .map_err(|error| StoreError::Settings(format!("{}: {error}", file.display())))?;
    }
    Ok(())
}
