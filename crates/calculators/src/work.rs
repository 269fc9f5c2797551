//! How a result came about: every step, rule and figure, what was rounded, and what a reader should know.

use std::collections::HashSet;

use catalog::parameters::{Parameter, Parameters};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::calc::CalcRefusal;
use kernel::refusal::Text;
use serde_json::{Map, Value, json};

use crate::exact::Num;
use crate::given::Given;
use crate::spec::Need;

/// How many years off a figure may be and still stand in for a missing one.
const NEAR: u64 = 2;

/// What a calculator stands on: the dated tables, and the day it is asked (Beijing).
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Law and figures.
    pub parameters: &'a Parameters,
    /// Today: the day of the event where none is given.
    pub today: Date,
}

/// A result and how it came about. For reference; only a court or office decides.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What the calculator found, by name.
    pub result: Map<String, Value>,
    /// How.
    pub working: Working,
}

/// How a result came about.
#[derive(Debug, Clone, Default)]
pub struct Working {
    /// Steps in the order they were taken.
    pub steps: Vec<Step>,
    /// Rules and figures of the tables that were used, each once.
    pub parameters: Vec<Parameter>,
    /// What a reader should know.
    pub notes: Vec<Text>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it finds: message `calc-out-<name>`.
    pub name: &'static str,
    /// The sum in figures; empty when there is none.
    pub formula: String,
    /// What came out.
    pub value: String,
    /// The law, in Chinese.
    pub law: Option<String>,
    /// The article.
    pub article: Option<String>,
}

/// The message of a step or an output.
pub fn label_key(name: &str) -> String {
    format!("calc-out-{}", name.replace(['_', '.'], "-"))
}

impl Working {
    /// As JSON, in the words of one language.
    pub fn told(&self, say: &dyn Fn(&Text) -> String) -> Value {
        let steps: Vec<Value> = self
            .steps
            .iter()
            .map(|step| {
                json!({
                    "name": step.name,
                    "label": say(&Text::new(label_key(step.name))),
                    "formula": step.formula,
                    "value": step.value,
                    "law": step.law,
                    "article": step.article,
                })
            })
            .collect();
        let parameters: Vec<Value> = self.parameters.iter().map(row_told).collect();
        json!({
            "steps": steps,
            "parameters": parameters,
            "notes": self.notes.iter().map(say).collect::<Vec<_>>(),
            "rounding": say(&Text::new("calc-rounding")),
            "for_reference": say(&Text::new("calc-reference")),
        })
    }
}

/// A row of the tables as it is shown outside.
pub fn row_told(row: &Parameter) -> Value {
    json!({
        "id": row.id,
        "area": row.area,
        "year": row.year,
        "number": row.number,
        "numbers": row.numbers,
        "bands": row.bands,
        "count": row.count,
        "unit": row.unit,
        "law": row.law,
        "article": row.article,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "verified": row.verified,
        "mark": row.mark,
        "source": row.source,
        "note": row.note,
    })
}

/// A calculation under way.
#[derive(Debug)]
pub(crate) struct Work<'g> {
    ground: Ground<'g>,
    /// The day of the event.
    pub on: Date,
    /// The place.
    pub area: Option<AreaCode>,
    result: Map<String, Value>,
    working: Working,
    seen: HashSet<String>,
}

impl<'g> Work<'g> {
    /// Begins: place and day are read where the calculator asks for them.
    pub(crate) fn begin(given: &Given<'_>, ground: Ground<'g>) -> Result<Self, CalcRefusal> {
        let area = if given.field("area").is_some() { given.maybe_area("area")? } else { None };
        let date = if given.field("date").is_some() { given.maybe_date("date")? } else { None };
        let on = date.unwrap_or(ground.today);
        Ok(Self { ground, on, area, result: Map::new(), working: Working::default(), seen: HashSet::new() })
    }

    /// Ends.
    pub(crate) fn done(self) -> Answer {
        Answer { result: self.result, working: self.working }
    }

    /// Today.
    pub(crate) fn today(&self) -> Date {
        self.ground.today
    }

