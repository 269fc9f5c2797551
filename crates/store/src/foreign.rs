//! SQLite files of others, from which something is taken over: opened to be read only, never changed.

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

use crate::error::{StoreError, classify};
use crate::row::{Raw, Record, Row};

/// A SQLite file somebody else wrote.
pub struct Foreign(SqliteConnection);

impl Foreign {
    /// Opens a file that exists.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
        options.connect().await.map(Self).map_err(|error| classify(&error).0)
    }

    /// All rows of a statement; its columns are named as the fields of `T`.
    pub async fn all<T: Record>(&mut self, statement: &'static str) -> Result<Vec<T>, StoreError> {
        let mut rows = sqlx::query::<sqlx::Sqlite>(statement).fetch(&mut self.0);
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await.map_err(|error| classify(&error).0)? {
            all.push(T::from_row(Row(Raw::Sqlite(&row)))?);
        }
        Ok(all)
    }
}
