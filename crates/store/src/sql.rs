//! Statements: one text for both databases, `?` for each value.

use std::borrow::Cow;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _, SqlStr};

use crate::error::StoreError;
use crate::row::{Raw, Record, Row};
use crate::tx::{Link, Reads, WriteTx};
use crate::value::{Arg, Bind, postgres_arguments, sqlite_arguments};

/// Begins a statement. The text is part of the program, never of the input.
///
/// ```no_run
/// # async fn show(db: &store::Db, area: Option<i64>) -> Result<(), store::StoreError> {
/// let rows: Vec<(i64, String)> = store::sql("SELECT number, step FROM matter WHERE office = ?")
///     .bind("371502-legal-aid")
///     .when(" AND area = ?", area)
///     .then(" ORDER BY number LIMIT ?")
///     .bind(20)
///     .all(&mut db.reader().await?)
///     .await?;
/// # Ok(()) }
/// ```
pub fn sql(text: &'static str) -> Sql {
    Sql { text: Cow::Borrowed(text), args: Vec::new(), nothing: false }
}

/// A statement with its values, ready to run or to be put into [`crate::Changes`].
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until it is run"]
pub struct Sql {
    text: Cow<'static, str>,
    args: Vec<Arg>,
    /// An INSERT of no rows: it is not sent at all.
    nothing: bool,
}

