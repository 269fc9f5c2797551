//! Signing the next head.

use std::fs;
use std::path::PathBuf;

use ::store::lease;
use ::store::seal::Keyring;
use ::store::{Changes, Db, ReadTx, Reads, StoreError};
use jiff::SignedDuration;
use kernel::chain::Digest;
use kernel::time::Instant;

use super::keys;
use super::model::Checkpoint;
use super::store::{self, CheckpointRow};
use crate::log;
use crate::note::{Note, VerifierKey};
use crate::tree;

/// Name of the lease: of several nodes one signs.
const LEASE: &str = "checkpoint";
/// Longer than signing takes; a node that died is followed after that.
const TERM: SignedDuration = SignedDuration::from_secs(30);

/// What signing needs beside the database.
#[derive(Debug, Clone, Default)]
pub struct Signing {
    /// Name of the log for its first keys; a random one when none is set.
    pub origin: Option<String>,
    /// Where the last head signed here is kept outside the database: a database set back to an earlier state would
    /// otherwise be signed a second time, differently.
    pub memory: Option<PathBuf>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A new head.
    Signed(CheckpointRow),
    /// The log is as it was at the last head.
    Nothing,
    /// Another node is at it.
    Elsewhere,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// Database or keys.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log has fewer leaves than were signed already.
    #[error(
        "the log has {now} leaves, but {signed} were signed in {whose}; nothing is signed before somebody has looked (huifa evidence verify)"
    )]
    Shrunk {
        /// Leaves now.
        now: u64,
        /// Leaves signed.
        signed: u64,
        /// Where that stands.
        whose: String,
    },
    /// The log does not begin with what was signed, or its own nodes do not fit.
    #[error(
        "the log does not continue what was signed in {0}; nothing is signed before somebody has looked (huifa evidence verify)"
    )]
    Fork(String),
    /// The last head cannot be read or its signature does not hold.
    #[error("{0}: {1}")]
    Unreadable(String, String),
    /// The log has a name already.
    #[error("the log is named {stands}, not {wished}: a name stays, what was signed under it names it")]
    Renamed {
        /// The name it has.
        stands: String,
        /// The name of the settings.
        wished: String,
    },
    /// The file beside the database could not be written.
    #[error("{0}: {1}")]
    Memory(String, std::io::Error),
}

/// Signs the log as it stands, when it grew since the last head or new keys took over. `holder` is the node's own name
/// for the lease, `now` the machine's time.
pub async fn sign(
    db: &Db,
    keyring: &Keyring,
    signing: &Signing,
    holder: &str,
    now: Instant,
) -> Result<Made, SigningError> {
    let Some(held) = lease::take(db, LEASE, holder, now, now.plus(TERM)).await? else {
        return Ok(Made::Elsewhere);
    };
    let made = next(db, keyring, signing, now).await;
    lease::release(db, held, now).await?;
    made
}

/// New keys: they sign the next head together with the old ones, whose secrets then go.
pub async fn rotate(
    db: &Db,
    keyring: &Keyring,
    signing: &Signing,
    now: Instant,
) -> Result<i64, SigningError> {
    let rows = keys::load_or_make(db, keyring, signing.origin.as_deref(), now.timestamp()).await?;
    let (last, origin) = rows.last().map_or((0, String::new()), |row| (row.id, row.origin.clone()));
    let mut changes = Changes::new();
    store::retire_keys(&mut changes, last, now.timestamp());
    for key in keys::pair(keyring, &origin, last + 1, now.timestamp())? {
        store::add_key(&mut changes, &key);
    }
    db.apply("change keys of the log", changes).await?;
    Ok(last + 1)
}

