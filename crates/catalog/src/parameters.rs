//! Law and promises as dated, regional data.
//!
//! A row says how long, since when, where and why. What is not verified is
//! shown as 待核 and never called law; a promise of the office never moves a
//! statutory date later.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::{Limit, LimitKind};
use kernel::money::Fen;
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
    /// What a standard is measured by: the row `standard.<basis>` of the place gives the sum.
    #[serde(default)]
    pub basis: Option<String>,
    /// How much of the basis, in percent: 200 is twice.
    #[serde(default)]
    pub percent: Option<u32>,
    /// For whose households a standard counts; absent: for all.
    #[serde(default)]
    pub household: Option<Household>,
    /// For how long `fen`, or the sum of the basis, counts; absent: a month.
    #[serde(default)]
    pub period: Option<Span>,
    /// An exact decimal, for rates and sums of the calculators: `"0.000175"`, `"56502"`.
    #[serde(default)]
    pub number: Option<String>,
    /// Several exact decimals in an order the id defines: months by grade, least and most.
    #[serde(default)]
    pub numbers: Option<Vec<String>>,
    /// Bands of a scale of fees, lowest first.
    #[serde(default)]
    pub bands: Option<Vec<Band>>,
    /// The statistical year of a figure.
    #[serde(default)]
    pub year: Option<i16>,
    /// How the source was read: L full text, W a web page, G public code, P a package, S a seed document, R recalled.
    #[serde(default)]
    pub mark: Option<Mark>,
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

/// A part of an amount and what is taken of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// What lies above this many yuan belongs to the band.
    pub over: String,
    /// So many yuan, whatever the part.
    #[serde(default)]
    pub flat: Option<String>,
    /// So many percent of the part.
    #[serde(default)]
    pub percent: Option<String>,
}

/// How good the evidence for a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Read in full text.
    L,
    /// Read on a stored web page.
    W,
    /// Found in public code or data.
    G,
    /// Read from a package of a registry.
    P,
    /// From a seed document.
    S,
    /// Recalled, to be checked.
    R,
}

/// The households a standard is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Household {
    /// Everybody.
    All,
    /// Registered in towns.
    Town,
    /// Registered in the country.
    Rural,
}

/// The time a sum is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Parameter {
    /// Whether a rule may rest on it: its text was read, or it is a promise of the office itself.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.verified || self.kind == LimitKind::Promise
    }

    /// The sum a month that it sets, in fen: its own, or so many percent of its basis. `find` gives the row
    /// that governs the same place and day. `None` where no sum is entered, where the text was not read, and
    /// where the sum depends on whether the household is of the town or the country.
    pub fn monthly<'a>(&'a self, find: impl Fn(&str) -> Option<&'a Parameter>) -> Option<Fen> {
        if !self.decides() || self.household.is_some_and(|who| who != Household::All) {
            return None;
        }
        let (fen, percent, period) = match &self.basis {
            None => (self.fen?, 100, self.period),
            Some(basis) => {
                let sum = find(&format!("standard.{basis}")).filter(|row| row.decides())?;
                (sum.fen?, self.percent?, sum.period.or(self.period))
            }
        };
        let months = if period == Some(Span::Year) { 12 } else { 1 };
        fen.checked_mul(i64::from(percent)).map(|fen| Fen(fen / (100 * months)))
    }
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

    /// Adds rows behind those there are.
    pub fn add(&mut self, rows: Vec<Parameter>) {
        self.rows.extend(rows);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Parameters {
        Parameters::new(toml::from_str::<ParametersFile>(text).unwrap().parameter)
    }

    /// The monthly sum of `hardship` at a place on a day, in yuan.
    fn yuan(rows: &Parameters, area: &str, day: &str) -> Option<i64> {
        let (area, day) = (area.parse().unwrap(), day.parse().unwrap());
        let row = rows.governing("hardship", Some(area), day)?;
        row.monthly(|id| rows.governing(id, Some(area), day)).map(|fen| fen.0 / 100)
    }

    const TWICE: &str = r#"
        [[parameter]]
        id = "hardship"
        area = "370000000000"
        kind = "statutory"
        basis = "minimum-living"
        percent = 200
        household = "all"
        law = "a"
        article = "8"
        effective_from = "2015-04-01"
        verified = true
        source = "s"

        [[parameter]]
        id = "standard.minimum-living"
        area = "371502000000"
        kind = "statutory"
        fen = 80000
        law = "b"
        article = "1"
        effective_from = "2026-01-01"
        effective_to = "2026-12-31"
        verified = true
        source = "s"
    "#;

    #[test]
    fn a_standard_is_so_many_percent_of_what_holds_in_the_county_and_year() {
        let rows = rows(TWICE);
        assert_eq!(yuan(&rows, "371502", "2026-11-21"), Some(1600));
        // No sum for that year, for that county, for that province: nobody can tell.
        assert_eq!(yuan(&rows, "371502", "2027-01-01"), None);
        assert_eq!(yuan(&rows, "371503", "2026-11-21"), None);
        assert_eq!(yuan(&rows, "410100", "2026-11-21"), None);
    }

    #[test]
    fn a_sum_for_a_year_counts_by_the_month() {
        let rows = rows(&TWICE.replace("fen = 80000", "fen = 960000\nperiod = \"year\""));
        assert_eq!(yuan(&rows, "371502", "2026-11-21"), Some(1600));
    }

    #[test]
    fn what_was_not_read_or_depends_on_the_household_decides_nothing() {
        for (from, to) in [
            ("household = \"all\"", "household = \"rural\""),
            ("verified = true", "verified = false"),
            ("percent = 200", ""),
        ] {
            assert_eq!(yuan(&rows(&TWICE.replace(from, to)), "371502", "2026-11-21"), None, "{to}");
        }
    }
}