impl Sql {
    /// The value of the next `?`.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.args.push(value.arg());
        self
    }

    /// More text; its `?` are bound by the calls of [`Sql::bind`] that follow.
    pub fn then(mut self, text: &'static str) -> Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Text with one `?` and its value, left out when there is none.
    pub fn when<T: Bind>(self, text: &'static str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.then(text).bind(value),
            None => self,
        }
    }

    /// A list of values between `open` and `close`: `.list(" AND step IN (", steps, ")")`.
    ///
    /// The list is padded to a power of two with its last value so that few different texts are
    /// prepared. An empty list matches nothing, with `NOT IN` everything.
    pub fn list<T: Bind>(
        mut self,
        open: &'static str,
        items: impl IntoIterator<Item = T>,
        close: &'static str,
    ) -> Self {
        let mut values: Vec<Arg> = items.into_iter().map(Bind::arg).collect();
        let Some(last) = values.last().cloned() else {
            if open.to_ascii_uppercase().contains("NOT IN") {
                return self;
            }
            let text = self.text.to_mut();
            text.push_str(open);
            text.push_str("NULL");
            text.push_str(close);
            return self;
        };
        values.resize(values.len().next_power_of_two(), last);
        let text = self.text.to_mut();
        text.push_str(open);
        text.push_str(&"?, ".repeat(values.len()));
        text.truncate(text.len() - 2);
        text.push_str(close);
        self.args.append(&mut values);
        self
    }

    /// Rows of `VALUES`, each with the same number of values:
    /// `sql("INSERT INTO t (a, b) VALUES ").rows(items, |row, item| row.bind(item.a).bind(item.b))`.
    ///
    /// With no rows the statement is not sent and touches nothing. SQLite takes 32,766 values a statement,
    /// PostgreSQL 65,535: cut longer lists with `chunks`.
    pub fn rows<I, F>(mut self, items: I, values: F) -> Self
    where
        I: IntoIterator,
        F: Fn(Values, I::Item) -> Values,
    {
        let mut first = true;
        for item in items {
            let values = values(Values(Vec::new()), item).0;
            let text = self.text.to_mut();
            text.push_str(if first { "(" } else { ", (" });
            text.push_str(&"?, ".repeat(values.len()));
            text.truncate(text.len().saturating_sub(2));
            text.push(')');
            self.args.extend(values);
            first = false;
        }
        self.nothing = first;
        self
    }

    /// All rows.
    pub async fn all<T: Record>(self, reads: &mut impl Reads) -> Result<Vec<T>, StoreError> {
        if self.nothing {
            return Ok(Vec::new());
        }
        reads.begin_statement();
        let result = match reads.link() {
            Link::Sqlite(connection) => {
                let (text, args) = self.sqlite()?;
                let query = sqlx::query_with::<sqlx::Sqlite, _>(text, sqlite_arguments(args).map_err(bad)?);
                let mut rows = connection.fetch(query);
                let mut all = Vec::new();
                loop {
                    match rows.try_next().await {
                        Ok(Some(row)) => match T::from_row(Row(Raw::Sqlite(&row))) {
                            Ok(record) => all.push(record),
                            Err(error) => return Err(error),
                        },
                        Ok(None) => break Ok(all),
                        Err(error) => break Err(error),
                    }
                }
            }
            Link::Postgres(connection) => {
                let (text, args) = self.postgres()?;
                let query =
                    sqlx::query_with::<sqlx::Postgres, _>(text, postgres_arguments(args).map_err(bad)?);
                match connection.fetch_all(query).await {
                    Ok(rows) => {
                        return rows.iter().map(|row| T::from_row(Row(Raw::Postgres(row)))).collect();
                    }
                    Err(error) => Err(error),
                }
            }
        };
        result.map_err(|error| reads.failed(&error))
    }

    /// The first row, if there is one.
    pub async fn optional<T: Record>(self, reads: &mut impl Reads) -> Result<Option<T>, StoreError> {
        if self.nothing {
            return Ok(None);
        }
        reads.begin_statement();
        let result = match reads.link() {
            Link::Sqlite(connection) => {
                let (text, args) = self.sqlite()?;
                let query = sqlx::query_with::<sqlx::Sqlite, _>(text, sqlite_arguments(args).map_err(bad)?);
                match connection.fetch_optional(query).await {
                    Ok(row) => return row.map(|row| T::from_row(Row(Raw::Sqlite(&row)))).transpose(),
                    Err(error) => Err(error),
                }
            }
            Link::Postgres(connection) => {
                let (text, args) = self.postgres()?;
                let query =
                    sqlx::query_with::<sqlx::Postgres, _>(text, postgres_arguments(args).map_err(bad)?);
                match connection.fetch_optional(query).await {
                    Ok(row) => return row.map(|row| T::from_row(Row(Raw::Postgres(&row)))).transpose(),
                    Err(error) => Err(error),
                }
            }
        };
        result.map_err(|error| reads.failed(&error))
    }

    /// The one row; [`StoreError::Missing`] when there is none.
    pub async fn one<T: Record>(self, reads: &mut impl Reads) -> Result<T, StoreError> {
        self.optional(reads).await?.ok_or(StoreError::Missing)
    }

    /// Runs a statement that writes; gives the number of rows it touched.
    pub async fn execute(self, tx: &mut WriteTx) -> Result<u64, StoreError> {
        if self.nothing {
            return Ok(0);
        }
        tx.begin_statement();
        let result = match tx.link() {
            Link::Sqlite(connection) => {
                let (text, args) = self.sqlite()?;
                let query = sqlx::query_with::<sqlx::Sqlite, _>(text, sqlite_arguments(args).map_err(bad)?);
                connection.execute(query).await.map(|done| done.rows_affected())
            }
            Link::Postgres(connection) => {
                let (text, args) = self.postgres()?;
                let query =
                    sqlx::query_with::<sqlx::Postgres, _>(text, postgres_arguments(args).map_err(bad)?);
                connection.execute(query).await.map(|done| done.rows_affected())
            }
        };
        result.map_err(|error| tx.failed(&error))
    }

    /// The text as written, for tests and messages.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bound values, for tests.
    pub fn args(&self) -> &[Arg] {
        &self.args
    }

    fn sqlite(self) -> Result<(SqlStr, Vec<Arg>), StoreError> {
        self.check()?;
        let text = match self.text {
            Cow::Borrowed(text) => text.into_sql_str(),
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        };
        Ok((text, self.args))
    }

    fn postgres(self) -> Result<(SqlStr, Vec<Arg>), StoreError> {
        self.check()?;
        Ok((AssertSqlSafe(numbered(&self.text)).into_sql_str(), self.args))
    }

    /// As many `?` as values. SQLite would silently read a missing value as NULL.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let marks = self.text.bytes().filter(|byte| *byte == b'?').count();
        if marks == self.args.len() {
            Ok(())
        } else {
            Err(StoreError::Statement(format!(
                "{marks} `?` but {} values in: {}",
                self.args.len(),
                self.text
            )))
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.nothing
    }

    pub(crate) fn into_parts(self) -> (Cow<'static, str>, Vec<Arg>) {
        (self.text, self.args)
    }
}

/// The values of one row of [`Sql::rows`].
#[derive(Debug)]
pub struct Values(Vec<Arg>);

impl Values {
    /// The next value of the row.
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.0.push(value.arg());
        self
    }
}

fn bad(error: impl std::fmt::Display) -> StoreError {
    StoreError::Statement(error.to_string())
}

/// `?` becomes `$1`, `$2`, …: PostgreSQL knows no anonymous marks.
pub(crate) fn numbered(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + 16);
    let mut next = 0_u32;
    for (index, piece) in text.split('?').enumerate() {
        if index > 0 {
            next += 1;
            // Writing to a String cannot fail.
            let _ = write!(out, "${next}");
        }
        out.push_str(piece);
    }
    out
}
