//! What an outside verifier needs, as files: no database, no key, no personal data.
//!
//! `events.jsonl` has a line for each leaf of the log, in order: `{"alg","event","hash","pos"}`, where `event`
//! is the canonical JSON (RFC 8785) the hash covers. `head.json` is `{"size","root"}`. `checkpoints.jsonl` has a line
//! for each signed head, `{"at","note","seq","stamps"?}`, `checkpoint` is the newest note, `keys.txt` has the log's public keys,
//! one a line. [`verify_export`] checks it all, and so does `e2e/verifier`, which shares no code with this.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use ::store::{Db, Json, StoreError, record, sql};
use kernel::chain::{self, ALGORITHM, ChainFault, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bundle::BundleStamp;
use crate::checkpoint;
use crate::log;
use crate::note::VerifierKey;
use crate::stamp;
use crate::tree::{Peaks, empty_root, leaf_hash};
use crate::verify::heads::Heads;
use crate::verify::{FaultKind, Kept, Report};

const EVENTS: &str = "events.jsonl";
const HEAD: &str = "head.json";
const CHECKPOINTS: &str = "checkpoints.jsonl";
const CHECKPOINT: &str = "checkpoint";
const KEYS: &str = "keys.txt";
/// Leaves in one read.
const PAGE: u32 = 1000;

/// Why an export could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Disk.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// The folder holds something already.
    #[error("{0} is not empty")]
    NotEmpty(String),
    /// An event that has no canonical form.
    #[error(transparent)]
    Chain(#[from] ChainFault),
}

/// `head.json`.
#[derive(Debug, Serialize, Deserialize)]
struct HeadFile {
    size: u64,
    root: Digest,
}

/// A line of `events.jsonl`.
#[derive(Debug, Deserialize)]
struct Line {
    pos: u64,
    alg: String,
    hash: Digest,
    event: Value,
}

/// A line of `checkpoints.jsonl`.
#[derive(Debug, Serialize, Deserialize)]
struct HeadLine {
    at: Instant,
    note: String,
    seq: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stamps: Vec<BundleStamp>,
}

/// What chains an event to its neighbours.
#[derive(Debug, Deserialize)]
struct Linked {
    number: MatterNumber,
    seq: i64,
    prev: Digest,
}

record! {
    /// A logged event.
    #[derive(Debug)]
    struct Logged {
        pos: i64,
        number: MatterNumber,
        seq: i64,
        at: Instant,
        actor: String,
        action: String,
        alg: String,
        public: Json<Value>,
        commitment: [u8; 32],
        prev: [u8; 32],
        hash: [u8; 32],
    }
}

/// Writes the log as it stands into an empty or new folder; gives the number of events.
pub async fn export(db: &Db, folder: &Path) -> Result<u64, ExportError> {
    let at = |error: io::Error| ExportError::File(folder.display().to_string(), error);
    fs::create_dir_all(folder).map_err(at)?;
    if fs::read_dir(folder).map_err(at)?.next().is_some() {
        return Err(ExportError::NotEmpty(folder.display().to_string()));
    }
    let head = log::head(&mut db.reader().await?).await?;
    let size = head.peaks.size();
    let mut out = BufWriter::new(File::create(folder.join(EVENTS)).map_err(at)?);
    let (mut from, to) = (0, i64::try_from(size).unwrap_or(i64::MAX));
    let mut written = 0;
    loop {
        let page = logged(db, from, to).await?;
        let Some(last) = page.last() else { break };
        from = last.pos;
        for event in &page {
            let line = line(event)?;
            out.write_all(&line).map_err(at)?;
            written += 1;
        }
    }
    out.flush().map_err(at)?;
    let head = serde_json::to_string(&HeadFile { size, root: head.root })
        .map_err(|error| ChainFault::Canonical(error.to_string()))?;
    fs::write(folder.join(HEAD), head + "\n").map_err(at)?;
    export_heads(db, folder, to).await?;
    Ok(written)
}

/// The signed heads of no more leaves than were written, and the keys.
async fn export_heads(db: &Db, folder: &Path, size: i64) -> Result<(), ExportError> {
    let at = |error: io::Error| ExportError::File(folder.display().to_string(), error);
    let mut reads = db.snapshot().await?;
    let keys = checkpoint::keys::published(&mut reads).await?;
    if keys.is_empty() {
        return Ok(());
    }
    let keys: String = keys.into_iter().map(|key| key.key + "\n").collect();
    fs::write(folder.join(KEYS), keys).map_err(at)?;
    let mut out = BufWriter::new(File::create(folder.join(CHECKPOINTS)).map_err(at)?);
    let (mut seq, mut newest) = (0, None);
    loop {
        let page = checkpoint::store::after(&mut reads, seq, PAGE).await?;
        let Some(last) = page.last() else { break };
        seq = last.seq;
        for row in page.into_iter().filter(|row| row.size <= size) {
            let stamps = stamp::of_checkpoint(&mut reads, row.seq).await?;
            let stamps = stamps.into_iter().map(BundleStamp::from).collect();
            let line = HeadLine { at: row.at, note: row.note, seq: row.seq, stamps };
            out.write_all(&chain::canonical(&line)?).and_then(|()| out.write_all(b"\n")).map_err(at)?;
            newest = Some(line.note);
        }
    }
    out.flush().map_err(at)?;
    newest.map_or(Ok(()), |note| fs::write(folder.join(CHECKPOINT), note).map_err(at))
}

async fn logged(db: &Db, from: i64, to: i64) -> Result<Vec<Logged>, StoreError> {
    sql("SELECT l.pos, e.number, e.seq, e.at, e.actor, e.action, e.alg, e.public, e.commitment, e.prev, e.hash \
         FROM log_leaf l JOIN event e ON e.number = l.number AND e.seq = l.seq \
         WHERE l.pos > ? AND l.pos <= ? ORDER BY l.pos LIMIT ?")
    .bind(from)
    .bind(to)
    .bind(PAGE)
    .all(&mut db.reader().await?)
    .await
}

/// The event is written in its canonical form, byte for byte what is hashed.
fn line(event: &Logged) -> Result<Vec<u8>, ExportError> {
    let canonical = chain::event_canonical(&EventParts {
        number: event.number,
        seq: event.seq,
        at: event.at,
        actor: &event.actor,
        action: &event.action,
        public: &event.public.0,
        commit: Digest::new(event.commitment),
        prev: Digest::new(event.prev),
    })?;
    let alg = chain::canonical(&event.alg)?;
    let mut line = b"{\"alg\":".to_vec();
    line.extend(alg);
    line.extend(b",\"event\":");
    line.extend(canonical);
    line.extend(format!(",\"hash\":\"{}\",\"pos\":{}}}\n", Digest::new(event.hash), event.pos).bytes());
    Ok(line)
}

/// The keys of an export.
pub fn exported_keys(folder: &Path) -> Result<Vec<VerifierKey>, ExportError> {
    let told = optional(folder, KEYS)?.unwrap_or_default();
    Ok(told.lines().filter_map(|line| line.parse().ok()).collect())
}

fn optional(folder: &Path, name: &str) -> Result<Option<String>, ExportError> {
    match fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ExportError::File(folder.join(name).display().to_string(), error)),
    }
}

