//! SQL of answers.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use laws::citation::Citation;
use store::{Changes, Json, Reads, Sql, StoreError, sql};

use crate::model::{Published, State, Version};

store::record! {
    /// A version as it lies in the table.
    #[derive(Debug, Clone)]
    pub(crate) struct Row {
        pub(crate) id: String,
        pub(crate) version: i64,
        pub(crate) state: State,
        pub(crate) kind: String,
        pub(crate) question: String,
        pub(crate) answer: String,
        pub(crate) cites: Json<Vec<Citation>>,
        pub(crate) sealed: Option<Vec<u8>>,
        pub(crate) owner: String,
        pub(crate) owner_name: Option<String>,
        pub(crate) office: String,
        pub(crate) area: AreaCode,
        pub(crate) source: MatterNumber,
        pub(crate) changed_at: Instant,
        pub(crate) reviewed_on: Option<Date>,
        pub(crate) due_on: Option<Date>,
        pub(crate) revision: i64,
    }
}

store::record! {
    /// One act.
    #[derive(Debug, Clone)]
    pub(crate) struct ActRow {
        pub(crate) id: String,
        pub(crate) version: i64,
        pub(crate) at: Instant,
        pub(crate) name: Option<String>,
        pub(crate) act: String,
        pub(crate) sealed: Option<Vec<u8>>,
    }
}

store::record! {
    struct PublishedRow {
        id: String,
        version: i64,
        kind: String,
        question: String,
        answer: String,
        cites: Json<Vec<Citation>>,
        office: String,
        reviewed_on: Date,
        due_on: Date,
    }
}

const ROW: &str = "SELECT a.id, a.version, a.state, a.kind, a.question, a.answer, a.cites, a.sealed, a.owner, \
    o.name AS owner_name, a.office, a.area, a.source, a.changed_at, a.reviewed_on, a.due_on, a.revision \
    FROM answer a LEFT JOIN account o ON o.id = a.owner WHERE ";

/// Most rows a list of the desk holds.
const MOST: i64 = 500;

/// How often published answers were changed.
pub(crate) async fn edition(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (version,): (i64,) =
        sql("SELECT version FROM reference_version WHERE family = 'answer'").one(reads).await?;
    Ok(version)
}

/// Everything that is published.
pub(crate) async fn published(reads: &mut impl Reads) -> Result<Vec<Published>, StoreError> {
    let rows: Vec<PublishedRow> =
        sql("SELECT id, version, kind, question, answer, cites, office, reviewed_on, due_on FROM answer")
            .then(" WHERE state = 'published' ORDER BY id, version")
            .all(reads)
            .await?;
    let rows = rows.into_iter().map(|row| Published {
        id: row.id,
        version: row.version,
        kind: row.kind,
        question: row.question,
        answer: row.answer,
        cites: row.cites.0,
        office: Some(row.office),
        reviewed_on: row.reviewed_on,
        due_on: row.due_on,
    });
    Ok(rows.collect())
}

/// One version.
pub(crate) async fn one(reads: &mut impl Reads, id: &str, version: i64) -> Result<Option<Row>, StoreError> {
    sql(ROW).then("a.id = ? AND a.version = ?").bind(id).bind(version).optional(reads).await
}

/// The newest version of an answer.
pub(crate) async fn newest(reads: &mut impl Reads, id: &str) -> Result<Option<i64>, StoreError> {
    let (version,): (Option<i64>,) =
        sql("SELECT max(version) FROM answer WHERE id = ?").bind(id).one(reads).await?;
    Ok(version)
}

/// Versions somebody wrote, the last changed first.
pub(crate) async fn of_owner(reads: &mut impl Reads, owner: &str) -> Result<Vec<Row>, StoreError> {
    sql(ROW)
        .then("a.owner = ? ORDER BY a.changed_at DESC, a.id LIMIT ?")
        .bind(owner)
        .bind(MOST)
        .all(reads)
        .await
}

/// Versions in a state, the longest waiting first.
pub(crate) async fn in_state(reads: &mut impl Reads, state: State) -> Result<Vec<Row>, StoreError> {
    sql(ROW).then("a.state = ? ORDER BY a.changed_at, a.id LIMIT ?").bind(state).bind(MOST).all(reads).await
}

/// What was done with an answer, the first first.
pub(crate) async fn acts(reads: &mut impl Reads, id: &str) -> Result<Vec<ActRow>, StoreError> {
    sql("SELECT t.id, t.version, t.at, o.name, t.act, t.sealed FROM answer_act t")
        .then(" LEFT JOIN account o ON o.id = t.actor WHERE t.answer = ? ORDER BY t.at, t.id LIMIT 200")
        .bind(id)
        .all(reads)
        .await
}

