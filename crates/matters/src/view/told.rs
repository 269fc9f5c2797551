//! What an event gives to tell, and whom: the ground for notices. The room of notices decides how.

use std::collections::{BTreeMap, BTreeSet};

use catalog::item::{Item, WaitingOn};
use jiff::civil::Date;
use kernel::actor::Role;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::seal::DataKey;
use store::sql;

use super::facts::open_party;
use super::reach::Reach;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::standing::ANSWER;
use crate::engine::state::{Owner, RunningClock};
use crate::event::Public;
use crate::register::{Register, broken};
use crate::store::{EventRow, several};

/// What happened, as the person it happens to would ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The matter was received.
    Received,
    /// Something is missing.
    Missing,
    /// A decision or another document was made.
    Decided,
    /// Somebody was named to handle it.
    Assigned,
    /// It waits for the applicant.
    Waiting,
    /// A day of theirs comes near.
    DueSoon,
    /// A message was answered.
    Answered,
    /// It has ended.
    Closed,
    /// It has ended and may be rated.
    Rate,
    /// It moved on.
    Moved,
}

/// The applicant, as far as they may be reached.
#[derive(Debug, Clone)]
pub struct Applicant {
    /// Their account, when known.
    pub account: Option<String>,
    /// Their number and what they asked for.
    pub reach: Reach,
    /// The key of their matter, for what is sealed to them.
    pub key: DataKey,
}

/// An event or a day that concerns somebody.
#[derive(Debug, Clone)]
pub struct Happened {
    /// The matter.
    pub number: MatterNumber,
    /// The event; none for a day that comes near.
    pub seq: Option<i64>,
    /// When.
    pub at: Instant,
    /// The day it speaks of.
    pub due: Option<Date>,
    /// What the applicant is told, if anything.
    pub told: Option<(Told, Applicant)>,
    /// Accounts of those who serve and are told that work was given to them, or that its day comes near.
    pub given: Vec<String>,
}

impl Register {
    /// What these events give to tell, in their order; events that concern nobody are left out. One that cannot
    /// be read is left out too, and said so: those behind it must not wait for ever. However many they are, three
    /// statements read them.
    pub async fn happened(&self, events: &[(MatterNumber, i64)]) -> Result<Vec<Happened>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = several::events_at(&mut reader, events).await.map_err(|error| broken("events", &error))?;
        let mut telling: BTreeMap<(MatterNumber, i64), (EventRow, Public)> = BTreeMap::new();
        for row in rows {
            match serde_json::from_value::<Public>(row.public.0.clone()) {
                Ok(public) if to_applicant(&row, &public) || passes(&row, &public) => {
                    telling.insert((row.number, row.seq), (row, public));
                }
                Ok(_) => {}
                Err(error) => untold(row.number, row.seq, &error),
            }
        }
        let numbers: BTreeSet<MatterNumber> = telling.keys().map(|(number, _)| *number).collect();
        let rows = several::matters(&mut reader, numbers.iter().copied())
            .await
            .map_err(|error| broken("matters", &error))?;
        let people: BTreeMap<MatterNumber, Vec<u8>> = several::applicants(&mut reader, numbers)
            .await
            .map_err(|error| broken("applicants", &error))?
            .into_iter()
            .collect();
        drop(reader);
        let mut matters = BTreeMap::new();
        for row in rows {
            let number = row.number;
            match self.assemble(row).await {
                Ok(matter) => drop(matters.insert(number, matter)),
                Err(refusal) if refusal.code == Code::Unavailable => return Err(refusal),
                Err(refusal) => untold(number, 0, &refusal),
            }
        }
        let mut found = Vec::new();
        for (number, seq) in events {
            let Some((row, public)) = telling.get(&(*number, *seq)) else { continue };
            let Some(matter) = matters.get(number) else { continue };
            match self.happens(matter, people.get(number).map(Vec::as_slice), row, public) {
                Ok(happened) => found.extend(happened),
                Err(refusal) => untold(*number, *seq, &refusal),
            }
        }
        Ok(found)
    }

    /// What one event gives to tell.
    fn happens(
        &self,
        matter: &Matter,
        applicant: Option<&[u8]>,
        row: &EventRow,
        public: &Public,
    ) -> Result<Option<Happened>, Refusal> {
        let item = self.item_at(matter, row.seq);
        let given: Vec<String> = matter
            .state
            .tasks
            .iter()
            .filter(|task| task.since == row.at)
            .filter_map(|task| task.assignee.as_ref())
            .map(|person| person.account.clone())
            .filter(|account| *account != row.actor)
            .collect();
        let told = match applicant.filter(|_| to_applicant(row, public)) {
            Some(sealed) => {
                let told = told(&item, matter, public, &row.action, row.at);
                self.applicant(matter, sealed)?.map(|applicant| (told, applicant))
            }
            None => None,
        };
        if told.is_none() && given.is_empty() {
            return Ok(None);
        }
        let due = match told {
            Some((Told::Missing | Told::Waiting | Told::DueSoon, _)) => waiting_until(self, matter, row.at),
            _ => None,
        };
        Ok(Some(Happened { number: row.number, seq: Some(row.seq), at: row.at, due, told, given }))
    }

    /// What an open task gives to tell when its day comes near.
    pub async fn comes_due(&self, number: MatterNumber, task: &str) -> Result<Option<Happened>, Refusal> {
        let matter = self.load_any(number).await?;
        let Some(task) = matter.state.task(task) else { return Ok(None) };
        let now = self.now();
        let Some(due) = clocks::read(self, &matter, now).due else { return Ok(None) };
        let mut told = None;
        if task.role == Role::Applicant {
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            let people = several::applicants(&mut reader, [number]).await;
            for (_, sealed) in people.map_err(|error| broken("applicants", &error))? {
                told = self.applicant(&matter, &sealed)?.map(|applicant| (Told::DueSoon, applicant));
            }
        }
        let given = task.assignee.iter().map(|person| person.account.clone()).collect();
        Ok(Some(Happened { number, seq: None, at: now, due: Some(due), told, given }))
    }

    /// The key of a matter for what other rooms seal with it; none once it was destroyed.
    pub async fn content_key(&self, number: MatterNumber) -> Result<Option<DataKey>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row: Option<(Option<Vec<u8>>,)> = sql("SELECT data_key FROM matter WHERE number = ?")
            .bind(number)
            .optional(&mut reader)
            .await
            .map_err(|error| broken("matter key", &error))?;
        let Some(wrapped) = row.and_then(|(wrapped,)| wrapped) else { return Ok(None) };
        self.keyring().unwrap(&wrapped).map(Some).map_err(|error| broken("unwrap data key", &error))
    }

    /// Who has the matter now: an account, or an organisation. When it has ended, its office.
    pub async fn holder_of(&self, number: MatterNumber) -> Result<String, Refusal> {
        let matter = self.load_any(number).await?;
        Ok(match &matter.state.owner {
            Some(Owner::Account { person, .. }) => person.account.clone(),
            Some(Owner::Office { organisation, .. }) => organisation.clone(),
            None => matter.office,
        })
    }

    /// The applicant from their sealed row; none once the content was destroyed.
    fn applicant(&self, matter: &Matter, sealed: &[u8]) -> Result<Option<Applicant>, Refusal> {
        if matter.data_key.is_none() {
            return Ok(None);
        }
        let key = self.key_of(matter)?;
        let reach = Reach::of(open_party(&key, &matter.number.to_string(), 0, sealed)?);
        Ok(Some(Applicant { account: matter.state.applicant.clone(), reach, key }))
    }
}