/// The signed heads of an export and those kept elsewhere, waiting for their leaves.
fn exported_heads(
    folder: &Path,
    trusted: &[VerifierKey],
    kept: &[Kept],
    report: &mut Report,
) -> Result<Heads, ExportError> {
    let mut heads = Heads::default();
    let inside = exported_keys(folder)?;
    let say =
        |report: &mut Report, detail: &str| report.fault(FaultKind::Checkpoint, None, None, None, detail);
    for key in trusted.iter().filter(|key| !inside.contains(key)) {
        say(report, &format!("keys.txt does not have the key {key}"));
    }
    let known = if trusted.is_empty() { &inside[..] } else { trusted };
    let mut newest = None;
    for (line, seq) in optional(folder, CHECKPOINTS)?.unwrap_or_default().lines().zip(1..) {
        let Ok(line) = serde_json::from_str::<HeadLine>(line) else {
            say(report, &format!("line {seq} of {CHECKPOINTS} is no checkpoint"));
            continue;
        };
        if line.seq != seq {
            say(report, &format!("checkpoint {seq} is missing"));
        }
        // With keys from outside those are asked; a head from before or after their time is checked by the others.
        let whose = format!("checkpoint {}", line.seq);
        heads.signed(&whose, &line.note, &inside, report);
        for stamp in &line.stamps {
            if let Err(why) = stamp.check(&line.note, None) {
                let detail = format!("{whose}, {}: {why}", stamp.authority);
                report.fault(FaultKind::Stamp, None, None, None, &detail);
            }
        }
        newest = Some(line.note);
    }
    if optional(folder, CHECKPOINT)? != newest {
        say(report, "the newest checkpoint is not the last of the list");
    }
    match &newest {
        Some(note) if !trusted.is_empty() => {
            heads.kept("checkpoint", note, known, report);
        }
        None if !trusted.is_empty() => say(report, "there is no signed head"),
        _ => {}
    }
    for kept in kept {
        heads.kept(&kept.whose, &kept.note, known, report);
    }
    Ok(heads)
}

