//! Walking the chains of matters.

use std::iter::Peekable;

use ::store::seal::{DataKey, Keyring};
use ::store::{Db, ReadTx, StoreError};
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use sha2::{Digest as _, Sha256};

use super::report::{FaultKind, Report};
use super::store::{self, EventRow, MatterRow};

/// Matters in one snapshot, kept short so that a long check holds nothing back.
const MATTERS: u32 = 1000;
/// Events in one page: a few megabytes.
const EVENTS: u32 = 4000;
/// Behind every number.
const END: i64 = i64::MAX;
/// Fewer matters are not worth dividing.
const ALONE: i64 = 2000;

/// Every matter, and events that belong to none. The numbers are divided among the cores, each with a reader of its
/// own: reading and hashing both cost a core.
pub(super) async fn all(db: &Db, keys: Option<&Keyring>, report: &mut Report) -> Result<(), StoreError> {
    let parts = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut walkers = tokio::task::JoinSet::new();
    for (part, (after, to)) in ranges(db, parts).await?.into_iter().enumerate() {
        let (db, keys) = (db.clone(), keys.cloned());
        walkers.spawn(async move {
            let mut report = Report::default();
            let walked = range(&db, after, to, keys.as_ref(), &mut report).await;
            (part, walked, report)
        });
    }
    let mut walked = Vec::new();
    while let Some(done) = walkers.join_next().await {
        walked.push(done.map_err(|error| StoreError::Unavailable(error.to_string()))?);
    }
    // In order of number, as one walk would tell it.
    walked.sort_by_key(|(part, ..)| *part);
    for (_, result, found) in walked {
        result?;
        report.events += found.events;
        report.matters += found.matters;
        report.faults.extend(found.faults);
    }
    Ok(())
}

/// Numbers divided into so many ranges of as many matters each: after the first, up to the second.
async fn ranges(db: &Db, parts: usize) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut reads = db.reader().await?;
    let count = store::count(&mut reads).await?;
    let parts = if count < ALONE { 1 } else { i64::try_from(parts).unwrap_or(1) };
    let mut bounds = vec![0];
    for part in 1..parts {
        bounds.extend(store::nth(&mut reads, count * part / parts).await?);
    }
    bounds.push(END);
    Ok(bounds.windows(2).map(|pair| (pair[0], pair[1])).collect())
}

/// The matters after one number up to another, and events there that belong to none.
async fn range(
    db: &Db,
    mut after: i64,
    end: i64,
    keys: Option<&Keyring>,
    report: &mut Report,
) -> Result<(), StoreError> {
    loop {
        // Matters and their events in one snapshot: a command between two reads would look like damage.
        let mut reads = db.snapshot().await?;
        let matters = store::matters(&mut reads, after, end, MATTERS).await?;
        let full = matters.len() >= MATTERS as usize;
        let to = matters.last().filter(|_| full).map_or(end, |last| last.number);
        let mut matters = matters.into_iter().peekable();
        let mut walk = Walk { keys, report, at: None };
        let mut from = (after, i64::MAX);
        loop {
            let page = store::events(&mut reads, from, to, EVENTS).await?;
            let Some(last) = page.last() else { break };
            from = (last.number, last.seq);
            for event in page {
                walk.turn_to(event.number, &mut matters);
                walk.step(&event);
            }
            // Others on this thread get their turn.
            tokio::task::yield_now().await;
        }
        walk.turn_to(END, &mut matters);
        if to == end {
            return Ok(());
        }
        after = to;
    }
}

/// One matter.
pub(super) async fn one(
    db: &Db,
    number: MatterNumber,
    keys: Option<&Keyring>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let number = number.as_i64();
    let mut reads: ReadTx = db.snapshot().await?;
    let mut matters = store::matter(&mut reads, number).await?.into_iter().peekable();
    let mut walk = Walk { keys, report, at: None };
    let mut from = (number, i64::MIN);
    loop {
        let page = store::events(&mut reads, from, number, EVENTS).await?;
        let Some(last) = page.last() else { break };
        from = (last.number, last.seq);
        for event in page {
            walk.turn_to(event.number, &mut matters);
            walk.step(&event);
        }
    }
    walk.turn_to(END, &mut matters);
    Ok(())
}

/// The walk over events in order of matter and sequence.
struct Walk<'a> {
    keys: Option<&'a Keyring>,
    report: &'a mut Report,
    at: Option<Chain>,
}

/// Where we are in one matter's chain.
struct Chain {
    number: i64,
    /// What the matter says; none for orphans.
    matter: Option<MatterRow>,
    key: Option<DataKey>,
    last_seq: i64,
    last_hash: Vec<u8>,
}

