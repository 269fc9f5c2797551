//! Replaying a log over a calendar.

use super::{
    Calendar, ClockFault, ClockLog, ClockOp, ClockState, Due, Explanation, Instant, Light, Limit, Period,
    PeriodFault, Roll, Segment, Start, Unit, YellowShare, days_between, days_due, end_of_day, leg_end,
    plus_days, start_of_day,
};
use jiff::SignedDuration;
use jiff::civil::Date;

/// Microseconds of a day.
const DAY_MICROS: i64 = 86_400_000_000;

/// When one limit is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitDue {
    /// The limit.
    pub limit: Limit,
    /// Its end. While paused: as if it were resumed on the day of the pause, so never too late.
    pub due: Due,
    /// When the light turns yellow.
    pub yellow_at: Instant,
    /// Since when it stands still.
    pub paused_since: Option<Instant>,
}

/// A clock replayed over all its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// When it started.
    pub started: Instant,
    /// When the duty was done.
    pub met_at: Option<Instant>,
    /// Every limit, the binding one first, then by due date.
    pub limits: Vec<LimitDue>,
}

impl ClockLog {
    /// Counts every limit through the log; the earliest binds.
    pub fn replay(
        &self,
        limits: &[Limit],
        calendar: &Calendar,
        yellow: YellowShare,
    ) -> Result<Replayed, ClockFault> {
        let started = self.entries().first().ok_or(ClockFault::NotStarted)?.at;
        let mut replayed = Vec::with_capacity(limits.len());
        for limit in limits {
            replayed.push(replay_one(self, limit, started, calendar, yellow)?);
        }
        if replayed.is_empty() {
            return Err(ClockFault::NoLimit);
        }
        // Of two that end together the law is named before a promise.
        replayed.sort_by_key(|one| (one.due.due_at, !one.limit.is_law()));
        Ok(Replayed { started, met_at: self.met_at(), limits: replayed })
    }
}

impl Replayed {
    /// The limit that binds: the earliest.
    pub fn binding(&self) -> &LimitDue {
        &self.limits[0]
    }

    /// The binding due date.
    pub fn due(&self) -> &Due {
        &self.binding().due
    }

    /// The earliest date that rests on law.
    pub fn statutory(&self) -> Option<&LimitDue> {
        self.limits.iter().find(|one| one.limit.is_law())
    }

    /// Whether the binding date may still move for want of official data.
    pub fn provisional(&self) -> bool {
        self.due().provisional
    }

    /// Since when it stands still.
    pub fn paused_since(&self) -> Option<Instant> {
        self.binding().paused_since
    }

    /// From when on the light is yellow.
    pub fn yellow_at(&self) -> Instant {
        self.binding().yellow_at
    }

    /// From when on the light is red.
    pub fn red_at(&self) -> Instant {
        self.due().due_at
    }

    /// Its state at a moment.
    pub fn state(&self, now: Instant) -> ClockState {
        match self.met_at {
            Some(met) if met < self.red_at() => ClockState::Met,
            Some(_) => ClockState::Missed,
            None if self.paused_since().is_some() => ClockState::Paused,
            None if now >= self.red_at() => ClockState::Missed,
            None => ClockState::Running,
        }
    }

    /// Its colour at a moment.
    pub fn light(&self, now: Instant) -> Light {
        if self.met_at.is_some() {
            return Light::None;
        }
        if self.paused_since().is_some() {
            return Light::Paused;
        }
        Light::at(now, false, Some(self.yellow_at()), Some(self.red_at()))
    }
}

/// What is still to be counted, in order: the limit, then extensions in other units.
#[derive(Debug, Clone, Copy)]
struct Leg {
    count: u32,
    unit: Unit,
    /// Nothing of it was counted yet, so an extension in its own unit joins it.
    whole: bool,
}

