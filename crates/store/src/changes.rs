//! A command's writes, listed outside the transaction.

use crate::sql::Sql;

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
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) sql: Sql,
    /// When given, exactly one row must be touched.
    pub(crate) guard: Option<&'static str>,
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

    /// Adds a statement that must touch exactly one row, else the whole list is undone and answered with
    /// `StoreError::Conflict(guard)`.
    pub fn expect_one(&mut self, sql: Sql, guard: &'static str) -> &mut Self {
        self.steps.push(Step { sql, guard: Some(guard) });
        self
    }

    /// Adds all statements of another list.
    pub fn append(&mut self, other: Changes) -> &mut Self {
        self.steps.extend(other.steps);
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
