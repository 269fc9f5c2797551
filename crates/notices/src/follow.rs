//! From events to notices: in the transaction that moves the cursor, so exactly once.

use std::collections::BTreeMap;

use kernel::lang::Lang;
use kernel::time::Instant;
use store::feed::{Entry, Follower};
use store::{BoxFuture, Changes, Db, StoreError};

use crate::contact::{self, Known};
use crate::link;
use crate::model::{Channel, Kind, Letter, Occasion, State};
use crate::room::Notices;
use crate::rules::{self, Plan};
use crate::store_rows::{self as table, New};

/// Name of the follower's cursor.
pub const NAME: &str = "notices";

/// Where a letter is sealed.
pub(crate) fn place(number: kernel::number::MatterNumber, id: &str) -> String {
    format!("notice.sealed:{number}:{id}")
}

impl Follower for Notices {
    fn name(&self) -> &'static str {
        NAME
    }

    fn effect<'a>(&'a self, _: &'a Db, entries: &'a [Entry]) -> BoxFuture<'a, Result<Changes, StoreError>> {
        Box::pin(async move {
            let occasions = self.0.recipients.of_events(entries).await?;
            self.tell(&occasions, self.now()).await
        })
    }
}

impl Notices {
    /// What these occasions give to write.
    pub(crate) async fn tell(&self, occasions: &[Occasion], now: Instant) -> Result<Changes, StoreError> {
        let mut changes = Changes::new();
        let accounts: Vec<String> = occasions
            .iter()
            .flat_map(|occasion| &occasion.people)
            .filter(|person| person.outside)
            .filter_map(|person| person.audience.clone())
            .collect();
        let known = contact::known(self, accounts).await?;
        let nobody = Known::default();
        for occasion in occasions {
            for person in &occasion.people {
                let about =
                    person.audience.as_ref().and_then(|account| known.get(account)).unwrap_or(&nobody);
                let age = now.since(occasion.at);
                for plan in rules::plan(person, about.mail.as_deref(), self.ways(), age) {
                    if plan.to.is_some() && occasion.key.is_none() {
                        continue;
                    }
                    let id = uuid::Uuid::now_v7().to_string();
                    let sealed = match (&plan.to, &occasion.key) {
                        (Some(to), Some(key)) => {
                            let token = (rules::carries_link(person.kind, person.rules.message)
                                && self.settings().public_url.is_some())
                            .then(link::token)
                            .transpose()?;
                            if let Some(token) = &token {
                                changes.push(link::to_matter(token, occasion.number, now));
                            }
                            let letter = Letter {
                                to: to.clone(),
                                lang: about.lang,
                                wording: person.rules.message,
                                hours: person.rules.hours,
                                token,
                            };
                            let plain = serde_json::to_vec(&letter)
                                .map_err(|error| StoreError::Seal(error.to_string()))?;
                            Some(key.seal(&place(occasion.number, &id), &plain)?)
                        }
                        _ => None,
                    };
                    if plan.call {
                        self.ask_to_call(&mut changes, occasion.number, &id, now).await?;
                    }
                    changes.push(table::insert(written(self, occasion, person, &plan, id, sealed, now)));
                }
            }
        }
        Ok(changes)
    }

    /// A word into the inbox of whoever has the matter: somebody must be called because of notice `id`.
    pub(crate) async fn ask_to_call(
        &self,
        changes: &mut Changes,
        number: kernel::number::MatterNumber,
        id: &str,
        now: Instant,
    ) -> Result<(), StoreError> {
        let Some(owner) = self.0.recipients.owner_of(number).await? else { return Ok(()) };
        changes.push(table::insert(New {
            number,
            id: uuid::Uuid::now_v7().to_string(),
            once: format!("call:{id}"),
            kind: Kind::Call,
            channel: Channel::Inbox,
            audience: Some(owner),
            due: None,
            sealed: None,
            state: State::Delivered,
            reason: None,
            next_try_at: None,
            call: false,
            at: now,
        }));
        Ok(())
    }
}

fn written(
    room: &Notices,
    occasion: &Occasion,
    person: &crate::model::Person,
    plan: &Plan,
    id: String,
    sealed: Option<Vec<u8>>,
    now: Instant,
) -> New {
    let settings = room.settings();
    let own = person.rules.hours;
    let from = rules::from_when(now, settings.quiet, own, person.kind, occasion.due);
    New {
        number: occasion.number,
        id,
        once: format!("{}:{}:{}", occasion.cause, person.key, plan.channel),
        kind: person.kind,
        channel: plan.channel,
        audience: person.audience.clone().filter(|_| plan.channel == Channel::Inbox),
        due: occasion.due,
        sealed,
        state: plan.state,
        reason: plan.reason,
        next_try_at: (plan.state == State::Queued).then_some(from),
        call: plan.call,
        at: now,
    }
}

/// Contacts by account.
pub(crate) type Contacts = BTreeMap<String, Known>;

impl Default for Known {
    fn default() -> Self {
        Self { mail: None, lang: Lang::Zh }
    }
}
