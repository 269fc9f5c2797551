//! Handles that statements run on. What needs a [`WriteTx`] cannot be handed a [`ReadTx`].

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::error::{Severity, StoreError, classify};
use crate::statements::Meter;

/// Something statements can read from: a [`ReadTx`] or a [`WriteTx`].
pub trait Reads: sealed::Sealed + Send {
    #[doc(hidden)]
    fn link(&mut self) -> Link<'_>;
    #[doc(hidden)]
    fn begin_statement(&mut self);
    #[doc(hidden)]
    fn failed(&mut self, error: &sqlx::Error) -> StoreError;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ReadTx {}
    impl Sealed for super::WriteTx {}
}

/// The driver's connection, seen by this room only.
#[doc(hidden)]
pub enum Link<'a> {
    /// SQLite.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'a mut PgConnection),
}

/// A connection that only reads. On SQLite the file is open read-only; on PostgreSQL the transactions of
/// `db.read` are READ ONLY.
pub struct ReadTx {
    inner: ReadLink,
    meter: Meter,
}

enum ReadLink {
    SqliteOnce(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    PostgresOnce(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

impl ReadTx {
    pub(crate) fn sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self { inner: ReadLink::SqliteOnce(connection), meter: Meter::here() }
    }
    pub(crate) fn sqlite_tx(tx: Transaction<'static, Sqlite>) -> Self {
        Self { inner: ReadLink::SqliteTx(tx), meter: Meter::here() }
    }
    pub(crate) fn postgres(connection: PoolConnection<Postgres>) -> Self {
        Self { inner: ReadLink::PostgresOnce(connection), meter: Meter::here() }
    }
    pub(crate) fn postgres_tx(tx: Transaction<'static, Postgres>) -> Self {
        Self { inner: ReadLink::PostgresTx(tx), meter: Meter::here() }
    }

    pub(crate) fn statements(&self) -> u64 {
        self.meter.own()
    }

    /// Ends the snapshot now instead of when the handle is dropped.
    pub(crate) async fn finish(self) -> Result<(), sqlx::Error> {
        match self.inner {
            ReadLink::SqliteTx(tx) => tx.commit().await,
            ReadLink::PostgresTx(tx) => tx.commit().await,
            ReadLink::SqliteOnce(_) | ReadLink::PostgresOnce(_) => Ok(()),
        }
    }
}

impl Reads for ReadTx {
    fn link(&mut self) -> Link<'_> {
        match &mut self.inner {
            ReadLink::SqliteOnce(connection) => Link::Sqlite(connection),
            ReadLink::SqliteTx(tx) => Link::Sqlite(tx),
            ReadLink::PostgresOnce(connection) => Link::Postgres(connection),
            ReadLink::PostgresTx(tx) => Link::Postgres(tx),
        }
    }
    fn begin_statement(&mut self) {
        self.meter.add(1);
    }
    fn failed(&mut self, error: &sqlx::Error) -> StoreError {
        classify(error).0
    }
}

/// A transaction that may write. It commits when the closure it was given to returns `Ok`.
///
/// After a failed statement the closure must return the error: PostgreSQL refuses everything until the
/// end of the transaction, so SQLite is held to the same. Use `ON CONFLICT DO NOTHING` where a duplicate
/// is expected.
pub struct WriteTx {
    pub(crate) inner: WriteLink,
    pub(crate) meter: Meter,
    /// The first failure of a statement in this command.
    pub(crate) failure: Option<(StoreError, Severity)>,
}

pub(crate) enum WriteLink {
    Sqlite(SqliteConnection),
    Postgres(Transaction<'static, Postgres>),
}

impl WriteTx {
    pub(crate) fn new(inner: WriteLink, meter: Meter) -> Self {
        Self { inner, meter, failure: None }
    }
}

impl Reads for WriteTx {
    fn link(&mut self) -> Link<'_> {
        match &mut self.inner {
            WriteLink::Sqlite(connection) => Link::Sqlite(connection),
            WriteLink::Postgres(tx) => Link::Postgres(tx),
        }
    }
    fn begin_statement(&mut self) {
        self.meter.add(1);
    }
    fn failed(&mut self, error: &sqlx::Error) -> StoreError {
        let (error, severity) = classify(error);
        if self.failure.is_none() {
            self.failure = Some((error.clone(), severity));
        }
        error
    }
}
