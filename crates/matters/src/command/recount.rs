//! Counting open clocks anew when the calendar has changed: a holiday notice was loaded.
//!
//! Clocks are replayed whenever they are read, so nothing can be wrong; what this does is tell: every matter whose
//! due day moved gets an event, its lists are put right, and a later day never comes in silence.

use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use sha2::{Digest as _, Sha256};
use store::{Changes, sql};

use super::commit::{self, Failed, Moved};
use crate::engine::clocks;
use crate::register::{Register, broken};

/// Matters looked at in one read.
const ROUND: i64 = 500;

impl Register {
    /// Counts every open matter anew when its clocks were counted with another calendar; gives how many moved.
    /// The same calendar costs one read.
    pub async fn recount(&self) -> Result<u64, Refusal> {
        let mark = mark(self.calendar().version());
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let known: Option<(i64,)> = sql("SELECT version FROM reference_version WHERE family = 'calendar'")
            .optional(&mut reader)
            .await
            .map_err(|error| broken("calendar", &error))?;
        drop(reader);
        if known == Some((mark,)) {
            return Ok(0);
        }
        let mut moved = 0;
        let mut after = 0_i64;
        loop {
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            let open: Vec<(MatterNumber,)> =
                sql("SELECT DISTINCT number FROM open_task WHERE number > ? ORDER BY number LIMIT ?")
                    .bind(after)
                    .bind(ROUND)
                    .all(&mut reader)
                    .await
                    .map_err(|error| broken("open matters", &error))?;
            drop(reader);
            let Some((last,)) = open.last() else { break };
            after = last.as_i64();
            for (number,) in open {
                moved += u64::from(self.recount_one(number).await?);
            }
        }
        let mut changes = Changes::new();
        changes.push(sql("UPDATE reference_version SET version = ? WHERE family = 'calendar'").bind(mark));
        self.db().apply("calendar counted", changes).await.map_err(|error| broken("calendar", &error))?;
        Ok(moved)
    }

    async fn recount_one(&self, number: MatterNumber) -> Result<bool, Refusal> {
        // Whoever acts in between has counted with the new calendar: then there is nothing left to tell.
        for _ in 0..3 {
            let now = self.now();
            let matter = self.load_any(number).await?;
            let due = clocks::read(self, &matter, now).due;
            if matter.final_ || due == matter.state.told {
                return Ok(false);
            }
            let moved = Moved {
                notify: vec![Role::Applicant],
                ..Moved::by_system("clock-recomputed", &matter.step, now)
            };
            match commit::save(self, &matter, matter.version, &moved, None, Lang::Zh).await {
                Ok(_) => return Ok(true),
                Err(Failed::Raced) => {}
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
        Ok(false)
    }
}

/// A calendar's version as a number, never 0.
fn mark(version: &str) -> i64 {
    let digest = Sha256::digest(version.as_bytes());
    // Versions of the reference tables are added up elsewhere: far from where a sum would overflow.
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&digest[..4]);
    i64::from(u32::from_be_bytes(bytes)).max(1)
}
