//! 时效和法定期间: until when a right can still be claimed.

use catalog::parameters::Parameter;
use jiff::civil::Date;
use kernel::calc::CalcRefusal;
use kernel::calendar::Calendar;
use kernel::period::{Period, Roll};
use kernel::refusal::Text;
use serde_json::json;

use crate::given::Given;
use crate::spec::{AREA, Family, Field, Kind, Outcome, Spec};
use crate::work::Work;

/// What is claimed. Each is a row `limitation.<kind>` with its count and unit.
const KINDS: &[&str] = &[
    "civil",
    "labour-arbitration",
    "life-insurance",
    "other-insurance",
    "state-compensation",
    "execution",
    "appeal-judgment",
    "appeal-ruling",
    "reconsideration",
    "administrative-suit",
    "suit-after-reconsideration",
    "suit-after-labour-award",
    "work-injury-worker",
    "work-injury-employer",
    "capacity-appraisal-again",
    "judicial-confirmation",
    "set-aside-award",
    "retrial",
];

pub(crate) const SPECS: &[Spec] = &[Spec {
    name: "limitation.period",
    family: Family::Time,
    fields: &[
        Field::must("kind", Kind::Choice(KINDS)),
        Field::must("start", Kind::Date),
        Field::may("event", Kind::Date),
        Field::may("interrupted", Kind::Date),
        AREA,
    ],
    example: r#"{"kind":"civil","start":"2024-03-08"}"#,
    run: period,
}];

fn end_of(given: &Given<'_>, row: &Parameter, start: Date) -> Result<(Date, Date, bool), CalcRefusal> {
    let (Some(count), Some(unit)) = (row.count, row.unit) else {
        return Err(given.refuse("no-table", "kind", "the row of the tables lacks its period"));
    };
    let far = |fault: kernel::period::PeriodFault| given.refuse("out-of-range", "start", fault.to_string());
    let period = Period::new(count, unit).map_err(far)?;
    let period = match row.roll {
        Some(true) => period.with_roll(Roll::OnToWorkday),
        Some(false) => period.with_roll(Roll::Stay),
        None => period,
    };
    let due = period.due(start, Calendar::official()).map_err(far)?;
    Ok((due.raw, due.due, due.provisional))
}

fn period(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let kind = given.choice("kind")?;
    let start = given.date("start")?;
    let interrupted = given.maybe_date("interrupted")?;
    let event = given.maybe_date("event")?;
    if event.is_some_and(|event| event > start) {
        return Err(given.refuse("out-of-range", "event", "must not lie after start"));
    }
    work.on = start;
    let row = work.row(&format!("limitation.{kind}"))?;
    if let Some(day) = interrupted {
        if row.word.as_deref() != Some("interruptible") {
            let reason = "this period does not begin anew";
            return Err(given.refuse("out-of-range", "interrupted", reason));
        }
        let (_, last, _) = end_of(given, row, start)?;
        if day < start || day > last {
            let reason = format!("must lie between {start} and {last}");
            return Err(given.refuse("out-of-range", "interrupted", reason));
        }
    }
    let from = interrupted.unwrap_or(start);
    let (raw, mut deadline, provisional) = end_of(given, row, from)?;
    work.put("raw_last_day", json!(raw.to_string()));
    let count = row.count.unwrap_or_default();
    let unit = row.unit.map(kernel::period::Unit::as_str).unwrap_or_default();
    work.step("raw_last_day", format!("{from} + {count} {unit}"), raw.to_string(), row);
    if let (Some(event), Some(longest)) =
        (event, work.parameters().governing(&format!("limitation.{kind}.longest"), work.area, start))
    {
        work.used(longest);
        let (_, last, _) = end_of(given, longest, event)?;
        if last < deadline {
            work.step(
                "longest",
                format!("{event} + {} year", longest.count.unwrap_or_default()),
                last.to_string(),
                longest,
            );
            work.note(Text::new("calc-note-longest").arg("last", last));
            deadline = last;
        }
    }
    let counting = work.row("period.counting")?;
    work.put("deadline", json!(deadline.to_string()));
    work.step("deadline", "", deadline.to_string(), counting);
    if provisional {
        work.put("provisional", json!(true));
        work.note("calc-note-no-calendar");
    }
    let today = work.today();
    work.put("over", json!(deadline < today));
    if kind == "civil" || row.word.as_deref() == Some("interruptible") {
        work.note("calc-note-interruption");
    }
    Ok(())
}
