//! The database handle: named reads and writes, the same on both databases.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::Row as _;
use tokio::sync::{Notify, oneshot};

use crate::changes::Changes;
use crate::config::Config;
use crate::error::{Severity, StoreError, classify};
use crate::metric;
use crate::postgres::PostgresDb;
use crate::sqlite::{ChangesJob, ClosureJob, SqliteDb};
use crate::statements::Meter;
use crate::tx::{ReadTx, WriteLink, WriteTx};

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    /// Rung when a command has announced an event.
    announced: Arc<Notify>,
}

pub(crate) enum Inner {
    Sqlite(SqliteDb),
    Postgres(PostgresDb),
}

/// Which database it is. For messages and measurements; no statement may depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How the database is.
#[derive(Debug, Clone)]
pub struct Health {
    /// Which database it is.
    pub kind: Kind,
    /// Its version, as it says it.
    pub version: String,
    /// Commands waiting for the writer (SQLite) or connections in use (PostgreSQL).
    pub load: usize,
    /// Time one small read took.
    pub read: Duration,
}

/// Runs of one write that lost to others before the caller is told (PostgreSQL).
const ATTEMPTS: u32 = 10;

impl Db {
    /// Opens the database, checks its settings and runs new migrations.
    pub async fn open(config: &Config) -> Result<Self, StoreError> {
        let inner = if config.is_postgres() {
            Inner::Postgres(PostgresDb::open(config).await?)
        } else {
            Inner::Sqlite(SqliteDb::open(config).await?)
        };
        Ok(Self { inner: Arc::new(inner), announced: Arc::default() })
    }

