//! Law and promises as dated, regional data.
//!
//! A row says how long, since when, where and why. What is not verified is
//! shown as 待核 and never called law; a promise of the office never moves a
//! statutory date later.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::{Limit, LimitKind};
use kernel::period::Unit;
use serde::{Deserialize, Serialize};

/// A file of `catalog/parameters/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParametersFile {
    /// The rows.
    pub parameter: Vec<Parameter>,
}

/// One dated row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// `legal-aid.decide`; several rows may share it.
    pub id: String,
    /// Where it holds; absent: in the whole country.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// Law or promise.
    pub kind: LimitKind,
    /// How many units, for a limit.
    #[serde(default)]
    pub count: Option<u32>,
    /// Of what, for a limit.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// Whether a last day that is a day off rolls on; absent: as the unit does by law.
    #[serde(default)]
    pub roll: Option<bool>,
    /// A sum of money in fen, for standards.
    #[serde(default)]
    pub fen: Option<i64>,
    /// A word, for choices of policy (`unrestricted`).
    #[serde(default)]
    pub word: Option<String>,
    /// Title of the law; absent for a promise.
    #[serde(default)]
    pub law: Option<String>,
    /// The article.
    #[serde(default)]
    pub article: Option<String>,
    /// First day.
    pub effective_from: Date,
    /// Last day; absent: still in force.
    #[serde(default)]
    pub effective_to: Option<Date>,
    /// Whether the text in force was read.
    pub verified: bool,
    /// Where the figure comes from.
    pub source: String,
    /// What a reader should know.
    #[serde(default)]
    pub note: Option<String>,
}

/// All rows.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    rows: Vec<Parameter>,
}

impl Parameters {
    /// From the rows of all files.
    #[must_use]
    pub fn new(rows: Vec<Parameter>) -> Self {
        Self { rows }
    }

    /// All rows, in file order.
    #[must_use]
    pub fn rows(&self) -> &[Parameter] {
        &self.rows
    }

    /// Whether any row has this id.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    /// The rows of an id that hold at a place on a day. Without a place only
    /// nation-wide rows hold.
    pub fn holding(
        &self,
        id: &str,
        area: Option<AreaCode>,
        date: Date,
    ) -> impl Iterator<Item = &Parameter> + use<'_> {
        let id = id.to_owned();
        self.rows.iter().filter(move |row| {
            row.id == id
                && row.effective_from <= date
                && row.effective_to.is_none_or(|last| date <= last)
                && row.area.is_none_or(|wide| area.is_some_and(|here| wide.contains(here)))
        })
    }

    /// All time limits of an id that hold at a place on a day; the earliest binds.
    #[must_use]
    pub fn limits(&self, id: &str, area: Option<AreaCode>, date: Date) -> Vec<Limit> {
        self.holding(id, area, date)
            .filter_map(|row| {
                Some(Limit {
                    id: row.id.clone(),
                    area: row.area,
                    count: row.count?,
                    unit: row.unit?,
                    roll: row.roll,
                    kind: row.kind,
                    law: row.law.clone(),
                    article: row.article.clone(),
                    verified: row.verified,
                })
            })
            .collect()
    }

    /// The row that governs a place on a day: the one for the smallest area,
    /// and of equals the one that came into force last.
    #[must_use]
    pub fn governing(&self, id: &str, area: Option<AreaCode>, date: Date) -> Option<&Parameter> {
        self.holding(id, area, date).max_by_key(|row| (row.area.map(AreaCode::level), row.effective_from))
    }
}