impl Walk<'_> {
    /// Closes the chain we are in and opens that of `number`, passing matters without events on the way.
    fn turn_to(&mut self, number: i64, matters: &mut Peekable<impl Iterator<Item = MatterRow>>) {
        if self.at.as_ref().is_some_and(|chain| chain.number == number) {
            return;
        }
        self.close();
        while let Some(matter) = matters.next_if(|matter| matter.number < number) {
            self.open(matter.number, Some(matter));
            self.close();
        }
        let matter = matters.next_if(|matter| matter.number == number);
        if matter.is_some() || number != END {
            self.open(number, matter);
        }
    }

    fn open(&mut self, number: i64, matter: Option<MatterRow>) {
        let wrapped = matter.as_ref().and_then(|matter| matter.data_key.as_deref());
        let key = match (self.keys, wrapped) {
            (Some(keys), Some(wrapped)) => match keys.unwrap(wrapped) {
                Ok(key) => Some(key),
                Err(fault) => {
                    let detail = format!("the matter's key cannot be opened: {fault}");
                    self.report.fault(FaultKind::Sealed, Some(number), None, None, &detail);
                    None
                }
            },
            _ => None,
        };
        if matter.is_some() {
            self.report.matters += 1;
        } else {
            self.report.fault(
                FaultKind::Orphan,
                Some(number),
                None,
                None,
                "events of a matter that does not exist",
            );
        }
        self.at = Some(Chain { number, matter, key, last_seq: 0, last_hash: Digest::ZERO.to_vec() });
    }

    fn close(&mut self) {
        let Some(chain) = self.at.take() else { return };
        let Some(matter) = &chain.matter else { return };
        let (number, seq) = (Some(chain.number), Some(chain.last_seq));
        if chain.last_seq < matter.version {
            let detail =
                format!("the matter has version {}, its last event is {}", matter.version, chain.last_seq);
            self.report.fault(FaultKind::Truncated, number, seq, None, &detail);
        } else if chain.last_seq > matter.version {
            let detail =
                format!("the matter has version {}, yet an event {}", matter.version, chain.last_seq);
            self.report.fault(FaultKind::Surplus, number, seq, None, &detail);
        } else if chain.last_hash != matter.head {
            self.report.fault(
                FaultKind::Head,
                number,
                seq,
                None,
                "the matter's head is not the hash of its last event",
            );
        }
    }

    fn step(&mut self, event: &EventRow) {
        let Some(chain) = self.at.as_mut() else { return };
        let report = &mut *self.report;
        report.events += 1;
        let (number, seq, pos) = (Some(event.number), Some(event.seq), event.pos);
        let expected = chain.last_seq + 1;
        if event.seq != expected {
            report.fault(FaultKind::Gap, number, seq, pos, &format!("event {expected} should stand here"));
        } else if event.prev != chain.last_hash {
            report.fault(FaultKind::Prev, number, seq, pos, "`prev` is not the hash of the event before");
        }
        if event.alg != ALGORITHM {
            report.fault(
                FaultKind::Algorithm,
                number,
                seq,
                pos,
                &format!("unknown algorithm {:?}", event.alg),
            );
        } else if recomputed(event).is_none_or(|hash| hash.as_bytes()[..] != event.hash) {
            report.fault(FaultKind::Hash, number, seq, pos, "the hash does not fit what the event says");
        }
        if event.pos.is_none() && event.waiting.is_none() {
            report.fault(
                FaultKind::Unannounced,
                number,
                seq,
                None,
                "the event stands neither in the outbox nor in the feed",
            );
        }
        if let (Some(key), Some(sealed)) = (&chain.key, &event.sealed)
            && !fits(key, event, sealed)
        {
            report.fault(FaultKind::Sealed, number, seq, pos, "the sealed part does not fit its commitment");
        }
        chain.last_seq = event.seq;
        chain.last_hash.clone_from(&event.hash);
    }
}

/// The hash as it should be; none when the row cannot even be put into the form that is hashed.
fn recomputed(event: &EventRow) -> Option<Digest> {
    chain::event_hash(&EventParts {
        number: MatterNumber::from_i64(event.number).ok()?,
        seq: event.seq,
        at: event.at,
        actor: &event.actor,
        action: &event.action,
        public: &event.public.0,
        commit: Digest::from_slice(&event.commitment).ok()?,
        prev: Digest::from_slice(&event.prev).ok()?,
    })
    .ok()
}

/// Whether the sealed part opens, and is what the commitment was made of: salt and canonical text.
fn fits(key: &DataKey, event: &EventRow, sealed: &[u8]) -> bool {
    MatterNumber::from_i64(event.number)
        .ok()
        .and_then(|number| key.open(&chain::sealed_place(number, event.seq), sealed).ok())
        .is_some_and(|plain| Sha256::digest(&plain)[..] == event.commitment)
}
