//! Instants, Beijing dates, and the clock that is handed to whoever needs "now".

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::string_form::string_form;

/// Beijing time is eight hours ahead all year; the summer time of 1986-1991 is outside our records.
pub const BEIJING: Offset = Offset::constant(8);

/// A moment, to the microsecond (what both databases keep). Text form: RFC 3339 with `+08:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

/// A text that is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an instant is written as RFC 3339, e.g. 2026-11-21T09:00:00+08:00")]
pub struct InstantFault;

impl Instant {
    /// Takes a timestamp, cutting anything below the microsecond so that it survives storage unchanged.
    pub fn new(at: Timestamp) -> Self {
        Self(Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at))
    }

    /// Microseconds since 1970-01-01T00:00:00Z, as kept in integer columns.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// From microseconds since 1970; `None` outside the years -9999..=9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// The underlying timestamp.
    pub const fn timestamp(self) -> Timestamp {
        self.0
    }

    /// Date on the wall in Beijing.
    pub fn date(self) -> Date {
        beijing_date(self)
    }

    /// Date and time on the wall in Beijing.
    pub fn civil(self) -> DateTime {
        BEIJING.to_datetime(self.0)
    }

    /// This instant moved by a signed duration, stopping at the ends of time.
    #[must_use]
    pub fn plus(self, by: SignedDuration) -> Self {
        self.0
            .checked_add(by)
            .map_or(if by.is_negative() { Self(Timestamp::MIN) } else { Self(Timestamp::MAX) }, Self::new)
    }

    /// Time from `earlier` to this (negative when it lies after).
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }
}

/// Date on the wall in Beijing at an instant.
pub fn beijing_date(at: Instant) -> Date {
    at.civil().date()
}

/// 00:00 Beijing of a date.
pub fn start_of_day(date: Date) -> Instant {
    at_beijing(date.at(0, 0, 0, 0))
}

/// 24:00 Beijing of a date, which is 00:00 of the next: when a period ending on that day is over.
pub fn end_of_day(date: Date) -> Instant {
    date.tomorrow().map_or(Instant(Timestamp::MAX), start_of_day)
}

/// The instant of a wall-clock time in Beijing, held within the range of time we can write.
pub fn at_beijing(wall: DateTime) -> Instant {
    BEIJING
        .to_timestamp(wall)
        .map_or(Instant(if wall.year() < 0 { Timestamp::MIN } else { Timestamp::MAX }), Instant::new)
}

impl From<Timestamp> for Instant {
    fn from(at: Timestamp) -> Self {
        Self::new(at)
    }
}

impl FromStr for Instant {
    type Err = InstantFault;

    fn from_str(text: &str) -> Result<Self, InstantFault> {
        text.parse().map(Self::new).map_err(|_| InstantFault)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+08:00", self.civil())
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instant({self})")
    }
}

string_form!(Instant);

/// Where "now" comes from. Handed down from the binary; pure code takes an [`Instant`] instead.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Instant {
        Instant::new(Timestamp::now())
    }
}

/// A clock that started at a given moment and runs from there (`--now`).
#[derive(Debug, Clone, Copy)]
pub struct OffsetClock {
    start: Instant,
    since: std::time::Instant,
}

impl OffsetClock {
    /// Starts at `start` and runs at the pace of the machine.
    pub fn starting_at(start: Instant) -> Self {
        Self { start, since: std::time::Instant::now() }
    }
}

impl Clock for OffsetClock {
    fn now(&self) -> Instant {
        self.start.plus(SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX))
    }
}

/// A clock that never goes back: when the one beneath it does, it stands still until that one has caught up, so that
/// what is written later never bears an earlier moment.
#[derive(Debug)]
pub struct SteadyClock<C> {
    beneath: C,
    /// The latest moment shown, in microseconds.
    shown: AtomicI64,
}

impl<C: Clock> SteadyClock<C> {
    /// Over another clock.
    pub fn over(beneath: C) -> Self {
        Self { beneath, shown: AtomicI64::new(i64::MIN) }
    }

    /// Shows nothing before this moment any more.
    pub fn not_before(&self, at: Instant) {
        self.shown.fetch_max(at.as_micros(), Ordering::SeqCst);
    }
}

impl<C: Clock> Clock for SteadyClock<C> {
    fn now(&self) -> Instant {
        let now = self.beneath.now();
        let before = self.shown.fetch_max(now.as_micros(), Ordering::SeqCst);
        if before > now.as_micros() { Instant::from_micros(before).unwrap_or(now) } else { now }
    }
}

/// A clock that stands still until it is set: for tests.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `at`.
    pub fn at(at: Instant) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Moves to another moment.
    pub fn set(&self, at: Instant) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }

    /// Moves on by a duration.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now().plus(by));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst)).unwrap_or(Instant(Timestamp::UNIX_EPOCH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_beijing_time() {
        let at: Instant = "2026-11-21T16:30:00Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-22T00:30:00+08:00");
        assert_eq!(at.date().to_string(), "2026-11-22");
        assert_eq!(at.to_string().parse(), Ok(at));
        let fine: Instant = "2026-11-21T16:30:00.123456789Z".parse().unwrap();
        assert_eq!(fine.to_string(), "2026-11-22T00:30:00.123456+08:00");
        assert_eq!(Instant::from_micros(fine.as_micros()), Some(fine));
        assert!("2026-11-21T16:30:00".parse::<Instant>().is_err());
    }

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        let date = jiff::civil::date(2026, 12, 31);
        assert_eq!(end_of_day(date).to_string(), "2027-01-01T00:00:00+08:00");
    }

    #[test]
    fn a_steady_clock_never_goes_back() {
        let at: Instant = "2026-11-21T09:00:00+08:00".parse().unwrap();
        let steady = SteadyClock::over(FixedClock::at(at));
        assert_eq!(steady.now(), at);
        steady.beneath.advance(SignedDuration::from_hours(-1));
        assert_eq!(steady.now(), at);
        steady.not_before(at.plus(SignedDuration::from_secs(30)));
        assert_eq!(steady.now(), at.plus(SignedDuration::from_secs(30)));
        steady.beneath.set(at.plus(SignedDuration::from_mins(1)));
        assert_eq!(steady.now(), at.plus(SignedDuration::from_mins(1)));
    }

    #[test]
    fn clocks_stand_or_run() {
        let at: Instant = "2026-11-21T09:00:00+08:00".parse().unwrap();
        let fixed = FixedClock::at(at);
        fixed.advance(SignedDuration::from_hours(1));
        assert_eq!(fixed.now().to_string(), "2026-11-21T10:00:00+08:00");
        let running = OffsetClock::starting_at(at);
        assert!(running.now() >= at && running.now().since(at) < SignedDuration::from_secs(60));
    }
}
