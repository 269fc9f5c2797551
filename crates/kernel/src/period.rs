//! Periods as the Civil Code counts them (民法典 art. 200-203): the day of the start is not counted,
//! months and years end on the corresponding day, a last day that is a day off rolls on, hours run on.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, ToSpan};
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Day, Why};
use crate::explain::Explanation;
use crate::lang::Lang;
use crate::time::{Instant, end_of_day};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Calendar days (日).
    Day,
    /// Working days (工作日).
    Workday,
    /// Months, by corresponding day.
    Month,
    /// Years, by corresponding day.
    Year,
    /// Hours, from the instant on.
    Hour,
}

/// What happens when the last day is a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Roll {
    /// The first working day after it is the last day (民法典 art. 203).
    OnToWorkday,
    /// It stays, as in custody (刑事诉讼法 art. 105).
    Stay,
}

/// A length of time: so many of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    count: u32,
    unit: Unit,
    roll: Roll,
}

/// From when a period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Start {
    /// A date in Beijing.
    Day(Date),
    /// A moment; for units other than hours its date in Beijing counts.
    At(Instant),
}

/// Why a period cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodFault {
    /// Zero, or more than any law knows.
    #[error("the count must be 1 to {max}")]
    Count {
        /// The most this unit takes.
        max: u32,
    },
    /// Hours need a moment, not a date.
    #[error("a period of hours starts at an instant, not on a date")]
    NeedsInstant,
    /// Beyond the years we can write.
    #[error("the date lies outside the years 0001 to 9999")]
    Range,
}

/// A day that did not count, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The day.
    pub date: Date,
    /// Why it did not count.
    pub why: Why,
}

/// The end of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Last day.
    pub due: Date,
    /// When it is over: 24:00 Beijing of the last day; for hours the exact moment.
    pub due_at: Instant,
    /// Last day before rolling on.
    pub raw: Date,
    /// Whether a year without official data was touched, so that the date may still move.
    pub provisional: bool,
    /// Days that did not count: rolled over, or off within a period of working days.
    pub skipped: Vec<Skipped>,
    /// The sentence behind it.
    pub explanation: Explanation,
}

/// A stretch of days that counted: after `anchor`, up to and including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub anchor: Date,
    pub end: Date,
    pub unit: Unit,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 5] = [Self::Day, Self::Workday, Self::Month, Self::Year, Self::Hour];

    /// The word used in files and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Workday => "workday",
            Self::Month => "month",
            Self::Year => "year",
            Self::Hour => "hour",
        }
    }

    /// The most a period may count: a century, for working days twenty years.
    pub const fn max(self) -> u32 {
        match self {
            Self::Day => 36_600,
            Self::Workday => 5_000,
            Self::Month => 1_200,
            Self::Year => 100,
            Self::Hour => 878_400,
        }
    }
}

impl FromStr for Unit {
    type Err = crate::actor::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || crate::actor::UnknownWord { kind: "unit", word: word.to_owned() };
        Self::ALL.into_iter().find(|unit| unit.as_str() == word).ok_or_else(unknown)
    }
}

impl From<Date> for Start {
    fn from(date: Date) -> Self {
        Self::Day(date)
    }
}

impl From<Instant> for Start {
    fn from(at: Instant) -> Self {
        Self::At(at)
    }
}

impl Start {
    /// Its date in Beijing.
    pub fn date(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::At(at) => at.date(),
        }
    }
}

impl Period {
    /// So many of a unit; days, months and years roll on by law.
    pub fn new(count: u32, unit: Unit) -> Result<Self, PeriodFault> {
        if count == 0 || count > unit.max() {
            return Err(PeriodFault::Count { max: unit.max() });
        }
        let roll = if matches!(unit, Unit::Workday | Unit::Hour) { Roll::Stay } else { Roll::OnToWorkday };
        Ok(Self { count, unit, roll })
    }

    /// The same period with another rule for its last day. Working days and hours never roll.
    #[must_use]
    pub fn with_roll(self, roll: Roll) -> Self {
        if matches!(self.unit, Unit::Workday | Unit::Hour) { self } else { Self { roll, ..self } }
    }

