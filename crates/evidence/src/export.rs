//! What an outside verifier needs, as files: no database, no key, no personal data.
//!
//! `events.jsonl` has a line for each leaf of the log, in order: `{"alg","event","hash","pos"}`, where `event`
//! is the canonical JSON (RFC 8785) the hash covers. `head.json` is `{"size","root"}`. Anybody can check it with
//! a SHA-256 and thirty lines of any language; [`verify_export`] does.

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

use crate::log;
use crate::tree::{Peaks, leaf_hash};
use crate::verify::{FaultKind, Report};

const EVENTS: &str = "events.jsonl";
const HEAD: &str = "head.json";
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
    Ok(written)
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

/// Recomputes an export: every hash, every chain, the order, the root.
pub fn verify_export(folder: &Path) -> Result<Report, ExportError> {
    let at = |name: &str| {
        let path = folder.join(name).display().to_string();
        move |error: io::Error| ExportError::File(path, error)
    };
    let mut report = Report::default();
    let head: Option<HeadFile> =
        serde_json::from_str(&fs::read_to_string(folder.join(HEAD)).map_err(at(HEAD))?).ok();
    let file = File::open(folder.join(EVENTS)).map_err(at(EVENTS))?;
    let mut peaks = Peaks::default();
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
    }
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
