//! Handles that statements run on. What needs a [`WriteTx`] cannot be handed a [`ReadTx`].

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, SqliteConnection, Transaction};

use crate::error::{Severity, StoreError, classify};
use crate::sqlite::Reader;
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

pub(crate) mod sealed {
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
    Sqlite(Reader),
    PostgresOnce(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

impl ReadTx {
    pub(crate) fn sqlite(reader: Reader) -> Self {
        Self { inner: ReadLink::Sqlite(reader), meter: Meter::here() }
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
            ReadLink::Sqlite(reader) => reader.finish().await,
            ReadLink::PostgresTx(tx) => tx.commit().await,
            ReadLink::PostgresOnce(_) => Ok(()),
        }
    }
}

impl Reads for ReadTx {
    fn link(&mut self) -> Link<'_> {
        match &mut self.inner {
            ReadLink::Sqlite(reader) => Link::Sqlite(reader),
            ReadLink::PostgresOnce(connection) => Link::Postgres(connection),
            ReadLink::PostgresTx(tx) => Link::Postgres(tx),
        }
    }
    fn begin_statement(&mut self) {
        self.meter.add(1);
    }
    fn failed(&mut self, error: &sqlx::Error) -> StoreError {
        let (error, severity) = classify(error);
        if severity == Severity::Connection
            && let ReadLink::Sqlite(reader) = &mut self.inner
        {
            reader.distrust();
        }
        error
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
