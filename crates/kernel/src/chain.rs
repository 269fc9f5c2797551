//! What binds events together: canonical JSON (RFC 8785), commitments and hashes.
//!
//! An event is a public part and a sealed part. Its hash covers a *commitment* to the sealed part,
//! so sealing anew or destroying the key leaves the chain verifiable, and a disclosed salt with its
//! text proves what was written. The hash begins with `0x00`, which makes it the RFC 6962 leaf hash
//! of the event's canonical JSON: the Merkle log takes event hashes as its leaves.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::number::MatterNumber;
use crate::string_form::string_form;
use crate::time::Instant;

/// Names hash and canonical form; stored with every event so that a later suite can stand beside it.
pub const ALGORITHM: &str = "sha256-jcs-1";

/// RFC 6962 prefix of a leaf.
const LEAF: u8 = 0x00;

/// A SHA-256 digest; text form 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A text or byte string that is no digest, or a value that has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// Not 32 bytes, or not 64 hex digits.
    #[error("a digest is 32 bytes, written as 64 hex digits")]
    Digest,
    /// RFC 8785 knows no form for it (e.g. a number outside the range of doubles).
    #[error("no canonical form: {0}")]
    Canonical(String),
}

impl Digest {
    /// `prev` of the first event of a matter.
    pub const ZERO: Self = Self([0; 32]);

    /// From 32 bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From a stored byte string.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, ChainFault> {
        bytes.try_into().map(Self).map_err(|_| ChainFault::Digest)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The bytes as stored.
    pub fn to_vec(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl FromStr for Digest {
    type Err = ChainFault;

    fn from_str(text: &str) -> Result<Self, ChainFault> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ChainFault::Digest)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

string_form!(Digest);

/// What the hash of an event covers. `public` holds everything about it that is not personal.
#[derive(Debug, Clone, Copy)]
pub struct EventParts<'a> {
    /// The matter.
    pub number: MatterNumber,
    /// Sequence within the matter, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Opaque id of whoever acted.
    pub actor: &'a str,
    /// What was done.
    pub action: &'a str,
    /// Public part.
    pub public: &'a Value,
    /// Commitment to the sealed part.
    pub commit: Digest,
    /// Hash of the event before; [`Digest::ZERO`] for the first.
    pub prev: Digest,
}

/// Bytes of the one canonical form of a value (RFC 8785).
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, ChainFault> {
    serde_json_canonicalizer::to_vec(value).map_err(|fault| ChainFault::Canonical(fault.to_string()))
}

/// SHA-256 of the canonical form, e.g. of a request body for idempotency or of a resolved item.
pub fn digest<T: Serialize>(value: &T) -> Result<Digest, ChainFault> {
    Ok(Digest(Sha256::digest(canonical(value)?).into()))
}

/// `H(salt || JCS(sealed))`; the salt is random and lies inside the ciphertext.
pub fn commit(salt: &[u8; 32], sealed: &Value) -> Result<Digest, ChainFault> {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(canonical(sealed)?);
    Ok(Digest(hash.finalize().into()))
}

/// Name of the place an event's sealed part (`salt || JCS(sealed)`) is encrypted for, so that a ciphertext
/// cannot be moved to another event.
pub fn sealed_place(number: MatterNumber, seq: i64) -> String {
    format!("event.sealed:{number}:{seq}")
}

/// `H(0x00 || JCS({number,seq,at,actor,action,public,commit,prev}))`.
pub fn event_hash(event: &EventParts<'_>) -> Result<Digest, ChainFault> {
    let mut hash = Sha256::new();
    hash.update([LEAF]);
    hash.update(event_canonical(event)?);
    Ok(Digest(hash.finalize().into()))
}

/// The canonical JSON an event hash covers, as exported for outside verifiers.
pub fn event_canonical(event: &EventParts<'_>) -> Result<Vec<u8>, ChainFault> {
    #[derive(Serialize)]
    struct Covered<'a> {
        number: MatterNumber,
        seq: i64,
        at: Instant,
        actor: &'a str,
        action: &'a str,
        public: &'a Value,
        commit: Digest,
        prev: Digest,
    }
    let EventParts { number, seq, at, actor, action, public, commit, prev } = *event;
    canonical(&Covered { number, seq, at, actor, action, public, commit, prev })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn canonical_form_follows_rfc_8785() {
        // Example of RFC 8785 section 3.2.3 (sorting by UTF-16 code units) and 3.2.2 (numbers).
        let value =
            json!({"peach": 1, "péché": 2.0, "pêche": 3, "sin": [56, {"d": true, "10": null}], "num": 1e21});
        let text = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(text, r#"{"num":1e+21,"peach":1,"péché":2,"pêche":3,"sin":[56,{"10":null,"d":true}]}"#);
    }

    fn event(public: &Value) -> EventParts<'_> {
        let number = MatterNumber::new("371502".parse().unwrap(), 2026, 42).unwrap();
        EventParts {
            number,
            seq: 1,
            at: "2026-11-21T09:00:00+08:00".parse().unwrap(),
            actor: "system",
            action: "open",
            public,
            commit: commit(&[7; 32], &json!({"reason": "漏水"})).unwrap(),
            prev: Digest::ZERO,
        }
    }

    #[test]
    fn the_hash_is_that_of_the_exported_text() {
        let public = json!({"to": "received", "from": null});
        let text = event_canonical(&event(&public)).unwrap();
        let expected = format!(
            concat!(
                r#"{{"action":"open","actor":"system","at":"2026-11-21T09:00:00+08:00","commit":"{}","#,
                r#""number":"{}","prev":"{}","public":{{"from":null,"to":"received"}},"seq":1}}"#
            ),
            event(&public).commit,
            event(&public).number,
            Digest::ZERO
        );
        assert_eq!(String::from_utf8(text.clone()).unwrap(), expected);
        let mut leaf = vec![0];
        leaf.extend(text);
        assert_eq!(event_hash(&event(&public)).unwrap().as_bytes()[..], Sha256::digest(leaf)[..]);
    }

    #[test]
    fn every_part_counts() {
        let public = json!({"to": "received"});
        let other_public = json!({"to": "closed"});
        let base = event(&public);
        let hash = event_hash(&base).unwrap();
        let changed = [
            EventParts { seq: 2, ..base },
            EventParts { actor: "a", ..base },
            EventParts { action: "close", ..base },
            EventParts { public: &other_public, ..base },
            EventParts { commit: Digest::ZERO, ..base },
            EventParts { prev: hash, ..base },
            EventParts { at: base.at.plus(jiff::SignedDuration::from_micros(1)), ..base },
            EventParts { number: MatterNumber::new("371502".parse().unwrap(), 2026, 43).unwrap(), ..base },
        ];
        for part in changed {
            assert_ne!(event_hash(&part).unwrap(), hash, "{part:?}");
        }
    }

    #[test]
    fn a_commitment_hides_and_binds() {
        let text = json!({"reason": "a"});
        assert_ne!(commit(&[1; 32], &text), commit(&[2; 32], &text));
        assert_ne!(commit(&[1; 32], &text), commit(&[1; 32], &json!({"reason": "b"})));
        assert_eq!(Digest::from_slice(&[1; 31]), Err(ChainFault::Digest));
        assert_eq!(Digest::ZERO.to_string().parse(), Ok(Digest::ZERO));
    }
}
