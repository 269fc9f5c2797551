//! Costs and lost income, and what all heads add up to.

use kernel::calc::CalcRefusal;
use kernel::refusal::Text;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{DATE, Field, Kind, Outcome};
use crate::work::{Work, divided, number};

fn product(work: &mut Work<'_>, id: &str, factors: &[&Num]) -> Outcome {
    let rule = work.row(id)?;
    let formula = factors.iter().map(|factor| factor.short()).collect::<Vec<_>>().join(" × ");
    let amount = factors.iter().fold(Num::whole(1), |product, factor| &product * factor);
    work.money("amount", formula, &amount, rule);
    Ok(())
}

pub(super) fn lost_fixed(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    product(
        work,
        "personal-injury.lost-income",
        &[&given.number("actual_monthly_loss")?, &given.number("months")?],
    )
}

/// Days of a year: as said, else by the tables.
fn basis(given: &Given<'_>, work: &mut Work<'_>) -> Result<Num, CalcRefusal> {
    match given.maybe("days_per_year")? {
        Some(days) => Ok(days),
        None => number(work.row("personal-injury.days-per-year")?),
    }
}

pub(super) fn lost_average(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let incomes = given.numbers("yearly_income")?;
    let incomes = incomes.ok_or_else(|| given.refuse("missing-field", "yearly_income", "required"))?;
    let days = given.number("days")?;
    let basis = basis(given, work)?;
    let rule = work.row("personal-injury.lost-income")?;
    let wanted = number(rule)?;
    let count = Num::whole(i64::try_from(incomes.len()).unwrap_or_default());
    if count != wanted {
        let reason = format!("must be the incomes of the last {} years", wanted.short());
        return Err(given.refuse("out-of-range", "yearly_income", reason));
    }
    let sum = incomes.iter().fold(Num::zero(), |sum, income| &sum + income);
    let amount = divided(&(&sum * &days), &(&count * &basis), "days_per_year")?;
    let formula = format!("{} ÷ {} ÷ {} × {}", sum.short(), count.short(), basis.short(), days.short());
    work.money("amount", formula, &amount, rule);
    Ok(())
}

pub(super) fn lost_industry(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = work.figure(given, "industry_annual_wage")?;
    let days = given.number("days")?;
    let basis = basis(given, work)?;
    let rule = work.row("personal-injury.lost-income")?;
    let formula = format!("{} ÷ {} × {}", wage.short(), basis.short(), days.short());
    work.money("amount", formula, &divided(&(&wage * &days), &basis, "days_per_year")?, rule);
    Ok(())
}

pub(super) fn nursing(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let fee = work.figure(given, "daily_fee")?;
    let days = given.number("days")?;
    let persons = given.maybe_whole("persons")?.unwrap_or(1);
    if persons > 1 {
        work.note("calc-note-nursing-persons");
    }
    product(work, "personal-injury.nursing", &[&fee, &days, &Num::whole(persons)])
}

pub(super) fn nursing_long(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let fee = given.number("yearly_fee")?;
    let claimed = given.number("years_claimed")?;
    let rule = work.row("personal-injury.nursing")?;
    let most = number(rule)?;
    let most = given.maybe("max_years")?.map_or_else(|| most.clone(), |said| said.least(&most));
    let years = claimed.least(&most);
    let formula = format!("min({}, {})", claimed.short(), most.short());
    work.step("years", formula, years.short(), rule);
    work.put(
        "years",
        years.floor().filter(|_| years.is_whole()).map_or_else(|| json!(years.short()), |n| json!(n)),
    );
    let dependency = given.maybe("dependency_percent")?;
    let amount = &fee * &years;
    match dependency {
        Some(percent) => {
            let formula = format!("{} × {} × {}%", fee.short(), years.short(), percent.short());
            work.money("amount", formula, &amount.percent(&percent), rule);
        }
        None => work.money("amount", format!("{} × {}", fee.short(), years.short()), &amount, rule),
    }
    Ok(())
}

/// The sum of a list of receipts, and what is certain to come.
fn receipts(given: &Given<'_>, work: &mut Work<'_>, id: &str) -> Outcome {
    let list = given.numbers("receipts")?;
    let list = list.ok_or_else(|| given.refuse("missing-field", "receipts", "required"))?;
    let future = if given.field("certain_future").is_some() { given.maybe("certain_future")? } else { None };
    let terms: Vec<Num> = list.into_iter().chain(future).collect();
    let rule = work.row(id)?;
    let formula = terms.iter().map(Num::short).collect::<Vec<_>>().join(" + ");
    let sum = terms.iter().fold(Num::zero(), |sum, term| &sum + term);
    work.money("amount", formula, &sum, rule);
    Ok(())
}

