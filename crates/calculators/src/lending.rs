//! 民间借贷: what interest a court supports.

use catalog::parameters::Parameter;
use jiff::Unit;
use jiff::civil::{Date, date};
use kernel::calc::CalcRefusal;
use kernel::refusal::Text;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, number};

/// From this day on the cap goes by LPR (法释〔2020〕17号, 31).
const TURN: Date = date(2020, 8, 20);

const PRINCIPAL: Field = Field::must("principal", Kind::Money);
const CONTRACT: Field = Field::must("contract_date", Kind::Date);
const AGREED: Field = Field::must("agreed_rate", RATE);
const FROM: Field = Field::must("frm", Kind::Date);
const TO: Field = Field::must("to", Kind::Date);
const BASIS: Field = Field::may("basis", Kind::Number(360, 366));
const RATE: Kind = Kind::Number(0, 1_000);

const FAMILY: Family = Family::Lending;

pub(crate) const SPECS: &[Spec] = &[
    FAMILY.spec("lpr.1y", &[Field::must("date", Kind::Date)], r#"{"date":"2025-06-01"}"#, lpr),
    FAMILY.spec(
        "loan.cap",
        &[PRINCIPAL, CONTRACT, AGREED, FROM, TO, BASIS],
        r#"{"principal":100000,"contract_date":"2025-06-01","agreed_rate":"24","frm":"2025-06-01","to":"2026-06-01"}"#,
        cap,
    ),
    FAMILY.spec(
        "loan.transition",
        &[PRINCIPAL, CONTRACT, AGREED, Field::must("filed", Kind::Date), TO, BASIS],
        r#"{"principal":100000,"contract_date":"2019-10-01","agreed_rate":"30","filed":"2021-03-01","to":"2021-08-20"}"#,
        transition,
    ),
    FAMILY.spec(
        "loan.principal_deducted",
        &[
            Field::must("note_amount", Kind::Money),
            Field::must("deducted_interest", Kind::Money),
            Field::must("rate", RATE),
            Field::may("contract_date", Kind::Date),
            FROM,
            TO,
            BASIS,
        ],
        r#"{"note_amount":100000,"deducted_interest":10000,"rate":"12","frm":"2025-06-01","to":"2026-06-01"}"#,
        deducted,
    ),
    FAMILY.spec(
        "loan.natural_persons_no_rate",
        &[
            PRINCIPAL,
            Field::may("agreed_rate", RATE),
            Field::may("contract_date", Kind::Date),
            Field::must("overdue_from", Kind::Date),
            TO,
            Field::may("overdue_rate", Kind::Text),
            BASIS,
        ],
        r#"{"principal":50000,"agreed_rate":null,"overdue_from":"2025-06-02","to":"2025-12-29","overdue_rate":"LPR"}"#,
        no_rate,
    ),
    FAMILY.spec(
        "loan.overdue",
        &[
            PRINCIPAL,
            CONTRACT,
            Field::may("agreed_rate", RATE),
            Field::may("overdue_rate", RATE),
            Field::may("penalty", Kind::Money),
            FROM,
            Field::must("due", Kind::Date),
            TO,
            BASIS,
        ],
        r#"{"principal":100000,"contract_date":"2025-06-01","agreed_rate":"10","frm":"2025-06-01","due":"2026-01-01","to":"2026-06-01"}"#,
        overdue,
    ),
    FAMILY.spec(
        "loan.roll_over",
        &[
            Field::must("original_principal", Kind::Money),
            CONTRACT,
            Field::must("first_rate", RATE),
            Field::must("rolled_on", Kind::Date),
            Field::must("new_principal", Kind::Money),
            Field::must("second_rate", RATE),
            TO,
            BASIS,
        ],
        r#"{"original_principal":100000,"contract_date":"2024-01-01","first_rate":"30","rolled_on":"2025-01-01","new_principal":130000,"second_rate":"30","to":"2026-01-01"}"#,
        roll_over,
    ),
];

/// One-year LPR of a day, in percent; the series begins in August 2019.
fn rate_on<'g>(
    given: &Given<'_>,
    work: &mut Work<'g>,
    day: Date,
    field: &str,
) -> Result<(Num, &'g Parameter), CalcRefusal> {
    let Some(row) = work.parameters().governing("lpr.1y", None, day) else {
        return Err(given.refuse(
            "out-of-range",
            field,
            "the one-year LPR was first published on 2019-08-20",
        ));
    };
    work.used(row);
    if row.effective_to.is_none() {
        work.note(Text::new("calc-note-lpr-latest").arg("from", row.effective_from));
    }
    Ok((number(row)?, row))
}

