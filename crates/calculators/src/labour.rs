//! 劳动: severance, unlawful dismissal, overtime, double wage.

use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};
use kernel::calc::CalcRefusal;
use kernel::calendar::Calendar;
use kernel::refusal::Text;
use serde_json::{Value, json};

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{AREA, DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, nth, number};

const START: Field = Field::must("start", Kind::Date);
const LAST: Field = Field::must("last_day", Kind::Date);
const AVERAGE: Field = Field::must("avg_monthly_wage_12m", Kind::Money);
const LOCAL: Field = Field::figure("local_avg_monthly_wage", "figure.avg-monthly-wage");
const FLOOR: Field = Field::figure("min_wage", "figure.min-wage");
const HOURS: Kind = Kind::Number(0, 9_000);

const FAMILY: Family = Family::Labour;

const ENDING: &str = r#"{"start":"2020-03-15","last_day":"2026-08-20","avg_monthly_wage_12m":8000,"local_avg_monthly_wage":9000,"min_wage":2200}"#;

pub(crate) const SPECS: &[Spec] = &[
    FAMILY.spec("labour.severance", &[START, LAST, AVERAGE, LOCAL, FLOOR, AREA], ENDING, severance),
    FAMILY.spec("labour.unlawful_dismissal", &[START, LAST, AVERAGE, LOCAL, FLOOR, AREA], ENDING, unlawful),
    FAMILY.spec(
        "labour.notice_pay",
        &[Field::must("last_month_wage", Kind::Money), DATE],
        r#"{"last_month_wage":8000}"#,
        notice_pay,
    ),
    FAMILY.spec(
        "labour.late_payment_surcharge",
        &[Field::must("amount_due", Kind::Money), Field::may("percent", Kind::Number(50, 100)), DATE],
        r#"{"amount_due":52000}"#,
        surcharge,
    ),
    FAMILY.spec(
        "labour.overtime",
        &[
            Field::must("monthly_wage", Kind::Money),
            Field::may("weekday_hours", HOURS),
            Field::may("restday_hours", HOURS),
            Field::may("holiday_hours", HOURS),
            DATE,
        ],
        r#"{"monthly_wage":6525,"weekday_hours":10,"restday_hours":8,"holiday_hours":8}"#,
        overtime,
    ),
    FAMILY.spec(
        "labour.double_wage_extra",
        &[
            START,
            Field::may("signed", Kind::Date),
            Field::may("last_day", Kind::Date),
            Field::must("monthly_wage", Kind::Money),
        ],
        r#"{"start":"2025-03-01","signed":"2025-09-15","last_day":null,"monthly_wage":8000}"#,
        double_wage,
    ),
];

/// The law of contracts of labour counts service from here on; earlier service is compensated by earlier rules.
fn first_counted(work: &mut Work<'_>) -> Result<Option<Date>, CalcRefusal> {
    let row = work.row("labour.counted-from")?;
    Ok(row.word.as_deref().and_then(|word| word.parse().ok()))
}

/// Months of pay for the time from one day to another, both worked: a year is one, from half a year on one,
/// less a half.
fn months_of_pay(first: Date, last: Date, word: &str) -> Result<Num, CalcRefusal> {
    let wrong = || CalcRefusal::new("out-of-range", word, "no such stretch of time");
    let after = last.tomorrow().map_err(|_| wrong())?;
    let span = first.until((Unit::Month, after)).map_err(|_| wrong())?;
    let months = i64::from(span.get_months());
    let days = span.get_days();
    let (years, left) = (months / 12, months % 12);
    let halves = if left >= 6 { 2 } else { i64::from(left > 0 || days > 0) };
    divided(&Num::whole(years * 2 + halves), &Num::whole(2), word)
}

/// What an ending of employment is measured by.
struct Ending {
    base: Num,
    capped: bool,
    /// Months that count for severance.
    months: Num,
    /// Months from the first day of work, for unlawful dismissal.
    whole: Num,
}

