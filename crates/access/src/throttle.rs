//! Limits that hold over all nodes: hits of a subject within a window, one row a subject.

use jiff::SignedDuration;
use kernel::time::Instant;
use store::{Db, Reads, StoreError, WriteTx, sql};

/// A limit: at most `most` hits within `window`.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Name of the bucket (`login`, `code.phone`, …).
    pub bucket: &'static str,
    /// Hits allowed.
    pub most: u32,
    /// Length of the window, which begins with its first hit.
    pub window: SignedDuration,
}

impl Limit {
    /// Seconds until a subject may try again; `None` when it may now.
    pub async fn wait(
        &self,
        reads: &mut impl Reads,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<Option<i64>, StoreError> {
        let row: Option<(i64, jiff::Timestamp)> = sql(
            "SELECT hits, window_start FROM throttle WHERE bucket = ? AND subject = ? AND window_start > ?",
        )
        .bind(self.bucket)
        .bind(subject)
        .bind(self.oldest(now))
        .optional(reads)
        .await?;
        Ok(row.filter(|(hits, _)| *hits >= i64::from(self.most)).map(|(_, start)| {
            let ends = Instant::new(start).plus(self.window);
            ends.since(now).as_secs().max(0) + 1
        }))
    }

    /// Hits in the window now.
    pub async fn hits(
        &self,
        reads: &mut impl Reads,
        subject: &[u8; 32],
        now: Instant,
    ) -> Result<i64, StoreError> {
        let row: Option<(i64,)> =
            sql("SELECT hits FROM throttle WHERE bucket = ? AND subject = ? AND window_start > ?")
                .bind(self.bucket)
                .bind(subject)
                .bind(self.oldest(now))
                .optional(reads)
                .await?;
        Ok(row.map_or(0, |(hits,)| hits))
    }

    /// Counts one hit; answers how many there are in the window now.
    pub async fn hit(&self, db: &Db, subject: [u8; 32], now: Instant) -> Result<i64, StoreError> {
        let limit = *self;
        db.write("count hit", move |tx| Box::pin(async move { limit.hit_in(tx, &subject, now).await })).await
    }

    async fn hit_in(self, tx: &mut WriteTx, subject: &[u8; 32], now: Instant) -> Result<i64, StoreError> {
        let oldest = self.oldest(now);
        let (hits,): (i64,) = sql("INSERT INTO throttle (bucket, subject, window_start, hits)")
            .then(" VALUES (?, ?, ?, 1) ON CONFLICT (bucket, subject) DO UPDATE SET")
            .bind(self.bucket)
            .bind(subject)
            .bind(now.timestamp())
            .then(" hits = CASE WHEN throttle.window_start > ? THEN throttle.hits + 1 ELSE 1 END,")
            .bind(oldest)
            .then(" window_start = CASE WHEN throttle.window_start > ?")
            .bind(oldest)
            .then(" THEN throttle.window_start ELSE excluded.window_start END RETURNING hits")
            .one(tx)
            .await?;
        Ok(hits)
    }

    /// Forgets the hits of a subject (it has proved itself).
    pub async fn clear(&self, db: &Db, subject: [u8; 32]) -> Result<(), StoreError> {
        let mut changes = store::Changes::new();
        changes.push(
            sql("DELETE FROM throttle WHERE bucket = ? AND subject = ?").bind(self.bucket).bind(subject),
        );
        db.apply("clear hits", changes).await
    }

    fn oldest(&self, now: Instant) -> jiff::Timestamp {
        now.plus(-self.window).timestamp()
    }
}

/// Counts a hit of each limit in turn, in one transaction; stops at the first that is exceeded and answers it, so
/// that those after it are not used up.
pub async fn hit_all(
    db: &Db,
    limits: Vec<(Limit, [u8; 32])>,
    now: Instant,
) -> Result<Option<(Limit, [u8; 32])>, StoreError> {
    db.write("count hits", move |tx| {
        let limits = limits.clone();
        Box::pin(async move {
            for (limit, subject) in limits {
                if limit.hit_in(tx, &subject, now).await? > i64::from(limit.most) {
                    return Ok(Some((limit, subject)));
                }
            }
            Ok::<_, StoreError>(None)
        })
    })
    .await
}