/// Whether an event is told to the applicant.
fn to_applicant(row: &EventRow, public: &Public) -> bool {
    public.notify.contains(&Role::Applicant) || row.action == ANSWER
}

/// Whether an event passes work to somebody.
fn passes(row: &EventRow, public: &Public) -> bool {
    matches!(row.action.as_str(), "assign" | "accept-hand-over") || public.office.is_some()
}

/// Says that an event could not be read.
fn untold(number: MatterNumber, seq: i64, why: &dyn std::fmt::Display) {
    tracing::error!(%number, seq, %why, "nobody is told of an event");
}

/// What an event is to the applicant. Read from the item, so that a new item needs no code.
fn told(item: &Item, matter: &Matter, public: &Public, action: &str, at: Instant) -> Told {
    let ends = item.step(&public.to).is_some_and(|step| step.final_);
    let entered = public.from.as_deref() != Some(public.to.as_str());
    let waits = matter.state.tasks.iter().any(|task| task.role == Role::Applicant && task.since == at);
    let rated = item.rating.as_ref().is_some_and(|rating| rating.steps.contains(&public.to));
    let step = public.from.as_deref().unwrap_or(&public.to);
    let named = item.action(step, action).is_some_and(|action| action.assign.is_some());
    match action {
        "open" => Told::Received,
        ANSWER => Told::Answered,
        "notify-gaps" | "material-overdue" => Told::Missing,
        "remind-material" => Told::DueSoon,
        _ if ends && entered && rated => Told::Rate,
        _ if ends && entered => Told::Closed,
        _ if waits => Told::Waiting,
        _ if named => Told::Assigned,
        _ if !public.documents.is_empty() => Told::Decided,
        _ => Told::Moved,
    }
}

/// Until when the applicant may act: the day a material is to come, or the end of a clock that this event started
/// while it is their turn. Another clock's day is not theirs, and a wrong day is worse than none.
fn waiting_until(register: &Register, matter: &Matter, at: Instant) -> Option<Date> {
    let material = matter.state.awaited().filter_map(|mark| mark.due).min();
    let theirs = matter.item.step(&matter.step).is_some_and(|step| step.waiting_on == WaitingOn::You);
    let started = |clock: &&RunningClock| {
        !clock.ended && clock.log.entries().first().is_some_and(|start| start.at == at)
    };
    let clock = matter.state.clocks.iter().filter(started).filter(|_| theirs);
    material.or_else(|| {
        clock.filter_map(|clock| clocks::replay(register, matter, clock)).map(|one| one.due().due).min()
    })
}
