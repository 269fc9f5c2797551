//! Named leases: one node at a time does a thing, and the epoch tells its work from that of the one
//! before.

use jiff::SignedDuration;
use kernel::time::Instant;

use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

/// A lease held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is leased.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// Grows with every change of hands. Write it into what the lease protects, and compare.
    pub epoch: i64,
    /// When it ends unless renewed.
    pub until: Instant,
}

/// No lease is taken for longer. One that seems to last longer was written by a clock that has been set back since,
/// and holds nobody off.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// Takes the lease when it is free or has ended by `now`. `None` when somebody holds it.
pub async fn take(
    db: &Db,
    name: &str,
    holder: &str,
    now: Instant,
    until: Instant,
) -> Result<Option<Lease>, StoreError> {
    let (name, holder) = (name.to_owned(), holder.to_owned());
    let taken: Option<(i64,)> = db
        .write("take lease", {
            let (name, holder) = (name.clone(), holder.clone());
            move |tx| {
                let statement = sql("INSERT INTO lease (name, holder, epoch, until) VALUES (?, ?, 1, ?) \
                     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = lease.epoch + 1, \
                     until = excluded.until WHERE lease.until <= ? OR lease.until > ? RETURNING epoch")
                .bind(&name)
                .bind(&holder)
                .bind(until)
                .bind(now)
                .bind(now.plus(LONGEST));
                Box::pin(async move { statement.optional(tx).await })
            }
        })
        .await?;
    Ok(taken.map(|(epoch,)| Lease { name, holder, epoch, until }))
}

/// Lengthens a lease. [`StoreError::LeaseLost`] when it has changed hands.
pub async fn renew(db: &Db, lease: &mut Lease, until: Instant) -> Result<(), StoreError> {
    let statement = sql("UPDATE lease SET until = ? WHERE name = ? AND epoch = ? AND holder = ?")
        .bind(until)
        .bind(&lease.name)
        .bind(lease.epoch)
        .bind(&lease.holder);
    if touch(db, "renew lease", statement).await? == 1 {
        lease.until = until;
        Ok(())
    } else {
        Err(StoreError::LeaseLost(lease.name.clone()))
    }
}

/// Gives a lease back, so that the next node need not wait. Nothing happens when it was lost already.
pub async fn release(db: &Db, lease: Lease, now: Instant) -> Result<(), StoreError> {
    let statement = sql("UPDATE lease SET until = ? WHERE name = ? AND epoch = ? AND holder = ?")
        .bind(now)
        .bind(&lease.name)
        .bind(lease.epoch)
        .bind(&lease.holder);
    touch(db, "release lease", statement).await.map(|_| ())
}

async fn touch(db: &Db, name: &'static str, statement: crate::sql::Sql) -> Result<u64, StoreError> {
    db.write(name, move |tx| {
        let statement = statement.clone();
        Box::pin(async move { statement.execute(tx).await })
    })
    .await
}
