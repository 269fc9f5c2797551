//! Answers kept for idempotency keys, and what else is forgotten after its time.

use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::Value;
use store::{Json, Reads, Sql, StoreError, sql};

/// The answer kept for a creation key: digest, number, body.
pub async fn intake_key(
    reads: &mut impl Reads,
    key: &str,
) -> Result<Option<(Vec<u8>, MatterNumber, Json<Value>)>, StoreError> {
    sql("SELECT digest, number, body FROM intake_key WHERE key = ?").bind(key).optional(reads).await
}

/// Keeps the answer of an action under its key.
pub fn insert_action_key(number: MatterNumber, key: &str, digest: &[u8], body: &Value, at: Instant) -> Sql {
    sql("INSERT INTO action_key (number, key, digest, body, at) VALUES (?, ?, ?, ?, ?)")
        .bind(number)
        .bind(key)
        .bind(digest)
        .bind(body)
        .bind(at)
}

/// Keeps the answer of a creation under its key.
pub fn insert_intake_key(key: &str, digest: &[u8], number: MatterNumber, body: &Value, at: Instant) -> Sql {
    sql("INSERT INTO intake_key (key, digest, number, body, at) VALUES (?, ?, ?, ?, ?)")
        .bind(key)
        .bind(digest)
        .bind(number)
        .bind(body)
        .bind(at)
}

/// Forgets answers of actions kept before a moment.
pub fn forget_action_keys(before: Instant) -> Sql {
    sql("DELETE FROM action_key WHERE at < ?").bind(before)
}

/// Forgets answers of creations kept before a moment.
pub fn forget_intake_keys(before: Instant) -> Sql {
    sql("DELETE FROM intake_key WHERE at < ?").bind(before)
}

/// Forgets wrong tries of query codes whose rest is long over.
pub fn forget_code_tries(before: Instant) -> Sql {
    sql("DELETE FROM code_try WHERE since < ?").bind(before)
}
