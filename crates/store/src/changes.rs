//! A command's writes, listed outside the transaction.

use kernel::number::MatterNumber;

use crate::error::StoreError;
use crate::sql::{Sql, sql};

/// A plain list of statements that [`crate::Db::apply`] runs in one transaction.
///
/// The caller has read and decided before; a guarded statement proves that what it decided on still
/// holds, so the single writer of SQLite does nothing but write:
///
/// ```no_run
/// # async fn show(db: &store::Db, number: i64, version: i64) -> Result<(), store::StoreError> {
/// let mut changes = store::Changes::new();
/// changes.expect_one(
///     store::sql("UPDATE matter SET version = version + 1 WHERE number = ? AND version = ?")
///         .bind(number)
///         .bind(version),
///     "matter version",
/// );
/// changes.push(store::sql("DELETE FROM open_task WHERE number = ?").bind(number));
/// db.apply("close matter", changes).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub(crate) steps: Vec<Step>,
    /// Events go to the outbox.
    pub(crate) announces: bool,
    /// One of many.
    pub(crate) bulk: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) sql: Sql,
    pub(crate) guard: Option<Guard>,
}

/// How many rows a statement must touch, and what it is called when it does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Guard {
    pub(crate) rows: u64,
    pub(crate) name: &'static str,
}

impl Guard {
    /// The conflict, when the statement touched another number of rows.
    pub(crate) fn judge(self, touched: u64) -> Result<(), StoreError> {
        if touched == self.rows { Ok(()) } else { Err(StoreError::Conflict(self.name)) }
    }
}

impl Changes {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement.
    pub fn push(&mut self, sql: Sql) -> &mut Self {
        if !sql.is_nothing() {
            self.steps.push(Step { sql, guard: None });
        }
        self
    }

    /// Says that this is one of many nobody waits for singly, such as the rows of a table that is taken in: more of
    /// them share one sync than of what people do.
    #[must_use]
    pub fn bulk(mut self) -> Self {
        self.bulk = true;
        self
    }

    /// Adds a statement that must touch exactly one row, else the whole list is undone and answered with
    /// `StoreError::Conflict(guard)`.
    pub fn expect_one(&mut self, sql: Sql, guard: &'static str) -> &mut Self {
        self.expect(1, sql, guard)
    }

    /// Adds a statement that must touch exactly `rows` rows, else the whole list is undone and answered
    /// with `StoreError::Conflict(guard)`.
    pub fn expect(&mut self, rows: u64, sql: Sql, guard: &'static str) -> &mut Self {
        self.steps.push(Step { sql, guard: Some(Guard { rows, name: guard }) });
        self
    }

    /// Tells the feed of an event that this command writes: a row of the outbox, and a sign to the
    /// sequencer of this process once the command is on disk.
    pub fn announce(&mut self, number: MatterNumber, seq: i64) -> &mut Self {
        self.announces = true;
        self.push(sql("INSERT INTO outbox (number, seq) VALUES (?, ?)").bind(number).bind(seq))
    }

    /// Adds all statements of another list.
    pub fn append(&mut self, other: Changes) -> &mut Self {
        self.steps.extend(other.steps);
        self.announces |= other.announces;
        self
    }

    /// Number of statements.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// True when there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}
