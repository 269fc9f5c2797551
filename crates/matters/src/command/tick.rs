//! What time does: clocks that run out act as `system`, through the same write path as everybody.

use kernel::actor::{ActorId, Door, Role};
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::Map;

use super::commit::{self, Failed, Moved};
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::transition::{self, By};
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
        let mut moved = 0;
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

    /// Lets the first expired clock of a matter act; `false` when there was nothing to do.
    async fn expire(&self, number: MatterNumber, now: Instant) -> Result<bool, Refusal> {
        let mut matter = self.load_any(number).await?;
        let Some(action) = expired(self, &matter, now) else { return Ok(false) };
        let base = matter.version;
        let from = matter.step.clone();
        let Some(definition) = matter.item.action(&from, &action).cloned() else {
            tracing::error!(%number, action, step = from, "expiry action is not in this step");
            return Ok(false);
        };
        transition::act(&mut matter, &definition, By::default(), None, None, now);
        let moved = Moved {
            actor: ActorId::system(),
            role: Role::System,
            door: Door::Web,
            action,
            from: Some(from),
            task: None,
            office: None,
            input: Map::new(),
            chosen: None,
            at: now,
        };
        match commit::save(self, &matter, base, &moved, None, Lang::Zh).await {
            Ok(_) => Ok(true),
            // Somebody acted at the last moment; the next round looks again.
            Err(Failed::Raced) => Ok(false),
            Err(Failed::Refused(refusal)) => Err(*refusal),
        }
    }
}

fn expired(register: &Register, matter: &Matter, now: Instant) -> Option<String> {
    matter.state.clocks.iter().filter(|clock| !clock.ended && !clock.log.is_paused()).find_map(|clock| {
        let action = matter.item.clock(&clock.id)?.on_expiry.clone()?;
        let replayed = clocks::replay(register, matter, clock)?;
        (replayed.red_at() <= now).then_some(action)
    })
}
