//! The clocks of a matter: moved by entering steps, read by replaying their logs.

use catalog::item::{Clock, ClockStart, Step};
use jiff::civil::Date;
use kernel::clock::{ClockLog, ClockOp, ClockState, Light, Limit, Replayed, YellowShare};
use kernel::period::Unit;
use kernel::time::{Instant, end_of_day, start_of_day};
use serde_json::{Map, Value};

use super::matter::Matter;
use super::state::RunningClock;
use crate::register::Register;
use crate::store::Lamps;

/// Due day of tasks without a limit, so that they sort last.
pub const NO_DUE: &str = "9999-12-31";

/// Starts, pauses, resumes and ends clocks on entering a step: a clock runs in its `runs_in`, stands still in
/// its `paused_in`, and is met by entering any other step. What starts on service or on a date of a fact
/// starts once that is known.
pub fn enter(matter: &mut Matter, step: &Step, facts: &Map<String, Value>, now: Instant) {
    let item = matter.item.clone();
    for definition in &item.clocks {
        let runs = definition.runs_in.contains(&step.id);
        let pauses = definition.paused_in.contains(&step.id);
        let open = matter.state.clocks.iter_mut().rfind(|clock| clock.id == definition.id && !clock.ended);
        match open {
            Some(clock) => {
                let wanted = match (clock.log.standing(), runs, pauses) {
                    ("running", _, true) => Some(ClockOp::Pause),
                    ("paused", true, _) => Some(ClockOp::Resume),
                    (_, false, false) => Some(ClockOp::Meet),
                    _ => None,
                };
                if let Some(op) = wanted {
                    clock.ended = op == ClockOp::Meet;
                    push(&mut clock.log, now, op);
                }
            }
            None if runs => {
                let started_before = matter.state.clocks.iter().any(|clock| clock.id == definition.id);
                let from = match definition.starts {
                    ClockStart::Opened if !started_before => Some(matter.received_on),
                    ClockStart::Opened | ClockStart::Entered => Some(now.date()),
                    ClockStart::Served => {
                        let day =
                            definition.document.as_deref().and_then(|kind| matter.state.served_on(kind));
                        day.filter(|day| !ran_from(matter, &definition.id, *day))
                    }
                    ClockStart::Fact => {
                        let fact = definition.fact.as_ref().and_then(|name| facts.get(name)?.as_str());
                        let day = fact.and_then(|day| day.parse::<Date>().ok());
                        day.filter(|day| !ran_from(matter, &definition.id, *day))
                    }
                };
                if let Some(day) = from {
                    start(matter, definition, on(day, now));
                }
            }
            None => {}
        }
    }
}

/// Whether a clock has already run from this day on: coming back to a step does not start it again.
fn ran_from(matter: &Matter, id: &str, day: Date) -> bool {
    matter
        .state
        .clocks
        .iter()
        .filter(|clock| clock.id == id)
        .any(|clock| clock.log.entries().first().is_some_and(|start| start.at.date() >= day))
}

/// The moment a period begins that runs from a day: now when that is today.
pub fn on(day: Date, now: Instant) -> Instant {
    if day < now.date() { start_of_day(day) } else { now }
}

/// Starts a clock that does not run yet.
pub fn start(matter: &mut Matter, definition: &Clock, at: Instant) {
    let runs = |clock: &RunningClock| clock.id == definition.id && !clock.ended;
    if !matter.state.clocks.iter().any(runs) {
        matter.state.clocks.push(RunningClock {
            id: definition.id.clone(),
            rule: definition.rule.clone(),
            log: ClockLog::started(at),
            ended: false,
            alarms: Vec::new(),
        });
    }
}

/// Ends the open clocks of these names, so that they begin anew on entering a step.
pub fn end(matter: &mut Matter, ids: &[String], now: Instant) {
    for clock in matter.state.clocks.iter_mut().filter(|clock| !clock.ended && ids.contains(&clock.id)) {
        clock.ended = true;
        push(&mut clock.log, now, ClockOp::Meet);
    }
}

/// Extends an open clock.
pub fn extend(matter: &mut Matter, id: &str, (count, unit): (u32, Unit), now: Instant) {
    for clock in matter.state.clocks.iter_mut().filter(|clock| !clock.ended && clock.id == id) {
        push(&mut clock.log, now, ClockOp::Extend { count, unit, limit: None });
        // What was told of the old end is over with it.
        clock.alarms.clear();
    }
}

/// How often a clock that is open was extended; none when it does not run.
pub fn extensions(matter: &Matter, id: &str) -> Option<u32> {
    let clock = matter.state.clocks.iter().find(|clock| !clock.ended && clock.id == id)?;
    let extended = clock.log.entries().iter().filter(|entry| matches!(entry.op, ClockOp::Extend { .. }));
    u32::try_from(extended.count()).ok()
}

/// A log only grows forward; a clock of this machine that was set back must not stop a command.
fn push(log: &mut ClockLog, now: Instant, op: ClockOp) {
    let at = log.entries().last().map_or(now, |last| last.at.max(now));
    if let Err(error) = log.push(at, op) {
        tracing::error!(%error, "clock log");
    }
}

/// What the clocks say at a moment.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Earliest due day of the clocks that are not ended.
    pub due: Option<Date>,
    /// Earliest due day that rests on a law.
    pub statutory: Option<Date>,
    /// The due day lies in a year without official days off.
    pub provisional: bool,
    /// The clock that binds: its position in the state and its replay.
    pub binding: Option<(usize, Replayed)>,
    /// For the worklist.
    pub lamps: Lamps,
    /// The next moment at which the system has something to do.
    pub next_timer: Option<Instant>,
}

