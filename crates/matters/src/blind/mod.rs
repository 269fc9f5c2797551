//! Blind indexes (盲索引): keyed hashes by which the people of a matter are found again without a value of theirs
//! being readable. Each kind has a key of its own; rows are written with the matter and made anew when keys change.

pub(crate) mod common;
mod marks;
mod reindex;
mod search;

pub(crate) use marks::{Kind, marks, own_marks};

pub use search::{By, PersonQuery};

use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use marks::case;
use serde_json::{Map, Value};
use store::{Changes, sql};

use crate::party::PartyFacts;
use crate::register::{Register, broken};

/// Rows of one statement: five values each, and SQLite takes 32,766.
const ROWS: usize = 6_000;

impl Register {
    /// Writes the keyed hashes by which a matter's people, at positions from `first` on, are found again.
    pub(crate) fn remember(
        &self,
        changes: &mut Changes,
        number: MatterNumber,
        first: u32,
        parties: &[PartyFacts],
    ) -> Result<(), Refusal> {
        let people = (first..).zip(parties).flat_map(|(position, party)| {
            let side = if position == 0 { "own" } else { "other" };
            marks(party, side)
        });
        self.write_marks(changes, number, people)
    }

    /// Writes the keyed hashes of the numbers of cases among these facts.
    pub(crate) fn remember_case(
        &self,
        changes: &mut Changes,
        number: MatterNumber,
        facts: &Map<String, Value>,
    ) -> Result<(), Refusal> {
        self.write_marks(changes, number, self.cases(facts).map(|case| ("case", Kind::Case, case)))
    }

    /// The numbers of cases among these facts, in one form.
    fn cases<'f>(&'f self, facts: &'f Map<String, Value>) -> impl Iterator<Item = String> + 'f {
        self.catalog().case_marks(facts).map(case).filter(|case| !case.is_empty())
    }

    fn write_marks<'s>(
        &self,
        changes: &mut Changes,
        number: MatterNumber,
        marks: impl Iterator<Item = (&'s str, Kind, String)>,
    ) -> Result<(), Refusal> {
        let mut rows = std::collections::BTreeSet::new();
        for (side, kind, value) in marks {
            let (key_id, mac) = self
                .keyring()
                .index_mac(kind.purpose(), value.as_bytes())
                .map_err(|error| broken("mac", &error))?;
            rows.insert((kind.as_str(), side, mac, key_id));
        }
        let rows: Vec<_> = rows.into_iter().collect();
        for some in rows.chunks(ROWS) {
            changes.push(
                sql("INSERT INTO blind (number, kind, side, mac, key_id) VALUES ")
                    .rows(some, |row, (kind, side, mac, key_id)| {
                        row.bind(number).bind(*kind).bind(*side).bind(mac).bind(i64::from(*key_id))
                    })
                    // Somebody who joins may share a name with somebody who is there.
                    .then(" ON CONFLICT DO NOTHING"),
            );
        }
        Ok(())
    }

    /// The hashes of the numbers of cases among these facts, by every key in use.
    pub(crate) fn case_hashes(&self, facts: &Map<String, Value>) -> Vec<[u8; 32]> {
        self.cases(facts).flat_map(|case| self.hashes(Kind::Case, &case)).collect()
    }

    /// The hashes a value may stand under, by every key in use.
    pub(crate) fn hashes(&self, kind: Kind, value: &str) -> Vec<[u8; 32]> {
        self.keyring().index_macs(kind.purpose(), value.as_bytes())
    }
}
