//! Group commit: one task owns the one connection that writes, and many commands share one sync.
//!
//! `BEGIN IMMEDIATE`; each command in a savepoint; `COMMIT` when the queue is empty, or after
//! [`COMMANDS`] or the span (more of both for a bulk); only then are the callers answered. While SQLite syncs, the next commands
//! gather in the queue. The span is [`SPAN`], or twice the last sync where syncing takes longer: with
//! syncs of 4 ms a fixed 3 ms leaves the disk, not the commands, most of the time (measured: 3,450
//! commands a second against 5,600). A caller that hangs up changes nothing: the task holds the transaction, the
//! caller only the end of a channel.
//!
//! Transactions are begun and ended by statements of our own, not by the driver's `begin()`: after
//! FULL, IOERR, NOMEM or CORRUPT, SQLite may have rolled back by itself, and the driver's depth counter
//! would not know. On these the whole group is refused and the connection opened anew.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};
use tokio::sync::mpsc;

use super::job::Job;
use crate::error::{Severity, StoreError, classify};
use crate::tx::{WriteLink, WriteTx};

/// Most commands in one group.
const COMMANDS: usize = 64;
/// Most commands in one group of a bulk: rows that lie at random places of an index share its pages, and an
/// ordinary command waits for a fifth of a second at most.
const BULK_COMMANDS: usize = 256;
/// How long a group stays open while it holds nothing but a bulk's.
const BULK_SPAN: Duration = Duration::from_millis(120);
/// How long a group stays open for further commands where syncing is quick.
const SPAN: Duration = Duration::from_millis(3);
/// And where it is slow.
const LONGEST_SPAN: Duration = Duration::from_millis(12);
/// Longest wait for a broken connection to close before it is left alone.
const CLOSE: Duration = Duration::from_secs(5);

const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT command";
const UNDO: &str = "ROLLBACK TO command";
const COMMIT: &str = "COMMIT";

/// The task behind `db.write` and `db.apply` on SQLite.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    limit: Duration,
    span: Duration,
}

/// What became of one command.
enum Fate {
    Done,
    Undone,
    /// The connection is lost, and the group with it.
    Lost(StoreError),
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions, connection: SqliteConnection, limit: Duration) -> Self {
        Self { options, connection: Some(connection), limit, span: SPAN }
    }

    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Box<dyn Job>>) {
        let mut stop = false;
        while !stop {
            let Some(first) = queue.recv().await else { break };
            stop = first.is_stop();
            if !stop {
                stop = self.group(first, &mut queue).await;
            }
        }
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// Runs one group, from the first command to the answers. Gives true when it met the sign to stop.
    async fn group(&mut self, first: Box<dyn Job>, queue: &mut mpsc::Receiver<Box<dyn Job>>) -> bool {
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(error) => {
                first.answer(Err(error));
                return false;
            }
        };
        let started = Instant::now();
        let mut jobs: Vec<Box<dyn Job>> = Vec::with_capacity(COMMANDS);
        let mut next = Some(first);
        let mut lost = None;
        let mut stop = false;
        while let Some(mut job) = next.take() {
            if job.is_stop() {
                stop = true;
                break;
            }
            let mut tx = WriteTx::new(WriteLink::Sqlite(connection), job.meter());
            let fate = self.command(job.as_mut(), &mut tx).await;
            let WriteLink::Sqlite(back) = tx.inner else { return stop };
            connection = back;
            let (most, span) = if job.is_bulk() { (BULK_COMMANDS, BULK_SPAN) } else { (COMMANDS, self.span) };
            jobs.push(job);
            let fate = match fate {
                Fate::Undone => match connection.execute(UNDO).await {
                    Ok(_) => Fate::Undone,
                    Err(error) => Fate::Lost(classify(&error).0),
                },
                other => other,
            };
            if let Fate::Lost(error) = fate {
                lost = Some(error);
                break;
            }
            if jobs.len() < most && started.elapsed() < span {
                next = queue.try_recv().ok();
            }
        }
        let commit = Instant::now();
        let result = match lost {
            Some(error) => Err(error),
            None => connection.execute(COMMIT).await.map(|_| ()).map_err(|error| classify(&error).0),
        };
        let synced = commit.elapsed();
        self.span = (synced * 2).clamp(SPAN, LONGEST_SPAN);
        metrics::histogram!("huifa_commit_seconds").record(synced.as_secs_f64());
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        metrics::histogram!("huifa_commit_commands").record(jobs.len() as f64);
        if let Err(error) = &result {
            tracing::error!(%error, commands = jobs.len(), "a group of commands was given up");
            self.discard(connection).await;
        } else {
            self.connection = Some(connection);
        }
        for job in jobs {
            job.answer(result.clone());
        }
        stop
    }

    /// A connection with the transaction open and the first savepoint set.
    async fn begin(&mut self) -> Result<SqliteConnection, StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(|error| classify(&error).0)?,
        };
        match connection.execute(BEGIN).await {
            Ok(_) => Ok(connection),
            Err(error) => {
                let (error, severity) = classify(&error);
                if severity == Severity::Retry {
                    // Another process holds the file; nothing has begun here.
                    self.connection = Some(connection);
                } else {
                    self.discard(connection).await;
                }
                Err(error)
            }
        }
    }

    /// Runs one command; a panic or too long a time counts as its failure only.
    async fn command(&self, job: &mut dyn Job, tx: &mut WriteTx) -> Fate {
        let name = job.name();
        let run = AssertUnwindSafe(tokio::time::timeout(self.limit, job.run(tx))).catch_unwind().await;
        let keep = match run {
            Ok(Ok(keep)) => keep,
            Ok(Err(_)) => {
                job.refuse(StoreError::TooLong(name));
                false
            }
            Err(_) => {
                job.refuse(StoreError::Panicked(name));
                false
            }
        };
        match tx.failure.take() {
            Some((error, Severity::Connection)) => Fate::Lost(error),
            Some((error, _)) if keep => {
                job.refuse(StoreError::WentOn { name, cause: error.to_string() });
                Fate::Undone
            }
            _ if keep => Fate::Done,
            _ => Fate::Undone,
        }
    }

    /// Closes a connection whose state is unknown. Closing rolls back whatever is open on it.
    async fn discard(&mut self, connection: SqliteConnection) {
        self.connection = None;
        if tokio::time::timeout(CLOSE, connection.close()).await.is_err() {
            tracing::error!("the broken connection did not close in time");
        }
    }
}
