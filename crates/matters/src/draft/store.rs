//! SQL of drafts.

use jiff::civil::Date;
use kernel::number::MatterNumber;
use store::{Reads, Sql, StoreError, sql};

store::record! {
    #[derive(Debug, Clone)]
    pub(super) struct DraftRow {
        pub(super) key: String,
        pub(super) item: String,
        pub(super) item_version: u32,
        pub(super) revision: i64,
        pub(super) data_key: Option<Vec<u8>>,
        pub(super) answers: Option<Vec<u8>>,
        pub(super) resume: Option<Vec<u8>>,
        pub(super) number: Option<MatterNumber>,
        pub(super) expires_on: Date,
    }
}

const COLUMNS: &str = "SELECT key, item, item_version, revision, data_key, answers, resume, number, expires_on FROM draft WHERE ";

pub(super) async fn find(
    reads: &mut impl Reads,
    id: &[u8; 32],
    today: Date,
) -> Result<Option<DraftRow>, StoreError> {
    sql(COLUMNS).then("id = ? AND expires_on >= ?").bind(id).bind(today).optional(reads).await
}

pub(super) fn insert(id: &[u8; 32], row: &DraftRow) -> Sql {
    sql("INSERT INTO draft (id, key, item, item_version, revision, data_key, answers, expires_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(&row.key)
        .bind(&row.item)
        .bind(row.item_version)
        .bind(row.revision)
        .bind(row.data_key.clone())
        .bind(row.answers.clone())
        .bind(row.expires_on)
}

pub(super) fn save(
    id: &[u8; 32],
    revision: i64,
    answers: Vec<u8>,
    item_version: u32,
    expires_on: Date,
) -> Sql {
    sql("UPDATE draft SET answers = ?, item_version = ?, expires_on = ?, revision = revision + 1")
        .bind(answers)
        .bind(item_version)
        .bind(expires_on)
        .then(" WHERE id = ? AND revision = ? AND number IS NULL")
        .bind(id)
        .bind(revision)
}

pub(super) fn keep(id: &[u8; 32], phone: &[u8; 32], resume: &[u8; 32]) -> Sql {
    sql("UPDATE draft SET phone = ?, resume = ? WHERE id = ? AND number IS NULL")
        .bind(phone)
        .bind(resume)
        .bind(id)
}

/// Gives the draft of this phone and code to a new token; the old token is dead.
pub(super) fn hand_over(id: &[u8; 32], phone: &[u8; 32], resume: &[u8; 32], today: Date) -> Sql {
    sql("UPDATE draft SET id = ? WHERE resume = ? AND phone = ? AND number IS NULL AND expires_on >= ?")
        .bind(id)
        .bind(resume)
        .bind(phone)
        .bind(today)
}

pub(super) fn sent(id: &[u8; 32], number: MatterNumber) -> Sql {
    sql("UPDATE draft SET number = ?, data_key = NULL, answers = NULL, phone = NULL, resume = NULL WHERE id = ?")
        .bind(number)
        .bind(id)
}

pub(super) fn drop_one(id: &[u8; 32]) -> Sql {
    sql("DELETE FROM draft WHERE id = ?").bind(id)
}

pub(super) fn sweep(today: Date) -> Sql {
    sql("DELETE FROM draft WHERE expires_on < ?").bind(today)
}