/// A version on its way in.
pub(crate) fn insert(version: &Version, sealed: Vec<u8>, cites: serde_json::Value) -> Sql {
    sql("INSERT INTO answer (id, version, state, kind, question, answer, cites, sealed, owner, office, area,")
        .then(" source, changed_at, revision) VALUES (?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, 1)")
        .bind(&version.id)
        .bind(version.version)
        .bind(version.state)
        .bind(&version.kind)
        .bind(cites)
        .bind(sealed)
        .bind(&version.owner)
        .bind(&version.office)
        .bind(version.area)
        .bind(version.source)
        .bind(version.changed_at)
}

/// New texts of a version that is not published.
pub(crate) fn write(version: &Version, sealed: Vec<u8>, cites: serde_json::Value, seen: i64) -> Sql {
    sql("UPDATE answer SET state = ?, kind = ?, cites = ?, sealed = ?, changed_at = ?, revision = revision + 1")
        .bind(version.state)
        .bind(&version.kind)
        .bind(cites)
        .bind(sealed)
        .bind(version.changed_at)
        .then(" WHERE id = ? AND version = ? AND revision = ? AND state IN ('draft', 'proposed')")
        .bind(&version.id)
        .bind(version.version)
        .bind(seen)
}

/// What makes a version public: its texts leave the seal.
pub(crate) fn publish(version: &Version, by: &str, seen: i64) -> Sql {
    sql("UPDATE answer SET state = 'published', question = ?, answer = ?, sealed = NULL, changed_at = ?,")
        .bind(&version.words.question)
        .bind(&version.words.answer)
        .bind(version.changed_at)
        .then(" published_by = ?, published_at = ?, reviewed_on = ?, due_on = ?, revision = revision + 1")
        .bind(by)
        .bind(version.changed_at)
        .bind(version.reviewed_on)
        .bind(version.due_on)
        .then(" WHERE id = ? AND version = ? AND revision = ? AND state = 'proposed'")
        .bind(&version.id)
        .bind(version.version)
        .bind(seen)
}

/// What a newly published version takes the place of.
pub(crate) fn replace_others(id: &str, version: i64, at: Instant) -> Sql {
    sql("UPDATE answer SET state = 'replaced', changed_at = ?, revision = revision + 1")
        .bind(at)
        .then(" WHERE id = ? AND version <> ? AND state = 'published'")
        .bind(id)
        .bind(version)
}

/// A published version that was looked through.
pub(crate) fn renew(version: &Version, seen: i64) -> Sql {
    sql("UPDATE answer SET reviewed_on = ?, due_on = ?, changed_at = ?, revision = revision + 1")
        .bind(version.reviewed_on)
        .bind(version.due_on)
        .bind(version.changed_at)
        .then(" WHERE id = ? AND version = ? AND revision = ? AND state = 'published'")
        .bind(&version.id)
        .bind(version.version)
        .bind(seen)
}

/// A version that is taken back, from the state it was seen in.
pub(crate) fn withdraw(version: &Version, at: Instant, seen: i64) -> Sql {
    sql("UPDATE answer SET state = 'withdrawn', changed_at = ?, revision = revision + 1")
        .bind(at)
        .then(" WHERE id = ? AND version = ? AND revision = ? AND state = ?")
        .bind(&version.id)
        .bind(version.version)
        .bind(seen)
        .bind(version.state)
}

/// Marks the published answers as changed.
pub(crate) fn mark(changes: &mut Changes) {
    changes.push(sql("UPDATE reference_version SET version = version + 1 WHERE family = 'answer'"));
}

/// An act on its way in.
pub(crate) fn act(id: &str, of: &Version, actor: &str, act: &'static str, sealed: Option<Vec<u8>>) -> Sql {
    sql("INSERT INTO answer_act (id, answer, version, at, actor, act, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(&of.id)
        .bind(of.version)
        .bind(of.changed_at)
        .bind(actor)
        .bind(act)
        .bind(sealed)
}

/// Notes that a draft was made.
pub(crate) fn drafted(number: MatterNumber, made: &Drafted<'_>, at: Instant) -> Sql {
    sql("INSERT INTO answer_draft (number, digest, basis, model, why, made_by, at) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(number)
        .bind(made.digest)
        .bind(made.basis)
        .bind(made.model)
        .bind(made.why)
        .bind(made.by)
        .bind(at)
        .then(" ON CONFLICT (number, digest) DO NOTHING")
}

/// What is kept of a draft.
pub(crate) struct Drafted<'a> {
    pub(crate) digest: &'a [u8],
    pub(crate) basis: &'static str,
    pub(crate) model: Option<&'a str>,
    pub(crate) why: Option<&'a str>,
    pub(crate) by: &'a str,
}

/// Whether a text of this digest was drafted by a model for a matter.
pub(crate) async fn is_of_model(
    reads: &mut impl Reads,
    number: MatterNumber,
    digest: &[u8],
) -> Result<bool, StoreError> {
    let found: Option<(String,)> =
        sql("SELECT basis FROM answer_draft WHERE number = ? AND digest = ? AND basis = 'model'")
            .bind(number)
            .bind(digest)
            .optional(reads)
            .await?;
    Ok(found.is_some())
}