    /// How many.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Of what.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// What happens when the last day is a day off.
    pub const fn roll(self) -> Roll {
        self.roll
    }

    /// When the period is over.
    pub fn due(self, start: impl Into<Start>, calendar: &Calendar) -> Result<Due, PeriodFault> {
        let start = start.into();
        if self.unit == Unit::Hour {
            let Start::At(at) = start else { return Err(PeriodFault::NeedsInstant) };
            return Ok(hours_due(at, self));
        }
        let anchor = start.date();
        let end = leg_end(anchor, self.count, self.unit, calendar)?;
        let segments = [Segment { anchor, end, unit: self.unit }];
        days_due(Explanation::of(start, self), &segments, self.roll, calendar)
    }
}

/// `count` units after `anchor`, before any rolling. A count of 0 is the rest of a paused period:
/// the anchor itself, or for working days the first working day from it on.
pub(crate) fn leg_end(
    anchor: Date,
    count: u32,
    unit: Unit,
    calendar: &Calendar,
) -> Result<Date, PeriodFault> {
    let span = match unit {
        Unit::Day => Span::new().try_days(i64::from(count)),
        Unit::Month => Span::new().try_months(i64::from(count)),
        Unit::Year => Span::new().try_years(i64::from(count)),
        Unit::Hour => return Err(PeriodFault::NeedsInstant),
        Unit::Workday => return nth_workday(anchor, count, calendar),
    };
    span.and_then(|span| anchor.checked_add(span)).map_err(|_| PeriodFault::Range)
}

fn nth_workday(anchor: Date, count: u32, calendar: &Calendar) -> Result<Date, PeriodFault> {
    let mut date = anchor;
    if count == 0 {
        while !calendar.is_working(date) {
            date = next_day(date)?;
        }
        return Ok(date);
    }
    let mut left = count;
    while left > 0 {
        date = next_day(date)?;
        left -= u32::from(calendar.is_working(date));
    }
    Ok(date)
}

pub(crate) fn next_day(date: Date) -> Result<Date, PeriodFault> {
    date.tomorrow().map_err(|_| PeriodFault::Range)
}

/// The end of a period of hours: it runs through nights, weekends and holidays.
pub(crate) fn hours_due(at: Instant, period: Period) -> Due {
    let due_at = at.plus(SignedDuration::from_hours(i64::from(period.count)));
    let due = due_at.date();
    let explanation = Explanation::of(Start::At(at), period).ending(due, due, due_at);
    Due { due, due_at, raw: due, provisional: false, skipped: Vec::new(), explanation }
}

/// Puts together the end of a counted period from the stretches that counted.
pub(crate) fn days_due(
    explanation: Explanation,
    segments: &[Segment],
    roll: Roll,
    calendar: &Calendar,
) -> Result<Due, PeriodFault> {
    let last = segments.last().ok_or(PeriodFault::Range)?;
    let raw = last.end;
    let mut skipped = Vec::new();
    let mut made_up = Vec::new();
    let mut unknown_years = Vec::new();
    let mut look = |date: Date| {
        if !calendar.covers(date.year()) && unknown_years.last() != Some(&date.year()) {
            unknown_years.push(date.year());
        }
        calendar.day(date)
    };
    for segment in segments.iter().filter(|segment| segment.unit == Unit::Workday) {
        let mut date = segment.anchor;
        while date < segment.end {
            date = next_day(date)?;
            match look(date) {
                Day::Off(why) => skipped.push(Skipped { date, why }),
                Day::MakeUp { festival } => made_up.push((date, festival)),
                Day::Working => {}
            }
        }
    }
    let mut due = raw;
    if roll == Roll::OnToWorkday && last.unit != Unit::Workday {
        while let Day::Off(why) = look(due) {
            skipped.push(Skipped { date: due, why });
            due = next_day(due)?;
        }
    }
    let due_at = end_of_day(due);
    let explanation =
        explanation.ending(raw, due, due_at).looked_at(&skipped, made_up, unknown_years.clone());
    Ok(Due { due, due_at, raw, provisional: !unknown_years.is_empty(), skipped, explanation })
}

