//! Keys and digests of commands: what makes a repeat a repeat.

use access::Principal;
use kernel::chain::{self, Digest};
use kernel::refusal::{Code, Next, Refusal, Text};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::register::fault;

/// The stored form of an idempotency key: scope is the account, or for a guest the key alone.
pub fn key_of(who: &Principal, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(who.account.as_ref().map_or("", |account| account.as_str()).as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    hex::encode(&hash.finalize()[..16])
}

/// SHA-256 of the canonical form of a body.
pub fn digest_of(body: &Value) -> Result<Digest, Refusal> {
    chain::digest(body).map_err(|error| fault("canonical body", &error))
}

/// Same key, other body.
pub fn mismatch() -> Refusal {
    Refusal::new(Code::IdempotencyMismatch, Text::new("refused-idempotency-mismatch"))
        .next(Next::say("next-new-key"))
}
