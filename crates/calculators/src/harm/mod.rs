//! 人身损害赔偿: damages for harm to a person, head by head.

mod costs;

use kernel::calc::CalcRefusal;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{AREA, DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided, nth, number};

use costs::{
    TOTAL, devices, lost_average, lost_fixed, lost_industry, meals, medical, nursing, nursing_long,
    nutrition, total, transport,
};

const INCOME: Field = Field::figure("urban_disposable_income", "figure.urban-disposable-income");
const CONSUMPTION: Field = Field::figure("urban_consumption", "figure.urban-consumption");
const AGE: Field = Field::must("age", Kind::Whole(0, 130));
const COEFFICIENT: Field = Field::may("coefficient_percent", Kind::Number(0, 100));
const GRADE: Field = Field::may("grade", Kind::Whole(1, 10));
const DAYS: Field = Field::must("days", Kind::Number(0, 36_500));
const BASIS: Field = Field::may("days_per_year", Kind::Number(360, 366));

const FAMILY: Family = Family::PersonalInjury;

pub(crate) const SPECS: &[Spec] = &[
    FAMILY.spec("personal_injury.years", &[AGE, DATE], r#"{"age":63}"#, years),
    FAMILY.spec(
        "personal_injury.disability",
        &[INCOME, AGE, COEFFICIENT, GRADE, AREA, DATE],
        r#"{"urban_disposable_income":60000,"age":40,"coefficient_percent":20}"#,
        disability,
    ),
    FAMILY.spec(
        "personal_injury.death",
        &[INCOME, AGE, AREA, DATE],
        r#"{"urban_disposable_income":60000,"age":35}"#,
        death,
    ),
    FAMILY.spec(
        "personal_injury.funeral",
        &[Field::figure("avg_monthly_wage", "figure.avg-monthly-wage"), AREA, DATE],
        r#"{"avg_monthly_wage":9000}"#,
        funeral,
    ),
    FAMILY.spec(
        "personal_injury.dependants",
        &[CONSUMPTION, COEFFICIENT, GRADE, Field::must("dependants", Kind::Rows(DEPENDANT)), AREA, DATE],
        r#"{"urban_consumption":40000,"coefficient_percent":60,"dependants":[{"age":10,"supporters":2}]}"#,
        dependants,
    ),
    FAMILY.spec(
        "personal_injury.lost_income.fixed",
        &[
            Field::must("actual_monthly_loss", Kind::Money),
            Field::must("months", Kind::Number(0, 1_200)),
            DATE,
        ],
        r#"{"actual_monthly_loss":6000,"months":2.5}"#,
        lost_fixed,
    ),
    FAMILY.spec(
        "personal_injury.lost_income.three_year_average",
        &[Field::must("yearly_income", Kind::Moneys), DAYS, BASIS, DATE],
        r#"{"yearly_income":[50000,60000,70000],"days":90,"days_per_year":365}"#,
        lost_average,
    ),
    FAMILY.spec(
        "personal_injury.lost_income.industry",
        &[Field::figure("industry_annual_wage", "figure.industry-wage"), DAYS, BASIS, AREA, DATE],
        r#"{"industry_annual_wage":73000,"days":120,"days_per_year":365}"#,
        lost_industry,
    ),
    FAMILY.spec(
        "personal_injury.nursing",
        &[
            Field::figure("daily_fee", "figure.nursing-daily"),
            DAYS,
            Field::may("persons", Kind::Whole(1, 10)),
            AREA,
            DATE,
        ],
        r#"{"daily_fee":150,"days":60,"persons":1}"#,
        nursing,
    ),
    FAMILY.spec(
        "personal_injury.nursing_long_term",
        &[
            Field::must("yearly_fee", Kind::Money),
            Field::must("years_claimed", Kind::Number(0, 130)),
            Field::may("max_years", Kind::Number(0, 20)),
            Field::may("dependency_percent", Kind::Number(0, 100)),
            DATE,
        ],
        r#"{"yearly_fee":54750,"years_claimed":25,"max_years":20}"#,
        nursing_long,
    ),
    FAMILY.spec(
        "personal_injury.medical",
        &[Field::must("receipts", Kind::Moneys), Field::may("certain_future", Kind::Money), DATE],
        r#"{"receipts":[1200.5,830],"certain_future":5000}"#,
        medical,
    ),
    FAMILY.spec(
        "personal_injury.transport",
        &[Field::must("receipts", Kind::Moneys), DATE],
        r#"{"receipts":[120,80.5]}"#,
        transport,
    ),
    FAMILY.spec(
        "personal_injury.hospital_meals",
        &[Field::figure("per_diem", "figure.per-diem"), DAYS, AREA, DATE],
        r#"{"per_diem":100,"days":14}"#,
        meals,
    ),
    FAMILY.spec(
        "personal_injury.nutrition",
        &[Field::must("daily", Kind::Money), DAYS, DATE],
        r#"{"daily":50,"days":60}"#,
        nutrition,
    ),
    FAMILY.spec(
        "personal_injury.devices",
        &[
            Field::must("price", Kind::Money),
            Field::must("years", Kind::Number(0, 130)),
            Field::must("years_per_device", Kind::Number(0, 130)),
            Field::may("yearly_upkeep", Kind::Money),
            DATE,
        ],
        r#"{"price":3000,"years":20,"years_per_device":4}"#,
        devices,
    ),
    FAMILY.spec(
        "personal_injury.total",
        TOTAL,
        r#"{"medical":30000,"disability":240000,"dependants":96000}"#,
        total,
    ),
];

/// So many years by age: full, then one less for each year of age, then the least.
fn years_by_age(work: &mut Work<'_>, age: i64) -> Result<i64, CalcRefusal> {
    let rule = work.row("personal-injury.years")?;
    let [full, from, until, least] = [0, 1, 2, 3].map(|at| nth(rule, at));
    let (full, from, until, least) = (full?, from?, until?, least?);
    let age_number = Num::whole(age);
    let years = if age_number < from {
        full.clone()
    } else if age_number < until {
        &full - &(&age_number - &from)
    } else {
        least
    };
    let formula = if age_number < from || age_number >= until {
        String::new()
    } else {
        format!("{} − ({age} − {})", full.short(), from.short())
    };
    let years = years.floor().unwrap_or_default();
    work.step("years", formula, years.to_string(), rule);
    Ok(years)
}

fn years(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let years = years_by_age(work, given.whole("age")?)?;
    work.put("years", json!(years));
    Ok(())
}

/// The part of the compensation: as said, or by the grade of disability.
fn coefficient(given: &Given<'_>, work: &mut Work<'_>) -> Result<Option<Num>, CalcRefusal> {
    let said = given.maybe("coefficient_percent")?;
    let grade = given.maybe_whole("grade")?;
    if said.is_some() {
        return Ok(said);
    }
    let Some(grade) = grade else { return Ok(None) };
    let row = work.row("personal-injury.grade-percent")?;
    let percent = nth(row, usize::try_from(grade - 1).unwrap_or(usize::MAX))?;
    work.step("coefficient_percent", "", percent.short(), row);
    work.note("calc-note-coefficient");
    Ok(Some(percent))
}

fn disability(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let income = work.figure(given, "urban_disposable_income")?;
    let age = given.whole("age")?;
    let coefficient = coefficient(given, work)?.ok_or_else(|| {
        given.refuse("missing-field", "coefficient_percent", "required, or the grade of disability")
    })?;
    let years = years_by_age(work, age)?;
    work.put("years", json!(years));
    let rule = work.row("personal-injury.disability")?;
    let formula = format!("{} × {years} × {}%", income.short(), coefficient.short());
    work.money("amount", formula, &(&income * &Num::whole(years)).percent(&coefficient), rule);
    Ok(())
}

fn death(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let income = work.figure(given, "urban_disposable_income")?;
    let years = years_by_age(work, given.whole("age")?)?;
    work.put("years", json!(years));
    let rule = work.row("personal-injury.death")?;
    work.money("amount", format!("{} × {years}", income.short()), &(&income * &Num::whole(years)), rule);
    Ok(())
}

fn funeral(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = work.figure(given, "avg_monthly_wage")?;
    let rule = work.row("personal-injury.funeral-months")?;
    let months = number(rule)?;
    work.money("amount", format!("{} × {}", wage.short(), months.short()), &(&wage * &months), rule);
    Ok(())
}

const DEPENDANT: &[Field] =
    &[Field::must("age", Kind::Whole(0, 130)), Field::may("supporters", Kind::Whole(1, 50))];

fn dependants(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let consumption = work.figure(given, "urban_consumption")?;
    let people = given.rows("dependants")?;
    let people = people.ok_or_else(|| given.refuse("missing-field", "dependants", "required"))?;
    if people.is_empty() {
        return Err(given.refuse("missing-field", "dependants", "name at least one"));
    }
    // Of somebody who died everything is due.
    let coefficient = coefficient(given, work)?.unwrap_or_else(|| Num::whole(100));
    let adult = number(work.row("personal-injury.minor-until")?)?.floor().unwrap_or(18);
    let mut owed: Vec<(i64, Num)> = Vec::new();
    for one in &people {
        let age = one.whole("age")?;
        let supporters = Num::whole(one.maybe_whole("supporters")?.unwrap_or(1));
        let years = if age < adult {
            let rule = work.row("personal-injury.minor-until")?;
            work.step("years", format!("{adult} − {age}"), (adult - age).to_string(), rule);
            adult - age
        } else {
            years_by_age(work, age)?
        };
        owed.push((years, divided(&consumption, &supporters, "supporters")?));
    }
    work.put("years", json!(owed.iter().map(|(years, _)| *years).collect::<Vec<_>>()));
    let rule = work.row("personal-injury.dependants")?;
    // Between two ends of somebody's years the yearly sum stays the same.
    let mut ends: Vec<i64> = owed.iter().map(|(years, _)| *years).collect();
    ends.sort_unstable();
    ends.dedup();
    let (mut sum, mut from) = (Num::zero(), 0);
    for end in ends {
        let due = owed.iter().filter(|(years, _)| *years >= end);
        let yearly = due.fold(Num::zero(), |sum, (_, part)| &sum + part);
        let capped = yearly.least(&consumption);
        let span = end - from;
        let part = &capped * &Num::whole(span);
        let formula = if yearly > consumption {
            format!("min({}, {}) × {span}", yearly.short(), consumption.short())
        } else {
            format!("{} × {span}", yearly.short())
        };
        work.step("dependants_span", formula, part.money(), rule);
        sum = &sum + &part;
        from = end;
    }
    let formula = format!("{} × {}%", sum.short(), coefficient.short());
    work.money("amount", formula, &sum.percent(&coefficient), rule);
    if owed.len() > 1 {
        work.note("calc-note-cap-first");
    }
    Ok(())
}
