//! One connection of either database, apart from the pools: a copy takes its time.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::error::{StoreError, classify};
use crate::row::{Raw, Row};
use crate::sql::numbered;
use crate::tx::Link;
use crate::value::{Arg, postgres_arguments, sqlite_arguments};

/// The connection.
pub(super) enum Side {
    Sqlite(SqliteConnection),
    Postgres(Box<PgConnection>),
}

pub(super) fn failed(error: &sqlx::Error) -> StoreError {
    classify(error).0
}

fn bad(error: impl std::fmt::Display) -> StoreError {
    StoreError::Statement(error.to_string())
}

impl Side {
    pub(super) fn link(&mut self) -> Link<'_> {
        match self {
            Self::Sqlite(connection) => Link::Sqlite(connection),
            Self::Postgres(connection) => Link::Postgres(connection),
        }
    }

    /// Runs a text without values, which may hold several statements.
    pub(super) async fn run(&mut self, text: &str) -> Result<(), StoreError> {
        let text = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
        match self {
            Self::Sqlite(connection) => connection.execute(text).await.map(|_| ()),
            Self::Postgres(connection) => connection.execute(text).await.map(|_| ()),
        }
        .map_err(|error| failed(&error))
    }

    /// Runs one statement with values.
    pub(super) async fn execute(&mut self, text: String, args: Vec<Arg>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let args = sqlite_arguments(args).map_err(bad)?;
                let query = sqlx::query_with::<sqlx::Sqlite, _>(AssertSqlSafe(text), args);
                connection.execute(query).await.map(|done| done.rows_affected())
            }
            Self::Postgres(connection) => {
                let args = postgres_arguments(args).map_err(bad)?;
                let query = sqlx::query_with::<sqlx::Postgres, _>(AssertSqlSafe(numbered(&text)), args);
                connection.execute(query).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|error| failed(&error))
    }

    /// Hands every row of a query to `each`.
    pub(super) async fn rows(
        &mut self,
        text: String,
        args: Vec<Arg>,
        mut each: impl FnMut(Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => {
                let args = sqlite_arguments(args).map_err(bad)?;
                let query = sqlx::query_with::<sqlx::Sqlite, _>(AssertSqlSafe(text), args);
                let mut rows = connection.fetch(query);
                while let Some(row) = rows.try_next().await.map_err(|error| failed(&error))? {
                    each(Row(Raw::Sqlite(&row)))?;
                }
            }
            Self::Postgres(connection) => {
                let args = postgres_arguments(args).map_err(bad)?;
                let query = sqlx::query_with::<sqlx::Postgres, _>(AssertSqlSafe(numbered(&text)), args);
                let mut rows = connection.fetch(query);
                while let Some(row) = rows.try_next().await.map_err(|error| failed(&error))? {
                    each(Row(Raw::Postgres(&row)))?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        }
        .map_err(|error| failed(&error))
    }
}