fn replay_one(
    log: &ClockLog,
    limit: &Limit,
    started: Instant,
    calendar: &Calendar,
    yellow: YellowShare,
) -> Result<LimitDue, ClockFault> {
    let period = limit.period()?;
    if period.unit() == Unit::Hour {
        return replay_hours(log, limit, period, started, yellow);
    }
    let mut run = Run {
        anchor: started.date(),
        legs: vec![Leg { count: limit.count, unit: limit.unit, whole: true }],
        counted: Vec::new(),
        roll: period.roll(),
        paused_since: None,
        suspensions: Vec::new(),
        extensions: Vec::new(),
        calendar,
    };
    for entry in log.entries() {
        match &entry.op {
            ClockOp::Pause => run.pause(entry.at)?,
            ClockOp::Resume => run.resume(entry.at),
            ClockOp::Extend { count, unit, limit: only }
                if only.as_ref().is_none_or(|id| *id == limit.id) =>
            {
                run.extend(*count, *unit, limit)?;
            }
            ClockOp::Start | ClockOp::Meet | ClockOp::Extend { .. } => {}
        }
    }
    run.finish(limit, Start::At(started), period, yellow)
}

struct Run<'a> {
    anchor: Date,
    legs: Vec<Leg>,
    counted: Vec<Segment>,
    roll: Roll,
    paused_since: Option<Instant>,
    suspensions: Vec<(Date, Option<Date>)>,
    extensions: Vec<(u32, Unit)>,
    calendar: &'a Calendar,
}

impl Run<'_> {
    /// The stretches still to come, counted from the anchor.
    fn ahead(&self) -> Result<Vec<Segment>, PeriodFault> {
        let mut anchor = self.anchor;
        let mut ahead = Vec::with_capacity(self.legs.len());
        for leg in &self.legs {
            let end = leg_end(anchor, leg.count, leg.unit, self.calendar)?;
            ahead.push(Segment { anchor, end, unit: leg.unit });
            anchor = end;
        }
        Ok(ahead)
    }

    fn pause(&mut self, at: Instant) -> Result<(), ClockFault> {
        let day = at.date();
        let ahead = self.ahead()?;
        if at >= end_of_day(self.rolled(&ahead)?) {
            // Time was already over: stopping the clock afterwards gives none back.
            return Ok(());
        }
        let last = ahead.len() - 1;
        let mut legs = Vec::new();
        for (index, (leg, segment)) in self.legs.iter().zip(&ahead).enumerate() {
            if segment.anchor >= day && index > 0 {
                legs.push(*leg);
                continue;
            }
            let upto = segment.end.min(day).max(segment.anchor);
            if upto > segment.anchor {
                self.counted.push(Segment { anchor: segment.anchor, end: upto, unit: leg.unit });
            }
            if segment.end > day || index == last {
                legs.push(self.remaining(*leg, *segment, day)?);
            }
        }
        self.legs = legs;
        self.anchor = day;
        self.paused_since = Some(at);
        self.suspensions.push((day, None));
        Ok(())
    }

    /// The rest of a leg after a day: working days stay working days, all else becomes days.
    fn remaining(&self, leg: Leg, segment: Segment, day: Date) -> Result<Leg, PeriodFault> {
        if leg.unit == Unit::Workday {
            let count = if segment.end > day {
                self.calendar
                    .count_workdays(plus_days(day, 1)?.max(plus_days(segment.anchor, 1)?), segment.end)
            } else {
                0
            };
            return Ok(Leg { count, unit: Unit::Workday, whole: false });
        }
        let count = u32::try_from(days_between(day, segment.end)).unwrap_or(0);
        Ok(Leg { count, unit: Unit::Day, whole: false })
    }

    fn resume(&mut self, at: Instant) {
        if self.paused_since.take().is_some() {
            self.anchor = at.date();
            if let Some(open) = self.suspensions.last_mut() {
                open.1 = Some(at.date());
            }
        }
    }

    fn extend(&mut self, count: u32, unit: Unit, limit: &Limit) -> Result<(), ClockFault> {
        if unit == Unit::Hour {
            return Err(ClockFault::Units { limit: limit.unit.as_str(), extension: unit.as_str() });
        }
        self.extensions.push((count, unit));
        match self.legs.last_mut() {
            Some(last) if last.unit == unit && (last.whole || matches!(unit, Unit::Day | Unit::Workday)) => {
                last.count = last.count.saturating_add(count);
            }
            _ => self.legs.push(Leg { count, unit, whole: true }),
        }
        Ok(())
    }

    fn rolled(&self, ahead: &[Segment]) -> Result<Date, PeriodFault> {
        let last = ahead.last().ok_or(PeriodFault::Range)?;
        match (self.roll, last.unit) {
            (Roll::OnToWorkday, unit) if unit != Unit::Workday => {
                leg_end(last.end, 0, Unit::Workday, self.calendar)
            }
            _ => Ok(last.end),
        }
    }

    fn finish(
        self,
        limit: &Limit,
        start: Start,
        period: Period,
        yellow: YellowShare,
    ) -> Result<LimitDue, ClockFault> {
        let mut segments = self.counted.clone();
        segments.extend(self.ahead()?);
        let explanation =
            limit.told(Explanation::of(start, period)).suspended(self.suspensions, self.extensions);
        let due = days_due(explanation, &segments, self.roll, self.calendar)?;
        if let Some(last) = segments.last_mut() {
            last.end = due.due;
        }
        let yellow_at = share_of(&segments, yellow, self.calendar)?.min(due.due_at);
        Ok(LimitDue { limit: limit.clone(), due, yellow_at, paused_since: self.paused_since })
    }
}

