//! 工伤保险待遇: benefits after an injury at work.

use kernel::calc::CalcRefusal;
use kernel::refusal::Text;
use serde_json::{Value, json};

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{AREA, DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, nth, number};

const REGIONAL: Field = Field::figure("regional_avg_monthly_wage", "figure.avg-monthly-wage");
const GRADE: Field = Field::must("grade", Kind::Whole(1, 10));
const LUMP_GRADE: Field = Field::must("grade", Kind::Whole(5, 10));
const YEARS_LEFT: Field = Field::may("years_to_retirement", Kind::Number(0, 60));
const DISEASE: Field = Field::may("occupational_disease", Kind::Flag);

const FAMILY: Family = Family::WorkInjury;

pub(crate) const SPECS: &[Spec] = &[
    FAMILY.spec(
        "work_injury.disability",
        &[
            Field::must("own_avg_monthly_wage", Kind::Money),
            REGIONAL,
            GRADE,
            Field::figure("min_wage", "figure.min-wage"),
            AREA,
            DATE,
        ],
        r#"{"own_avg_monthly_wage":8000,"regional_avg_monthly_wage":7500,"grade":9}"#,
        disability,
    ),
    FAMILY.spec(
        "work_injury.living_care",
        &[Field::must("level", Kind::Choice(LEVELS)), REGIONAL, AREA, DATE],
        r#"{"level":"完全不能自理","regional_avg_monthly_wage":8000}"#,
        living_care,
    ),
    FAMILY.spec(
        "work_injury.death",
        &[
            Field::must("death_year", Kind::Whole(1996, 2200)),
            REGIONAL,
            Field::may("own_wage", Kind::Money),
            Field::may("own_avg_monthly_wage", Kind::Money),
            Field::may("dependants", Kind::Rows(DEPENDANT)),
            Field::figure("national_urban_disposable_income_prev_year", "figure.national-urban-income"),
            Field::may("grade_1_to_4_after_paid_leave", Kind::Flag),
            AREA,
        ],
        r#"{"death_year":2026,"regional_avg_monthly_wage":8000,"own_wage":6000,"dependants":[{"rel":"配偶"},{"rel":"子女"}]}"#,
        death,
    ),
    FAMILY.spec(
        "work_injury.one_off_medical_and_employment",
        &[
            Field::must("area", Kind::Area),
            LUMP_GRADE,
            Field::figure("avg_monthly_wage", "figure.avg-monthly-wage"),
            YEARS_LEFT,
            DISEASE,
            DATE,
        ],
        r#"{"area":"330000000000","grade":8,"avg_monthly_wage":8500}"#,
        one_off_here,
    ),
    FAMILY.spec(
        "work_injury.one_off_medical_and_employment.zhejiang",
        &[
            LUMP_GRADE,
            Field::figure("province_avg_monthly_wage", "figure.avg-monthly-wage"),
            YEARS_LEFT,
            DATE,
        ],
        r#"{"grade":9,"province_avg_monthly_wage":8500}"#,
        one_off_zhejiang,
    ),
    FAMILY.spec(
        "work_injury.one_off_medical_and_employment.henan",
        &[
            LUMP_GRADE,
            Field::figure("pool_avg_monthly_wage", "figure.avg-monthly-wage"),
            YEARS_LEFT,
            DISEASE,
            DATE,
        ],
        r#"{"grade":7,"pool_avg_monthly_wage":6000}"#,
        one_off_henan,
    ),
    FAMILY.spec(
        "work_injury.paid_leave",
        &[
            Field::must("monthly_wage", Kind::Money),
            Field::must("months", Kind::Number(0, 24)),
            Field::may("extension_confirmed", Kind::Flag),
            DATE,
        ],
        r#"{"monthly_wage":8000,"months":6}"#,
        paid_leave,
    ),
    FAMILY.spec(
        "work_injury.missing",
        &[Field::must("monthly_wage", Kind::Money), DATE],
        r#"{"monthly_wage":8000}"#,
        missing,
    ),
];

