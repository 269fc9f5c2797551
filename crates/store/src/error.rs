//! What can go wrong, named the same on both databases.

use std::fmt;

use sqlx::error::ErrorKind;

/// Everything the store can answer other than a result.
///
/// The same mistake gives the same variant on SQLite and on PostgreSQL; a test holds that.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A row with this key is already there.
    #[error("duplicate row in {table} ({columns})")]
    Duplicate {
        /// The table whose unique rule refused the row.
        table: String,
        /// The columns of that rule, comma and space between them, as `"a, b"`. Empty when the
        /// rule is over an expression.
        columns: String,
    },
    /// A reference points at a row that is not there (or is still used).
    #[error("dangling reference")]
    Dangling,
    /// A guarded statement of [`crate::Changes`] did not touch exactly one row.
    #[error("guard `{0}` did not hold")]
    Conflict(&'static str),
    /// A NOT NULL or CHECK rule refused the row.
    #[error("row refused by a rule of the table: {0}")]
    Refused(String),
    /// `.one()` found no row.
    #[error("no such row")]
    Missing,
    /// The database was locked or the transaction lost to another one, and retries were used up.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// No connection could be had, or it broke.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The disk is full, a page is damaged, memory ran out: the whole group was given up.
    #[error("the database cannot store: {0}")]
    Broken(String),
    /// The command panicked; its part was rolled back.
    #[error("the command `{0}` panicked")]
    Panicked(&'static str),
    /// The command took longer than [`crate::Config::command_limit`]; its part was rolled back.
    #[error("the command `{0}` took too long")]
    TooLong(&'static str),
    /// A closure went on after a failed statement. SQLite would allow it, PostgreSQL would not.
    #[error("the command `{name}` went on after a failed statement: {cause}")]
    WentOn {
        /// Name of the transaction.
        name: &'static str,
        /// What the failed statement said.
        cause: String,
    },
    /// A value could not be read as the type asked for.
    #[error("column {column}: {why}")]
    Column {
        /// Name or position of the column.
        column: String,
        /// What did not fit.
        why: String,
    },
    /// The schema in the database does not fit this program.
    #[error("migration: {0}")]
    Migration(String),
    /// The database's settings do not allow correct work (collation, synchronous).
    #[error("{0}")]
    Settings(String),
    /// A sealed value or key could not be opened or made.
    #[error("seal: {0}")]
    Seal(String),
    /// A lease is held by somebody else, or was lost.
    #[error("the lease `{0}` is lost")]
    LeaseLost(String),
    /// The statement itself is wrong (a mistake of the program).
    #[error("statement: {0}")]
    Statement(String),
}

/// How a failure changes what the caller may do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// Only this command failed.
    Command,
    /// The same command may succeed when run again.
    Retry,
    /// The connection, and everything uncommitted on it, is lost.
    Connection,
}

impl StoreError {
    /// True when the row was already there in the given table.
    pub fn is_duplicate_of(&self, table: &str) -> bool {
        matches!(self, StoreError::Duplicate { table: found, .. } if found == table)
    }

    /// True when asking again later may succeed (answered with 503 outside).
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            StoreError::Busy(_)
                | StoreError::Unavailable(_)
                | StoreError::Broken(_)
                | StoreError::TooLong(_)
                | StoreError::LeaseLost(_)
        )
    }

    /// A wrong value in a column, for [`crate::Column`] implementations of other rooms.
    pub fn column(column: impl fmt::Display, why: impl fmt::Display) -> Self {
        StoreError::Column { column: column.to_string(), why: why.to_string() }
    }
}