fn ending(given: &Given<'_>, work: &mut Work<'_>) -> Result<Ending, CalcRefusal> {
    let (start, last) = given.span("start", "last_day")?;
    if last.year() - start.year() > 80 {
        return Err(given.refuse("out-of-range", "last_day", "more than 80 years of service"));
    }
    work.on = last;
    let average = given.number("avg_monthly_wage_12m")?;
    let local = work.figure(given, "local_avg_monthly_wage")?;
    let floor = work.figure_of(given, "min_wage", i64::from(last.year()))?;
    let rule = work.row("labour.severance")?;
    let (times, most_months) = (nth(rule, 0)?, nth(rule, 1)?);
    let from = first_counted(work)?.filter(|from| start < *from);
    let mut months = months_of_pay(from.unwrap_or(start).min(last), last, "start")?;
    let mut whole = months_of_pay(start, last, "start")?;
    work.step("months", format!("{} – {last}", from.unwrap_or(start)), months.short(), rule);
    if let Some(from) = from {
        work.note(Text::new("calc-note-before-2008").arg("from", from));
    }
    let ceiling = &local * &times;
    let capped = average > ceiling;
    let base = if capped {
        work.step("months", format!("min({}, {})", months.short(), most_months.short()), "", rule);
        months = months.least(&most_months);
        whole = whole.least(&most_months);
        ceiling.clone()
    } else {
        average.most(&floor)
    };
    let base_rule = work.row("labour.severance-floor")?;
    let formula = if capped {
        format!("{} > {} × {}", average.short(), local.short(), times.short())
    } else {
        format!("max({}, {})", average.short(), floor.short())
    };
    work.step("base", formula, base.money(), if capped { rule } else { base_rule });
    Ok(Ending { base, capped, months, whole })
}

fn severance(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let ending = ending(given, work)?;
    work.put("months", json!(ending.months.short()));
    work.put("base", json!(ending.base.money()));
    work.put("capped", json!(ending.capped));
    let rule = work.row("labour.severance")?;
    let n = &ending.base * &ending.months;
    work.money("N", format!("{} × {}", ending.base.short(), ending.months.short()), &n, rule);
    twice(work, &ending, "twoN")
}

/// Twice what severance would be, counted from the first day of work.
fn twice(work: &mut Work<'_>, ending: &Ending, name: &'static str) -> Outcome {
    let rule = work.row("labour.unlawful")?;
    let times = number(rule)?;
    let amount = &(&ending.base * &ending.whole) * &times;
    let formula = format!("{} × {} × {}", ending.base.short(), ending.whole.short(), times.short());
    work.money(name, formula, &amount, rule);
    Ok(())
}

fn unlawful(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let ending = ending(given, work)?;
    work.put("months", json!(ending.whole.short()));
    work.put("base", json!(ending.base.money()));
    work.put("capped", json!(ending.capped));
    work.note("calc-note-no-severance-besides");
    twice(work, &ending, "compensation")
}

fn notice_pay(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = given.number("last_month_wage")?;
    let rule = work.row("labour.notice-months")?;
    let months = number(rule)?;
    work.money("amount", format!("{} × {}", wage.short(), months.short()), &(&wage * &months), rule);
    Ok(())
}

fn surcharge(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let due = given.number("amount_due")?;
    let rule = work.row("labour.surcharge-percent")?;
    match given.maybe("percent")? {
        Some(percent) => {
            let formula = format!("{} × {}%", due.short(), percent.short());
            work.money("amount", formula, &due.percent(&percent), rule);
        }
        None => {
            for (at, name) in ["min", "max"].into_iter().enumerate() {
                let percent = nth(rule, at)?;
                let formula = format!("{} × {}%", due.short(), percent.short());
                work.money(name, formula, &due.percent(&percent), rule);
            }
        }
    }
    work.note("calc-note-surcharge");
    Ok(())
}