/// 本人工资: the average of twelve months, held between 60 and 300 percent of the wage of the place.
fn base_wage(work: &mut Work<'_>, own: &Num, regional: &Num) -> Result<Num, CalcRefusal> {
    let bounds = work.row("work-injury.own-wage")?;
    let least = regional.percent(&nth(bounds, 0)?);
    let most = regional.percent(&nth(bounds, 1)?);
    let base = own.most(&least).least(&most);
    let formula = format!("{} ≤ {} ≤ {}", least.short(), own.short(), most.short());
    work.step("base_wage", formula, base.money(), bounds);
    Ok(base)
}

/// The place of a grade in a row that begins with a grade.
fn at(grade: i64, first: i64) -> usize {
    usize::try_from(grade - first).unwrap_or(usize::MAX)
}

fn disability(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let own = given.number("own_avg_monthly_wage")?;
    let grade = given.whole("grade")?;
    let regional = positive(given, work, "regional_avg_monthly_wage")?;
    given.maybe("min_wage")?;
    let base = base_wage(work, &own, &regional)?;
    work.put("base_wage", json!(base.money()));
    let months = work.row("work-injury.lump-months")?;
    let count = nth(months, at(grade, 1))?;
    work.money("lump_sum", format!("{} × {}", base.short(), count.short()), &(&base * &count), months);
    if grade > 6 {
        return Ok(());
    }
    // From the fifth grade on the allowance is due only where no suitable work can be arranged.
    let floor_known = given.has("min_wage") || work.area.is_some();
    if grade > 4 && !floor_known {
        work.note("calc-note-allowance-5-6");
        return Ok(());
    }
    let floor = work.figure_of(given, "min_wage", i64::from(work.on.year()))?;
    let percents = work.row("work-injury.allowance-percent")?;
    let percent = nth(percents, at(grade, 1))?;
    let raw = base.percent(&percent);
    work.money("monthly_allowance_raw", format!("{} × {}%", base.short(), percent.short()), &raw, percents);
    let paid = raw.most(&floor);
    work.money("monthly_allowance_paid", format!("max({}, {})", raw.short(), floor.short()), &paid, percents);
    work.money("top_up", format!("{} − {}", paid.short(), raw.short()), &(&paid - &raw), percents);
    let payer = if grade > 4 { "用人单位" } else { "工伤保险基金" };
    work.put("payer", json!(payer));
    if grade > 4 {
        work.note("calc-note-allowance-5-6");
    }
    Ok(())
}

/// A regional figure that cannot be nothing.
fn positive(given: &Given<'_>, work: &mut Work<'_>, name: &str) -> Result<Num, CalcRefusal> {
    let figure = work.figure(given, name)?;
    if figure.is_zero() {
        return Err(given.refuse("out-of-range", name, "must be above 0"));
    }
    Ok(figure)
}

const LEVELS: &[&str] = &[
    "完全不能自理",
    "大部分不能自理",
    "部分不能自理",
    "生活完全不能自理",
    "生活大部分不能自理",
    "生活部分不能自理",
];

fn living_care(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let level = given.choice("level")?;
    let regional = positive(given, work, "regional_avg_monthly_wage")?;
    let percents = work.row("work-injury.care-percent")?;
    let place = LEVELS.iter().position(|word| *word == level).unwrap_or_default() % 3;
    let percent = nth(percents, place)?;
    let formula = format!("{} × {}%", regional.short(), percent.short());
    work.money("monthly", formula, &regional.percent(&percent), percents);
    Ok(())
}

const DEPENDANT: &[Field] = &[
    Field::must("rel", Kind::Text),
    Field::may("orphan", Kind::Flag),
    Field::may("alone", Kind::Flag),
    Field::may("lonely", Kind::Flag),
    Field::may("orphan_or_lonely", Kind::Flag),
];

