//! What time does: clocks that run out act as `system`, through the same write path as everybody.

use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;

use super::commit::{self, Failed, Moved};
use super::many::Above;
use super::pass;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::standing::{self, ATTEND};
use crate::engine::state::MaterialState;
use crate::engine::transition::{self, By, With};
use crate::register::{Register, broken};
use crate::store as table;

/// How long an idempotency key is remembered.
const KEYS_KEPT_DAYS: i64 = 7;

/// Matters one round looks at.
const ROUND: i64 = 200;

impl Register {
    /// Does everything that is due by now; gives how many matters moved.
    pub async fn tick(&self) -> Result<u64, Refusal> {
        let now = self.now();
        self.link_back(now).await?;
        let mut moved = self.hand_on_of_absent(now).await?;
        loop {
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            let due =
                table::timers_due(&mut reader, now, ROUND).await.map_err(|error| broken("timers", &error))?;
            drop(reader);
            let mut here = 0;
            for number in due {
                here += u64::from(self.expire(number, now).await?);
            }
            moved += here;
            if here == 0 {
                return Ok(moved);
            }
        }
    }

    /// Forgets answers kept for idempotency keys after their time.
    pub async fn sweep(&self) -> Result<(), Refusal> {
        let before = self.now().plus(jiff::SignedDuration::from_hours(-24 * KEYS_KEPT_DAYS));
        let mut changes = store::Changes::new();
        changes.push(table::forget_action_keys(before));
        changes.push(table::forget_intake_keys(before));
        changes.push(table::forget_code_tries(self.now().plus(jiff::SignedDuration::from_hours(-1))));
        self.db().apply("sweep keys", changes).await.map_err(|error| broken("sweep keys", &error))
    }

    /// Does the first thing that is due on a matter; `false` when there was nothing to do.
    async fn expire(&self, number: MatterNumber, now: Instant) -> Result<bool, Refusal> {
        let mut matter = self.load_any(number).await?;
        let Some(due) = due(self, &matter, now) else { return Ok(false) };
        let base = matter.version;
        let from = matter.step.clone();
        let held = commit::holders(&matter);
        let (action, notify) = match due {
            Due::Expiry(action) => {
                let Some(definition) = matter.item.action(&from, &action).cloned() else {
                    tracing::error!(%number, action, step = from, "expiry action is not in this step");
                    return Ok(false);
                };
                let with = With { facts: self.facts_of(&matter)?, ..With::default() };
                transition::act(&mut matter, &definition, By::default(), None, &with, now);
                (action, definition.notify)
            }
            Due::Alarm(clock) => {
                self.alarm(&mut matter, clock, now).await?;
                ("escalate".to_owned(), Vec::new())
            }
            Due::Remind(material) => {
                matter.state.materials[material].reminded = true;
                ("remind-material".to_owned(), vec![Role::Applicant])
            }
            Due::Overdue(material) => {
                let mark = &mut matter.state.materials[material];
                mark.state = MaterialState::Missing;
                mark.due = None;
                let about = mark.id.clone();
                let (office, role) = transition::reception(&matter);
                standing::open(&mut matter, ATTEND, (role, Some(office), None), Some(about), now);
                ("material-overdue".to_owned(), vec![Role::Applicant])
            }
            Due::Correction(task) => {
                matter.state.tasks[task].alarmed = true;
                let (office, role) = transition::reception(&matter);
                let chief = self.head_of(&office).await?.unwrap_or(role);
                let about = Some(standing::CORRECT.to_owned());
                standing::open(&mut matter, ATTEND, (chief, Some(office), None), about, now);
                ("correction-late".to_owned(), vec![Role::Applicant])
            }
            Due::HandOver => {
                pass::refuse(&mut matter);
                ("refuse-hand-over".to_owned(), Vec::new())
            }
        };
        let moved = Moved { notify, held, ..Moved::by_system(&action, &from, now) };
        match commit::save(self, &matter, base, &moved, None, Lang::Zh).await {
            Ok(_) => Ok(true),
            // Somebody acted at the last moment; the next round looks again.
            Err(Failed::Raced) => Ok(false),
            Err(Failed::Refused(refusal)) => Err(*refusal),
        }
    }

    /// Who answers for an office, when anybody holds that role there.
    async fn head_of(&self, office: &str) -> Result<Option<Role>, Refusal> {
        let offices = self.offices().await?;
        let Some(head) = offices.get(office).map(|office| pass::head_role(&office.kind)) else {
            return Ok(None);
        };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let heads = access::account::store::holders(&mut reader, head, office)
            .await
            .map_err(|error| broken("heads", &error))?;
        Ok((!heads.is_empty()).then_some(head))
    }

    /// Tells the next in charge that a clock has run out: first the head of the office, then, or when nobody
    /// there holds that office, the bureau above.
    async fn alarm(&self, matter: &mut Matter, clock: usize, now: Instant) -> Result<(), Refusal> {
        let first = matter.state.clocks[clock].alarms.is_empty();
        let to = self.in_charge(matter, if first { Above::Office } else { Above::Bureau }).await?;
        let about = matter.state.clocks[clock].id.clone();
        matter.state.clocks[clock].alarms.push(now);
        standing::open(matter, ATTEND, to, Some(about), now);
        Ok(())
    }
}

/// Something that time brings about.
enum Due {
    /// A clock ran out and has an action of its own.
    Expiry(String),
    /// A clock ran out and nothing happens by itself: position of the clock.
    Alarm(usize),
    /// A material that was to follow is due soon: its position.
    Remind(usize),
    /// It did not come: its position.
    Overdue(usize),
    /// A hand-over was not answered.
    HandOver,
    /// A correction was not answered in time: the position of its task.
    Correction(usize),
}

fn due(register: &Register, matter: &Matter, now: Instant) -> Option<Due> {
    let running = matter.state.clocks.iter().enumerate().filter(|(_, clock)| !clock.ended);
    for (position, clock) in running {
        let Some(replayed) = clocks::replay(register, matter, clock) else { continue };
        if clocks::alarm(register, matter, clock, &replayed).is_some_and(|at| at <= now) {
            let action = matter.item.clock(&clock.id).and_then(|definition| definition.on_expiry.clone());
            return Some(action.map_or(Due::Alarm(position), Due::Expiry));
        }
    }
    if let Some(task) = standing::late_correction(matter, now) {
        return Some(Due::Correction(task));
    }
    if matter.final_ {
        return None;
    }
    if matter.state.hand_over.as_ref().is_some_and(|offer| offer.until <= now) {
        return Some(Due::HandOver);
    }
    matter.state.materials.iter().enumerate().find_map(|(position, mark)| {
        let due = mark.due.filter(|_| mark.state == MaterialState::Deferred)?;
        let (remind, over) = clocks::material_times(due);
        if mark.reminded {
            (over <= now).then_some(Due::Overdue(position))
        } else {
            (remind <= now).then_some(Due::Remind(position))
        }
    })
}
