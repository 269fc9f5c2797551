//! Families `deadline.*`, `workdays_in_year`, `count_workdays_inclusive`.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};

use super::{CalcRefusal, Inputs, Outcome};
use crate::calendar::Calendar;
use crate::period::{Period, PeriodFault, Roll, Unit};

pub(super) fn natural(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    counted(inputs, &[Unit::Day, Unit::Month, Unit::Year], Unit::Day)
}

pub(super) fn month(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    counted(inputs, &[Unit::Month], Unit::Month)
}

pub(super) fn year(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    counted(inputs, &[Unit::Year], Unit::Year)
}

/// Laws write "5 days (working days)", so the unit may be called either.
pub(super) fn working(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    counted(inputs, &[Unit::Workday, Unit::Day], Unit::Workday)
}

fn counted(inputs: &Inputs<'_>, units: &[Unit], usual: Unit) -> Outcome {
    inputs.only(&["start", "count", "unit", "roll"])?;
    let start = inputs.date("start")?;
    let named = match inputs.optional_text("unit")? {
        None => usual,
        Some(word) => units.iter().copied().find(|unit| unit.as_str() == word).ok_or_else(|| {
            let words: Vec<&str> = units.iter().map(|unit| unit.as_str()).collect();
            CalcRefusal::new("out-of-range", "unit", format!("must be {}", words.join(" or ")))
        })?,
    };
    let unit = if usual == Unit::Workday { Unit::Workday } else { named };
    let count = inputs.count("count", unit.max())?;
    let roll = if inputs.optional_bool("roll")?.unwrap_or(true) { Roll::OnToWorkday } else { Roll::Stay };
    let due = Period::new(count, unit)
        .and_then(|period| period.with_roll(roll).due(start, Calendar::official()))
        .map_err(|fault| out_of_range(&fault))?;
    let mut result = Map::new();
    result.insert("raw_last_day".into(), json!(due.raw.to_string()));
    result.insert("deadline".into(), json!(due.due.to_string()));
    mark(&mut result, due.provisional);
    Ok(result)
}

pub(super) fn hours(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["start", "hours", "unit"])?;
    let start = inputs.wall("start")?;
    if inputs.optional_text("unit")?.is_some_and(|unit| unit != Unit::Hour.as_str()) {
        return Err(CalcRefusal::new("out-of-range", "unit", "must be hour"));
    }
    let hours = inputs.count("hours", Unit::Hour.max())?;
    let end = start
        .at
        .checked_add(SignedDuration::from_hours(i64::from(hours)))
        .map_err(|_| out_of_range(&PeriodFault::Range))?;
    let mut result = Map::new();
    result.insert("deadline".into(), json!(start.write(end)));
    Ok(result)
}

pub(super) fn workdays_in_year(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["year"])?;
    let year = i16::try_from(inputs.whole("year")?)
        .ok()
        .filter(|year| (1949..=9998).contains(year))
        .ok_or_else(|| CalcRefusal::new("out-of-range", "year", "must be 1949 to 9998"))?;
    Ok(workdays(date(year, 1, 1), date(year, 12, 31)))
}

pub(super) fn count_workdays(inputs: &Inputs<'_>, _today: Date) -> Outcome {
    inputs.only(&["frm", "to"])?;
    let (first, last) = (inputs.date("frm")?, inputs.date("to")?);
    if last < first {
        return Err(CalcRefusal::new("out-of-range", "to", "must not lie before frm"));
    }
    Ok(workdays(first, last))
}

fn workdays(first: Date, last: Date) -> Map<String, Value> {
    let calendar = Calendar::official();
    let mut result = Map::new();
    result.insert("workdays".into(), json!(calendar.count_workdays(first, last)));
    mark(&mut result, (first.year()..=last.year()).any(|year| !calendar.covers(year)));
    result
}

/// A figure that rests on weekends alone says so; a sound one carries no further key.
fn mark(result: &mut Map<String, Value>, provisional: bool) {
    if provisional {
        result.insert("provisional".into(), json!(true));
    }
}

fn out_of_range(fault: &PeriodFault) -> CalcRefusal {
    CalcRefusal::new("out-of-range", "start", fault.to_string())
}