pub(super) fn medical(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    receipts(given, work, "personal-injury.medical")
}

pub(super) fn transport(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    receipts(given, work, "personal-injury.transport")
}

pub(super) fn meals(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let per_diem = work.figure(given, "per_diem")?;
    product(work, "personal-injury.meals", &[&per_diem, &given.number("days")?])
}

pub(super) fn nutrition(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    product(work, "personal-injury.nutrition", &[&given.number("daily")?, &given.number("days")?])
}

pub(super) fn devices(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let price = given.number("price")?;
    let (years, each) = (given.number("years")?, given.number("years_per_device")?);
    if each.is_zero() {
        return Err(given.refuse("out-of-range", "years_per_device", "must be above 0"));
    }
    let exact = divided(&years, &each, "years_per_device")?;
    let full = exact.floor().unwrap_or_default();
    let count = Num::whole(if exact.is_whole() { full } else { full + 1 });
    let rule = work.row("personal-injury.devices")?;
    work.put("devices", json!(count.floor().unwrap_or_default()));
    work.step("devices", format!("⌈{} ÷ {}⌉", years.short(), each.short()), count.short(), rule);
    let upkeep = given.maybe("yearly_upkeep")?.unwrap_or_else(Num::zero);
    let amount = &(&price * &count) + &(&upkeep * &years);
    let formula = format!("{} × {} + {} × {}", price.short(), count.short(), upkeep.short(), years.short());
    work.money("amount", formula, &amount, rule);
    Ok(())
}

pub(super) const TOTAL: &[Field] = &[
    Field::may("medical", Kind::Money),
    Field::may("lost_income", Kind::Money),
    Field::may("nursing", Kind::Money),
    Field::may("transport", Kind::Money),
    Field::may("hospital_meals", Kind::Money),
    Field::may("nutrition", Kind::Money),
    Field::may("devices", Kind::Money),
    Field::may("disability", Kind::Money),
    Field::may("death", Kind::Money),
    Field::may("dependants", Kind::Money),
    Field::may("funeral", Kind::Money),
    Field::may("mental_distress", Kind::Money),
    Field::may("liability_percent", Kind::Number(0, 100)),
    DATE,
];

/// What the heads add up to. Dependants are part of the compensation for disability or death; distress is not
/// shared by fault once more, for its factors count fault already.
pub(super) fn total(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let (disability, death) = (given.maybe("disability")?, given.maybe("death")?);
    if disability.is_some() && death.is_some() {
        return Err(given.refuse("out-of-range", "death", "compensation is for disability or for death"));
    }
    let dependants = given.maybe("dependants")?.unwrap_or_else(Num::zero);
    if !dependants.is_zero() && disability.is_none() && death.is_none() {
        let reason = "their living costs are part of the compensation for disability or death: give that";
        return Err(given.refuse("missing-field", "disability", reason));
    }
    if let Some((name, base)) =
        disability.map(|base| ("disability", base)).or(death.map(|base| ("death", base)))
    {
        let rule = work.row("personal-injury.dependants-included")?;
        let formula = format!("{} + {}", base.short(), dependants.short());
        work.money(name, formula, &(&base + &dependants), rule);
    }
    let mut sum = Num::zero();
    let mut terms = Vec::new();
    for field in TOTAL {
        let head = matches!(field.kind, Kind::Money) && field.name != "mental_distress";
        if let Some(part) = if head { given.maybe(field.name)? } else { None } {
            terms.push(part.short());
            sum = &sum + &part;
        }
    }
    let distress = given.maybe("mental_distress")?;
    if terms.is_empty() && distress.is_none() {
        return Err(given.refuse("missing-field", "medical", "give at least one head of damage"));
    }
    let rule = work.row("personal-injury.heads")?;
    work.money("material", terms.join(" + "), &sum, rule);
    let percent = given.maybe("liability_percent")?.unwrap_or_else(|| Num::whole(100));
    let owed = sum.percent(&percent);
    let distress = distress.unwrap_or_else(Num::zero);
    if !distress.is_zero() {
        let rule = work.row("personal-injury.distress")?;
        work.step("mental_distress", "", distress.money(), rule);
        work.note(Text::new("calc-note-distress"));
    }
    let formula = format!("{} × {}% + {}", sum.short(), percent.short(), distress.short());
    work.money("total", formula, &(&owed + &distress), rule);
    Ok(())
}
