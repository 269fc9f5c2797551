//! PostgreSQL 15: a pool, READ COMMITTED, prepared statements.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Postgres, Row as _, Transaction};

use crate::config::Config;
use crate::error::{StoreError, classify};
use crate::migrate;

/// The open pool.
pub(crate) struct PostgresDb {
    pub(crate) pool: PgPool,
    /// Longest time one command may take.
    pub(crate) limit: Duration,
}

/// Prepared statements kept a connection.
const STATEMENTS: usize = 400;
/// A connection unused for longer is asked whether it still lives before it is handed out.
const TRUSTED: Duration = Duration::from_secs(1);

impl PostgresDb {
    pub(crate) async fn open(config: &Config) -> Result<Self, StoreError> {
        let limit = config.command_limit.as_millis().to_string();
        let options = PgConnectOptions::from_str(&config.url)
            .map_err(|error| classify(&error).0)?
            .application_name("huifa")
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging()
            .options([
                ("default_transaction_isolation", "read committed"),
                ("idle_in_transaction_session_timeout", limit.as_str()),
                ("lock_timeout", limit.as_str()),
                ("client_min_messages", "warning"),
            ]);
        let mut connection = tokio::time::timeout(config.wait, options.connect())
            .await
            .map_err(|_| StoreError::Unavailable("no answer from PostgreSQL".into()))?
            .map_err(|error| classify(&error).0)?;
        check_settings(&mut connection).await?;
        migrate::postgres(&mut connection, config.migrations).await?;
        connection.close().await.map_err(|error| classify(&error).0)?;

        let pool = PgPoolOptions::new()
            .max_connections(config.connections)
            .acquire_timeout(config.wait)
            // Asking on every use would double the round trips.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for < TRUSTED {
                        return Ok(true);
                    }
                    Ok(connection.ping().await.is_ok())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| classify(&error).0)?;
        Ok(Self { pool, limit: config.command_limit })
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin().await
    }

    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    }
}

/// A connection of its own, without the time limits of commands, for a copy of everything.
pub(crate) async fn plain_connection(config: &Config) -> Result<PgConnection, StoreError> {
    let options = PgConnectOptions::from_str(&config.url)
        .map_err(|error| classify(&error).0)?
        .application_name("huifa copy")
        .disable_statement_logging()
        .options([
            ("idle_in_transaction_session_timeout", "0"),
            ("statement_timeout", "0"),
            ("client_min_messages", "warning"),
        ]);
    let mut connection = tokio::time::timeout(config.wait, options.connect())
        .await
        .map_err(|_| StoreError::Unavailable("no answer from PostgreSQL".into()))?
        .map_err(|error| classify(&error).0)?;
    check_settings(&mut connection).await?;
    Ok(connection)
}

/// The collation decides the order of TEXT, and with it paging: it must be the order of bytes, as on
/// SQLite. It cannot be changed after the database was made.
async fn check_settings(connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = sqlx::query(
        "SELECT datname::text, datcollate::text, pg_encoding_to_char(encoding)::text, \
         datlocprovider::text, current_setting('server_version_num')::int8, \
         current_setting('synchronous_commit')::text, current_setting('fsync')::text \
         FROM pg_database WHERE datname = current_database()",
    )
    .fetch_one(connection)
    .await
    .map_err(|error| classify(&error).0)?;
    let text = |index: usize| row.try_get::<String, _>(index).map_err(|error| classify(&error).0);
    let (name, collate, encoding, provider) = (text(0)?, text(1)?, text(2)?, text(3)?);
    let version: i64 = row.try_get(4).map_err(|error| classify(&error).0)?;
    if version < 150_000 {
        return Err(StoreError::Settings(format!("PostgreSQL 15 or newer is needed, found {version}")));
    }
    if provider != "c" || !matches!(collate.as_str(), "C" | "POSIX") || encoding != "UTF8" {
        return Err(StoreError::Settings(format!(
            "database {name} has collation {collate} (provider {provider}) and encoding {encoding}; \
             lists would be ordered differently than on SQLite. Create it anew with:\n  \
             createdb --template=template0 --encoding=UTF8 --locale-provider=libc --locale=C {name}"
        )));
    }
    if text(5)? == "off" || text(6)? == "off" {
        tracing::warn!("PostgreSQL does not sync commits (fsync or synchronous_commit is off)");
    }
    Ok(())
}
