//! Where the database is and how it is used.

use std::time::Duration;

/// What to do with migrations the database has not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Migrations {
    /// Run them.
    #[default]
    Apply,
    /// Refuse to start, for operators who migrate by hand.
    Require,
    /// Run them also in a database whose restore has not come to its end; for the restore alone.
    Restoring,
}

/// How to open a database.
#[derive(Debug, Clone)]
pub struct Config {
    /// A path (SQLite), or a URL beginning with `postgres:` or `postgresql:`.
    pub url: String,
    /// Reader connections (SQLite).
    pub readers: u32,
    /// Connections of the pool (PostgreSQL).
    pub connections: u32,
    /// How long to wait for a connection or a lock before answering [`crate::StoreError::Busy`] or
    /// [`crate::StoreError::Unavailable`].
    pub wait: Duration,
    /// Longest time one command may hold the writer.
    pub command_limit: Duration,
    /// What to do with new migrations.
    pub migrations: Migrations,
}

impl Config {
    /// Defaults for a path or URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            readers: 8,
            connections: 16,
            wait: Duration::from_secs(5),
            command_limit: Duration::from_secs(10),
            migrations: Migrations::Apply,
        }
    }

    /// True when the URL names a PostgreSQL database.
    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres:") || self.url.starts_with("postgresql:")
    }
}
