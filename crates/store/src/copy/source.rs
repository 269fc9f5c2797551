//! Reading all of it.

use std::fmt::Write as _;

use sqlx::Connection as _;

use super::side::{Side, failed};
use super::{Applied, Table, line, shape};
use crate::config::Config;
use crate::db::Kind;
use crate::error::StoreError;
use crate::statements::Meter;
use crate::tx::{Link, Reads, sealed};
use crate::value::Arg;
use crate::{postgres, sqlite};

/// Rows read at a time. Each page is found by the key it begins after, so that neither database sorts a table or
/// holds it in memory.
const PAGE: usize = 500;

/// One snapshot of a database, from the first read to the end of this value. Nothing is migrated, nothing written.
pub struct Source {
    side: Side,
    meter: Meter,
}

/// Where reading a table has come.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The last key read.
    after: Option<Vec<Arg>>,
    /// Whether the last row was read.
    pub ended: bool,
}

impl Source {
    /// Opens a database that is there, whoever else uses it.
    pub async fn open(config: &Config) -> Result<Self, StoreError> {
        let mut side = if config.is_postgres() {
            let connection = postgres::plain_connection(config).await?;
            Side::Postgres(Box::new(connection))
        } else {
            Side::Sqlite(sqlite::reading_connection(config).await?)
        };
        side.run(match side {
            Side::Sqlite(_) => "BEGIN",
            Side::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        })
        .await?;
        Ok(Self { side, meter: Meter::here() })
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        match self.side {
            Side::Sqlite(_) => Kind::Sqlite,
            Side::Postgres(_) => Kind::Postgres,
        }
    }

    /// All tables but the list of migrations, parents before children.
    pub async fn tables(&mut self) -> Result<Vec<Table>, StoreError> {
        shape::tables(&mut self.side).await
    }

    /// The migrations that were applied.
    pub async fn migrations(&mut self) -> Result<Vec<Applied>, StoreError> {
        shape::migrations(&mut self.side).await
    }

    /// Adds the next rows of a table as lines; gives how many.
    pub async fn page(
        &mut self,
        table: &Table,
        place: &mut Place,
        out: &mut Vec<u8>,
    ) -> Result<u64, StoreError> {
        page(&mut self.side, table, place, out).await
    }

    /// Ends the snapshot.
    pub async fn close(self) -> Result<(), StoreError> {
        self.side.close().await
    }

    /// Whether the connection still answers; a snapshot held too long may have been ended by the server.
    pub async fn ping(&mut self) -> Result<(), StoreError> {
        match &mut self.side {
            Side::Sqlite(connection) => connection.ping().await,
            Side::Postgres(connection) => connection.ping().await,
        }
        .map_err(|error| failed(&error))
    }
}

impl sealed::Sealed for Source {}

impl Reads for Source {
    fn link(&mut self) -> Link<'_> {
        self.side.link()
    }
    fn begin_statement(&mut self) {
        self.meter.add(1);
    }
    fn failed(&mut self, error: &sqlx::Error) -> StoreError {
        failed(error)
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

pub(super) fn listed(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

pub(super) async fn page(
    side: &mut Side,
    table: &Table,
    place: &mut Place,
    out: &mut Vec<u8>,
) -> Result<u64, StoreError> {
    if place.ended {
        return Ok(0);
    }
    let key = listed(table.key.iter());
    let columns = listed(table.columns.iter().map(|column| &column.name));
    let mut text = format!("SELECT {columns} FROM {}", quoted(&table.name));
    if place.after.is_some() {
        let marks = vec!["?"; table.key.len()].join(", ");
        // Writing to a String cannot fail.
        let _ = write!(text, " WHERE ({key}) > ({marks})");
    }
    let _ = write!(text, " ORDER BY {key} LIMIT {PAGE}");
    let key: Vec<usize> = table
        .key
        .iter()
        .filter_map(|name| table.columns.iter().position(|column| column.name == *name))
        .collect();
    let mut rows = 0;
    let mut last = None;
    side.rows(text, place.after.clone().unwrap_or_default(), |row| {
        line::write(table, row, out)?;
        rows += 1;
        if rows == PAGE as u64 {
            let values = key.iter().map(|at| line::value(row, *at, table.columns[*at].holds));
            last = Some(values.collect::<Result<Vec<Arg>, _>>()?);
        }
        Ok(())
    })
    .await?;
    place.ended = rows < PAGE as u64;
    place.after = last;
    Ok(rows)
}