fn death(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let year = given.whole("death_year")?;
    if year > i64::from(work.today().year()) + 1 {
        return Err(given.refuse("out-of-range", "death_year", "lies in the future"));
    }
    if let Some(end) = i16::try_from(year).ok().and_then(|year| jiff::civil::Date::new(year, 12, 31).ok()) {
        work.on = end;
    }
    let regional = positive(given, work, "regional_avg_monthly_wage")?;
    let funeral = work.row("work-injury.funeral-months")?;
    let months = number(funeral)?;
    work.money(
        "funeral",
        format!("{} × {}", regional.short(), months.short()),
        &(&regional * &months),
        funeral,
    );
    if given.flag("grade_1_to_4_after_paid_leave")? {
        work.note("calc-note-after-paid-leave");
    } else {
        let income = work.figure_of(given, "national_urban_disposable_income_prev_year", year - 1)?;
        let times = work.row("work-injury.death-times")?;
        let count = number(times)?;
        work.money("one_off", format!("{} × {}", income.short(), count.short()), &(&income * &count), times);
    }
    let dependants = given.rows("dependants")?.unwrap_or_default();
    let wage = own_wage(given, work, &regional)?;
    let rates = work.row("work-injury.dependant-percent")?;
    let mut percents = Vec::new();
    for one in &dependants {
        percents.push(rate(one, rates)?);
    }
    let sum = percents.iter().fold(Num::zero(), |sum, percent| &sum + percent);
    let whole: Vec<Value> =
        percents.iter().map(|percent| json!(percent.floor().unwrap_or_default())).collect();
    work.put("dependant_rates_percent", json!(whole));
    let total = wage.percent(&sum);
    let formula = format!("{} × {}%", wage.short(), sum.short());
    work.money("dependants_total_uncapped", formula, &total, rates);
    let formula = format!("min({}, {})", total.short(), wage.short());
    work.money("dependants_total_capped", formula, &total.least(&wage), rates);
    if total > wage {
        work.note("calc-note-pro-rata");
    }
    Ok(())
}

/// 本人工资 as it stands, or made from the average of twelve months.
fn own_wage(given: &Given<'_>, work: &mut Work<'_>, regional: &Num) -> Result<Num, CalcRefusal> {
    if let Some(average) = given.maybe("own_avg_monthly_wage")? {
        return base_wage(work, &average, regional);
    }
    let own = given.number("own_wage")?;
    let bounds = work.row("work-injury.own-wage")?;
    let (least, most) = (regional.percent(&nth(bounds, 0)?), regional.percent(&nth(bounds, 1)?));
    if own < least || own > most {
        let note =
            Text::new("calc-note-own-wage-bounds").arg("least", least.short()).arg("most", most.short());
        work.note(note);
    }
    Ok(own)
}

/// The part of the wage a dependant gets: spouse, others, and more for who is all alone.
fn rate(one: &Given<'_>, rates: &catalog::parameters::Parameter) -> Result<Num, CalcRefusal> {
    let rel = one.maybe_text("rel")?.map(str::trim).filter(|rel| !rel.is_empty());
    let rel = rel.ok_or_else(|| one.refuse("missing-field", "rel", "required"))?;
    let spouse = ["配偶", "妻子", "丈夫", "妻", "夫", "spouse"].contains(&rel);
    let mut percent = nth(rates, usize::from(!spouse))?;
    let mut alone = rel.contains('孤');
    for name in ["orphan", "alone", "lonely", "orphan_or_lonely"] {
        alone |= one.flag(name)?;
    }
    if alone {
        percent = &percent + &nth(rates, 2)?;
    }
    Ok(percent)
}

fn one_off_zhejiang(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    work.area = "330000000000".parse().ok();
    one_off(given, work, "province_avg_monthly_wage")
}

fn one_off_henan(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    work.area = "410000000000".parse().ok();
    one_off(given, work, "pool_avg_monthly_wage")
}