impl Skipped {
    /// `{date, why}` in words, as the contract gives it.
    pub fn words(&self, lang: Lang) -> (String, String) {
        (self.date.to_string(), self.why.words(lang))
    }
}

/// Days between two dates; negative when `to` lies before `from`.
pub(crate) fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The day `n` days after a date.
pub(crate) fn plus_days(date: Date, n: i64) -> Result<Date, PeriodFault> {
    1.day().checked_mul(n).and_then(|span| date.checked_add(span)).map_err(|_| PeriodFault::Range)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn due(start: Date, count: u32, unit: Unit) -> Due {
        Period::new(count, unit).unwrap().due(start, Calendar::official()).unwrap()
    }

    #[test]
    fn a_last_day_off_rolls_on_unless_it_is_made_up() {
        let rolled = due(date(2026, 9, 23), 3, Unit::Day);
        assert_eq!((rolled.raw, rolled.due), (date(2026, 9, 26), date(2026, 9, 28)));
        assert_eq!(rolled.skipped.len(), 2);
        assert_eq!(rolled.due_at.to_string(), "2026-09-29T00:00:00+08:00");
        let made_up = due(date(2026, 9, 13), 7, Unit::Day);
        assert_eq!((made_up.raw, made_up.due), (date(2026, 9, 20), date(2026, 9, 20)));
        let custody = Period::new(3, Unit::Day).unwrap().with_roll(Roll::Stay);
        assert_eq!(custody.due(date(2026, 9, 23), Calendar::official()).unwrap().due, date(2026, 9, 26));
    }

    #[test]
    fn working_days_skip_holidays_and_count_make_up_days() {
        let found = due(date(2026, 9, 29), 5, Unit::Workday);
        assert_eq!((found.raw, found.due), (date(2026, 10, 12), date(2026, 10, 12)));
        assert_eq!(found.skipped.len(), 8);
        assert!(!found.provisional);
    }

    #[test]
    fn months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month() {
        assert_eq!(due(date(2025, 11, 30), 3, Unit::Month).due, date(2026, 2, 28));
        assert_eq!(due(date(2024, 2, 29), 1, Unit::Year).raw, date(2025, 2, 28));
        assert_eq!(due(date(2024, 2, 29), 4, Unit::Year).raw, date(2028, 2, 29));
        assert_eq!(due(date(2026, 2, 28), 1, Unit::Month).raw, date(2026, 3, 28));
    }

    #[test]
    fn a_year_without_a_notice_is_provisional() {
        assert!(!due(date(2026, 12, 24), 7, Unit::Day).provisional);
        let next_year = due(date(2026, 12, 25), 7, Unit::Day);
        assert_eq!((next_year.due, next_year.provisional), (date(2027, 1, 1), true));
        assert!(due(date(2026, 12, 28), 5, Unit::Workday).provisional);
    }

    #[test]
    fn hours_run_through_holidays_to_the_minute() {
        let at: Instant = "2026-05-01T16:30:00+08:00".parse().unwrap();
        let period = Period::new(24, Unit::Hour).unwrap();
        assert_eq!(
            period.due(at, Calendar::official()).unwrap().due_at.to_string(),
            "2026-05-02T16:30:00+08:00"
        );
        assert_eq!(period.due(at.date(), Calendar::official()), Err(PeriodFault::NeedsInstant));
    }

    #[test]
    fn impossible_counts_are_refused() {
        for unit in Unit::ALL {
            assert!(Period::new(0, unit).is_err() && Period::new(unit.max() + 1, unit).is_err());
            assert_eq!(unit.as_str().parse(), Ok(unit));
        }
        let late = Period::new(100, Unit::Year).unwrap();
        assert_eq!(late.due(date(9950, 1, 1), Calendar::official()), Err(PeriodFault::Range));
        let workdays = Period::new(5, Unit::Workday).unwrap();
        assert_eq!(workdays.due(Date::MAX, Calendar::official()), Err(PeriodFault::Range));
    }
}
