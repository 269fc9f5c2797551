//! Writing and reading the record.

use std::collections::HashMap;

use kernel::refusal::{Code, FieldError, Refusal};
use kernel::time::Instant;
use store::{Changes, StoreError};

use super::model::{Act, Asked, Entry, Line, Page, Result as Outcome};
use super::store as table;
use crate::account::store as accounts;
use crate::admin::rules::{Power, may};
use crate::error::AccessError;
use crate::principal::Principal;
use crate::room::Access;

fn place(id: &str) -> String {
    format!("audit.sealed:{id}")
}

fn cursor(text: &str) -> Result<(jiff::Timestamp, String), Refusal> {
    text.split_once('_')
        .and_then(|(micros, id)| {
            let at = jiff::Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
            Some((at, id.to_owned()))
        })
        .ok_or_else(|| {
            Refusal::new(Code::FactsWrong, "refused-facts").error(FieldError::new(
                "/cursor",
                "format",
                "error-cursor",
            ))
        })
}

impl Access {
    /// Adds a row to the changes of the command it tells of, so that neither is there without the other.
    pub(crate) fn record(
        &self,
        changes: &mut Changes,
        entry: &Entry<'_>,
        now: Instant,
    ) -> Result<(), StoreError> {
        let id = uuid::Uuid::now_v7().to_string();
        let sealed = match &entry.words {
            Some(words) => Some(self.room.seal(&place(&id), words.to_string().as_bytes())?),
            None => None,
        };
        changes.push(table::insert(&id, entry, sealed, now));
        Ok(())
    }

    /// Puts on record that a table was taken out; `words` say which, how many rows, and why.
    pub async fn record_export(
        &self,
        who: &Principal,
        words: serde_json::Value,
        now: Instant,
    ) -> Result<(), StoreError> {
        let entry =
            Entry::new(crate::admin::service::actor(who), Act::Export, None, Outcome::Done).words(words);
        self.record_alone(&entry, now).await
    }

    /// Writes a row of its own.
    pub(crate) async fn record_alone(&self, entry: &Entry<'_>, now: Instant) -> Result<(), StoreError> {
        let mut changes = Changes::new();
        self.record(&mut changes, entry, now)?;
        self.db.apply("record", changes).await
    }

    /// Records that a code was wrong: of a phone or of a matter. Whose it would have been is not written down: a
    /// wrong code says nothing about its owner.
    pub async fn record_wrong_code(&self, now: Instant) -> Result<(), StoreError> {
        self.record_alone(&Entry::new(None, Act::SignIn, None, Outcome::Refused), now).await
    }

    /// Reads the record, the newest first. For the audit administrator; that it was read is recorded too.
    pub async fn audit(&self, who: &Principal, asked: &Asked, now: Instant) -> Result<Page, AccessError> {
        self.permit(who, Power::ReadAudit, Act::AuditRead, None, now).await?;
        let after = asked.cursor.as_deref().map(cursor).transpose()?;
        let mut reader = self.db.reader().await?;
        let account = match asked.login.as_deref() {
            None => None,
            Some("system") => Some("system".to_owned()),
            // A login nobody has matches nothing.
            Some(login) => Some(
                accounts::by_login(&mut reader, &login.trim().to_lowercase())
                    .await?
                    .map_or_else(|| "-".to_owned(), |row| row.id),
            ),
        };
        let total = table::count(&mut reader, asked, account.as_deref()).await?;
        let mut rows = table::page(&mut reader, asked, account.as_deref(), after).await?;
        let limit = usize::try_from(asked.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| format!("{}_{}", row.at.as_microsecond(), row.id));
        let mut ids: Vec<String> =
            rows.iter().flat_map(|row| [row.actor.clone(), row.subject.clone()]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let logins: HashMap<String, String> = table::logins(&mut reader, ids).await?.into_iter().collect();
        drop(reader);
        // Citizens have no login and stay an opaque id.
        let named = |id: Option<String>| id.map(|id| logins.get(&id).cloned().unwrap_or(id));
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let words = match &row.sealed {
                Some(sealed) => serde_json::from_slice(&self.room.open(&place(&row.id), sealed)?)
                    .map_err(|error| AccessError::Broken(error.to_string()))?,
                None => None,
            };
            items.push(Line {
                id: row.id,
                at: Instant::new(row.at),
                actor: named(row.actor),
                act: row.act,
                subject: named(row.subject),
                result: row.result,
                origin: row.origin,
                words,
            });
        }
        if asked.cursor.is_none() {
            let who = who.account.as_ref().map(crate::principal::AccountId::as_str);
            self.record_alone(&Entry::new(who, Act::AuditRead, None, Outcome::Done), now).await?;
        }
        Ok(Page { items, total, next })
    }

    /// Asks whether somebody may do what administrators do; a refusal is recorded.
    pub(crate) async fn permit(
        &self,
        who: &Principal,
        power: Power,
        act: Act,
        subject: Option<&str>,
        now: Instant,
    ) -> Result<(), AccessError> {
        let Err(refusal) = may(who, power) else { return Ok(()) };
        let actor = who.account.as_ref().map(crate::principal::AccountId::as_str);
        self.record_alone(&Entry::new(actor, act, subject, Outcome::Refused), now).await?;
        Err(refusal.into())
    }
}

#[cfg(test)]
mod tests {
    /// Rows are added and, after their time, removed. A statement that changes one would have to be written first.
    #[test]
    fn no_statement_of_this_room_changes_a_row_of_the_record() {
        let texts = [include_str!("store.rs"), include_str!("../room.rs"), include_str!("../admin/store.rs")];
        let all = texts.concat();
        assert!(all.contains("INSERT INTO audit ") && all.contains("DELETE FROM audit WHERE at <= ?"));
        for changing in ["UPDATE audit", "ON CONFLICT", "REPLACE"] {
            let of_audit = texts[0].contains(changing);
            assert!(!of_audit && !all.contains("UPDATE audit"), "{changing}");
        }
        assert_eq!(all.matches("DELETE FROM audit").count(), 1, "only age removes");
    }
}
