//! The log itself, and what may be appended when.

use serde::{Deserialize, Serialize};

use crate::period::{PeriodFault, Unit};
use crate::time::Instant;

/// What happened to a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum ClockOp {
    /// Time begins to run; the day is not counted.
    Start,
    /// Time stands still.
    Pause,
    /// Time runs on; the day is not counted.
    Resume,
    /// So much is added to one limit, or to all.
    Extend {
        /// How many.
        count: u32,
        /// Of what.
        unit: Unit,
        /// The limit's id; absent: all limits of the clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<String>,
    },
    /// The duty is done.
    Meet,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockEntry {
    /// When.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub op: ClockOp,
}

/// The log of one clock. Serialises as a list of `{at, op, …}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClockLog(Vec<ClockEntry>);

/// A log that makes no sense, or limits that cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// The entry may not follow what stands before it.
    #[error("a clock that is {state} cannot {op}")]
    Order {
        /// `not started`, `running`, `paused` or `met`.
        state: &'static str,
        /// The operation.
        op: &'static str,
    },
    /// The entry lies before the last one.
    #[error("a clock's log only grows forward in time")]
    Backwards,
    /// Not even a start.
    #[error("the clock has not started")]
    NotStarted,
    /// No limit holds.
    #[error("no limit holds for this clock")]
    NoLimit,
    /// Hours cannot be extended by months, nor days by hours.
    #[error("a limit in {limit} cannot be extended by {extension}")]
    Units {
        /// Unit of the limit.
        limit: &'static str,
        /// Unit of the extension.
        extension: &'static str,
    },
    /// A period that cannot be counted.
    #[error(transparent)]
    Period(#[from] PeriodFault),
}

impl ClockOp {
    /// The word in logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Extend { .. } => "extend",
            Self::Meet => "meet",
        }
    }
}

impl ClockLog {
    /// A clock that starts at a moment.
    pub fn started(at: Instant) -> Self {
        Self(vec![ClockEntry { at, op: ClockOp::Start }])
    }

    /// A stored log, checked from its first line.
    pub fn from_entries(entries: Vec<ClockEntry>) -> Result<Self, ClockFault> {
        let mut log = Self::default();
        for ClockEntry { at, op } in entries {
            log.push(at, op)?;
        }
        Ok(log)
    }

    /// Appends an entry, when it may follow.
    pub fn push(&mut self, at: Instant, op: ClockOp) -> Result<(), ClockFault> {
        if self.0.last().is_some_and(|last| at < last.at) {
            return Err(ClockFault::Backwards);
        }
        let state = self.standing();
        let fits = match op {
            ClockOp::Start => state == "not started",
            ClockOp::Pause => state == "running",
            ClockOp::Resume => state == "paused",
            ClockOp::Extend { .. } | ClockOp::Meet => matches!(state, "running" | "paused"),
        };
        if !fits {
            return Err(ClockFault::Order { state, op: op.as_str() });
        }
        if let ClockOp::Extend { count, unit, .. } = op
            && (count == 0 || count > unit.max())
        {
            return Err(ClockFault::Period(PeriodFault::Count { max: unit.max() }));
        }
        self.0.push(ClockEntry { at, op });
        Ok(())
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[ClockEntry] {
        &self.0
    }

    /// Whether it stands still.
    pub fn is_paused(&self) -> bool {
        self.standing() == "paused"
    }

    /// When the duty was done.
    pub fn met_at(&self) -> Option<Instant> {
        self.0.last().filter(|last| last.op == ClockOp::Meet).map(|last| last.at)
    }

    /// `not started`, `running`, `paused` or `met`, by the log alone.
    pub fn standing(&self) -> &'static str {
        let last = self.0.iter().rev().find(|entry| !matches!(entry.op, ClockOp::Extend { .. }));
        match last.map(|entry| &entry.op) {
            None | Some(ClockOp::Extend { .. }) => "not started",
            Some(ClockOp::Start | ClockOp::Resume) => "running",
            Some(ClockOp::Pause) => "paused",
            Some(ClockOp::Meet) => "met",
        }
    }
}
