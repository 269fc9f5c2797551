//! A matter as the engine holds it: its row, its item, its state.

use std::sync::Arc;

use catalog::item::{Item, Step};
use jiff::civil::Date;
use kernel::actor::Door;
use kernel::area::AreaCode;
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use kernel::time::Instant;

use super::state::State;

/// One matter, loaded.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Its number.
    pub number: MatterNumber,
    /// The item version it finishes under.
    pub item: Arc<Item>,
    /// Where it belongs.
    pub area: AreaCode,
    /// The organisation that answers for it.
    pub office: String,
    /// Name of that organisation.
    pub office_name: String,
    /// The door it came through.
    pub door: Door,
    /// Step it stands at.
    pub step: String,
    /// Whether that step ends it.
    pub final_: bool,
    /// What it came to.
    pub outcome: Option<String>,
    /// Counts commands; equals the sequence of the last event.
    pub version: i64,
    /// Hash of the last event.
    pub head: Digest,
    /// When it was opened.
    pub opened_at: Instant,
    /// The day periods run from.
    pub received_on: Date,
    /// When it ended.
    pub closed_at: Option<Instant>,
    /// Issue of the query code.
    pub issue: u32,
    /// Tasks, clocks, materials.
    pub state: State,
    /// Wrapped data key; none once destroyed.
    pub data_key: Option<Vec<u8>>,
    /// Sealed facts.
    pub facts: Option<Vec<u8>>,
}

impl Matter {
    /// The step it stands at. `None` when a stored step is unknown to its item version, which publishing excludes.
    pub fn current(&self) -> Option<&Step> {
        self.item.step(&self.step)
    }
}
