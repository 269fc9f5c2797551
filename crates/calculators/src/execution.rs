//! 迟延履行利息: what is added when a judgment is obeyed late.

use jiff::Unit;
use jiff::civil::Date;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, number};

const PAYMENT: &[Field] = &[Field::must("on", Kind::Date), Field::must("amount", Kind::Money)];

pub(crate) const SPECS: &[Spec] = &[
    Spec {
        name: "execution.delay_interest",
        family: Family::Lending,
        fields: &[
            Field::must("segments", Kind::Stretches),
            Field::may("daily_rate", Kind::Number(0, 1)),
            DATE,
        ],
        example: r#"{"segments":[[100000,200]],"daily_rate":"0.000175"}"#,
        run: by_segments,
    },
    Spec {
        name: "execution.delay_by_dates",
        family: Family::Lending,
        fields: &[
            Field::must("debt", Kind::Money),
            Field::must("period_ended", Kind::Date),
            Field::must("to", Kind::Date),
            Field::may("payments", Kind::Rows(PAYMENT)),
            Field::may("general_rate", Kind::Number(0, 1_000)),
            Field::may("basis", Kind::Number(360, 366)),
        ],
        example: r#"{"debt":100000,"period_ended":"2026-01-10","to":"2026-06-10","payments":[{"on":"2026-03-01","amount":40000}]}"#,
        run: by_dates,
    },
];

fn by_segments(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let segments = given.pairs("segments")?;
    let segments = segments.ok_or_else(|| given.refuse("missing-field", "segments", "required"))?;
    if segments.is_empty() {
        return Err(given.refuse("missing-field", "segments", "give at least one pair [amount, days]"));
    }
    let rule = work.row("execution.daily-rate")?;
    let rate = given.maybe("daily_rate")?.map_or_else(|| number(rule), Ok)?;
    let (mut sum, mut terms) = (Num::zero(), Vec::new());
    for (at, (amount, days)) in segments.iter().enumerate() {
        if !days.is_whole() {
            let field = format!("segments[{at}]");
            return Err(given.refuse("out-of-range", &field, "days must be a whole number"));
        }
        terms.push(format!("{} × {} × {}", amount.short(), rate.written(), days.short()));
        sum = &sum + &(&(amount * days) * &rate);
    }
    work.money("amount", terms.join(" + "), &sum, rule);
    if rate != number(rule)? {
        work.note("calc-note-other-daily-rate");
    }
    Ok(())
}

fn days(from: Date, to: Date) -> i64 {
    from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

fn by_dates(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let mut debt = given.number("debt")?;
    let (ended, to) = given.span("period_ended", "to")?;
    work.on = ended;
    let rule = work.row("execution.daily-rate")?;
    let rate = number(rule)?;
    let general = given.maybe("general_rate")?;
    let basis = given.maybe("basis")?.map_or_else(
        || Ok(Num::whole(365)),
        |basis| {
            if basis.is_zero() {
                Err(given.refuse("out-of-range", "basis", "must not be 0"))
            } else {
                Ok(basis)
            }
        },
    )?;
    let mut payments = Vec::new();
    for one in given.rows("payments")?.unwrap_or_default() {
        let (on, amount) = (one.date("on")?, one.number("amount")?);
        if on < ended || on > to {
            return Err(one.refuse("out-of-range", "on", "must lie between period_ended and to"));
        }
        payments.push((on, amount));
    }
    payments.sort_by_key(|(on, _)| *on);
    let (mut doubled, mut plain, mut from) = (Num::zero(), Num::zero(), ended);
    let mut spare = Num::zero();
    let ends = payments.into_iter().chain([(to, Num::zero())]);
    for (on, paid) in ends {
        let count = days(from, on);
        if count > 0 && !debt.is_zero() {
            let part = &(&debt * &Num::whole(count)) * &rate;
            let formula = format!("{} × {} × {count}", debt.short(), rate.written());
            work.step("delay_span", formula, part.money(), rule);
            doubled = &doubled + &part;
            if let Some(percent) = &general {
                let part = divided(&(&debt * &Num::whole(count)).percent(percent), &basis, "basis")?;
                plain = &plain + &part;
            }
        }
        // Principal first, then what is doubled, unless agreed otherwise.
        spare = &spare + &paid.beyond(&debt);
        debt = debt.beyond(&paid);
        from = on;
    }
    work.money("doubled_part", "", &doubled, rule);
    if general.is_some() {
        work.money("general_interest", "", &plain, rule);
    }
    work.put("debt_left", json!(debt.money()));
    work.note("calc-note-payment-order");
    let owed = &(&debt + &doubled) + &plain;
    let formula = format!("{} + {} + {} − {}", debt.short(), doubled.short(), plain.short(), spare.short());
    work.money("total", formula, &owed.beyond(&spare), rule);
    Ok(())
}
