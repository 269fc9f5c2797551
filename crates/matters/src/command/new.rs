//! What every new matter writes, whatever brought it here.

use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::{Map, Value};
use store::Changes;
use store::seal::DataKey;

use super::commit;
use crate::engine::clocks::Reading;
use crate::engine::matter::Matter;
use crate::event::Event;
use crate::party::PartyFacts;
use crate::register::{Register, fault};
use crate::store::{self as table, NewParty};

/// A new matter with its first event.
pub(super) struct New<'a> {
    /// The matter.
    pub matter: &'a Matter,
    /// Its key.
    pub key: &'a DataKey,
    /// What opened it.
    pub event: &'a Event,
    /// What its clocks say.
    pub reading: &'a Reading,
    /// Who is in it, the applicant first.
    pub parties: &'a [PartyFacts],
    /// The applicant's account, when they have one.
    pub applicant: Option<&'a String>,
    /// Who dealt with it elsewhere: they go on seeing what stands among their work.
    pub handler: Option<&'a String>,
    /// Its facts, for the marks it is found by.
    pub form: &'a Map<String, Value>,
}

impl Register {
    /// The rows of a new matter: itself, its people and the marks they are found by, event, tasks, sight.
    pub(super) fn put_new(&self, changes: &mut Changes, new: &New<'_>) -> Result<(), Refusal> {
        let (matter, number) = (new.matter, new.matter.number);
        changes.push(table::insert_matter(matter, new.reading.next_timer));
        changes.push(table::insert_parties(
            number,
            seal_parties(new.key, number, 0, new.parties, new.applicant)?,
        ));
        self.remember(changes, number, 0, new.parties)?;
        self.remember_case(changes, number, new.form)?;
        table::insert_event(changes, new.event);
        table::replace_tasks(changes, matter, &new.reading.lamps, false);
        let mut scopes: Vec<(String, &'static str)> =
            commit::pools(matter).map(|pool| (pool, "assigned")).collect();
        scopes.extend(new.applicant.map(|account| (account.clone(), "applicant")));
        scopes.extend(new.handler.map(|account| (account.clone(), "assigned")));
        if !scopes.is_empty() {
            changes.push(table::insert_access(number, scopes));
        }
        Ok(())
    }
}

/// Seals parties under the matter's key, at positions from `first` on.
pub(super) fn seal_parties(
    key: &DataKey,
    number: MatterNumber,
    first: u32,
    parties: &[PartyFacts],
    applicant: Option<&String>,
) -> Result<Vec<NewParty>, Refusal> {
    let mut rows = Vec::with_capacity(parties.len());
    for (pos, party) in (first..).zip(parties) {
        let plain = serde_json::to_vec(party).map_err(|error| fault("party", &error))?;
        let sealed = key
            .seal(&format!("party.sealed:{number}:{pos}"), &plain)
            .map_err(|error| fault("seal party", &error))?;
        rows.push(NewParty {
            pos,
            role: party.role.clone(),
            side: party.side.clone(),
            kind: party.kind.clone(),
            account: applicant.filter(|_| pos == 0).cloned(),
            sealed,
        });
    }
    Ok(rows)
}