fn one_off_here(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    if work.area.is_none() {
        return Err(given.refuse("missing-field", "area", "required"));
    }
    one_off(given, work, "avg_monthly_wage")
}

fn one_off(given: &Given<'_>, work: &mut Work<'_>, wage: &str) -> Outcome {
    let grade = given.whole("grade")?;
    let left = given.maybe("years_to_retirement")?;
    let (Some(medical_row), Some(employment_row)) = (
        work.parameters().governing("work-injury.medical-months", work.area, work.on),
        work.parameters().governing("work-injury.employment-months", work.area, work.on),
    ) else {
        let reason = "the tables have no months of this province; each province sets its own";
        return Err(given.refuse("no-table", "area", reason));
    };
    let average = positive(given, work, wage)?;
    work.used(medical_row);
    work.used(employment_row);
    let months = nth(medical_row, at(grade, 5))?;
    let mut medical = &average * &months;
    let mut formula = format!("{} × {}", average.short(), months.short());
    if given.field("occupational_disease").is_some() && given.flag("occupational_disease")? {
        let Some(more) =
            work.parameters().governing("work-injury.medical-disease-percent", work.area, work.on)
        else {
            let reason = "the tables know no addition for occupational disease in this province";
            return Err(given.refuse("no-table", "occupational_disease", reason));
        };
        work.used(more);
        let percent = number(more)?;
        formula = format!("{formula} × (1 + {}%)", percent.short());
        medical = &medical + &medical.percent(&percent);
    }
    work.money("medical", formula, &medical, medical_row);
    let months = nth(employment_row, at(grade, 5))?;
    let mut employment = &average * &months;
    let mut formula = format!("{} × {}", average.short(), months.short());
    if let Some(percent) = left.as_ref().map(|left| kept(work, left)).transpose()?.flatten() {
        formula = format!("{formula} × {}%", percent.short());
        employment = employment.percent(&percent);
    }
    work.money("employment", formula, &employment, employment_row);
    if left.is_none() {
        work.note("calc-note-near-retirement");
    }
    Ok(())
}

/// How many percent are left of the employment subsidy so many years before retirement; all from five years on.
fn kept(work: &mut Work<'_>, left: &Num) -> Result<Option<Num>, CalcRefusal> {
    let Some(rule) = work.parameters().governing("work-injury.employment-reduction", work.area, work.on)
    else {
        return Ok(None);
    };
    // Years from which nothing is taken, and percent for each year less.
    let (full, step) = (nth(rule, 0)?, nth(rule, 1)?);
    if *left >= full {
        return Ok(None);
    }
    work.used(rule);
    // A year that has begun counts as missing, or only one that is full: the provinces differ.
    let begun = rule.word.as_deref() == Some("begun-years");
    if begun && *left < Num::whole(1) {
        return Ok(Some(nth(rule, 2)?));
    }
    let whole = |number: &Num| Num::whole(number.floor().unwrap_or_default());
    let years = if begun { &full - &whole(left) } else { whole(&(&full - left)) };
    Ok(Some(Num::whole(100).beyond(&(&years * &step))))
}

fn paid_leave(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = given.number("monthly_wage")?;
    let months = given.number("months")?;
    let rule = work.row("work-injury.paid-leave-months")?;
    let usual = nth(rule, 0)?;
    if months > usual && !given.flag("extension_confirmed")? {
        let reason = format!("more than {} months need a confirmed extension", usual.short());
        return Err(given.refuse("out-of-range", "months", reason));
    }
    work.money("amount", format!("{} × {}", wage.short(), months.short()), &(&wage * &months), rule);
    Ok(())
}

fn missing(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let wage = given.number("monthly_wage")?;
    let rule = work.row("work-injury.missing-months")?;
    let months = number(rule)?;
    work.money("amount", format!("{} × {}", wage.short(), months.short()), &(&wage * &months), rule);
    Ok(())
}
