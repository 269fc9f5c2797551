//! Commands as the writer task sees them.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use futures_util::future::BoxFuture;
use sqlx::{AssertSqlSafe, Either, Executor as _};
use tokio::sync::oneshot;

use crate::changes::Changes;
use crate::error::StoreError;
use crate::statements::Meter;
use crate::tx::{Link, Reads as _, WriteTx};
use crate::value::sqlite_arguments;

/// Opens the savepoint of the next command and lets go of the last one's. Sent in front of a command's
/// own statements, so that a command of many statements is one message to SQLite's thread.
pub(super) const NEXT: &str = "RELEASE command; SAVEPOINT command";

/// One command in the writer's queue.
pub(crate) trait Job: Send {
    /// Name of the transaction.
    fn name(&self) -> &'static str;

    /// Counts on behalf of the caller.
    fn meter(&mut self) -> Meter;

    /// Does the work inside its savepoint. `false` asks for it to be undone.
    fn run<'a>(&'a mut self, tx: &'a mut WriteTx) -> BoxFuture<'a, bool>;

    /// Replaces the result: the writer undid the work for a reason of its own.
    fn refuse(&mut self, error: StoreError);

    /// Tells the caller. Called once the group is on disk, or with the reason why it is not.
    fn answer(self: Box<Self>, group: Result<(), StoreError>);

    /// True for one of many that nobody waits for singly.
    fn is_bulk(&self) -> bool {
        false
    }

    /// True for the sign to stop.
    fn is_stop(&self) -> bool {
        false
    }
}

/// The last job of a closing database.
pub(super) struct Stop;

impl Job for Stop {
    fn name(&self) -> &'static str {
        "stop"
    }
    fn meter(&mut self) -> Meter {
        Meter::default()
    }
    fn run<'a>(&'a mut self, _: &'a mut WriteTx) -> BoxFuture<'a, bool> {
        Box::pin(async { true })
    }
    fn refuse(&mut self, _: StoreError) {}
    fn answer(self: Box<Self>, _: Result<(), StoreError>) {}
    fn is_stop(&self) -> bool {
        true
    }
}

/// The closure of `db.write`.
pub(crate) struct ClosureJob<T, E, F> {
    pub(crate) name: &'static str,
    pub(crate) work: Arc<F>,
    pub(crate) meter: Meter,
    pub(crate) result: Option<Result<T, E>>,
    pub(crate) reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for ClosureJob<T, E, F>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'t> Fn(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn meter(&mut self) -> Meter {
        std::mem::take(&mut self.meter)
    }

    fn run<'a>(&'a mut self, tx: &'a mut WriteTx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Link::Sqlite(connection) = tx.link() else {
                self.refuse(StoreError::Statement("a SQLite job on another database".into()));
                return false;
            };
            let query = sqlx::query(NEXT);
            if let Err(error) = connection.execute(query).await {
                let error = tx.failed(&error);
                self.refuse(error);
                return false;
            }
            let result = (self.work)(tx).await;
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn refuse(&mut self, error: StoreError) {
        self.result = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let result = match (group, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Panicked(self.name).into()),
            (Err(error), _) => Err(error.into()),
        };
        // The caller may have hung up; the command stands all the same.
        let _ = self.reply.send(result);
    }
}

/// The list of `db.apply`, sent to SQLite as one text.
pub(crate) struct ChangesJob {
    pub(crate) name: &'static str,
    pub(crate) changes: Changes,
    pub(crate) bulk: bool,
    pub(crate) meter: Meter,
    pub(crate) result: Result<(), StoreError>,
    pub(crate) reply: oneshot::Sender<Result<(), StoreError>>,
}

impl Job for ChangesJob {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meter(&mut self) -> Meter {
        std::mem::take(&mut self.meter)
    }

    fn run<'a>(&'a mut self, tx: &'a mut WriteTx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.result = run_changes(tx, std::mem::take(&mut self.changes)).await;
            self.result.is_ok()
        })
    }

    fn refuse(&mut self, error: StoreError) {
        self.result = Err(error);
    }

    fn is_bulk(&self) -> bool {
        self.bulk
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let _ = self.reply.send(group.and(self.result));
    }
}

/// Statements in front of the caller's own: those of [`NEXT`].
const BEFORE: usize = 2;

/// Runs all statements in one message. SQLite's driver answers each with the rows it touched, so a guard
/// is judged where it stands; what came after it is undone with the savepoint.
async fn run_changes(tx: &mut WriteTx, changes: Changes) -> Result<(), StoreError> {
    let mut text = String::with_capacity(128 + changes.steps.len() * 160);
    text.push_str(NEXT);
    let mut args = Vec::with_capacity(changes.steps.len() * 8);
    let mut guards = Vec::with_capacity(changes.steps.len());
    for step in changes.steps {
        step.sql.check()?;
        let (statement, mut values) = step.sql.into_parts();
        text.push_str("; ");
        text.push_str(&statement);
        args.append(&mut values);
        guards.push(step.guard);
    }
    tx.meter.add(guards.len() as u64);
    let args = sqlite_arguments(args).map_err(|error| StoreError::Statement(error.to_string()))?;
    let Link::Sqlite(connection) = tx.link() else {
        return Err(StoreError::Statement("a SQLite job on another database".into()));
    };
    let query = sqlx::query_with::<sqlx::Sqlite, _>(AssertSqlSafe(text), args);
    let mut finished = 0;
    let failure = {
        let mut results = connection.fetch_many(query);
        loop {
            match results.try_next().await {
                Ok(Some(Either::Left(done))) => {
                    if finished >= BEFORE
                        && let Some(Some(guard)) = guards.get(finished - BEFORE)
                    {
                        guard.judge(done.rows_affected())?;
                    }
                    finished += 1;
                }
                Ok(Some(Either::Right(_))) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        }
    };
    if let Some(error) = failure {
        return Err(tx.failed(&error));
    }
    // A statement text that held a second statement, or none, would shift the guards.
    if finished == guards.len() + BEFORE {
        Ok(())
    } else {
        Err(StoreError::Statement(format!("{} statements became {}", guards.len(), finished - BEFORE)))
    }
}