/// The highest rate a court supports for a contract of a day: so many times the LPR.
fn cap_on(given: &Given<'_>, work: &mut Work<'_>, day: Date, field: &str) -> Result<Num, CalcRefusal> {
    let (lpr, _) = rate_on(given, work, day, field)?;
    let rule = work.row_on("lending.cap-times", day.max(TURN))?;
    let times = number(rule)?;
    let cap = &lpr * &times;
    work.step("cap", format!("{}% × {}", lpr.written(), times.short()), format!("{}%", cap.written()), rule);
    Ok(cap)
}

/// A cap by the contract's day; older contracts go by the rule of transition.
fn new_cap(given: &Given<'_>, work: &mut Work<'_>, day: Date, field: &str) -> Result<Num, CalcRefusal> {
    if day < TURN {
        let reason = "a contract made before 2020-08-20 goes by art. 31: use loan.transition";
        return Err(given.refuse("other-calculator", field, reason));
    }
    cap_on(given, work, day, field)
}

fn days(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

fn basis(given: &Given<'_>, work: &mut Work<'_>) -> Result<Num, CalcRefusal> {
    match given.maybe("basis")? {
        Some(days) => Ok(days),
        None => number(work.row("lending.days-per-year")?),
    }
}

/// Simple interest, with its sum in figures.
fn interest(principal: &Num, rate: &Num, days: i64, basis: &Num) -> Result<(Num, String), CalcRefusal> {
    let amount = divided(&(principal * &Num::whole(days)).percent(rate), basis, "basis")?;
    let formula = format!("{} × {}% × {days} ÷ {}", principal.short(), rate.written(), basis.short());
    Ok((amount, formula))
}

/// The agreed rate, but no more than the cap; the words of the smaller one are kept.
fn supported(agreed: &Num, cap: &Num) -> Num {
    agreed.least(cap)
}

fn lpr(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let day = given.date("date")?;
    let (rate, row) = rate_on(given, work, day, "date")?;
    work.put("lpr", json!(rate.written()));
    work.step("lpr", "", format!("{}%", rate.written()), row);
    let rule = work.row_on("lending.cap-times", day.max(TURN))?;
    let times = number(rule)?;
    let fourfold = &rate * &times;
    work.put("fourfold", json!(fourfold.written()));
    let formula = format!("{}% × {}", rate.written(), times.short());
    work.step("fourfold", formula, format!("{}%", fourfold.written()), rule);
    Ok(())
}

fn cap(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let principal = given.number("principal")?;
    let contract = given.date("contract_date")?;
    let agreed = given.number("agreed_rate")?;
    let (from, to) = given.span("frm", "to")?;
    if from < contract {
        return Err(given.refuse("out-of-range", "frm", "must not lie before contract_date"));
    }
    work.on = contract;
    let cap = new_cap(given, work, contract, "contract_date")?;
    let basis = basis(given, work)?;
    let rate = supported(&agreed, &cap);
    let rule = work.row("lending.cap-times")?;
    work.put("supported_rate", json!(rate.written()));
    let formula = format!("min({}%, {}%)", agreed.written(), cap.written());
    work.step("supported_rate", formula, format!("{}%", rate.written()), rule);
    let days = days(from, to);
    work.put("days", json!(days));
    let (interest, formula) = interest(&principal, &rate, days, &basis)?;
    work.money("interest", formula, &interest, rule);
    Ok(())
}

fn transition(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let principal = given.number("principal")?;
    let (contract, to) = given.span("contract_date", "to")?;
    let agreed = given.number("agreed_rate")?;
    let filed = given.date("filed")?;
    if contract >= TURN {
        let reason = "a contract made from 2020-08-20 on goes by the cap of its day: use loan.cap";
        return Err(given.refuse("other-calculator", "contract_date", reason));
    }
    if filed < TURN {
        let reason = "cases filed before 2020-08-20 went by the rule of their time";
        return Err(given.refuse("out-of-range", "filed", reason));
    }
    work.on = contract;
    let old = work.row("lending.old-protected-rate")?;
    let first_rate = supported(&agreed, &number(old)?);
    work.on = filed;
    let basis = basis(given, work)?;
    let first_days = days(contract, to.min(TURN));
    work.put("part1_days", json!(first_days));
    work.put("part1_rate", json!(first_rate.written()));
    let (first, formula) = interest(&principal, &first_rate, first_days, &basis)?;
    work.money("part1", formula, &first, old);
    let cap = cap_on(given, work, filed, "filed")?;
    let second_rate = supported(&agreed, &cap);
    let second_days = days(TURN.min(to), to);
    let rule = work.row("lending.transition")?;
    work.put("part2_days", json!(second_days));
    work.put("part2_rate", json!(second_rate.written()));
    let (second, formula) = interest(&principal, &second_rate, second_days, &basis)?;
    work.money("part2", formula, &second, rule);
    let formula = format!("{} + {}", first.short(), second.short());
    work.money("total", formula, &(&first + &second), rule);
    Ok(())
}

fn deducted(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let (note, deducted) = (given.number("note_amount")?, given.number("deducted_interest")?);
    if deducted >= note {
        return Err(given.refuse("out-of-range", "deducted_interest", "must be below note_amount"));
    }
    let agreed = given.number("rate")?;
    let (from, to) = given.span("frm", "to")?;
    let contract = given.maybe_date("contract_date")?;
    let (contract, field) = contract.map_or((from, "frm"), |day| (day, "contract_date"));
    if from < contract {
        return Err(given.refuse("out-of-range", "frm", "must not lie before contract_date"));
    }
    work.on = contract;
    let cap = new_cap(given, work, contract, field)?;
    let basis = basis(given, work)?;
    let rule = work.row("lending.actual-principal")?;
    let principal = &note - &deducted;
    work.money("principal", format!("{} − {}", note.short(), deducted.short()), &principal, rule);
    let rate = supported(&agreed, &cap);
    if agreed > cap {
        work.note(Text::new("calc-note-rate-capped").arg("rate", rate.written()));
    }
    let (interest, formula) = interest(&principal, &rate, days(from, to), &basis)?;
    work.money("interest", formula, &interest, rule);
    Ok(())
}

fn no_rate(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let principal = given.number("principal")?;
    if given.maybe("agreed_rate")?.is_some_and(|rate| !rate.is_zero()) {
        let reason = "a rate was agreed: use loan.overdue";
        return Err(given.refuse("other-calculator", "agreed_rate", reason));
    }
    let (from, to) = given.span("overdue_from", "to")?;
    let contract = given.maybe_date("contract_date")?;
    if contract.is_some_and(|day| from < day) {
        return Err(given.refuse("out-of-range", "overdue_from", "must not lie before contract_date"));
    }
    work.on = contract.unwrap_or(from);
    let rule = work.row_on("lending.no-interest", from.max(TURN))?;
    work.money("in_term_interest", "", &Num::zero(), rule);
    work.on = from.max(TURN);
    let basis = basis(given, work)?;
    let overdue = work.row("lending.overdue")?;
    let said = given.maybe_text("overdue_rate")?.map(str::trim).filter(|said| !said.is_empty());
    let rate = match said {
        None | Some("LPR" | "lpr") => rate_on(given, work, from, "overdue_from")?.0,
        Some(said) => {
            let agreed = Num::parse(said).filter(|rate| !rate.is_negative() && *rate <= Num::whole(1_000));
            let agreed = agreed.ok_or_else(|| {
                given.refuse("malformed", "overdue_rate", "must be LPR, or a yearly rate in percent")
            })?;
            let cap = cap_on(given, work, contract.unwrap_or(from), "contract_date")?;
            supported(&agreed, &cap)
        }
    };
    let days = days(from, to);
    work.put("days", json!(days));
    let (interest, formula) = interest(&principal, &rate, days, &basis)?;
    work.money("overdue_interest", formula, &interest, overdue);
    Ok(())
}

fn overdue(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let principal = given.number("principal")?;
    let contract = given.date("contract_date")?;
    let (from, due) = given.span("frm", "due")?;
    let (_, to) = given.span("due", "to")?;
    if from < contract {
        return Err(given.refuse("out-of-range", "frm", "must not lie before contract_date"));
    }
    work.on = contract;
    let cap = new_cap(given, work, contract, "contract_date")?;
    let basis = basis(given, work)?;
    let rule = work.row("lending.overdue")?;
    let agreed = given.maybe("agreed_rate")?;
    let (in_term, formula) = match &agreed {
        Some(agreed) => interest(&principal, &supported(agreed, &cap), days(from, due), &basis)?,
        None => (Num::zero(), String::new()),
    };
    let no_interest = work.row(if agreed.is_some() { "lending.cap-times" } else { "lending.no-interest" })?;
    work.money("in_term_interest", formula, &in_term, no_interest);
    let late = days(due, to);
    work.put("overdue_days", json!(late));
    let rate = match (given.maybe("overdue_rate")?, &agreed) {
        (Some(rate), _) => supported(&rate, &cap),
        (None, Some(agreed)) => supported(agreed, &cap),
        (None, None) => rate_on(given, work, due, "due")?.0,
    };
    let (overdue, formula) = interest(&principal, &rate, late, &basis)?;
    work.money("overdue_interest", formula, &overdue, rule);
    let mut total = &in_term + &overdue;
    let mut shown = format!("{} + {}", in_term.short(), overdue.short());
    if let Some(penalty) = given.maybe("penalty")? {
        let together = work.row("lending.together-capped")?;
        let (most, formula) = interest(&principal, &cap, late, &basis)?;
        work.step("overdue_most", formula, most.money(), together);
        let penalty = penalty.least(&most.beyond(&overdue));
        work.money(
            "penalty_supported",
            format!("{} − {}", most.short(), overdue.short()),
            &penalty,
            together,
        );
        shown = format!("{shown} + {}", penalty.short());
        total = &total + &penalty;
    }
    work.money("total", shown, &total, rule);
    Ok(())
}

fn roll_over(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let original = given.number("original_principal")?;
    let (contract, rolled) = given.span("contract_date", "rolled_on")?;
    let (_, to) = given.span("rolled_on", "to")?;
    let (first_rate, second_rate) = (given.number("first_rate")?, given.number("second_rate")?);
    let note = given.number("new_principal")?;
    work.on = contract;
    let cap = new_cap(given, work, contract, "contract_date")?;
    let basis = basis(given, work)?;
    let rule = work.row("lending.roll-over")?;
    let (first, formula) =
        interest(&original, &supported(&first_rate, &cap), days(contract, rolled), &basis)?;
    work.step("first_interest", formula, first.money(), rule);
    let most = &original + &first;
    let countable = note.least(&most);
    let formula = format!("min({}, {} + {})", note.short(), original.short(), first.short());
    work.money("countable_principal", formula, &countable, rule);
    let later_cap = cap_on(given, work, rolled, "rolled_on")?;
    let (second, formula) =
        interest(&countable, &supported(&second_rate, &later_cap), days(rolled, to), &basis)?;
    work.step("second_interest", formula, second.money(), rule);
    let sum = &countable + &second;
    work.money("sum", format!("{} + {}", countable.short(), second.short()), &sum, rule);
    let (whole, formula) = interest(&original, &cap, days(contract, to), &basis)?;
    let limit = &original + &whole;
    work.money("limit", format!("{} + {formula}", original.short()), &limit, rule);
    work.money("payable", format!("min({}, {})", sum.short(), limit.short()), &sum.least(&limit), rule);
    Ok(())
}
