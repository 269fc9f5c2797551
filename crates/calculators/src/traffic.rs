//! 交通事故: who pays what after an accident.

use catalog::parameters::Parameter;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{AREA, DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, nth, number};

const LOSS: &[Field] =
    &[Field::may("death", Kind::Money), Field::may("med", Kind::Money), Field::may("prop", Kind::Money)];

pub(crate) const SPECS: &[Spec] = &[
    Spec {
        name: "traffic.split",
        family: Family::Traffic,
        fields: &[
            Field::must("loss", Kind::Record(LOSS)),
            Field::must("insured_vehicle_at_fault", Kind::Flag),
            Field::must("liability_percent_on_excess", Kind::Number(0, 100)),
            Field::may("commercial_limit", Kind::Money),
            DATE,
        ],
        example: r#"{"loss":{"death":250000,"med":30000,"prop":5000},"insured_vehicle_at_fault":true,"liability_percent_on_excess":70}"#,
        run: split,
    },
    Spec {
        name: "traffic.share",
        family: Family::Traffic,
        fields: &[
            Field::must("other", Kind::Choice(&["pedestrian", "vehicle"])),
            Field::must("fault_of_other", Kind::Choice(&["full", "main", "equal", "minor", "none"])),
            AREA,
            DATE,
        ],
        example: r#"{"other":"pedestrian","fault_of_other":"equal","area":"370000000000"}"#,
        run: share,
    },
    Spec {
        name: "traffic.victims",
        family: Family::Traffic,
        fields: &[Field::must("limit", Kind::Money), Field::must("losses", Kind::Moneys), DATE],
        example: r#"{"limit":180000,"losses":[200000,100000]}"#,
        run: victims,
    },
];

fn split(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let loss = given.record("loss")?;
    let at_fault = given
        .maybe_flag("insured_vehicle_at_fault")?
        .ok_or_else(|| given.refuse("missing-field", "insured_vehicle_at_fault", "required"))?;
    let percent = given.number("liability_percent_on_excess")?;
    if !at_fault {
        let most = number(work.row("traffic.no-fault-most")?)?;
        if percent > most {
            let reason = format!("a vehicle without fault bears at most {} percent", most.short());
            return Err(given.refuse("out-of-range", "liability_percent_on_excess", reason));
        }
    }
    let limits =
        work.row(if at_fault { "traffic.compulsory.at-fault" } else { "traffic.compulsory.no-fault" })?;
    let (mut paid, mut all, mut terms) = (Num::zero(), Num::zero(), Vec::new());
    for (at, name) in ["death", "med", "prop"].into_iter().enumerate() {
        let part = loss.maybe(name)?.unwrap_or_else(Num::zero);
        let limit = nth(limits, at)?;
        terms.push(format!("min({}, {})", part.short(), limit.short()));
        paid = &paid + &part.least(&limit);
        all = &all + &part;
    }
    if all.is_zero() {
        return Err(given.refuse("missing-field", "loss", "give at least one loss"));
    }
    work.money("compulsory_insurance", terms.join(" + "), &paid, limits);
    let excess = all.beyond(&paid);
    let order = work.row("traffic.order")?;
    work.money("excess", format!("{} − {}", all.short(), paid.short()), &excess, order);
    let share_rule = work.row("traffic.liability")?;
    let tort = excess.percent(&percent);
    let formula = format!("{} × {}%", excess.short(), percent.short());
    work.money("tort_share", formula, &tort, share_rule);
    if let Some(limit) = given.maybe("commercial_limit")? {
        let commercial = tort.least(&limit);
        work.money(
            "commercial_insurance",
            format!("min({}, {})", tort.short(), limit.short()),
            &commercial,
            order,
        );
        work.money("tortfeasor", "", &tort.beyond(&commercial), order);
    }
    work.money("total", format!("{} + {}", paid.short(), tort.short()), &(&paid + &tort), order);
    Ok(())
}

fn share(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let (other, fault) = (given.choice("other")?, given.choice("fault_of_other")?);
    let id = format!("traffic.share.{other}.{fault}");
    let Some(row) = work.parameters().governing(&id, work.area, work.on) else {
        return Err(given.refuse("no-table", "area", "the tables have no shares of this place"));
    };
    work.used(row);
    let shown = |name: &'static str, number: &Num, row: &Parameter, work: &mut Work<'_>| {
        work.put(name, json!(number.short()));
        work.step(name, "", format!("{}%", number.short()), row);
    };
    shown("min_percent", &nth(row, 0)?, row, work);
    shown("max_percent", &nth(row, 1)?, row, work);
    Ok(())
}

fn victims(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let limit = given.number("limit")?;
    let losses = given.numbers("losses")?.unwrap_or_default();
    let sum = losses.iter().fold(Num::zero(), |sum, loss| &sum + loss);
    if sum.is_zero() {
        return Err(given.refuse("missing-field", "losses", "give the loss of at least one victim"));
    }
    let rule = work.row("traffic.victims")?;
    let mut amounts = Vec::new();
    for loss in &losses {
        let (part, formula) = if sum > limit {
            let formula = format!("{} × {} ÷ {}", limit.short(), loss.short(), sum.short());
            (divided(&(&limit * loss), &sum, "losses")?, formula)
        } else {
            (loss.clone(), String::new())
        };
        work.step("victim", formula, part.money(), rule);
        amounts.push(part.money());
    }
    work.put("amounts", json!(amounts));
    Ok(())
}
