//! The rest room of data: one database handle, named transactions, one SQL text for SQLite and
//! PostgreSQL. The only room that names the driver.
//!
//! - [`Db`] opens the database; [`Db::reader`], [`Db::snapshot`], [`Db::read`] read, [`Db::write`] and
//!   [`Db::apply`] write.
//! - [`sql`] builds a statement from program text and bound values.
//! - [`record!`] and [`text_column!`] turn rows and columns into Rust types.

pub mod blocks;
mod changes;
mod config;
pub mod copy;
mod db;
mod error;
pub mod families;
pub mod feed;
pub mod foreign;
pub mod inspect;
pub mod lease;
mod metric;
mod migrate;
mod postgres;
mod row;
pub mod seal;
mod sql;
mod sqlite;
pub mod statements;
#[cfg(unix)]
pub mod testkit;
mod tx;
mod value;
mod words;

pub use changes::Changes;
pub use config::{Config, Migrations};
pub use db::{Db, Health, Kind};
pub use error::StoreError;
pub use futures_util::future::BoxFuture;
pub use row::{Column, Place, Record, Row};
pub use sql::{Sql, Values, sql};
pub use tx::{ReadTx, Reads, WriteTx};
pub use value::{Arg, Bind, Json};