/// The limits of a clock: by its rule, the place of the matter and the day it started.
pub fn limits(register: &Register, matter: &Matter, clock: &RunningClock) -> Vec<Limit> {
    let started = clock.log.entries().first().map_or(matter.received_on, |entry| entry.at.date());
    register.catalog().limits(&clock.rule, matter.area, started)
}

/// Replays one clock; `None` where no limit holds.
pub fn replay(register: &Register, matter: &Matter, clock: &RunningClock) -> Option<Replayed> {
    let limits = limits(register, matter, clock);
    clock.log.replay(&limits, register.calendar(), YellowShare::USUAL).ok()
}

/// Replays the open clocks of a matter.
pub fn read(register: &Register, matter: &Matter, now: Instant) -> Reading {
    let mut reading = Reading::default();
    let mut paused = 0;
    let mut open = 0;
    for (index, clock) in matter.state.clocks.iter().enumerate().filter(|(_, clock)| !clock.ended) {
        let Some(replayed) = replay(register, matter, clock) else { continue };
        open += 1;
        if replayed.state(now) == ClockState::Paused {
            paused += 1;
        }
        if let Some(statutory) = replayed.statutory() {
            reading.statutory = Some(earliest(reading.statutory, statutory.due.due));
        }
        if let Some(at) = alarm(register, matter, clock, &replayed) {
            reading.next_timer = Some(earliest(reading.next_timer, at));
        }
        // A clock that stands still binds only when no other runs.
        let rank = |one: &Replayed| (one.paused_since().is_some(), one.red_at());
        if reading.binding.as_ref().is_none_or(|(_, best)| rank(&replayed) < rank(best)) {
            reading.binding = Some((index, replayed));
        }
    }
    for at in others(matter).into_iter().chain(super::standing::corrections_due(matter)) {
        reading.next_timer = Some(earliest(reading.next_timer, at));
    }
    if let Some((_, binding)) = &reading.binding {
        reading.due = Some(binding.due().due);
        reading.provisional = binding.provisional();
        reading.lamps.yellow_at = Some(binding.yellow_at());
        reading.lamps.red_at = Some(binding.red_at());
    }
    reading.lamps.paused = open > 0 && open == paused;
    reading.lamps.due = reading.due.map_or_else(|| NO_DUE.to_owned(), |due| due.to_string());
    reading
}

/// Days before a material that was to follow is due on which the applicant is reminded.
const REMIND_DAYS: i64 = 3;

/// How often the next in charge is told of one clock: the head of the office, then the bureau above.
pub const ALARMS: usize = 2;

/// When something happens because a clock runs out: its own action, or word to the next in charge.
pub fn alarm(
    register: &Register,
    matter: &Matter,
    clock: &RunningClock,
    replayed: &Replayed,
) -> Option<Instant> {
    let definition = matter.item.clock(&clock.id)?;
    if clock.log.is_paused() {
        return None;
    }
    if definition.on_expiry.is_some() {
        return Some(replayed.red_at());
    }
    if !definition.escalates || clock.alarms.len() >= ALARMS {
        return None;
    }
    match clock.alarms.last() {
        None => Some(replayed.red_at()),
        Some(told) => Some(after(register, matter, "office.attend", *told)),
    }
}

/// The end of a house limit that begins now.
pub fn after(register: &Register, matter: &Matter, rule: &str, from: Instant) -> Instant {
    let due = register
        .catalog()
        .limits(rule, matter.area, from.date())
        .into_iter()
        .filter_map(|limit| limit.period().ok()?.due(from.date(), register.calendar()).ok())
        .map(|due| due.due_at)
        .min();
    // A rule without a row would otherwise act for ever.
    due.unwrap_or_else(|| from.plus(jiff::SignedDuration::from_hours(72)))
}

/// When a material that was to follow is due, and when the applicant is reminded of it.
pub fn material_times(due: Date) -> (Instant, Instant) {
    let remind = due.checked_sub(jiff::Span::new().days(REMIND_DAYS)).unwrap_or(due);
    (start_of_day(remind), end_of_day(due))
}

/// What else the system must do in time: materials that were to follow, a hand-over that is not answered.
fn others(matter: &Matter) -> Vec<Instant> {
    if matter.final_ {
        return Vec::new();
    }
    let mut times: Vec<Instant> = matter
        .state
        .materials
        .iter()
        .filter(|mark| mark.state == crate::engine::state::MaterialState::Deferred)
        .filter_map(|mark| mark.due.map(|due| (mark.reminded, material_times(due))))
        .map(|(reminded, (remind, due))| if reminded { due } else { remind })
        .collect();
    times.extend(matter.state.hand_over.as_ref().map(|offer| offer.until));
    times
}

/// The lamp of a matter.
pub fn light(reading: &Reading, now: Instant) -> Light {
    Light::at(now, reading.lamps.paused, reading.lamps.yellow_at, reading.lamps.red_at)
}

/// What the clocks did at a moment, for the event: `decide:pause`.
pub fn moves_at(matter: &Matter, at: Instant) -> Vec<String> {
    matter
        .state
        .clocks
        .iter()
        .flat_map(|clock| {
            clock
                .log
                .entries()
                .iter()
                .filter(|entry| entry.at == at)
                .map(|entry| format!("{}:{}", clock.id, entry.op.as_str()))
        })
        .collect()
}

fn earliest<T: Ord>(known: Option<T>, found: T) -> T {
    match known {
        Some(known) => known.min(found),
        None => found,
    }
}
