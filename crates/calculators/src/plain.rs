//! Dates, periods and numbers that check themselves: computed by the kernel, described here like all others.

use kernel::calc::{self, CalcRefusal};
use serde_json::Value;

use crate::given::Given;
use crate::spec::{Family, Field, Kind, Spec};
use crate::work::Work;

const START: Field = Field::must("start", Kind::Date);
const ROLL: Field = Field::may("roll", Kind::Flag);
const DAYS: Field = Field::must("count", Kind::Whole(1, 36_500));
const MONTHS: Field = Field::must("count", Kind::Whole(1, 1_200));

const fn time(name: &'static str, fields: &'static [Field], example: &'static str) -> Spec {
    Spec { name, family: Family::Time, fields, example, run }
}

const fn code(name: &'static str, fields: &'static [Field], example: &'static str) -> Spec {
    Spec { name, family: Family::Identifiers, fields, example, run }
}

pub(crate) const SPECS: &[Spec] = &[
    time(
        "deadline.natural",
        &[START, DAYS, Field::may("unit", Kind::Choice(&["day", "month", "year"])), ROLL],
        r#"{"start":"2026-09-21","count":7,"unit":"day"}"#,
    ),
    time(
        "deadline.working",
        &[START, DAYS, Field::may("unit", Kind::Choice(&["workday", "day"])), ROLL],
        r#"{"start":"2026-09-29","count":5,"unit":"day"}"#,
    ),
    time(
        "deadline.month",
        &[START, MONTHS, Field::may("unit", Kind::Choice(&["month"])), ROLL],
        r#"{"start":"2025-11-30","count":3,"unit":"month"}"#,
    ),
    time(
        "deadline.year",
        &[
            START,
            Field::must("count", Kind::Whole(1, 100)),
            Field::may("unit", Kind::Choice(&["year"])),
            ROLL,
        ],
        r#"{"start":"2024-02-29","count":1,"unit":"year"}"#,
    ),
    time(
        "deadline.hours",
        &[
            Field::must("start", Kind::Text),
            Field::must("hours", Kind::Whole(1, 876_000)),
            Field::may("unit", Kind::Choice(&["hour"])),
        ],
        r#"{"start":"2026-05-01T16:30","hours":24}"#,
    ),
    time("workdays_in_year", &[Field::must("year", Kind::Whole(1949, 9998))], r#"{"year":2025}"#),
    time(
        "count_workdays_inclusive",
        &[Field::must("frm", Kind::Date), Field::must("to", Kind::Date)],
        r#"{"frm":"2026-02-01","to":"2026-02-28"}"#,
    ),
    code("id18.validate", &[Field::must("id", Kind::Text)], r#"{"id":"11010519491231002X"}"#),
    code("id18.check_digit", &[Field::must("first17", Kind::Text)], r#"{"first17":"11010519491231002"}"#),
    code("id15_to_18", &[Field::must("id15", Kind::Text)], r#"{"id15":"110105491231002"}"#),
    code("uscc.validate", &[Field::must("code", Kind::Text)], r#"{"code":"91350100M000100Y43"}"#),
    code("uscc.check_digit", &[Field::must("first17", Kind::Text)], r#"{"first17":"91350100M000100Y4"}"#),
    code("org_code.check", &[Field::must("body", Kind::Text)], r#"{"body":"M000100Y"}"#),
    code("area12.parse", &[Field::must("code", Kind::Text)], r#"{"code":"370281001001"}"#),
];

fn run(given: &Given<'_>, work: &mut Work<'_>) -> Result<(), CalcRefusal> {
    let name = given.calculator();
    let Value::Object(result) = calc::run(name, &given.raw(), work.today())? else { return Ok(()) };
    let counted = SPECS.iter().any(|spec| spec.name == name && spec.family == Family::Time);
    let by = if counted { Some(work.row("period.counting")?) } else { None };
    for (key, value) in result {
        let Some(name) = OUTPUTS.iter().copied().find(|name| *name == key) else { continue };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let Some(by) = by {
            work.step(name, "", text, by);
        }
        work.put(name, value);
    }
    Ok(())
}

/// Every name these results have.
const OUTPUTS: &[&str] = &[
    "raw_last_day",
    "deadline",
    "provisional",
    "workdays",
    "valid",
    "check",
    "id",
    "birth",
    "sex",
    "id18",
    "code",
    "level",
    "parent",
];
