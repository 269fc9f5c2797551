//! Failed tries in a row: each further one waits longer, and at last the login is locked. Counted for what was
//! typed, known or not, over all nodes; told alike for both.

use kernel::time::Instant;
use store::seal::Keyring;
use store::{Db, Sql, StoreError, sql};

use crate::room::Access;

/// Bucket of failed tries in a row; `window_start` is the last of them, and a day of quiet forgets them.
pub(crate) const IN_A_ROW: &str = "login.row";
/// Bucket of failed tries within a minute.
pub(crate) const IN_A_MINUTE: &str = "login";

/// What tries of a login are counted under.
pub(crate) fn subject(keyring: &Keyring, login: &str) -> Result<[u8; 32], StoreError> {
    keyring.mac("throttle", login.as_bytes())
}

/// Forgets the failed tries of a login.
pub(crate) fn forget(subject: &[u8; 32]) -> [Sql; 2] {
    [IN_A_ROW, IN_A_MINUTE]
        .map(|bucket| sql("DELETE FROM throttle WHERE bucket = ? AND subject = ?").bind(bucket).bind(subject))
}

/// Counts a failed try; answers how many there are in a row.
async fn count(db: &Db, subject: [u8; 32], now: Instant) -> Result<i64, StoreError> {
    db.write("count failed sign-in", move |tx| {
        Box::pin(async move {
            let (hits,): (i64,) = sql("INSERT INTO throttle (bucket, subject, window_start, hits)")
                .then(" VALUES (?, ?, ?, 1) ON CONFLICT (bucket, subject) DO UPDATE SET")
                .bind(IN_A_ROW)
                .bind(subject)
                .bind(now.timestamp())
                .then(" hits = throttle.hits + 1, window_start = excluded.window_start RETURNING hits")
                .one(tx)
                .await?;
            Ok(hits)
        })
    })
    .await
}

impl Access {
    /// Seconds until the next try for this subject; `None` when it may be now.
    pub(crate) async fn sign_in_wait(
        &self,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<Option<i64>, StoreError> {
        let Some(limit) = self.login_limit() else { return Ok(None) };
        let mut reader = self.db.reader().await?;
        let minute = limit.wait(&mut reader, subject, now).await?;
        let row: Option<(i64, jiff::Timestamp)> =
            sql("SELECT hits, window_start FROM throttle WHERE bucket = ? AND subject = ?")
                .bind(IN_A_ROW)
                .bind(subject)
                .optional(&mut reader)
                .await?;
        let row = row.and_then(|(hits, last)| {
            let ends = Instant::new(last).plus(self.rules.wait_after(hits));
            let left = ends.since(now);
            left.is_positive().then(|| (left + jiff::SignedDuration::from_millis(999)).as_secs())
        });
        Ok(minute.max(row))
    }

    /// Counts a failed try; answers whether it was the one that locks.
    pub(crate) async fn sign_in_failed(&self, subject: [u8; 32], now: Instant) -> Result<bool, StoreError> {
        let Some(limit) = self.login_limit() else { return Ok(false) };
        limit.hit(&self.db, subject, now).await?;
        let hits = count(&self.db, subject, now).await?;
        Ok(hits == i64::from(self.rules.tries_before_lock))
    }
}