fn overtime(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = given.number("monthly_wage")?;
    let paid_days = work.row("labour.paid-days")?;
    let days = number(paid_days)?;
    let day = number(work.row("labour.hours-a-day")?)?;
    let month = &days * &day;
    let hourly = divided(&wage, &month, "monthly_wage")?;
    let formula = format!("{} ÷ {} ÷ {}", wage.short(), days.short(), day.short());
    work.money("hourly", formula, &hourly, paid_days);
    let mut total = Num::zero();
    let mut terms = Vec::new();
    let rates = work.row("labour.overtime-percent")?;
    for (at, (name, field)) in
        [("weekday", "weekday_hours"), ("restday", "restday_hours"), ("holiday", "holiday_hours")]
            .into_iter()
            .enumerate()
    {
        let hours = given.maybe(field)?.unwrap_or_else(Num::zero);
        let percent = nth(rates, at)?;
        let pay = divided(&(&wage * &hours).percent(&percent), &month, "monthly_wage")?;
        let formula =
            format!("{} ÷ {} × {} × {}%", wage.short(), month.short(), hours.short(), percent.short());
        work.money(name, formula, &pay, rates);
        terms.push(pay.short());
        total = &total + &pay;
    }
    work.money("total", terms.join(" + "), &total, rates);
    let most = number(work.row("labour.overtime-hours-a-month")?)?;
    if given.maybe("weekday_hours")?.is_some_and(|hours| hours > most) {
        work.note(Text::new("calc-note-overtime-limit").arg("hours", most.short()));
    }
    Ok(())
}

fn double_wage(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let start = given.date("start")?;
    let signed = given.maybe_date("signed")?;
    let last = given.maybe_date("last_day")?;
    let wage = given.number("monthly_wage")?;
    if last.is_some_and(|day| day < start) {
        return Err(given.refuse("out-of-range", "last_day", "must not lie before start"));
    }
    work.on = start;
    let rule = work.row("labour.double-wage-months")?;
    let (after, until) = (nth(rule, 0)?, nth(rule, 1)?);
    let moved = |months: &Num| {
        let months = months.floor().unwrap_or_default();
        start
            .checked_add(months.months())
            .map_err(|_| given.refuse("out-of-range", "start", "no such stretch of time"))
    };
    let (first, anniversary) = (moved(&after)?, moved(&until)?);
    let day_before = |day: Date| day.yesterday().unwrap_or(day);
    let mut end = day_before(anniversary);
    if let Some(signed) = signed {
        end = end.min(day_before(signed));
    }
    if let Some(last) = last {
        end = end.min(last);
    }
    work.put("period_start", json!(first.to_string()));
    work.step("period_start", format!("{start} + {} m", after.short()), first.to_string(), rule);
    if end < first {
        work.put("period_end", Value::Null);
        work.put("full_months", json!(0));
        work.put("partial_workdays", json!(0));
        work.money("extra_wage", "", &Num::zero(), rule);
        return Ok(());
    }
    work.put("period_end", json!(end.to_string()));
    work.step("period_end", "", end.to_string(), rule);
    let after_end = end.tomorrow().unwrap_or(end);
    let months = first
        .until((Unit::Month, after_end))
        .map_err(|_| given.refuse("out-of-range", "start", "no such stretch of time"))?
        .get_months();
    let rest = first.checked_add(months.months()).unwrap_or(after_end);
    let calendar = Calendar::official();
    let workdays = if rest <= end { calendar.count_workdays(rest, end) } else { 0 };
    let (months, workdays) = (i64::from(months), i64::from(workdays));
    work.put("full_months", json!(months));
    work.put("partial_workdays", json!(workdays));
    work.on = end;
    let paid_days = number(work.row("labour.paid-days")?)?;
    let parts = work.row_on("labour.double-wage-part", end.max(date(2025, 9, 1)))?;
    work.step("full_months", format!("{first} – {}", day_before(rest)), months.to_string(), parts);
    work.step("partial_workdays", format!("{rest} – {end}"), workdays.to_string(), parts);
    let part = divided(&(&wage * &Num::whole(workdays)), &paid_days, "monthly_wage")?;
    let formula =
        format!("{} × {months} + {} ÷ {} × {workdays}", wage.short(), wage.short(), paid_days.short());
    work.money("extra_wage", formula, &(&(&wage * &Num::whole(months)) + &part), parts);
    work.note("calc-note-double-wage-part");
    if end > work.today() {
        work.note(Text::new("calc-note-not-yet").arg("end", end));
    }
    if workdays > 0 && !calendar.covers(end.year()) {
        work.note("calc-note-no-calendar");
    }
    Ok(())
}
