//! Moving committed events from the outbox into the feed.

use std::time::Duration;

use jiff::SignedDuration;
use kernel::time::Instant;

use crate::changes::Changes;
use crate::db::Db;
use crate::error::StoreError;
use crate::lease::{self, Lease};
use crate::sql::sql;

/// Name of the lease.
const LEASE: &str = "feed";
/// Length of the lease. Short, because a node that was killed leaves it behind.
const TERM: Duration = Duration::from_secs(2);
/// Most events moved in one transaction.
const MOST: u32 = 1000;

/// Moves events while it holds the lease. Several may run; one works.
#[derive(Debug)]
pub struct Sequencer {
    holder: String,
    term: SignedDuration,
    lease: Option<Lease>,
}

impl Sequencer {
    /// A sequencer under a name of its own (a random one for each process).
    pub fn new(holder: impl Into<String>) -> Self {
        Self::with_term(holder, TERM)
    }

    /// With another length of lease, for tests.
    pub fn with_term(holder: impl Into<String>, term: Duration) -> Self {
        let term = SignedDuration::try_from(term).unwrap_or(SignedDuration::from_secs(2));
        Self { holder: holder.into(), term, lease: None }
    }

    /// Moves what lies in the outbox, up to a thousand events; gives how many. 0 also when another
    /// sequencer holds the lease. `now` is the machine's time, not that of the business.
    pub async fn step(&mut self, db: &Db, now: Instant) -> Result<u32, StoreError> {
        let mut reads = db.reader().await?;
        let (count,): (u32,) = sql("SELECT count(*) FROM (SELECT number FROM outbox LIMIT ?) AS waiting")
            .bind(MOST)
            .one(&mut reads)
            .await?;
        drop(reads);
        if count == 0 {
            return Ok(0);
        }
        let Some(epoch) = self.hold(db, now).await? else { return Ok(0) };
        let pos = super::head(&mut db.reader().await?).await?;
        match move_events(db, epoch, pos, count).await {
            Ok(()) => Ok(count),
            Err(StoreError::Conflict(_)) => {
                // Somebody with a later epoch has taken over; what we read may be moved already.
                self.lease = None;
                Ok(0)
            }
            Err(error) => Err(error),
        }
    }

    /// Gives the lease back.
    pub async fn release(&mut self, db: &Db, now: Instant) -> Result<(), StoreError> {
        match self.lease.take() {
            Some(lease) => lease::release(db, lease, now).await,
            None => Ok(()),
        }
    }

    /// The epoch of a lease that lasts at least half a term longer; taken or renewed when need be, so
    /// that an idle node writes nothing.
    async fn hold(&mut self, db: &Db, now: Instant) -> Result<Option<i64>, StoreError> {
        let until = now.plus(self.term);
        if let Some(lease) = &mut self.lease {
            if lease.until.since(now) > self.term / 2 {
                return Ok(Some(lease.epoch));
            }
            if lease.until > now {
                match lease::renew(db, lease, until).await {
                    Ok(()) => return Ok(Some(lease.epoch)),
                    Err(StoreError::LeaseLost(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            self.lease = None;
        }
        let Some(lease) = lease::take(db, LEASE, &self.holder, now, until).await? else { return Ok(None) };
        // From here on nobody with an earlier epoch can move anything.
        let epoch = lease.epoch;
        let mut fence = Changes::new();
        fence.expect_one(
            sql("UPDATE feed_head SET epoch = ? WHERE id = 1 AND epoch < ?").bind(epoch).bind(epoch),
            "feed fence",
        );
        match db.apply("fence feed", fence).await {
            Ok(()) => {
                self.lease = Some(lease);
                Ok(Some(epoch))
            }
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// One transaction that begins with the fence. The events are chosen inside it: on PostgreSQL more may
/// have come since they were counted, but none can have gone, for only the holder of the epoch takes.
async fn move_events(db: &Db, epoch: i64, pos: i64, count: u32) -> Result<(), StoreError> {
    let mut changes = Changes::new();
    changes.expect_one(
        sql("UPDATE feed_head SET pos = pos + ? WHERE id = 1 AND epoch = ? AND pos = ?")
            .bind(count)
            .bind(epoch)
            .bind(pos),
        "feed fence",
    );
    // Sorted by matter: of one matter's events the earlier always goes first, because the later one's
    // command began after the earlier one's commit.
    changes.expect(
        u64::from(count),
        sql("INSERT INTO feed (pos, number, seq) \
             SELECT ? + row_number() OVER (ORDER BY number, seq), number, seq \
             FROM (SELECT number, seq FROM outbox ORDER BY number, seq LIMIT ?) AS waiting")
        .bind(pos)
        .bind(count),
        "feed insert",
    );
    changes.expect(
        u64::from(count),
        sql("DELETE FROM outbox WHERE (number, seq) IN (SELECT number, seq FROM feed WHERE pos > ? AND pos <= ?)")
            .bind(pos)
            .bind(pos + i64::from(count)),
        "outbox",
    );
    db.apply("sequence events", changes).await
}
