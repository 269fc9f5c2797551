//! Recomputing everything from the tables: each matter's chain, the feed, the log and its root.
//!
//! Found are edits, gaps, foreign and missing events, another order, and cut-off ends. What one who can
//! write every table consistently may still do - rewrite all of it - shows against any signed head kept outside.

mod chain;
pub(crate) mod heads;
mod log;
mod report;
mod store;

use ::store::seal::Keyring;
use ::store::{Db, StoreError};
use kernel::chain::Digest;
use kernel::number::MatterNumber;

use crate::note::VerifierKey;
use crate::stamp::Anchors;

pub use heads::Kept;
pub use report::{Fault, FaultKind, Report};

/// What comes from outside the database.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// With the keys sealed parts are opened and held against their commitments too; those of matters whose key was
    /// destroyed stay closed.
    pub keyring: Option<&'a Keyring>,
    /// Heads somebody kept.
    pub kept: &'a [Kept],
    /// Keys of the log somebody kept; without any those of the database are believed.
    pub trusted: &'a [VerifierKey],
    /// Certificates of time-stamping authorities; without any, stamps are checked but not who made them.
    pub anchors: Option<&'a Anchors>,
}

/// Verifies one matter, or all of them and the whole log.
pub async fn verify(
    db: &Db,
    matter: Option<MatterNumber>,
    keyring: Option<&Keyring>,
) -> Result<Report, StoreError> {
    match matter {
        None => verify_whole(db, &Against { keyring, ..Against::default() }).await,
        Some(number) => {
            let mut report = Report::default();
            readable(chain::one(db, number, keyring, &mut report).await, &mut report)?;
            readable(log::of_matter(db, number, &mut report).await, &mut report)?;
            Ok(report)
        }
    }
}

/// Verifies every matter, the whole log and every signed head, also against what was kept outside.
pub async fn verify_whole(db: &Db, against: &Against<'_>) -> Result<Report, StoreError> {
    // Side by side: neither needs the other, and each waits for the disk now and then.
    let (mut report, mut logged) = (Report::default(), Report::default());
    let (chains, log) =
        tokio::join!(chain::all(db, against.keyring, &mut report), log::whole(db, against, &mut logged));
    readable(chains, &mut report)?;
    readable(log, &mut logged)?;
    report.faults.append(&mut logged.faults);
    Ok(Report { events: report.events, matters: report.matters, faults: report.faults, ..logged })
}

/// Holds a receipt's hash against the event it names; says whether the event exists.
pub async fn verify_receipt(
    db: &Db,
    number: MatterNumber,
    seq: i64,
    hash: &Digest,
) -> Result<Report, StoreError> {
    let mut report = verify(db, Some(number), None).await?;
    let mut reads = db.reader().await?;
    match store::event_hash(&mut reads, number.as_i64(), seq).await? {
        Some(found) if found == hash.as_bytes() => {}
        Some(_) => report.fault(
            FaultKind::Receipt,
            Some(number.as_i64()),
            Some(seq),
            None,
            "the event has another hash",
        ),
        None => {
            report.fault(
                FaultKind::Receipt,
                Some(number.as_i64()),
                Some(seq),
                None,
                "there is no such event",
            );
        }
    }
    Ok(report)
}

/// A value that cannot be read as what its column holds is damage, not a fault of the surroundings.
fn readable(result: Result<(), StoreError>, report: &mut Report) -> Result<(), StoreError> {
    match result {
        Err(fault @ StoreError::Column { .. }) => {
            report.fault(FaultKind::Unreadable, None, None, None, &fault.to_string());
            Ok(())
        }
        other => other,
    }
}
