//! Taking over matters that were kept elsewhere before: a year of them, from a spreadsheet.
//!
//! One command a matter, with one event `import`: the same items, offices, kinds of facts and marks as at
//! every other door. What was closed is closed here, and no clock of it ever runs; what is open begins with the
//! first step of its item, on the day it was received.

mod read;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

use ::store::Changes;
use catalog::item::Step;
use futures_util::StreamExt as _;
use kernel::actor::{ActorId, Role};
use kernel::chain::{self, Digest};
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::commit;
use super::many;
use super::moved::Moved;
use super::new::New;
use super::open::no_office;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::state::{Act, Owner, State};
use crate::engine::transition::{self, With};
use crate::event::Former;
use crate::material;
use crate::party::PartyFacts;
use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::facts::SealedFacts;
use read::Old;

/// Name of the act in events.
pub const IMPORT: &str = "import";

/// The fact that keeps the number a matter had elsewhere.
const SOURCE: &str = "source.id";

/// Commands under way at once: the store commits together what waits together, and the next ones are made ready while
/// it does.
const AT_ONCE: usize = 384;

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It is a matter here now.
    New(MatterNumber),
    /// It had been taken over before, just as it is.
    Known(MatterNumber),
    /// It was tried only, and would be a matter here.
    Would,
}

/// A row on its way: the keyed hashes that tell whether it was here before.
struct Row {
    source: [u8; 32],
    body: [u8; 32],
    old: Old,
}

impl Register {
    /// Takes matters over. Each body is `{source_id, item, area, door, opened_at, closed_at?, outcome?,
    /// handled_by?, applicant, form?}`: texts as a spreadsheet has them. The answers are in the order of the
    /// bodies; a refused one leaves nothing behind. `source_id` names a matter for ever: the same one with the
    /// same content changes nothing, with other content it is refused. A trial writes nothing.
    pub async fn import(
        &self,
        bodies: Vec<Value>,
        trial: bool,
    ) -> Result<Vec<Result<Imported, Refusal>>, Refusal> {
        let now = self.now();
        let handlers = self.handlers(&bodies).await?;
        let rows: Vec<Result<Row, Refusal>> =
            bodies.iter().map(|body| self.old_row(body, &handlers, now)).collect();
        let sources: Vec<[u8; 32]> = rows.iter().flatten().map(|row| row.source).collect();
        let known = self.imported(&sources).await?;
        let known = Arc::new(known);
        let work = rows.into_iter().map(|row| {
            let (register, known) = (self.clone(), Arc::clone(&known));
            async move {
                // A task of its own: sealing and hashing keep every core busy while others wait for the disk.
                tokio::spawn(async move { register.take_over(row?, &known, trial, now).await })
                    .await
                    .unwrap_or_else(|error| Err(fault("import", &error)))
            }
        });
        Ok(futures_util::stream::iter(work).buffered(AT_ONCE).collect().await)
    }

    fn old_row(
        &self,
        body: &Value,
        handlers: &HashMap<String, String>,
        now: Instant,
    ) -> Result<Row, Refusal> {
        let old = read::old(self.catalog(), body, handlers, now)?;
        let mac = |kind, bytes: &[u8]| self.keyring().mac(kind, bytes).map_err(|error| broken("mac", &error));
        let canonical = chain::canonical(body).map_err(|error| fault("canonical body", &error))?;
        Ok(Row {
            source: mac("import-source", old.source_id.as_bytes())?,
            body: mac("import-body", &canonical)?,
            old,
        })
    }

    /// Logins that rows name, with their accounts.
    async fn handlers(&self, bodies: &[Value]) -> Result<HashMap<String, String>, Refusal> {
        let mut logins: Vec<&str> = bodies.iter().filter_map(|body| body["handled_by"].as_str()).collect();
        logins.sort_unstable();
        logins.dedup();
        if logins.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.access().staff_ids(&logins).await.map_err(|error| broken("logins", &error))?;
        Ok(found.into_iter().collect())
    }

