//! Events: what happened, chained and committed.

use kernel::actor::{ActorId, Door, Role};
use kernel::chain::{self, ChainFault, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;
use store::seal::DataKey;

/// One event, ready to be stored.
#[derive(Debug, Clone)]
pub struct Event {
    /// The matter.
    pub number: MatterNumber,
    /// Sequence within it, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Opaque id of whoever acted.
    pub actor: ActorId,
    /// Action name; `open` for the first.
    pub action: String,
    /// Public part, see [`Public`].
    pub public: Value,
    /// Salt and sealed part under the matter's key.
    pub sealed: Option<Vec<u8>>,
    /// Commitment to the sealed part.
    pub commitment: Digest,
    /// Hash of the event before.
    pub prev: Digest,
    /// Hash of this one.
    pub hash: Digest,
}

/// What of an event is under the hash in the clear: no personal data, no free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    /// As what somebody acted.
    pub role: Role,
    /// Through which door.
    pub door: Door,
    /// Step before; none for the first event.
    pub from: Option<String>,
    /// Step after.
    pub to: String,
    /// The task it discharged or took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Item and version, on the first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Organisation that acted or was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// What it came to, on ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Clock movements, `decide:start`, `decide:pause`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<String>,
    /// Due day after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The earlier due day people had been told, when it moved later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_was: Option<String>,
    /// Documents it made, by their id in the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// Who is told of it, by role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<Role>,
    /// The link it makes: `continues 3715…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked: Option<String>,
    /// What was said to texts of consent: `sensitive 1 yes <sha256 of the text>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<String>,
    /// What was decided about keeping or deleting the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<Right>,
    /// When the matter was opened and closed elsewhere, where it was taken over from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
}

/// The days of a matter before it was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// When it was opened.
    pub opened_at: Instant,
    /// When it was closed; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
}

/// A decision about keeping or deleting what is personal: the rule and its day, never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// On what ground: `retention` (the time is up), `request` (the person asked), `hold`, `release`.
    pub basis: String,
    /// Class of retention.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// The parameter that says how long the class is kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The last day it must be kept, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why it is not deleted now: `open`, `work`, `hold`, `kept`; none when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// What only those with the matter's key can read: everything a person typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    /// Values given with the action, by fact.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Value>,
}

/// Why an event could not be made; both are our fault, never the caller's.
#[derive(Debug, thiserror::Error)]
pub enum EventFault {
    /// Chain.
    #[error(transparent)]
    Chain(#[from] ChainFault),
    /// Sealing.
    #[error(transparent)]
    Seal(#[from] StoreError),
    /// JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// What an event is made of.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The matter.
    pub number: MatterNumber,
    /// Sequence of the new event.
    pub seq: i64,
    /// Hash of the event before.
    pub prev: Digest,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: &'a ActorId,
    /// What.
    pub action: &'a str,
    /// Public part.
    pub public: &'a Public,
    /// Sealed part.
    pub sealed: &'a Sealed,
    /// 256 random bits.
    pub salt: [u8; 32],
}

/// Seals and hashes an event.
pub fn make(draft: &Draft<'_>, key: &DataKey) -> Result<Event, EventFault> {
    let sealed = serde_json::to_value(draft.sealed)?;
    let commitment = chain::commit(&draft.salt, &sealed)?;
    let public = serde_json::to_value(draft.public)?;
    let mut plain = draft.salt.to_vec();
    plain.extend(chain::canonical(&sealed)?);
    let ciphertext = key.seal(&chain::sealed_place(draft.number, draft.seq), &plain)?;
    let hash = chain::event_hash(&EventParts {
        number: draft.number,
        seq: draft.seq,
        at: draft.at,
        actor: draft.actor.as_str(),
        action: draft.action,
        public: &public,
        commit: commitment,
        prev: draft.prev,
    })?;
    Ok(Event {
        number: draft.number,
        seq: draft.seq,
        at: draft.at,
        actor: draft.actor.clone(),
        action: draft.action.to_owned(),
        public,
        sealed: Some(ciphertext),
        commitment,
        prev: draft.prev,
        hash,
    })
}

/// Opens the sealed part of a stored event.
pub fn open(number: MatterNumber, seq: i64, ciphertext: &[u8], key: &DataKey) -> Result<Sealed, EventFault> {
    let plain = key.open(&chain::sealed_place(number, seq), ciphertext)?;
    Ok(serde_json::from_slice(plain.get(32..).unwrap_or_default())?)
}

/// Salt and sealed part of a stored event, for whoever wrote it: they prove it against the commitment.
pub fn disclose(
    number: MatterNumber,
    seq: i64,
    ciphertext: &[u8],
    key: &DataKey,
) -> Result<(Vec<u8>, Value), EventFault> {
    let plain = key.open(&chain::sealed_place(number, seq), ciphertext)?;
    let (salt, text) = plain.split_at_checked(32).ok_or(ChainFault::Digest)?;
    Ok((salt.to_vec(), serde_json::from_slice(text)?))
}