async fn next(db: &Db, keyring: &Keyring, signing: &Signing, now: Instant) -> Result<Made, SigningError> {
    let mut reads = db.snapshot().await?;
    let last = store::last(&mut reads).await?;
    let size = log::head(&mut reads).await?.peaks.size();
    let known = keys::verifiers(&mut reads).await?;
    // An installation nobody uses yet needs no keys.
    if size == 0 && known.is_empty() {
        return Ok(Made::Nothing);
    }
    drop(reads);
    let rows = keys::load_or_make(db, keyring, signing.origin.as_deref(), now.timestamp()).await?;
    let renewed = rows.iter().any(|row| row.retired_at.is_some() && row.data_key.is_some());
    let origin = rows.last().map(|row| row.origin.clone()).unwrap_or_default();
    if let Some(wished) = signing.origin.as_ref().filter(|wished| **wished != origin) {
        return Err(SigningError::Renamed { stands: origin, wished: wished.clone() });
    }

    let mut reads = db.snapshot().await?;
    let known = keys::verifiers(&mut reads).await?;
    let head = log::head(&mut reads).await?;
    let size = head.peaks.size();
    if log::root_at(&mut reads, size).await? != Some(head.root) || head.peaks.root() != head.root {
        return Err(SigningError::Fork("the log's own head".to_owned()));
    }
    if let Some(last) = &last {
        continues(&mut reads, &last.note, &known, size, &format!("checkpoint {}", last.seq)).await?;
    }
    if let Some(path) = &signing.memory
        && let Some(note) = recalled(path)?
    {
        continues(&mut reads, &note, &known, size, &path.display().to_string()).await?;
    }
    drop(reads);
    let grew = last.as_ref().is_none_or(|last| u64::try_from(last.size).is_ok_and(|last| last < size));
    if !(grew && size > 0 || renewed) {
        return Ok(Made::Nothing);
    }

    let text = Checkpoint { origin, size, root: head.root }.to_string();
    let row = CheckpointRow {
        seq: last.map_or(1, |last| last.seq + 1),
        at: now,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        root: head.root.to_vec(),
        note: Note::sign(text, &keys::signing(&rows, keyring)?).to_string(),
    };
    let mut changes = Changes::new();
    store::add(&mut changes, &row);
    store::forget_secrets(&mut changes);
    db.apply("sign the log", changes).await?;
    if let Some(path) = &signing.memory {
        remember(path, &row.note)?;
    }
    Ok(Made::Signed(row))
}

/// Whether the log, now of `size` leaves, begins with what a note of ours says.
async fn continues(
    reads: &mut ReadTx,
    note: &str,
    known: &[VerifierKey],
    size: u64,
    whose: &str,
) -> Result<(), SigningError> {
    let told = |fault: &dyn std::fmt::Display| SigningError::Unreadable(whose.to_owned(), fault.to_string());
    let note = Note::parse(note).map_err(|fault| told(&fault))?;
    let old = Checkpoint::from_note(&note, known).map_err(|fault| told(&fault))?;
    if old.size > size {
        return Err(SigningError::Shrunk { now: size, signed: old.size, whose: whose.to_owned() });
    }
    if old.size == 0 {
        return Ok(());
    }
    let found = log::consistency(reads, old.size, size).await?;
    let fits = found.is_some_and(|found| {
        tree::verify_consistency(old.size, size, &found.proof, &old.root, &found.to_root)
    });
    if fits { Ok(()) } else { Err(SigningError::Fork(whose.to_owned())) }
}

/// What was signed here last, as kept outside the database.
pub fn recall(path: &std::path::Path) -> Result<Option<String>, SigningError> {
    recalled(path)
}

fn recalled(path: &std::path::Path) -> Result<Option<String>, SigningError> {
    match fs::read_to_string(path) {
        Ok(note) => Ok(Some(note)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SigningError::Memory(path.display().to_string(), error)),
    }
}

/// Written beside and moved over, so that a cut leaves one or the other.
fn remember(path: &std::path::Path, note: &str) -> Result<(), SigningError> {
    let beside = path.with_extension("next");
    fs::write(&beside, note)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| SigningError::Memory(path.display().to_string(), error))
}

/// The newest head; none before the first.
pub async fn latest(reads: &mut impl Reads) -> Result<Option<CheckpointRow>, StoreError> {
    store::last(reads).await
}

/// The first head that covers a position of the log, from 1.
pub async fn covering(reads: &mut impl Reads, pos: i64) -> Result<Option<CheckpointRow>, StoreError> {
    store::first_of(reads, pos).await
}

impl CheckpointRow {
    /// Root as a digest; a damaged row gives that of nothing.
    pub fn digest(&self) -> Digest {
        Digest::from_slice(&self.root).unwrap_or(Digest::ZERO)
    }
}
