//! Deciding about an answer: publish or send back, look through again, take back, begin the next version.

use access::Principal;
use jiff::civil::Date;
use kernel::refusal::{Next, Refusal};
use kernel::time::Instant;
use store::Changes;

use super::{Verdict, account, finding_errors, json, open_still, reason_of, refused};
use crate::broken;
use crate::library::{Library, erased};
use crate::model::{State, Version, Words};
use crate::rules::{self, Deed};
use crate::store_rows as rows;

impl Library {
    /// What the reviewer decides about a proposed version.
    pub async fn decide(
        &self,
        who: &Principal,
        (id, version): (&str, i64),
        seen: i64,
        verdict: Verdict,
        now: Instant,
    ) -> Result<Version, Refusal> {
        let mut found = self.version(who, id, version).await?;
        rules::may(who, &found, Deed::Decide)?;
        found.changed_at = now;
        let mut changes = Changes::new();
        match verdict {
            Verdict::Return(reason) => {
                let reason = reason_of(&reason)?;
                found.state = State::Draft;
                found.words.returned = Some(reason.clone());
                let sealed = self.seal(&found).await?;
                changes.expect_one(rows::write(&found, sealed, json(&found.cites)?, seen), "answer revision");
                self.note(&mut changes, who, &found, "return", Some(&reason)).await?;
            }
            Verdict::Publish(confirmed) => {
                self.fit_to_publish(&found, &confirmed, now.date()).await?;
                found.state = State::Published;
                found.reviewed_on = Some(now.date());
                found.due_on = Some(self.due(found.area, now.date()));
                let by = account(who)?;
                changes.push(rows::replace_others(&found.id, found.version, now));
                changes.expect_one(rows::publish(&found, &by, seen), "answer revision");
                rows::mark(&mut changes);
                self.note(&mut changes, who, &found, "publish", None).await?;
            }
        }
        self.apply("decide answer", changes).await?;
        Ok(Version { revision: seen + 1, ..found })
    }

    async fn fit_to_publish(&self, found: &Version, confirmed: &[String], on: Date) -> Result<(), Refusal> {
        if found.words.question.is_empty() {
            return Err(erased());
        }
        let closing = self.parts().register.closing(found.source).await?;
        if !closing.closed {
            return Err(open_still());
        }
        let mut errors = self.cite_errors(&found.cites, on).await?;
        let findings = self.look_over(&closing, &found.words.question, &found.words.answer).await?;
        errors.extend(finding_errors(&findings, confirmed));
        if errors.is_empty() { Ok(()) } else { Err(refused(errors)) }
    }

    /// Looks a published answer through: it holds for another while.
    pub async fn renew(
        &self,
        who: &Principal,
        (id, version): (&str, i64),
        seen: i64,
        now: Instant,
    ) -> Result<Version, Refusal> {
        let mut found = self.version(who, id, version).await?;
        rules::may(who, &found, Deed::Renew)?;
        let errors = self.cite_errors(&found.cites, now.date()).await?;
        if !errors.is_empty() {
            return Err(refused(errors).next(Next::say("answers-next-revise")));
        }
        found.changed_at = now;
        found.reviewed_on = Some(now.date());
        found.due_on = Some(self.due(found.area, now.date()));
        let mut changes = Changes::new();
        changes.expect_one(rows::renew(&found, seen), "answer revision");
        rows::mark(&mut changes);
        self.note(&mut changes, who, &found, "renew", None).await?;
        self.apply("renew answer", changes).await?;
        Ok(Version { revision: seen + 1, ..found })
    }

    /// Takes a published answer back, or gives up one that is not published yet.
    pub async fn withdraw(
        &self,
        who: &Principal,
        (id, version): (&str, i64),
        seen: i64,
        reason: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        let mut found = self.version(who, id, version).await?;
        let was_public = found.state == State::Published;
        rules::may(who, &found, if was_public { Deed::Withdraw } else { Deed::Write })?;
        let reason = if was_public { Some(reason_of(reason)?) } else { None };
        found.changed_at = now;
        let mut changes = Changes::new();
        changes.expect_one(rows::withdraw(&found, now, seen), "answer revision");
        if was_public {
            rows::mark(&mut changes);
        }
        self.note(&mut changes, who, &found, "withdraw", reason.as_deref()).await?;
        self.apply("withdraw answer", changes).await
    }

    /// Begins the next version of a published answer; until it is published the one before stays.
    pub async fn revise(
        &self,
        who: &Principal,
        (id, version): (&str, i64),
        now: Instant,
    ) -> Result<Version, Refusal> {
        let before = self.version(who, id, version).await?;
        rules::may(who, &before, Deed::Revise)?;
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let newest = rows::newest(&mut reads, id).await.map_err(|error| broken(&error))?.unwrap_or(version);
        drop(reads);
        let next = Version {
            version: newest + 1,
            state: State::Draft,
            words: Words { confirmed: Vec::new(), returned: None, ..before.words.clone() },
            owner: account(who)?,
            owner_name: who.name.clone(),
            changed_at: now,
            reviewed_on: None,
            due_on: None,
            revision: 1,
            ..before
        };
        let mut changes = Changes::new();
        changes.push(rows::insert(&next, self.seal(&next).await?, json(&next.cites)?));
        self.note(&mut changes, who, &next, "revise", None).await?;
        self.apply("revise answer", changes).await?;
        Ok(next)
    }
}
