//! The clocks of a matter: moved by entering steps, read by replaying their logs.

use catalog::item::{ClockStart, Step};
use jiff::civil::Date;
use kernel::clock::{ClockLog, ClockOp, ClockState, Light, Limit, Replayed, YellowShare};
use kernel::time::{Instant, start_of_day};

use super::matter::Matter;
use super::state::RunningClock;
use crate::register::Register;
use crate::store::Lamps;

/// Due day of tasks without a limit, so that they sort last.
pub const NO_DUE: &str = "9999-12-31";

/// Starts, pauses, resumes and ends clocks on entering a step: a clock runs in its `runs_in`, stands still in
/// its `paused_in`, and is met by entering any other step.
pub fn enter(matter: &mut Matter, step: &Step, now: Instant) {
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
                let opened = definition.starts == ClockStart::Opened && !started_before;
                let at = if opened && matter.received_on < now.date() {
                    start_of_day(matter.received_on)
                } else {
                    now
                };
                matter.state.clocks.push(RunningClock {
                    id: definition.id.clone(),
                    rule: definition.rule.clone(),
                    log: ClockLog::started(at),
                    ended: false,
                });
            }
            None => {}
        }
    }
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
    /// Earliest expiry with an action by the system.
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
        let expires = matter.item.clock(&clock.id).is_some_and(|definition| definition.on_expiry.is_some());
        if expires && !clock.log.is_paused() {
            reading.next_timer = Some(earliest(reading.next_timer, replayed.red_at()));
        }
        // A clock that stands still binds only when no other runs.
        let rank = |one: &Replayed| (one.paused_since().is_some(), one.red_at());
        if reading.binding.as_ref().is_none_or(|(_, best)| rank(&replayed) < rank(best)) {
            reading.binding = Some((index, replayed));
        }
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
