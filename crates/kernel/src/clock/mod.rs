//! A clock is an append-only log; its due date is a replay over the calendar, never stored arithmetic.
//!
//! - Working days: what was counted before the pause (its day included) is kept; the rest counts from
//!   the resume, the day of the resume not counted.
//! - Calendar days move by the paused days, then roll; months and years become the days remaining at
//!   the pause.
//! - Hours run through pauses as through holidays.
//! - Several limits may hold for one duty: the earliest binds, and the earliest statutory one is told too.

use serde::{Deserialize, Serialize};

use crate::area::AreaCode;
use crate::calendar::Calendar;
use crate::explain::Explanation;
use crate::period::{
    Due, Period, PeriodFault, Roll, Segment, Start, Unit, days_between, days_due, leg_end, plus_days,
};
use crate::time::{Instant, end_of_day, start_of_day};

mod log;
mod replay;

pub use log::{ClockEntry, ClockFault, ClockLog, ClockOp};
pub use replay::{LimitDue, Replayed};

/// Whether a limit rests on law or is the office's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitKind {
    /// Rests on a legal text.
    Statutory,
    /// The office's own promise (承诺时限); it never moves a statutory date later.
    Promise,
}

/// A time limit that holds for a duty at a place on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The parameter it comes from.
    pub id: String,
    /// Where it holds; `None`: the whole country.
    pub area: Option<AreaCode>,
    /// How many units.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// Whether the last day rolls on; `None`: as the unit does by law.
    pub roll: Option<bool>,
    /// Law or promise.
    pub kind: LimitKind,
    /// Title of the law.
    pub law: Option<String>,
    /// The article.
    pub article: Option<String>,
    /// Whether the text in force was read.
    pub verified: bool,
}

impl Limit {
    /// Its length as a period.
    pub fn period(&self) -> Result<Period, PeriodFault> {
        let period = Period::new(self.count, self.unit)?;
        Ok(match self.roll {
            Some(true) => period.with_roll(Roll::OnToWorkday),
            Some(false) => period.with_roll(Roll::Stay),
            None => period,
        })
    }

    /// Whether it is law that was read in force: what is not verified is never called law.
    pub fn is_law(&self) -> bool {
        self.kind == LimitKind::Statutory && self.verified
    }

    /// Adds law or promise to an explanation.
    #[must_use]
    pub fn told(&self, explanation: Explanation) -> Explanation {
        match (&self.law, self.kind) {
            (Some(law), _) if !self.verified => explanation.by_unverified(law.clone(), self.article.clone()),
            (Some(law), _) => explanation.by_law(law.clone(), self.article.clone()),
            (None, LimitKind::Promise) => explanation.by_promise(),
            (None, LimitKind::Statutory) => explanation,
        }
    }
}

/// Share of a limit, in percent, after which the light turns yellow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YellowShare(u8);

impl YellowShare {
    /// 70 % of the limit used.
    pub const USUAL: Self = Self(70);

    /// 1 to 100 percent.
    pub fn percent(percent: u8) -> Option<Self> {
        (1..=100).contains(&percent).then_some(Self(percent))
    }
}

/// State of a clock at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockState {
    /// Time runs.
    Running,
    /// Stopped, e.g. while papers are awaited.
    Paused,
    /// The duty was done in time.
    Met,
    /// The time is over, or the duty was done late.
    Missed,
}

impl ClockState {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Missed => "missed",
        }
    }
}

/// Colour of a matter or task: a comparison with now, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// Time enough.
    Green,
    /// The share of the limit is used.
    Yellow,
    /// Over.
    Red,
    /// The clock stands.
    Paused,
    /// No clock runs.
    None,
}

impl Light {
    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
            Self::Paused => "paused",
            Self::None => "none",
        }
    }

    /// All of them, the most pressing first.
    pub const ALL: [Self; 5] = [Self::Red, Self::Yellow, Self::Green, Self::Paused, Self::None];

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|light| light.as_str() == word)
    }

    /// The colour by two instants, as kept with open work.
    pub fn at(now: Instant, paused: bool, yellow_at: Option<Instant>, red_at: Option<Instant>) -> Self {
        match (yellow_at, red_at) {
            (_, Some(red)) if now >= red => Self::Red,
            _ if paused => Self::Paused,
            (None, None) => Self::None,
            (Some(yellow), _) if now >= yellow => Self::Yellow,
            _ => Self::Green,
        }
    }
}
