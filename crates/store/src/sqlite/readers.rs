//! Reader connections, kept by ourselves: the driver's pool sends a message to the connection's thread
//! each time one is given back, which costs as much as a small read.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{StoreError, classify};

/// A fixed number of connections, opened when first needed.
pub(crate) struct Readers {
    options: SqliteConnectOptions,
    wait: Duration,
    free: Arc<Semaphore>,
    idle: Mutex<Vec<SqliteConnection>>,
}

/// What a handle has open on its connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing: it can be given back as it is.
    Clean,
    /// A snapshot, to be ended first.
    Snapshot,
    /// Something that cannot be trusted any more: it is closed.
    Broken,
}

/// One connection out of the pool.
pub(crate) struct Reader {
    /// There until the handle is dropped.
    connection: Option<SqliteConnection>,
    state: State,
    home: Arc<Readers>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Readers {
    pub(crate) fn new(options: SqliteConnectOptions, connections: u32, wait: Duration) -> Arc<Self> {
        Arc::new(Self {
            options,
            wait,
            free: Arc::new(Semaphore::new(connections.max(1) as usize)),
            idle: Mutex::default(),
        })
    }

    /// A connection, waiting for one when all are out.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Reader, StoreError> {
        let permit = tokio::time::timeout(self.wait, Arc::clone(&self.free).acquire_owned())
            .await
            .map_err(|_| StoreError::Unavailable("no free connection".into()))?
            .map_err(|_| StoreError::Unavailable("the database is closed".into()))?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(|error| classify(&error).0)?,
        };
        Ok(Reader {
            connection: Some(connection),
            state: State::Clean,
            home: Arc::clone(self),
            permit: Some(permit),
        })
    }

    /// A connection with a snapshot open.
    pub(crate) async fn snapshot(self: &Arc<Self>) -> Result<Reader, StoreError> {
        let mut reader = self.acquire().await?;
        // Set first: when this future is dropped in the middle, the snapshot may be open.
        reader.state = State::Snapshot;
        reader.execute("BEGIN").await.map_err(|error| classify(&error).0)?;
        Ok(reader)
    }

    /// Closes what is idle and lets nobody in any more.
    pub(crate) async fn close(&self) {
        self.free.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            let _ = connection.close().await;
        }
    }

    fn give_back(&self, connection: SqliteConnection) {
        if !self.free.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Reader {
    /// After an error of the connection itself: it is not given to anybody else.
    pub(crate) fn distrust(&mut self) {
        self.state = State::Broken;
    }

    /// Ends the snapshot, if there is one.
    pub(crate) async fn finish(mut self) -> Result<(), sqlx::Error> {
        if self.state == State::Snapshot {
            self.execute("COMMIT").await?;
            self.state = State::Clean;
        }
        Ok(())
    }
}

impl Deref for Reader {
    type Target = SqliteConnection;

    #[expect(clippy::expect_used, reason = "only drop takes the connection out")]
    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("the connection is there until drop")
    }
}

impl DerefMut for Reader {
    #[expect(clippy::expect_used, reason = "only drop takes the connection out")]
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("the connection is there until drop")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.state == State::Broken {
            // Dropping it closes it.
            return;
        }
        if self.state == State::Clean {
            // A statement cut off in the middle does no harm: the thread of the connection stops it when
            // it finds that nobody reads the rows, before it takes the next one.
            self.home.give_back(connection);
            return;
        }
        // An open snapshot would keep the log from being copied into the file: end it at once. Without a
        // runtime the connection is closed instead, which ends it too.
        let (home, permit) = (Arc::clone(&self.home), self.permit.take());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if connection.execute("ROLLBACK").await.is_ok() {
                    home.give_back(connection);
                }
                drop(permit);
            });
        }
    }
}