/// Translates a driver error and says how far the damage goes.
pub(crate) fn classify(error: &sqlx::Error) -> (StoreError, Severity) {
    match error {
        sqlx::Error::Database(cause) => classify_database(cause.as_ref()),
        sqlx::Error::RowNotFound => (StoreError::Missing, Severity::Command),
        sqlx::Error::ColumnDecode { index, source } => (StoreError::column(index, source), Severity::Command),
        sqlx::Error::ColumnNotFound(name) => {
            (StoreError::column(name, "not in the result"), Severity::Command)
        }
        sqlx::Error::PoolTimedOut => {
            (StoreError::Unavailable("no free connection".into()), Severity::Command)
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::PoolClosed
        | sqlx::Error::BeginFailed => (StoreError::Unavailable(error.to_string()), Severity::Connection),
        other => (StoreError::Statement(other.to_string()), Severity::Command),
    }
}

fn classify_database(cause: &dyn sqlx::error::DatabaseError) -> (StoreError, Severity) {
    match cause.kind() {
        ErrorKind::UniqueViolation => (duplicate(cause), Severity::Command),
        ErrorKind::ForeignKeyViolation => (StoreError::Dangling, Severity::Command),
        ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
            // PostgreSQL puts the failing row into `detail`; only the message, which names the rule,
            // may be shown or logged.
            (StoreError::Refused(cause.message().to_owned()), Severity::Command)
        }
        _ => {
            let code = cause.code().map(std::borrow::Cow::into_owned).unwrap_or_default();
            let said = format!("{} ({code})", cause.message());
            if cause.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                classify_postgres(&code, said)
            } else {
                classify_sqlite(code.parse().unwrap_or(0), said)
            }
        }
    }
}

/// SQLSTATE classes, PostgreSQL 15 manual, appendix A.
fn classify_postgres(state: &str, said: String) -> (StoreError, Severity) {
    match state {
        "40001" | "40P01" | "55P03" => (StoreError::Busy(said), Severity::Retry),
        // 25006 read-only, 57P0x shutdown and 08xxx connection: a standby or a restart.
        "25006" | "57P01" | "57P02" | "57P03" => (StoreError::Unavailable(said), Severity::Connection),
        _ if state.starts_with("08") => (StoreError::Unavailable(said), Severity::Connection),
        _ if state.starts_with("53") || state.starts_with("58") || state.starts_with("XX") => {
            (StoreError::Broken(said), Severity::Connection)
        }
        _ => (StoreError::Statement(said), Severity::Command),
    }
}

/// Primary result codes of <https://www.sqlite.org/rescode.html>; extended codes keep them in the low byte.
fn classify_sqlite(code: u32, said: String) -> (StoreError, Severity) {
    match code & 0xff {
        // BUSY, LOCKED, PROTOCOL: another process holds the file.
        5 | 6 | 15 => (StoreError::Busy(said), Severity::Retry),
        // NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB: SQLite may have rolled
        // the whole transaction back by itself.
        7 | 8 | 9 | 10 | 11 | 13 | 14 | 26 => (StoreError::Broken(said), Severity::Connection),
        _ => (StoreError::Statement(said), Severity::Command),
    }
}

fn duplicate(cause: &dyn sqlx::error::DatabaseError) -> StoreError {
    if let Some(pg) = cause.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        // `Key (a, b)=(1, 2) already exists.` Only the names are kept: the values may be personal.
        let columns = pg
            .detail()
            .and_then(|detail| detail.strip_prefix("Key (")?.split_once(")=(").map(|(names, _)| names))
            .filter(|names| !names.contains('('))
            .unwrap_or_default();
        return StoreError::Duplicate {
            table: pg.table().unwrap_or_default().to_owned(),
            columns: columns.to_owned(),
        };
    }
    // `UNIQUE constraint failed: t.a, t.b` or, over an expression, `… failed: index 'name'`.
    let names = cause.message().rsplit_once("failed: ").map_or("", |(_, names)| names);
    let mut table = String::new();
    let mut columns = Vec::new();
    for name in names.split(", ") {
        if let Some((of, column)) = name.split_once('.') {
            of.clone_into(&mut table);
            columns.push(column);
        }
    }
    StoreError::Duplicate { table, columns: columns.join(", ") }
}
