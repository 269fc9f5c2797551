//! Who looked (查阅记录): the record of every look at values in full, for the person concerned and for audit.

use access::Principal;
use access::policy::{Denied, Sight};
use kernel::actor::Role;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::seal::DataKey;
use store::{Changes, Sql, StoreError, sql};

use crate::command::authorise::{self, actor, denied};
use crate::command::load::Seen;
use crate::register::{Register, broken, fault, not_found};

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Masked values in full, with a reason given.
    Reveal,
    /// A paper handed in.
    File,
    /// The words of a document.
    Document,
    /// A copy of everything, for the person it is about.
    Copy,
    /// A table of many matters, with values in full.
    Export,
}

impl Look {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::File => "file",
            Self::Document => "document",
            Self::Copy => "copy",
            Self::Export => "export",
        }
    }
}

store::record! {
    #[derive(Debug)]
    struct LookRow {
        id: String,
        at: Instant,
        kind: String,
        facts: String,
        reason: Vec<u8>,
        role: String,
        office: String,
        home: Option<String>,
    }
}

/// The line of the record for one look.
pub(crate) fn line(
    key: &DataKey,
    who: &Principal,
    number: MatterNumber,
    look: Look,
    facts: &str,
    reason: &str,
    now: Instant,
) -> Result<Sql, StoreError> {
    let id = uuid::Uuid::now_v7().to_string();
    let sealed = key.seal(&place(number, &id), reason.as_bytes())?;
    // As what they looked: the role of the first grant, for its office, else the house they belong to.
    let grant = who.grants.first();
    let office = grant.and_then(|grant| grant.organisation.as_ref()).or(who.home.as_ref());
    Ok(sql("INSERT INTO access_log (number, id, at, account, facts, reason, role, office, kind) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(number)
    .bind(id)
    .bind(now)
    .bind(actor(who).as_str())
    .bind(facts)
    .bind(sealed)
    .bind(grant.map_or("", |grant| grant.role.as_str()))
    .bind(office.map_or("", |office| office.as_str()))
    .bind(look.as_str()))
}

fn place(number: MatterNumber, id: &str) -> String {
    format!("access_log.reason:{number}:{id}")
}

impl Register {
    /// Writes that somebody who serves is about to see a paper or document in full. No line, no look. The people a
    /// matter is about look at their own, which nobody records.
    pub(crate) async fn note_look(
        &self,
        who: &Principal,
        seen: &Seen,
        look: Look,
        what: &str,
    ) -> Result<(), Refusal> {
        // What was deleted cannot be looked at: only its name and day are left.
        if !who.is_staff() || seen.matter.state.erased.is_some() {
            return Ok(());
        }
        let key = self.key_of(&seen.matter)?;
        let line = line(&key, who, seen.matter.number, look, what, "", self.now())
            .map_err(|error| fault("seal reason", &error))?;
        let mut changes = Changes::new();
        changes.push(line);
        self.db().apply("note look", changes).await.map_err(|error| broken("note look", &error))
    }

    /// Whether the caller may open a paper of a matter; the look is on record before the answer.
    pub async fn open_paper(
        &self,
        who: &Principal,
        number: MatterNumber,
        file: &str,
    ) -> Result<bool, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        if seen.sight != Sight::Full {
            return Ok(false);
        }
        self.note_look(who, &seen, Look::File, file).await?;
        Ok(true)
    }

    /// Who looked at the values of a matter in full, newest first, for its applicant:
    /// `{items: [{at, kind, facts, role, office, office_name, reason}], total, total_is, next}`. People who serve
    /// are named by office and role: that is whom a complaint is addressed to.
    pub async fn looks(
        &self,
        who: &Principal,
        number: MatterNumber,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now)
            .map_err(|why| if who.is_staff() { denied(why, Role::Applicant) } else { not_found() })?;
        let key = seen.matter.data_key.is_some().then(|| self.key_of(&seen.matter)).transpose()?;
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let (total,): (i64,) = sql("SELECT COUNT(*) FROM access_log WHERE number = ?")
            .bind(number)
            .one(&mut reader)
            .await
            .map_err(|error| broken("looks", &error))?;
        let mut rows: Vec<LookRow> =
            sql("SELECT l.id, l.at, l.kind, l.facts, l.reason, l.role, l.office, a.organisation AS home \
             FROM access_log l LEFT JOIN account a ON a.id = l.account WHERE l.number = ?")
            .bind(number)
            .when(" AND l.id < ?", cursor)
            .then(" ORDER BY l.id DESC LIMIT ?")
            .bind(limit + 1)
            .all(&mut reader)
            .await
            .map_err(|error| broken("looks", &error))?;
        drop(reader);
        let wanted = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let offices = self.offices().await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            // Once the content was erased its key and the reasons are gone; that somebody looked stays.
            let reason = match &key {
                Some(key) if !row.reason.is_empty() => key
                    .open(&place(number, &row.id), &row.reason)
                    .map_err(|error| fault("open reason", &error))?,
                _ => Vec::new(),
            };
            let office = if row.office.is_empty() { row.home.as_deref().unwrap_or("") } else { &row.office };
            items.push(json!({
                "at": row.at,
                "kind": row.kind,
                "facts": row.facts.split(',').filter(|fact| !fact.is_empty()).collect::<Vec<_>>(),
                "role": row.role,
                "office": office,
                "office_name": offices.get(office).map(|office| office.name.clone()),
                "reason": String::from_utf8_lossy(&reason),
            }));
        }
        let next = rows.last().map(|row| row.id.clone()).filter(|_| more);
        Ok(json!({ "items": items, "total": total, "total_is": "exact", "next": next }))
    }

    /// Looks and searches of an account within a time, newest first, for the audit administrator: what kind and of
    /// which matter, never a value and never a reason.
    pub async fn looks_of(
        &self,
        who: &Principal,
        login: &str,
        from: Instant,
        to: Instant,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<Value, Refusal> {
        type Row = (String, Instant, String, Option<MatterNumber>, String, i64);
        if !who.has(Role::AuditAdmin) {
            let why = if who.is_signed_in() { Denied::Role } else { Denied::SignIn };
            return Err(denied(why, Role::AuditAdmin));
        }
        let failed = |error: StoreError| broken("looks of account", &error);
        let mut reader = self.db().reader().await.map_err(failed)?;
        let mut rows: Vec<Row> =
            sql("SELECT * FROM (SELECT l.id, l.at, l.kind, l.number, l.facts, 1 AS found FROM access_log l \
             JOIN account a ON a.id = l.account WHERE a.login = ?")
            .bind(login)
            .then(" AND l.at >= ? AND l.at < ?")
            .bind(from)
            .bind(to)
            .then(
                " UNION ALL SELECT s.id, s.at, 'search' AS kind, NULL AS number, s.kind AS facts, s.found \
             FROM person_search s JOIN account a ON a.id = s.account WHERE a.login = ?",
            )
            .bind(login)
            .then(" AND s.at >= ? AND s.at < ?) AS looks WHERE 1 = 1")
            .bind(from)
            .bind(to)
            .when(" AND id < ?", cursor)
            .then(" ORDER BY id DESC LIMIT ?")
            .bind(limit + 1)
            .all(&mut reader)
            .await
            .map_err(failed)?;
        drop(reader);
        let wanted = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = rows.last().map(|row| row.0.clone()).filter(|_| more);
        let items: Vec<Value> = rows
            .iter()
            .map(|(_, at, kind, number, facts, found)| {
                json!({
                    "at": at,
                    "kind": kind,
                    "number": number,
                    "facts": facts.split(',').filter(|fact| !fact.is_empty()).collect::<Vec<_>>(),
                    "found": found,
                })
            })
            .collect();
        let total = items.len();
        Ok(json!({
            "items": items,
            "total": total,
            "total_is": if more || cursor.is_some() { "at_least" } else { "exact" },
            "next": next,
        }))
    }
}
