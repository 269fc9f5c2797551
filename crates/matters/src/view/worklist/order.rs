//! What comes first in a list, and where its next page begins.

use std::cmp::Ordering;
use std::fmt;

use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use kernel::time::Instant;
use store::Sql;

use super::{Line, View};

/// What comes first; the number decides among equals, so that no row is on two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What is due first.
    #[default]
    Due,
    /// What is due last; of what is done, what ended last.
    DueLast,
    /// What has waited longest.
    Oldest,
    /// What came last.
    Newest,
}

/// The row a page ended with.
pub(super) struct Place {
    key: Key,
    number: i64,
    task: String,
}

enum Key {
    Due(String),
    Since(Instant),
}

impl Order {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Due, Self::DueLast, Self::Oldest, Self::Newest];

    /// Reads a query parameter.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == word)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::DueLast => "due-last",
            Self::Oldest => "oldest",
            Self::Newest => "newest",
        }
    }

    /// What it means in a list: what is done is kept by the day it ended.
    pub(super) const fn within(self, view: View) -> Self {
        match (view, self) {
            (View::Done, Self::Oldest) => Self::Due,
            (View::Done, Self::Newest) => Self::DueLast,
            (_, order) => order,
        }
    }

    const fn backwards(self) -> bool {
        matches!(self, Self::DueLast | Self::Newest)
    }

    const fn by_due(self) -> bool {
        matches!(self, Self::Due | Self::DueLast)
    }

    /// Which of two rows comes first.
    pub(super) fn compare(self, a: &Line, b: &Line) -> Ordering {
        let key = if self.by_due() { a.due.cmp(&b.due) } else { a.since.cmp(&b.since) };
        let order = key.then_with(|| (a.number, &a.task).cmp(&(b.number, &b.task)));
        if self.backwards() { order.reverse() } else { order }
    }

    /// Where a row stands.
    pub(super) fn place(self, line: &Line) -> Place {
        let key = if self.by_due() { Key::Due(line.due.clone()) } else { Key::Since(line.since) };
        Place { key, number: line.number.as_i64(), task: line.task.clone() }
    }

    /// Reads what [`Place`] was written as.
    pub(super) fn cursor(self, text: &str) -> Result<Place, Refusal> {
        let wrong = || {
            Refusal::new(Code::FactsWrong, Text::new("refused-facts"))
                .error(FieldError::new("/cursor", "format", "error-cursor"))
                .next(Next::say("next-begin-list-again"))
        };
        let mut parts = text.splitn(3, '.');
        let (Some(key), Some(number), Some(task)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let number = number.parse().map_err(|_| wrong())?;
        let key = if self.by_due() {
            if key.len() != 10 {
                return Err(wrong());
            }
            Key::Due(key.to_owned())
        } else {
            let at = key.parse().ok().and_then(Instant::from_micros);
            Key::Since(at.ok_or_else(wrong)?)
        };
        if task.len() > 20 {
            return Err(wrong());
        }
        Ok(Place { key, number, task: task.to_owned() })
    }

    /// ` AND … ORDER BY … LIMIT` over `open_task t`.
    pub(super) fn open(self, statement: Sql, after: Option<&Place>) -> Sql {
        let (beyond, order) = match self {
            Self::Due => (" AND (t.due, t.number, t.task) > (", " ORDER BY t.due, t.number, t.task"),
            Self::DueLast => {
                (" AND (t.due, t.number, t.task) < (", " ORDER BY t.due DESC, t.number DESC, t.task DESC")
            }
            Self::Oldest => (" AND (t.since, t.number, t.task) > (", " ORDER BY t.since, t.number, t.task"),
            Self::Newest => {
                (" AND (t.since, t.number, t.task) < (", " ORDER BY t.since DESC, t.number DESC, t.task DESC")
            }
        };
        let statement = match after {
            Some(place) => {
                place.key.bind(statement.then(beyond)).then(", ?, ?)").bind(place.number).bind(&place.task)
            }
            None => statement,
        };
        statement.then(order)
    }

    /// The same over `done d`.
    pub(super) fn ended(self, statement: Sql, after: Option<&Place>) -> Sql {
        let (beyond, order) = if self.backwards() {
            (" AND (d.due, d.number) < (", " ORDER BY d.due DESC, d.number DESC")
        } else {
            (" AND (d.due, d.number) > (", " ORDER BY d.due, d.number")
        };
        let statement = match after {
            Some(place) => place.key.bind(statement.then(beyond)).then(", ?)").bind(place.number),
            None => statement,
        };
        statement.then(order)
    }
}

impl Key {
    fn bind(&self, statement: Sql) -> Sql {
        match self {
            Self::Due(day) => statement.then("?").bind(day),
            Self::Since(at) => statement.then("?").bind(*at),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Due(day) => write!(f, "{day}.")?,
            Key::Since(at) => write!(f, "{}.", at.as_micros())?,
        }
        write!(f, "{}.{}", self.number, self.task)
    }
}
