//! Holding signed heads against the log as it is grown anew.

use std::collections::BTreeMap;

use ::store::{Db, Reads, StoreError};
use kernel::chain::Digest;

use super::report::{FaultKind, Report};
use crate::checkpoint::{Checkpoint, keys, store};
use crate::note::{Note, Suite, VerifierKey};
use crate::stamp::{self, Anchors};

/// Heads in one page.
const PAGE: u32 = 1000;

/// A head somebody kept outside the database.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Where it comes from, for messages.
    pub whose: String,
    /// The note.
    pub note: String,
}

/// Heads that wait for the log to reach their size.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    waiting: BTreeMap<u64, Vec<(String, Digest)>>,
    /// Size of the head before, in order of signing.
    largest: u64,
}

impl Heads {
    /// Every head of the database, with its signatures checked.
    pub(super) async fn stored(
        db: &Db,
        anchors: Option<&Anchors>,
        report: &mut Report,
    ) -> Result<Self, StoreError> {
        let mut heads = Self::default();
        let mut reads = db.snapshot().await?;
        let known = keys::verifiers(&mut reads).await?;
        let mut seq = 0;
        loop {
            let page = store::after(&mut reads, seq, PAGE).await?;
            let Some(last) = page.last().map(|row| row.seq) else { return Ok(heads) };
            for row in &page {
                let whose = format!("checkpoint {}", row.seq);
                seq += 1;
                if row.seq != seq {
                    fault(report, FaultKind::Checkpoint, row.size, &format!("checkpoint {seq} is missing"));
                    seq = row.seq;
                }
                let Some(head) = heads.signed(&whose, &row.note, &known, report) else { continue };
                if i64::try_from(head.size).ok() != Some(row.size) || head.root.as_bytes()[..] != row.root {
                    let told = format!("{whose}: the row says something else than its note");
                    fault(report, FaultKind::Checkpoint, row.size, &told);
                }
                for kept in stamp::of_checkpoint(&mut reads, row.seq).await? {
                    let found =
                        stamp::check(&kept.token, &stamp::imprint(&row.note), Some(&kept.nonce), anchors);
                    let told = match found {
                        Ok(at) if at == kept.at => continue,
                        Ok(_) => "it tells another time".to_owned(),
                        Err(why) => why.to_string(),
                    };
                    let told = format!("{whose}, {}: {told}", kept.authority);
                    fault(report, FaultKind::Stamp, row.size, &told);
                }
            }
            seq = last;
        }
    }

    /// A head of the log's own list: each of its lines by a published key, both suites among them, and none smaller
    /// than the one before.
    pub(crate) fn signed(
        &mut self,
        whose: &str,
        note: &str,
        known: &[VerifierKey],
        report: &mut Report,
    ) -> Option<Checkpoint> {
        let parsed = Note::parse(note).ok();
        let all_known = parsed.as_ref().is_some_and(|note| {
            let by = |line: &crate::note::Line| {
                known.iter().any(|key| key.name == line.name && key.id() == line.id)
            };
            let suites = |suite: Suite| {
                let of = |key: &&VerifierKey| key.suite == suite;
                known.iter().filter(of).any(|key| note.lines.iter().any(|line| line.id == key.id()))
            };
            note.lines.iter().all(by) && Suite::ALL.into_iter().all(suites)
        });
        let head = self.kept(whose, note, known, report)?;
        let size = i64::try_from(head.size).unwrap_or(i64::MAX);
        if !all_known {
            let told = format!("{whose} is not signed by a published key of each suite and by none else");
            fault(report, FaultKind::Checkpoint, size, &told);
        }
        if head.size < self.largest {
            fault(report, FaultKind::Fork, size, &format!("{whose} is smaller than the one before"));
        }
        self.largest = self.largest.max(head.size);
        Some(head)
    }

    /// A head from outside: signed by at least one of these keys.
    pub(crate) fn kept(
        &mut self,
        whose: &str,
        note: &str,
        known: &[VerifierKey],
        report: &mut Report,
    ) -> Option<Checkpoint> {
        report.checkpoints += 1;
        let read = Note::parse(note).map_err(Into::into).and_then(|note| Checkpoint::from_note(&note, known));
        match read {
            Ok(head) => {
                self.waiting.entry(head.size).or_default().push((whose.to_owned(), head.root));
                Some(head)
            }
            Err(why) => {
                report.fault(FaultKind::Checkpoint, None, None, None, &format!("{whose}: {why}"));
                None
            }
        }
    }

    /// The log has now this many leaves; `root` is asked for only where a head waits.
    pub(crate) fn reached(&mut self, size: u64, root: impl FnOnce() -> Digest, report: &mut Report) {
        if self.waiting.first_key_value().is_none_or(|(next, _)| *next > size) {
            return;
        }
        let root = root();
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() <= size) {
            let (of, heads) = entry.remove_entry();
            for (whose, signed) in heads {
                if of != size || signed != root {
                    let told = format!("{whose}: the first {of} leaves are not those that were signed");
                    fault(report, FaultKind::Fork, i64::try_from(of).unwrap_or(i64::MAX), &told);
                }
            }
        }
    }

    /// The log ends here: what waits on was signed for leaves that are gone.
    pub(crate) fn ended(self, size: u64, report: &mut Report) {
        for (of, heads) in self.waiting {
            for (whose, _) in heads {
                let told =
                    format!("{whose}: {of} leaves were signed, the log has {size}: its end was cut off");
                fault(report, FaultKind::Fork, i64::try_from(of).unwrap_or(i64::MAX), &told);
            }
        }
    }
}

fn fault(report: &mut Report, kind: FaultKind, pos: i64, detail: &str) {
    report.fault(kind, None, None, Some(pos), detail);
}

/// Keys believed from outside must be among those the log publishes.
pub(super) async fn keys_stand(
    reads: &mut impl Reads,
    trusted: &[VerifierKey],
    report: &mut Report,
) -> Result<Vec<VerifierKey>, StoreError> {
    let published = keys::verifiers(reads).await?;
    for key in trusted.iter().filter(|key| !published.contains(key)) {
        report.fault(
            FaultKind::Checkpoint,
            None,
            None,
            None,
            &format!("the log does not know the key {key}"),
        );
    }
    Ok(published)
}
