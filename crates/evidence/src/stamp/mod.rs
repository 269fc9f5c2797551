//! Time stamps of an authority over signed heads (RFC 3161). The request and the check are pure; the way to the
//! authority is the binary's.

mod store;
mod token;

use ::store::{Changes, Db, Reads, StoreError};
use der::asn1::{Int, Null, OctetString};
use der::{Any, Encode as _};
use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use x509_tsp::{MessageImprint, TimeStampReq, TspVersion};

use crate::checkpoint::CheckpointRow;

pub use store::StampRow;
pub(crate) use store::of_checkpoint;
pub use token::{Anchors, StampFault, check, token_of};

/// Bytes of a nonce.
const NONCE: usize = 16;

/// A request under way.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is sent, `application/timestamp-query`.
    pub der: Vec<u8>,
    /// What the token must repeat.
    pub nonce: Vec<u8>,
}

/// What is stamped: SHA-256 of the note as published.
pub fn imprint(note: &str) -> [u8; 32] {
    Sha256::digest(note).into()
}

/// A request for the time of a note, with a fresh nonce.
pub fn request(note: &str) -> Result<Request, StampFault> {
    let mut nonce = vec![0; NONCE];
    getrandom::fill(&mut nonce).map_err(|error| StampFault::Form(error.to_string()))?;
    // A positive number in its one shortest form.
    nonce[0] = nonce[0] & 0x7f | 0x40;
    let form = |error: der::Error| StampFault::Form(error.to_string());
    let hash_algorithm = cms::cert::x509::spki::AlgorithmIdentifier {
        oid: token::SHA_256,
        parameters: Some(Any::encode_from(&Null).map_err(form)?),
    };
    let request = TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm,
            hashed_message: OctetString::new(imprint(note)).map_err(form)?,
        },
        req_policy: None,
        nonce: Some(Int::new(&nonce).map_err(form)?),
        cert_req: true,
        extensions: None,
    };
    Ok(Request { der: request.to_der().map_err(form)?, nonce })
}

/// The newest head when this authority has not stamped it yet. Older ones are covered by it.
pub async fn pending(reads: &mut impl Reads, authority: &str) -> Result<Option<CheckpointRow>, StoreError> {
    let Some(head) = crate::checkpoint::latest(reads).await? else { return Ok(None) };
    let stamps = store::of_checkpoint(reads, head.seq).await?;
    Ok((!stamps.iter().any(|stamp| stamp.authority == authority)).then_some(head))
}

/// Why a stamp was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The answer does not hold.
    #[error(transparent)]
    Fault(#[from] StampFault),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks an authority's answer to a request and keeps the token beside its head; gives the time it tells.
pub async fn keep(
    db: &Db,
    head: &CheckpointRow,
    authority: &str,
    request: &Request,
    answer: &[u8],
    anchors: &Anchors,
) -> Result<Instant, KeepError> {
    let token = token_of(answer)?;
    let at = check(&token, &imprint(&head.note), Some(&request.nonce), Some(anchors))?;
    let mut changes = Changes::new();
    let (authority, nonce) = (authority.to_owned(), request.nonce.clone());
    store::add(&mut changes, &StampRow { checkpoint: head.seq, authority, at, nonce, token });
    db.apply("keep time stamp", changes).await?;
    Ok(at)
}
