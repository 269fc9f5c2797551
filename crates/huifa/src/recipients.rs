//! Whom an event concerns, asked of the register for the room of notices.

use access::Principal;
use access::policy::Sight;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use matters::{Happened, Register, Told};
use notices::{Kind, Occasion, Person, Recipients};
use store::feed::Entry;
use store::seal::DataKey;
use store::{BoxFuture, StoreError};

/// The register as the room of notices sees it.
pub struct FromRegister(pub Register);

/// A refusal of the register to its own follower is a fault of the store: the follower waits and comes back.
fn fault(refusal: &Refusal) -> StoreError {
    StoreError::Unavailable(format!("register: {}", refusal.detail.key))
}

impl Recipients for FromRegister {
    fn of_events<'a>(&'a self, entries: &'a [Entry]) -> BoxFuture<'a, Result<Vec<Occasion>, StoreError>> {
        Box::pin(async move {
            let events: Vec<(MatterNumber, i64)> =
                entries.iter().map(|entry| (entry.number, entry.seq)).collect();
            let happened = self.0.happened(&events).await.map_err(|refusal| fault(&refusal))?;
            Ok(happened
                .into_iter()
                .map(|one| {
                    let cause = format!("e{}", one.seq.unwrap_or_default());
                    occasion(one, cause, Kind::Assigned)
                })
                .collect())
        })
    }

    fn of_task<'a>(
        &'a self,
        number: MatterNumber,
        task: &'a str,
    ) -> BoxFuture<'a, Result<Option<Occasion>, StoreError>> {
        Box::pin(async move {
            let happened = self.0.comes_due(number, task).await.map_err(|refusal| fault(&refusal))?;
            Ok(happened.map(|one| {
                let day = one.due.map(|due| due.to_string()).unwrap_or_default();
                occasion(one, format!("due:{task}:{day}"), Kind::DueSoon)
            }))
        })
    }

    fn key_of(&self, number: MatterNumber) -> BoxFuture<'_, Result<Option<DataKey>, StoreError>> {
        Box::pin(async move { self.0.content_key(number).await.map_err(|refusal| fault(&refusal)) })
    }

    fn owner_of(&self, number: MatterNumber) -> BoxFuture<'_, Result<Option<String>, StoreError>> {
        Box::pin(async move { self.0.holder_of(number).await.map(Some).map_err(|refusal| fault(&refusal)) })
    }

    fn sight<'a>(
        &'a self,
        who: &'a Principal,
        number: MatterNumber,
    ) -> BoxFuture<'a, Result<Sight, StoreError>> {
        Box::pin(async move {
            match self.0.sight(who, number).await {
                Ok(sight) => Ok(sight),
                Err(refusal) if refusal.code == Code::NotFound => Ok(Sight::None),
                Err(refusal) => Err(fault(&refusal)),
            }
        })
    }
}

fn kind(told: Told) -> Kind {
    match told {
        Told::Received => Kind::Received,
        Told::Missing => Kind::Missing,
        Told::Decided => Kind::Decided,
        Told::Assigned => Kind::Assigned,
        Told::Waiting => Kind::Waiting,
        Told::DueSoon => Kind::DueSoon,
        Told::Answered => Kind::Answered,
        Told::Closed => Kind::Closed,
        Told::Rate => Kind::Rate,
        Told::Moved => Kind::Moved,
    }
}

/// The people of an occasion; `work` is what those who serve are told.
fn occasion(one: Happened, cause: String, work: Kind) -> Occasion {
    let mut people: Vec<Person> = one
        .given
        .into_iter()
        .map(|account| Person {
            key: format!("staff-{account}"),
            audience: Some(account),
            phone: None,
            rules: kernel::contact::ContactRules::default(),
            outside: false,
            kind: work,
        })
        .collect();
    let mut key = None;
    if let Some((told, applicant)) = one.told {
        key = Some(applicant.key);
        people.push(Person {
            key: "applicant".to_owned(),
            audience: applicant.account,
            phone: applicant.reach.phone,
            rules: applicant.reach.rules,
            outside: true,
            kind: kind(told),
        });
    }
    Occasion { number: one.number, cause, at: one.at, due: one.due, people, key }
}
