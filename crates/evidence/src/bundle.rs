//! The bundle of a receipt: one event with all that proves it to whoever holds nothing else.
//!
//! `{format, number, seq, alg, event, hash, index, path, checkpoint, keys}`: `event` is the canonical JSON
//! (RFC 8785) as a text, exactly what the hash covers; `path` leads from the event's hash, at leaf `index`, to the root
//! of the first signed head that covers it. Before such a head was signed the last four are null or empty.

use ::store::{Db, Json, Reads, StoreError, record, sql};
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::{self, Checkpoint, keys};
use crate::log;
use crate::note::{Note, VerifierKey};
use crate::tree::{leaf_hash, verify_inclusion};
use crate::verify::{FaultKind, Report, verify_receipt};

/// Names the form.
pub const FORMAT: &str = "huifa-receipt-1";

/// One event and what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// The matter.
    pub number: MatterNumber,
    /// The event within it.
    pub seq: i64,
    /// How the hash is made.
    pub alg: String,
    /// What the hash covers, byte for byte.
    pub event: String,
    /// The hash the receipt carried.
    pub hash: Digest,
    /// Leaf of the log, from 0; none before a head covers it.
    pub index: Option<u64>,
    /// The way to the root, lowest first.
    pub path: Vec<Digest>,
    /// The signed head it leads to.
    pub checkpoint: Option<String>,
    /// All keys the log ever published, `name+id+base64`.
    pub keys: Vec<String>,
    /// What a time-stamping authority said of the head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<BundleStamp>,
}

/// A time stamp over the head (RFC 3161).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleStamp {
    /// Address of the authority.
    pub authority: String,
    /// The time it tells.
    pub at: Instant,
    /// The token, base64 of its DER.
    pub token: String,
}

record! {
    /// The event as stored.
    #[derive(Debug)]
    struct Stored {
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

/// The bundle of an event; `None` when there is no such event. `reads` should be a snapshot.
pub async fn of_event(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
) -> Result<Option<Bundle>, StoreError> {
    let found: Option<Stored> =
        sql("SELECT at, actor, action, alg, public, commitment, prev, hash FROM event WHERE number = ? AND seq = ?")
            .bind(number)
            .bind(seq)
            .optional(reads)
            .await?;
    let Some(found) = found else { return Ok(None) };
    let event = chain::event_canonical(&EventParts {
        number,
        seq,
        at: found.at,
        actor: &found.actor,
        action: &found.action,
        public: &found.public.0,
        commit: Digest::new(found.commitment),
        prev: Digest::new(found.prev),
    });
    let event = event.map_err(|fault| StoreError::column("public", fault))?;
    let event = String::from_utf8(event).map_err(|fault| StoreError::column("public", fault))?;
    let mut bundle = Bundle {
        format: FORMAT.to_owned(),
        number,
        seq,
        alg: found.alg,
        event,
        hash: Digest::new(found.hash),
        index: None,
        path: Vec::new(),
        checkpoint: None,
        keys: Vec::new(),
        stamps: Vec::new(),
    };
    let Some(pos) = log::position(reads, number, seq).await? else { return Ok(Some(bundle)) };
    let Some(head) = checkpoint::covering(reads, pos).await? else { return Ok(Some(bundle)) };
    let size = u64::try_from(head.size).unwrap_or_default();
    if let Some(proof) = log::inclusion_at(reads, number, seq, size).await? {
        bundle.index = Some(proof.index);
        bundle.path = proof.proof;
        bundle.keys = keys::published(reads).await?.into_iter().map(|key| key.key).collect();
        bundle.checkpoint = Some(head.note);
    }
    Ok(Some(bundle))
}

/// Checks a bundle by itself and against the database: the event as it stands, and the log at the size that was signed.
/// `trusted` are the keys believed; without any those the database publishes are taken.
pub async fn verify_bundle(db: &Db, bundle: &Bundle, trusted: &[VerifierKey]) -> Result<Report, StoreError> {
    let mut report = verify_receipt(db, bundle.number, bundle.seq, &bundle.hash).await?;
    let mut reads = db.snapshot().await?;
    let published = keys::verifiers(&mut reads).await?;
    let alone = bundle.check(if trusted.is_empty() { &published } else { trusted });
    let stands = match alone.tree_size {
        0 => None,
        size => log::root_at(&mut reads, size).await?,
    };
    if alone.tree_size > 0 && stands != Some(alone.root) {
        let told = "the log does not begin with what was signed for this receipt";
        let pos = i64::try_from(alone.tree_size).ok();
        report.fault(FaultKind::Fork, Some(bundle.number.as_i64()), Some(bundle.seq), pos, told);
    }
    report.checkpoints = alone.checkpoints;
    report.faults.extend(alone.faults);
    Ok(report)
}

impl Bundle {
    /// Checks the bundle by itself: the event's hash, its way to the root, the signatures of the head. `known` are the
    /// keys believed; without any those inside are taken, which proves nothing about who signed. A bundle no head
    /// covers yet is sound as far as it goes; `tree_size` of the report is then 0.
    pub fn check(&self, known: &[VerifierKey]) -> Report {
        let mut report = Report { events: 1, matters: 1, ..Report::default() };
        let number = Some(self.number.as_i64());
        let mut fault = |kind, detail: &str| report.fault(kind, number, Some(self.seq), None, detail);
        if self.format != FORMAT {
            fault(FaultKind::Unreadable, "another form of receipt");
        }
        if self.alg != ALGORITHM {
            fault(FaultKind::Algorithm, "unknown algorithm");
        } else if leaf_hash(self.event.as_bytes()) != self.hash {
            fault(FaultKind::Hash, "the hash does not fit what the event says");
        }
        if !self.names_its_event() {
            fault(FaultKind::Receipt, "the event is that of another matter or place");
        }
        let Some(note) = &self.checkpoint else { return report };
        let inside: Vec<VerifierKey>;
        let known = if known.is_empty() {
            inside = self.keys.iter().filter_map(|key| key.parse().ok()).collect();
            &inside
        } else {
            known
        };
        let head = Note::parse(note).map_err(Into::into).and_then(|note| Checkpoint::from_note(&note, known));
        let head = match head {
            Ok(head) => head,
            Err(why) => {
                fault(FaultKind::Checkpoint, &why.to_string());
                return report;
            }
        };
        let index = self.index.unwrap_or(u64::MAX);
        if !verify_inclusion(&self.hash, index, head.size, &self.path, &head.root) {
            fault(FaultKind::Node, "the path does not lead to the root that was signed");
        }
        (report.tree_size, report.root, report.checkpoints) = (head.size, head.root, 1);
        report
    }

    /// Number and sequence under the hash are those of the bundle.
    fn names_its_event(&self) -> bool {
        #[derive(Deserialize)]
        struct Named {
            number: MatterNumber,
            seq: i64,
        }
        serde_json::from_str::<Named>(&self.event)
            .is_ok_and(|named| (named.number, named.seq) == (self.number, self.seq))
    }
}
