//! The bundle of a receipt: one event with all that proves it to whoever holds nothing else.
//!
//! `{format, number, seq, alg, event, hash, index, path, checkpoint, keys}`: `event` is the canonical JSON
//! (RFC 8785) as a text, exactly what the hash covers; `path` leads from the event's hash, at leaf `index`, to the root
//! of the first signed head that covers it. Before such a head was signed the last four are null or empty.

use ::store::{Db, Json, Reads, StoreError, record, sql};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::checkpoint::{self, Checkpoint, keys};
use crate::log;
use crate::note::{Note, VerifierKey};
use crate::stamp::{self, Anchors, StampFault, StampRow};
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

impl From<StampRow> for BundleStamp {
    fn from(row: StampRow) -> Self {
        Self { authority: row.authority, at: row.at, token: STANDARD.encode(row.token) }
    }
}

impl BundleStamp {
    /// Whether the stamp is over this note and tells this time; with anchors also whether it is the authority's.
    pub fn check(&self, note: &str, anchors: Option<&Anchors>) -> Result<(), StampFault> {
        let token = STANDARD.decode(&self.token).map_err(|error| StampFault::Form(error.to_string()))?;
        let at = stamp::check(&token, &stamp::imprint(note), None, anchors)?;
        if at == self.at { Ok(()) } else { Err(StampFault::Form("it tells another time".to_owned())) }
    }
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
        let stamps = stamp::of_checkpoint(reads, head.seq).await?;
        bundle.stamps = stamps.into_iter().map(BundleStamp::from).collect();
    }
    Ok(Some(bundle))
}

/// Least digits of a hash that name an event: 64 bits, which nobody guesses.
pub const SHORT: usize = 16;

/// That an event is on record, for whoever holds number, sequence and the beginning of the hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The whole hash.
    pub hash: Digest,
    /// When it happened.
    pub at: Instant,
    /// Position in the log, from 1; none while the log has not taken it.
    pub pos: Option<i64>,
    /// Leaves and time of the first signed head that covers it.
    pub signed: Option<(i64, Instant)>,
}

/// Whether such an event is on record; wrong numbers and wrong hashes are answered alike. `hash` is its beginning in
/// lower-case hexadecimal, at least [`SHORT`] digits.
pub async fn standing(
    reads: &mut impl Reads,
    number: MatterNumber,
    seq: i64,
    hash: &str,
) -> Result<Option<Standing>, StoreError> {
    let found: Option<(Instant, [u8; 32])> = sql("SELECT at, hash FROM event WHERE number = ? AND seq = ?")
        .bind(number)
        .bind(seq)
        .optional(reads)
        .await?;
    let found = found.map(|(at, hash)| (at, Digest::new(hash)));
    let fits = |digest: &Digest| hash.len() >= SHORT && digest.to_string().starts_with(hash);
    let Some((at, digest)) = found.filter(|(_, digest)| fits(digest)) else { return Ok(None) };
    let pos = log::position(reads, number, seq).await?;
    let signed = match pos {
        Some(pos) => checkpoint::covering(reads, pos).await?.map(|head| (head.size, head.at)),
        None => None,
    };
    Ok(Some(Standing { hash: digest, at, pos, signed }))
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
        for stamp in &self.stamps {
            if let Err(why) = stamp.check(note, None) {
                fault(FaultKind::Stamp, &format!("{}: {why}", stamp.authority));
            }
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
