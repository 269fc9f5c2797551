//! Recomputing everything from the tables: each matter's chain, the feed, the log and its root.
//!
//! Found are edits, gaps, foreign and missing events, another order, and cut-off ends. What one who can
//! write every table consistently may still do - rewrite all of it - shows against any root kept outside.

mod chain;
mod log;
mod report;
mod store;

use ::store::seal::Keyring;
use ::store::{Db, StoreError};
use kernel::chain::Digest;
use kernel::number::MatterNumber;

pub use report::{Fault, FaultKind, Report};

/// Verifies one matter, or all of them and the whole log. With `keys` the sealed parts are opened and held
/// against their commitments too; those of matters whose key was destroyed stay closed.
pub async fn verify(
    db: &Db,
    matter: Option<MatterNumber>,
    keys: Option<&Keyring>,
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    if let Some(number) = matter {
        readable(chain::one(db, number, keys, &mut report).await, &mut report)?;
        readable(log::of_matter(db, number, &mut report).await, &mut report)?;
    } else {
        readable(chain::all(db, keys, &mut report).await, &mut report)?;
        readable(log::whole(db, &mut report).await, &mut report)?;
    }
    Ok(report)
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
