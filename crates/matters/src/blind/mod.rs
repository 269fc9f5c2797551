//! Blind indexes (盲索引): keyed hashes by which the people of a matter are found again without a value of theirs
//! being readable. Each kind has a key of its own; rows are written with the matter and made anew when keys change.

mod marks;
mod reindex;
mod search;

pub(crate) use marks::{Kind, marks, own_marks};
pub use search::{By, PersonQuery};

use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
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
        let mut rows = std::collections::BTreeSet::new();
        for (position, party) in (first..).zip(parties) {
            let side = if position == 0 { "own" } else { "other" };
            for (side, kind, value) in marks(party, side) {
                let (key_id, mac) = self
                    .keyring()
                    .index_mac(kind.purpose(), value.as_bytes())
                    .map_err(|error| broken("mac", &error))?;
                rows.insert((kind.as_str(), side, mac, key_id));
            }
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

    /// The hashes a value may stand under, by every key in use.
    pub(crate) fn hashes(&self, kind: Kind, value: &str) -> Vec<[u8; 32]> {
        self.keyring().index_macs(kind.purpose(), value.as_bytes())
    }
}