    async fn imported(
        &self,
        sources: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], ([u8; 32], MatterNumber)>, Refusal> {
        if sources.is_empty() {
            return Ok(HashMap::new());
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = store::known(&mut reader, sources).await.map_err(|error| broken("imported", &error))?;
        Ok(rows.into_iter().map(|(source, body, number)| (source, (body, number))).collect())
    }

    async fn take_over(
        &self,
        row: Row,
        known: &HashMap<[u8; 32], ([u8; 32], MatterNumber)>,
        trial: bool,
        now: Instant,
    ) -> Result<Imported, Refusal> {
        if let Some(before) = known.get(&row.source) {
            return same(&row, *before);
        }
        if trial {
            let (item, offices) = (&row.old.item, self.offices().await?);
            let served = offices.route_from(&item.duty, row.old.area, item.level).is_some();
            return if served { Ok(Imported::Would) } else { Err(no_office(item)) };
        }
        let number = self.next_number(row.old.area, row.old.opened_at.date().year()).await?;
        let mut changes = Changes::new().bulk();
        changes.push(store::insert(&row.source, &row.body, number, now));
        self.write(&mut changes, &row.old, number, now).await?;
        match self.db().apply("import matter", changes).await {
            Ok(()) => Ok(Imported::New(number)),
            // The same source twice in one file, or two imports at once.
            Err(error) if error.is_duplicate_of("imported") => {
                match self.imported(&[row.source]).await?.get(&row.source) {
                    Some(before) => same(&row, *before),
                    None => Err(broken("import matter", &error)),
                }
            }
            Err(error) => Err(broken("import matter", &error)),
        }
    }

    async fn write(
        &self,
        changes: &mut Changes,
        old: &Old,
        number: MatterNumber,
        now: Instant,
    ) -> Result<(), Refusal> {
        let offices = self.offices().await?;
        let item = &old.item;
        let office = offices.route_from(&item.duty, old.area, item.level).ok_or_else(|| no_office(item))?;
        let (key, wrapped) = self.keyring().new_data_key().map_err(|error| fault("data key", &error))?;
        let received_on = old.opened_at.date();
        let check = self.catalog().check(item, &old.form, Some(old.area), received_on);
        let open = old.end.is_none();
        let mut kept = Map::new();
        kept.insert(SOURCE.to_owned(), Value::from(old.source_id.as_str()));
        let facts = SealedFacts {
            form: old.form.clone(),
            check: check.as_ref().filter(|_| open).map(|check| check.to_value(kernel::lang::Lang::Zh)),
            kept,
        };
        let mut errors = Vec::new();
        let materials = if open {
            material::read(self.catalog(), item, None, &old.form, old.area, received_on, &mut errors)
        } else {
            Vec::new()
        };
        let mut matter = Matter {
            number,
            item: Arc::clone(item),
            area: old.area,
            office: office.id.as_str().to_owned(),
            office_name: office.name.clone(),
            door: old.door,
            step: String::new(),
            final_: false,
            outcome: None,
            version: 1,
            head: Digest::ZERO,
            opened_at: old.opened_at,
            received_on,
            closed_at: None,
            issue: 1,
            state: State {
                materials,
                owner: Some(Owner::Office {
                    organisation: office.id.as_str().to_owned(),
                    name: office.name.clone(),
                }),
                eligible: check.as_ref().filter(|_| open).map(|check| check.eligible().to_owned()),
                ..State::default()
            },
            data_key: Some(wrapped),
            facts: Some(facts.seal(&key, number)?),
        };
        let parties: &[PartyFacts] = std::slice::from_ref(&old.applicant);
        if let Some((step, at)) = &old.end {
            end(&mut matter, step, *at, old.handler.as_ref());
            matter.state.parties = 1;
            matter.state.applicants = 1;
        } else {
            let first = item.first_step().id.clone();
            let with = With { facts: old.form.clone(), ..With::default() };
            transition::enter(&mut matter, &first, &with, now);
            many::join(self, &mut matter, parties, now).await?;
        }
        let moved = Moved {
            office: Some(matter.office.clone()),
            former: Some(Former { opened_at: old.opened_at, closed_at: matter.closed_at }),
            ..Moved::new(ActorId::system(), Role::System, old.door, IMPORT, now)
        };
        matter.state.acts.push(Act {
            action: IMPORT.to_owned(),
            actor: ActorId::system(),
            role: Role::System,
        });
        let reading = clocks::read(self, &matter, now);
        let event = commit::make_event(self, &matter, &moved, &reading)?;
        matter.head = event.hash;
        matter.state.told = reading.due;
        self.put_new(
            changes,
            &New {
                matter: &matter,
                key: &key,
                event: &event,
                reading: &reading,
                parties,
                applicant: None,
                handler: old.handler.as_ref().filter(|_| matter.final_),
                form: &old.form,
            },
        )?;
        if let Some(closed_at) = matter.closed_at {
            table::insert_done(changes, number, &matter.state.done, closed_at.date());
        }
        Ok(())
    }
}

/// A matter that ended elsewhere: no task, no clock, no owner; whoever dealt with it finds it among what is done.
fn end(matter: &mut Matter, step: &Step, at: Instant, handler: Option<&String>) {
    matter.step.clone_from(&step.id);
    matter.final_ = true;
    matter.outcome.clone_from(&step.outcome);
    matter.closed_at = Some(at);
    matter.state.owner = None;
    matter.state.done = handler.cloned().into_iter().collect();
}

/// A source that is here already: nothing to do, or somebody changed the row since.
fn same(row: &Row, (body, number): ([u8; 32], MatterNumber)) -> Result<Imported, Refusal> {
    if body == row.body {
        return Ok(Imported::Known(number));
    }
    Err(Refusal::new(Code::RuleRefused, Text::new("refused-imported").arg("number", number.grouped()))
        .rule(Rule::house("import"))
        .next(Next::say("next-change-there")))
}