    /// All dated data.
    pub(crate) fn parameters(&self) -> &'g Parameters {
        self.ground.parameters
    }

    /// The rule that governs the place on the day of the event.
    pub(crate) fn row(&mut self, id: &str) -> Result<&'g Parameter, CalcRefusal> {
        self.row_on(id, self.on)
    }

    /// The rule that governs the place on a day.
    pub(crate) fn row_on(&mut self, id: &str, on: Date) -> Result<&'g Parameter, CalcRefusal> {
        let Some(row) = self.ground.parameters.governing(id, self.area, on) else {
            let reason = format!("the tables hold no rule `{id}` for {on} and this place");
            return Err(CalcRefusal::new("not-in-force", "date", reason));
        };
        self.used(row);
        Ok(row)
    }

    /// Notes that a row was used.
    pub(crate) fn used(&mut self, row: &Parameter) {
        let key = format!("{}|{:?}|{}|{:?}", row.id, row.area, row.effective_from, row.year);
        if self.seen.insert(key) {
            self.working.parameters.push(row.clone());
        }
    }

    /// The figure of a field: as given, else from the tables for the place and the year before the event, else of
    /// the nearest year, which is said.
    pub(crate) fn figure(&mut self, given: &Given<'_>, name: &str) -> Result<Num, CalcRefusal> {
        self.figure_of(given, name, i64::from(self.on.year()) - 1)
    }

    /// The figure of a field for a statistical year.
    pub(crate) fn figure_of(&mut self, given: &Given<'_>, name: &str, year: i64) -> Result<Num, CalcRefusal> {
        if let Some(number) = given.maybe(name)? {
            return Ok(number);
        }
        let Some(Need::Figure(id)) = given.field(name).map(|field| field.need) else {
            return given.number(name);
        };
        match self.known_figure(id, year) {
            Some((row, number)) => {
                self.used(row);
                if row.year.map(i64::from) != Some(year) {
                    let taken = row.year.unwrap_or_default();
                    let note = Text::new("calc-note-nearest-year").arg("wanted", year).arg("taken", taken);
                    self.note(note.arg("source", &row.source));
                }
                Ok(number)
            }
            None => Err(given.refuse(
                "missing-field",
                name,
                format!(
                    "the figure of the place for {year} is needed: the tables have none (`{id}`), give it"
                ),
            )),
        }
    }

    /// The figure of the smallest area around the place that has one, of the year or the nearest to it.
    fn known_figure(&self, id: &str, year: i64) -> Option<(&'g Parameter, Num)> {
        let area = self.area;
        let here = |row: &&Parameter| {
            row.id == id && row.area.is_none_or(|wide| area.is_some_and(|here| wide.contains(here)))
        };
        self.ground
            .parameters
            .rows()
            .iter()
            // Of two rows for one place and year the one entered last counts.
            .rev()
            .filter(here)
            .filter_map(|row| Some((row, row.year?, Num::parse(row.number.as_deref()?)?)))
            .filter(|(_, of, _)| (i64::from(*of) - year).unsigned_abs() <= NEAR)
            .min_by_key(|(row, of, _)| {
                let distance = (i64::from(*of) - year).unsigned_abs();
                let later = i64::from(*of) > year;
                (std::cmp::Reverse(row.area.map(AreaCode::level)), distance, later)
            })
            .map(|(row, _, number)| (row, number))
    }

    /// Puts something into the result.
    pub(crate) fn put(&mut self, name: &'static str, value: Value) {
        self.result.insert(name.into(), value);
    }

    /// Puts an amount into the result, with the step that found it.
    pub(crate) fn money(
        &mut self,
        name: &'static str,
        formula: impl Into<String>,
        amount: &Num,
        by: &Parameter,
    ) {
        self.put(name, json!(amount.money()));
        self.step(name, formula, amount.money(), by);
    }

    /// A step whose outcome is not a result of its own.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        formula: impl Into<String>,
        value: impl Into<String>,
        by: &Parameter,
    ) {
        self.working.steps.push(Step {
            name,
            formula: formula.into(),
            value: value.into(),
            law: by.law.clone(),
            article: by.article.clone(),
        });
    }

    /// Something a reader should know.
    pub(crate) fn note(&mut self, note: impl Into<Text>) {
        self.working.notes.push(note.into());
    }
}

/// The exact number of a row; a row without one is a fault of the tables, told as a refusal.
pub(crate) fn number(row: &Parameter) -> Result<Num, CalcRefusal> {
    row.number.as_deref().and_then(Num::parse).ok_or_else(|| unreadable(row))
}

/// The numbers of a row.
pub(crate) fn numbers(row: &Parameter) -> Result<Vec<Num>, CalcRefusal> {
    let numbers = row.numbers.iter().flatten();
    let read: Option<Vec<Num>> = numbers.map(|text| Num::parse(text)).collect();
    read.filter(|numbers| !numbers.is_empty()).ok_or_else(|| unreadable(row))
}

/// The number at a place of a row, counted from nothing.
pub(crate) fn nth(row: &Parameter, at: usize) -> Result<Num, CalcRefusal> {
    numbers(row)?.into_iter().nth(at).ok_or_else(|| unreadable(row))
}

fn unreadable(row: &Parameter) -> CalcRefusal {
    CalcRefusal::new("no-table", "date", format!("the row `{}` of the tables lacks its numbers", row.id))
}

/// Applies a scale of bands to an amount: what each band takes, in figures, and the sum.
pub(crate) fn bands(row: &Parameter, amount: &Num) -> Result<(Num, String), CalcRefusal> {
    let bands = row.bands.as_deref().filter(|bands| !bands.is_empty()).ok_or_else(|| unreadable(row))?;
    let read = |text: &str| Num::parse(text).ok_or_else(|| unreadable(row));
    let mut sum = Num::zero();
    let mut terms = Vec::new();
    for (at, band) in bands.iter().enumerate() {
        let over = read(&band.over)?;
        if at > 0 && *amount <= over {
            break;
        }
        if let Some(flat) = &band.flat {
            let flat = read(flat)?;
            terms.push(flat.short());
            sum = &sum + &flat;
        }
        if let Some(percent) = &band.percent {
            let percent = read(percent)?;
            let upper = bands.get(at + 1).map(|next| read(&next.over)).transpose()?;
            let top = upper.map_or_else(|| amount.clone(), |upper| amount.least(&upper));
            let part = top.beyond(&over);
            sum = &sum + &part.percent(&percent);
            terms.push(format!("{} × {}%", part.short(), percent.short()));
        }
    }
    Ok((sum, terms.join(" + ")))
}

/// A refusal for a division by nothing that no sound input or table reaches.
pub(crate) fn divided(a: &Num, b: &Num, field: &str) -> Result<Num, CalcRefusal> {
    a.over(b).ok_or_else(|| CalcRefusal::new("out-of-range", field, "must not be 0"))
}
