//! Tests on both databases: `for_each_db(async |db| …)`.
//!
//! SQLite always runs, in a temporary folder. PostgreSQL runs when its server programs are found: one
//! cluster for a whole test run (not one a test), started as a user that is not root, reached through a
//! unix socket, with one migrated template database that every test clones. When the programs are
//! missing it says `SKIP` on standard error and goes on.

mod cluster;

use std::path::Path;

use crate::config::Config;
use crate::db::Db;
use crate::error::StoreError;

pub use cluster::{Cluster, Sync, TEST_PG_VARIABLE};

/// Runs a test on a fresh, migrated database of each kind.
///
/// # Panics
/// When a database cannot be opened; when the test panics.
pub async fn for_each_db(test: impl AsyncFn(Db)) {
    let scratch = scratch();
    let db = sqlite(scratch.path()).await;
    test(db.clone()).await;
    db.close().await;
    drop(scratch);
    match postgres_url().await {
        Ok(Some(url)) => {
            let db = Db::open(&Config::new(&url)).await.unwrap_or_else(|error| panic!("PostgreSQL: {error}"));
            test(db.clone()).await;
            db.close().await;
            // A failed test leaves its database behind, for whoever wants to look.
            cluster::drop_database(&url).await.unwrap_or_else(|error| panic!("{error}"));
        }
        Ok(None) => eprintln!("SKIP: no PostgreSQL server programs found; this test ran on SQLite only"),
        Err(error) => panic!("PostgreSQL for tests: {error}"),
    }
}

/// A fresh SQLite database in `folder`.
///
/// # Panics
/// When it cannot be opened.
pub async fn sqlite(folder: &Path) -> Db {
    let path = folder.join("huifa.db").display().to_string();
    Db::open(&Config::new(path)).await.unwrap_or_else(|error| panic!("SQLite: {error}"))
}

/// The URL of a fresh, migrated PostgreSQL database, or none when there is no server on this machine.
pub async fn postgres_url() -> Result<Option<String>, StoreError> {
    cluster::fresh_database().await
}

/// The URL of an empty PostgreSQL database made with `options` of `CREATE DATABASE`, as
/// `"TEMPLATE template0 LOCALE 'C.UTF-8'"`.
pub async fn postgres_url_with(options: &str) -> Result<Option<String>, StoreError> {
    cluster::database_with(options).await
}

/// A temporary folder, removed when dropped.
///
/// # Panics
/// When the system gives none.
pub fn scratch() -> Scratch {
    Scratch::new("test").unwrap_or_else(|error| panic!("temporary folder: {error}"))
}

/// A temporary folder of our own, short enough for a unix socket in it.
#[derive(Debug)]
pub struct Scratch(std::path::PathBuf);

impl Scratch {
    pub(crate) fn new(what: &str) -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("hf-{what}-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