    /// The database itself, for what is asked of it beside statements.
    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        match &*self.inner {
            Inner::Sqlite(_) => Kind::Sqlite,
            Inner::Postgres(_) => Kind::Postgres,
        }
    }

    /// A connection for single reads, each seeing what is committed when it starts. No `BEGIN` is sent.
    pub async fn reader(&self) -> Result<ReadTx, StoreError> {
        match &*self.inner {
            Inner::Sqlite(db) => db.readers.acquire().await.map(ReadTx::sqlite),
            Inner::Postgres(db) => {
                db.pool.acquire().await.map(ReadTx::postgres).map_err(|error| classify(&error).0)
            }
        }
    }

    /// A consistent snapshot over several reads; it ends when the handle is dropped.
    pub async fn snapshot(&self) -> Result<ReadTx, StoreError> {
        match &*self.inner {
            Inner::Sqlite(db) => db.readers.snapshot().await.map(ReadTx::sqlite),
            Inner::Postgres(db) => {
                db.snapshot().await.map(ReadTx::postgres_tx).map_err(|error| classify(&error).0)
            }
        }
    }

    /// Runs `work` on a consistent snapshot, measured under `name`.
    pub async fn read<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut ReadTx) -> BoxFuture<'t, Result<T, E>>,
        E: From<StoreError>,
    {
        let started = Instant::now();
        let mut tx = self.snapshot().await?;
        let result = work(&mut tx).await;
        let statements = tx.statements();
        let ended = tx.finish().await;
        metric::transaction(name, "read", started.elapsed(), statements, result.is_ok());
        if result.is_ok() {
            ended.map_err(|error| classify(&error).0)?;
        }
        result
    }

    /// Runs `work` in one transaction that may write, measured under `name`, and answers when it is on
    /// disk.
    ///
    /// On PostgreSQL it runs again after a serialisation failure or a deadlock, so it may be called more
    /// than once. A panic in it is answered with [`StoreError::Panicked`]. A caller that stops waiting
    /// does not stop it. Never await anything but statements of this transaction in it: on SQLite it
    /// holds the only writer.
    ///
    /// ```no_run
    /// # async fn show(db: &store::Db) -> Result<(), store::StoreError> {
    /// let free: bool = db
    ///     .write("take name", |tx| Box::pin(async move {
    ///         let found: Option<(i64,)> = store::sql("SELECT 1 FROM account WHERE login = ?")
    ///             .bind("li")
    ///             .optional(tx)
    ///             .await?;
    ///         Ok::<_, store::StoreError>(found.is_none())
    ///     }))
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub async fn write<T, E, F>(&self, name: &'static str, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> Fn(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        let started = Instant::now();
        let meter = Meter::here();
        let counted = meter.clone();
        let result = match &*self.inner {
            Inner::Sqlite(db) => {
                let (reply, answer) = oneshot::channel();
                let job = ClosureJob { name, work: Arc::new(work), meter, result: None, reply };
                db.submit(Box::new(job)).await?;
                answer.await.unwrap_or_else(|_| Err(stopped().into()))
            }
            Inner::Postgres(_) => {
                let db = self.clone();
                finish(name, async move { db.write_postgres(name, work, meter).await }).await
            }
        };
        metric::transaction(name, "write", started.elapsed(), counted.own(), result.is_ok());
        result
    }

    /// Runs a list of statements in one transaction, measured under `name`, and answers when it is on
    /// disk. On SQLite it shares its sync with the commands that wait beside it.
    pub async fn apply(&self, name: &'static str, changes: Changes) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        let meter = Meter::here();
        let statements = changes.len() as u64;
        let announces = changes.announces;
        let result = match &*self.inner {
            Inner::Sqlite(db) => {
                let (reply, answer) = oneshot::channel();
                let bulk = changes.bulk;
                let job = ChangesJob { name, changes, bulk, meter, result: Ok(()), reply };
                db.submit(Box::new(job)).await?;
                answer.await.unwrap_or_else(|_| Err(stopped()))
            }
            Inner::Postgres(_) => {
                let db = self.clone();
                let work = in_turn(Arc::new(changes));
                finish(name, async move { db.write_postgres(name, work, meter).await }).await
            }
        };
        if announces && result.is_ok() {
            self.announced.notify_one();
        }
        metric::transaction(name, "apply", started.elapsed(), statements, result.is_ok());
        result
    }

    async fn write_postgres<T, E, F>(&self, name: &'static str, work: F, meter: Meter) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> Fn(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    {
        let Inner::Postgres(db) = &*self.inner else {
            return Err(StoreError::Statement("not PostgreSQL".into()).into());
        };
        let mut attempt = 1;
        loop {
            let tx = db.begin().await.map_err(|error| classify(&error).0)?;
            let mut tx = WriteTx::new(WriteLink::Postgres(tx), meter.clone());
            let Ok(result) = tokio::time::timeout(db.limit, work(&mut tx)).await else {
                // Dropping the transaction rolls it back.
                return Err(StoreError::TooLong(name).into());
            };
            let failure = tx.failure.take();
            let WriteLink::Postgres(inner) = tx.inner else { return result };
            let retry = match (result, failure) {
                (Ok(_), Some((cause, _))) => {
                    roll_back(inner).await;
                    return Err(StoreError::WentOn { name, cause: cause.to_string() }.into());
                }
                (Ok(value), None) => match inner.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) => match classify(&error) {
                        (error, Severity::Retry) => E::from(error),
                        (error, _) => return Err(error.into()),
                    },
                },
                (Err(error), Some((_, Severity::Retry))) => {
                    roll_back(inner).await;
                    error
                }
                (Err(error), _) => {
                    roll_back(inner).await;
                    return Err(error);
                }
            };
            if attempt == ATTEMPTS {
                return Err(retry);
            }
            metric::retry(name);
            tokio::time::sleep(backoff(attempt)).await;
            attempt += 1;
        }
    }

    /// The bell of [`Changes::announce`].
    pub(crate) fn announced(&self) -> &Notify {
        &self.announced
    }

    /// Asks the database how it is, with one small read.
    pub async fn health(&self) -> Result<Health, StoreError> {
        let started = Instant::now();
        let failed = |error| classify(&error).0;
        let (version, load) = match &*self.inner {
            Inner::Sqlite(db) => {
                let mut reader = db.readers.acquire().await?;
                let row =
                    sqlx::query("SELECT sqlite_version()").fetch_one(&mut *reader).await.map_err(failed)?;
                (row.try_get::<String, _>(0).map_err(failed)?, db.waiting())
            }
            Inner::Postgres(db) => {
                let row = sqlx::query("SELECT current_setting('server_version')")
                    .fetch_one(&db.pool)
                    .await
                    .map_err(failed)?;
                let used = db.pool.size() as usize - db.pool.num_idle().min(db.pool.size() as usize);
                (row.try_get::<String, _>(0).map_err(failed)?, used)
            }
        };
        Ok(Health { kind: self.kind(), version, load, read: started.elapsed() })
    }

    /// Finishes what was begun and closes every connection. Handles that remain answer with
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        match &*self.inner {
            Inner::Sqlite(db) => db.close().await,
            Inner::Postgres(db) => db.pool.close().await,
        }
    }
}

/// The statements of a list one after the other, as a closure that can run again.
fn in_turn(
    changes: Arc<Changes>,
) -> impl for<'t> Fn(&'t mut WriteTx) -> BoxFuture<'t, Result<(), StoreError>> + Send + Sync + 'static {
    move |tx| {
        let changes = Arc::clone(&changes);
        Box::pin(async move {
            for step in &changes.steps {
                let touched = step.sql.clone().execute(tx).await?;
                if let Some(guard) = step.guard {
                    guard.judge(touched)?;
                }
            }
            Ok(())
        })
    }
}

/// Runs a write apart from its caller, so that a hang-up does not cancel it and a panic is an answer.
async fn finish<T, E>(
    name: &'static str,
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => Err(StoreError::Panicked(name).into()),
        Err(_) => Err(stopped().into()),
    }
}

async fn roll_back(tx: sqlx::Transaction<'static, sqlx::Postgres>) {
    if let Err(error) = tx.rollback().await {
        tracing::warn!(%error, "rollback");
    }
}

/// 2, 4, 8 … 64 ms, spread by the clock's lowest digits so that two losers do not meet again.
fn backoff(attempt: u32) -> Duration {
    let base = 1_u64 << attempt.min(6);
    let spread = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::from(since.subsec_nanos()) % (base * 1000));
    Duration::from_micros(base * 1000 + spread)
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer has stopped".into())
}
