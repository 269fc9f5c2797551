//! A database in the making.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, SqliteConnection};

use super::side::{Side, failed};
use super::source::{page, quoted};
use super::{Applied, MIGRATIONS, Place, Table, UNFINISHED, load, shape};
use crate::config::Config;
use crate::error::StoreError;
use crate::value::Arg;
use crate::{migrate, postgres};

/// A database that is being filled. It bears the mark of an unfinished restore.
pub struct Target {
    side: Side,
    tables: Vec<Table>,
}

impl Target {
    /// Says why nothing can be restored into a database: it is there already, or holds tables. What an earlier
    /// restore left half done is no reason.
    pub async fn occupied(config: &Config) -> Result<Option<String>, StoreError> {
        if !config.is_postgres() {
            let path = Path::new(&config.url);
            return Ok(path.exists().then(|| format!("{} is there already", path.display())));
        }
        let mut side = Side::Postgres(Box::new(postgres::plain_connection(config).await?));
        let standing = standing(&mut side).await?;
        side.close().await?;
        Ok(match standing {
            Standing::Empty | Standing::HalfDone => None,
            Standing::InUse(tables) => Some(format!("the database holds {tables} tables already")),
        })
    }

    /// Makes the tables by the migrations a backup was taken under and empties them of what migrations write.
    /// A SQLite file must not exist yet; what an earlier restore left half done in PostgreSQL is dropped.
    pub async fn create(config: &Config, migrations: &[Applied]) -> Result<Self, StoreError> {
        let mut side = if config.is_postgres() {
            let mut side = Side::Postgres(Box::new(postgres::plain_connection(config).await?));
            match standing(&mut side).await? {
                Standing::Empty => {}
                Standing::HalfDone => drop_tables(&mut side).await?,
                Standing::InUse(tables) => {
                    return Err(StoreError::Migration(format!("the database holds {tables} tables already")));
                }
            }
            // What is loaded counts once it was proved; the last commit waits for the disk again.
            side.run("SET synchronous_commit = off").await?;
            side
        } else {
            Side::Sqlite(filling_connection(config).await?)
        };
        let made = match &mut side {
            Side::Sqlite(connection) => migrate::exactly_sqlite(connection, migrations, UNFINISHED).await,
            Side::Postgres(connection) => migrate::exactly_postgres(connection, migrations, UNFINISHED).await,
        };
        made?;
        let tables = shape::tables(&mut side).await?;
        for table in tables.iter().rev() {
            side.run(&format!("DELETE FROM {}", quoted(&table.name))).await?;
        }
        Ok(Self { side, tables })
    }

    /// The tables as they are here.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Puts lines into a table; gives how many.
    pub async fn load(&mut self, table: &Table, lines: &[u8]) -> Result<u64, StoreError> {
        load::lines(&mut self.side, table, lines).await
    }

    /// Reads back, as [`super::Source::page`] does.
    pub async fn page(
        &mut self,
        table: &Table,
        place: &mut Place,
        out: &mut Vec<u8>,
    ) -> Result<u64, StoreError> {
        page(&mut self.side, table, place, out).await
    }

    /// Lets PostgreSQL learn what the tables hold now, so that the first lists are as quick as all later ones,
    /// and closes the connection.
    pub async fn close(mut self) -> Result<(), StoreError> {
        self.side.run("ANALYZE").await?;
        self.side.close().await
    }

    /// Takes everything away again: the tables (PostgreSQL), or the connection's hold on the file (SQLite).
    pub async fn discard(mut self) -> Result<(), StoreError> {
        if matches!(self.side, Side::Postgres(_)) {
            // An error may have left a transaction open.
            self.side.run("ROLLBACK").await?;
            drop_tables(&mut self.side).await?;
        }
        self.side.close().await
    }
}

enum Standing {
    Empty,
    HalfDone,
    InUse(i64),
}

async fn standing(side: &mut Side) -> Result<Standing, StoreError> {
    let mut tables = 0_i64;
    let mut has_migrations = false;
    let text = "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace \
                AND c.relkind IN ('r', 'p', 'v', 'm', 'f')";
    side.rows(text.to_owned(), Vec::new(), |row| {
        tables += 1;
        has_migrations |= row.get::<String>(0)? == MIGRATIONS;
        Ok(())
    })
    .await?;
    if tables == 0 {
        return Ok(Standing::Empty);
    }
    let mut half = false;
    if has_migrations {
        let text = "SELECT number FROM schema_migration WHERE number = ?".to_owned();
        side.rows(text, vec![Arg::Int(Some(UNFINISHED.0))], |_| {
            half = true;
            Ok(())
        })
        .await?;
    }
    Ok(if half { Standing::HalfDone } else { Standing::InUse(tables) })
}

/// Drops the tables of a restore that did not come to its end, its mark last.
async fn drop_tables(side: &mut Side) -> Result<(), StoreError> {
    let tables = shape::tables(side).await?;
    side.run("BEGIN").await?;
    for table in tables.iter().rev() {
        side.run(&format!("DROP TABLE {}", quoted(&table.name))).await?;
    }
    side.run("DROP TABLE schema_migration").await?;
    side.run("COMMIT").await
}

async fn filling_connection(config: &Config) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(&config.url)
        .create_if_missing(true)
        .foreign_keys(true)
        // Nobody else opens this file before it was proved, and then it is synced as a whole.
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .disable_statement_logging();
    let path = Path::new(&config.url);
    if path.exists() {
        return Err(StoreError::Unavailable(format!("{} is there already", path.display())));
    }
    let mut connection = options.connect().await.map_err(|error| failed(&error))?;
    connection.execute("PRAGMA cache_size = -65536").await.map_err(|error| failed(&error))?;
    crate::sqlite::only_owner_reads(path)?;
    Ok(connection)
}
