//! Reminders of days that come near: each open task once for each due day.

use jiff::SignedDuration;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Changes, StoreError, sql};

use crate::room::Notices;

/// Most tasks looked at in one step; what is left comes with the next.
const MOST: u32 = 200;
/// How far back the first look goes, and the first after a long rest.
const BACK: SignedDuration = SignedDuration::from_hours(48);

impl Notices {
    /// Reminds of what turned yellow since the last look; gives how many tasks. The mark moves in the same
    /// transaction, so of two nodes only one tells.
    pub async fn remind_due(&self) -> Result<usize, StoreError> {
        let now = self.now();
        let mut reader = self.db().reader().await?;
        let mark: Option<(Instant,)> =
            sql("SELECT upto FROM notice_mark WHERE id = 1").optional(&mut reader).await?;
        let from = mark.map_or(now, |(upto,)| upto).max(now.plus(-BACK));
        let rows: Vec<(MatterNumber, String, Instant)> =
            sql("SELECT number, task, yellow_at FROM open_task \
             WHERE yellow_at > ? AND yellow_at <= ? AND paused = ? ORDER BY yellow_at, number, task LIMIT ?")
            .bind(from)
            .bind(now)
            .bind(false)
            .bind(MOST)
            .all(&mut reader)
            .await?;
        drop(reader);
        // A full page may end among tasks of one instant: they come again, and are told once all the same.
        let full = rows.len() == MOST as usize;
        let upto =
            rows.last().filter(|_| full).map_or(now, |(.., at)| at.plus(SignedDuration::from_micros(-1)));
        let upto = if upto > from { upto } else { now };
        let mut occasions = Vec::new();
        for (number, task, _) in &rows {
            occasions.extend(self.0.recipients.of_task(*number, task).await?);
        }
        let mut changes = Changes::new();
        changes.expect_one(
            sql("INSERT INTO notice_mark (id, upto) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET \
                 upto = excluded.upto WHERE notice_mark.upto = ?")
            .bind(upto)
            .bind(mark.map(|(upto,)| upto)),
            "notice mark",
        );
        changes.append(self.tell(&occasions, now).await?);
        match self.db().apply("remind", changes).await {
            Ok(()) => Ok(rows.len()),
            Err(StoreError::Conflict("notice mark")) => Ok(0),
            Err(error) => Err(error),
        }
    }
}