/// Recomputes an export: every hash, every chain, the order, the root, every signed head. With `trusted` keys the
/// newest head must be signed by one of them; without, those inside are taken, which proves nothing about who signed.
pub fn verify_export(folder: &Path, trusted: &[VerifierKey], kept: &[Kept]) -> Result<Report, ExportError> {
    let at = |name: &str| {
        let path = folder.join(name).display().to_string();
        move |error: io::Error| ExportError::File(path, error)
    };
    let mut report = Report::default();
    let head: Option<HeadFile> =
        serde_json::from_str(&fs::read_to_string(folder.join(HEAD)).map_err(at(HEAD))?).ok();
    let file = File::open(folder.join(EVENTS)).map_err(at(EVENTS))?;
    let mut heads = exported_heads(folder, trusted, kept, &mut report)?;
    let mut peaks = Peaks::default();
    heads.reached(0, empty_root, &mut report);
    let mut chains: HashMap<MatterNumber, (i64, Digest)> = HashMap::new();
    for text in BufReader::new(file).lines() {
        let text = text.map_err(at(EVENTS))?;
        let pos = i64::try_from(peaks.size() + 1).ok();
        let parts = serde_json::from_str::<Line>(&text).ok().and_then(|line| {
            let linked = serde_json::from_value::<Linked>(line.event.clone()).ok()?;
            let canonical = chain::canonical(&line.event).ok()?;
            Some((line, linked, canonical))
        });
        report.events += 1;
        let Some((line, linked, canonical)) = parts else {
            report.fault(FaultKind::Unreadable, None, None, pos, "the line is no event");
            peaks.append(Digest::ZERO);
            heads.reached(peaks.size(), || peaks.root(), &mut report);
            continue;
        };
        let fault = |report: &mut Report, kind, detail| {
            report.fault(kind, Some(linked.number.as_i64()), Some(linked.seq), pos, detail);
        };
        if Some(line.pos) != pos.and_then(|pos| u64::try_from(pos).ok()) {
            fault(&mut report, FaultKind::Leaf, "another position was expected");
        }
        if line.alg != ALGORITHM {
            fault(&mut report, FaultKind::Algorithm, "unknown algorithm");
        } else if leaf_hash(&canonical) != line.hash {
            fault(&mut report, FaultKind::Hash, "the hash does not fit what the event says");
        }
        let (last, prev) = chains.get(&linked.number).copied().unwrap_or((0, Digest::ZERO));
        if linked.seq != last + 1 {
            fault(&mut report, FaultKind::Gap, "an event before it is missing");
        } else if linked.prev != prev {
            fault(&mut report, FaultKind::Prev, "`prev` is not the hash of the event before");
        }
        chains.insert(linked.number, (linked.seq, line.hash));
        peaks.append(line.hash);
        heads.reached(peaks.size(), || peaks.root(), &mut report);
    }
    heads.ended(peaks.size(), &mut report);
    match head {
        None => report.fault(FaultKind::Unreadable, None, None, None, "head.json cannot be read"),
        Some(head) if head.size != peaks.size() => {
            let detail = format!("{} events, while the head says {}", peaks.size(), head.size);
            report.fault(FaultKind::Truncated, None, None, None, &detail);
        }
        Some(head) if head.root != peaks.root() => {
            report.fault(FaultKind::Root, None, None, None, "the root is not what the events give");
        }
        Some(_) => {}
    }
    report.matters = u64::try_from(chains.len()).unwrap_or(u64::MAX);
    report.tree_size = peaks.size();
    report.root = peaks.root();
    Ok(report)
}
