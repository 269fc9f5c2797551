//! A small register, written as the real one writes, for every test of the evidence.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test binary takes what it needs; a panic is the report"
)]

use std::collections::BTreeSet;

use evidence::{FaultKind, MerkleLog, Report};
use jiff::SignedDuration;
use kernel::chain::{self, ALGORITHM, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::json;
use store::feed::{Sequencer, follow_once};
use store::seal::{Keyring, MasterKey};
use store::{Changes, Db, Sql, sql};

pub fn number(of: u32) -> MatterNumber {
    MatterNumber::new("371502".parse().unwrap(), 2026, of).unwrap()
}

pub fn start() -> Instant {
    "2026-11-21T09:00:00.123456+08:00".parse().unwrap()
}

pub struct Life {
    pub number: MatterNumber,
    pub hashes: Vec<Digest>,
}

/// A matter with so many events, written as the register writes them.
pub async fn live(db: &Db, keys: &Keyring, of: u32, events: i64) -> Life {
    let number = number(of);
    let (key, wrapped) = keys.new_data_key().unwrap();
    let wrapped: &Vec<u8> = &wrapped;
    let mut prev = Digest::ZERO;
    let mut hashes = Vec::new();
    for seq in 1..=events {
        let at = start().plus(SignedDuration::from_secs(i64::from(of) * 60 + seq));
        let sealed = json!({ "facts": { "reason": format!("reason {seq} of {of}") } });
        let salt = [u8::try_from(seq).unwrap(); 32];
        let commit = chain::commit(&salt, &sealed).unwrap();
        let mut plain = salt.to_vec();
        plain.extend(chain::canonical(&sealed).unwrap());
        let ciphertext = key.seal(&chain::sealed_place(number, seq), &plain).unwrap();
        // Keys out of order, a nested value, a fraction: databases may store JSON in another form.
        let public =
            json!({ "to": "review", "role": "clerk", "from": null, "n": 1.5, "a": [{ "b": 1, "a": "法" }] });
        let parts =
            EventParts { number, seq, at, actor: "a-1", action: "take", public: &public, commit, prev };
        let hash = chain::event_hash(&parts).unwrap();
        let mut changes = Changes::new();
        if seq == 1 {
            changes.push(
                sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, version, head, \
                     opened_at, received_on, issue, state, data_key) VALUES ")
                .rows([wrapped], |row, wrapped| {
                    let row = row.bind(number).bind("consultation.text").bind(1).bind("consultation").bind(371_502_000_000_i64);
                    let row = row.bind("office").bind("web").bind("received").bind(false).bind(1).bind(hash.as_bytes());
                    row.bind(at).bind("2026-11-21").bind(0).bind(json!({})).bind(wrapped)
                }),
            );
        } else {
            changes.expect_one(
                sql("UPDATE matter SET version = ?, head = ? WHERE number = ? AND version = ?")
                    .bind(seq)
                    .bind(hash.as_bytes())
                    .bind(number)
                    .bind(seq - 1),
                "matter version",
            );
        }
        changes.push(
            sql("INSERT INTO event (number, seq, at, actor, action, alg, public, sealed, commitment, prev, hash) VALUES ")
                .rows([&ciphertext], |row, ciphertext| {
                    let row = row.bind(number).bind(seq).bind(at).bind("a-1").bind("take").bind(ALGORITHM).bind(&public);
                    row.bind(ciphertext).bind(commit.as_bytes()).bind(prev.as_bytes()).bind(hash.as_bytes())
                }),
        );
        changes.announce(number, seq);
        db.apply("live", changes).await.unwrap();
        prev = hash;
        hashes.push(hash);
    }
    Life { number, hashes }
}

pub async fn settle(db: &Db) {
    let mut sequencer = Sequencer::new("test");
    while sequencer.step(db, start()).await.unwrap() > 0 {}
    sequencer.release(db, start()).await.unwrap();
    while follow_once(db, &MerkleLog).await.unwrap() > 0 {}
}

pub async fn keyring(db: &Db) -> Keyring {
    Keyring::open(&MasterKey::ephemeral().unwrap(), db).await.unwrap()
}

pub async fn damage(db: &Db, statements: Vec<Sql>) {
    let mut changes = Changes::new();
    for statement in statements {
        changes.push(statement);
    }
    db.apply("damage", changes).await.unwrap();
}

pub fn kinds(report: &Report) -> BTreeSet<FaultKind> {
    report.faults.iter().map(|fault| fault.kind).collect()
}