/// The moment a share of the counted days is used. Days off do not use up a limit in working days.
fn share_of(segments: &[Segment], share: YellowShare, calendar: &Calendar) -> Result<Instant, PeriodFault> {
    let days_in = |segment: &Segment| match segment.unit {
        Unit::Workday => {
            calendar.count_workdays(plus_days(segment.anchor, 1).unwrap_or(segment.end), segment.end)
        }
        _ => u32::try_from(days_between(segment.anchor, segment.end)).unwrap_or(0),
    };
    let total: i64 = segments.iter().map(|segment| i64::from(days_in(segment))).sum();
    let used = total * DAY_MICROS / 100 * i64::from(share.0);
    let mut whole = u32::try_from(used / DAY_MICROS).unwrap_or(u32::MAX);
    for segment in segments {
        let days = days_in(segment);
        if whole < days {
            let day = leg_end(
                segment.anchor,
                whole + 1,
                if segment.unit == Unit::Workday { Unit::Workday } else { Unit::Day },
                calendar,
            )?;
            return Ok(start_of_day(day).plus(SignedDuration::from_micros(used % DAY_MICROS)));
        }
        whole -= days;
    }
    let end = segments.last().ok_or(PeriodFault::Range)?.end;
    Ok(end_of_day(end))
}

/// Hours run through pauses and holidays; only an extension in hours or days moves them.
fn replay_hours(
    log: &ClockLog,
    limit: &Limit,
    period: Period,
    started: Instant,
    yellow: YellowShare,
) -> Result<LimitDue, ClockFault> {
    let mut hours = limit.count;
    let mut extensions = Vec::new();
    for entry in log.entries() {
        if let ClockOp::Extend { count, unit, limit: only } = &entry.op
            && only.as_ref().is_none_or(|id| *id == limit.id)
        {
            let more = match unit {
                Unit::Hour => *count,
                Unit::Day => count.saturating_mul(24),
                other => return Err(ClockFault::Units { limit: "hour", extension: other.as_str() }),
            };
            hours = hours.saturating_add(more);
            extensions.push((*count, *unit));
        }
    }
    let mut due = crate::period::hours_due(started, Period::new(hours, Unit::Hour)?);
    let explanation =
        limit.told(Explanation::of(Start::At(started), period)).suspended(Vec::new(), extensions);
    due.explanation = explanation.ending(due.raw, due.due, due.due_at);
    let used = i64::from(hours) * 36_000_000 * i64::from(yellow.0);
    let yellow_at = started.plus(SignedDuration::from_micros(used));
    Ok(LimitDue { limit: limit.clone(), due, yellow_at, paused_since: None })
}
