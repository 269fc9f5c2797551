//! 诉讼费用、仲裁费: fees of courts and arbitration.

use kernel::calc::CalcRefusal;
use kernel::refusal::Text;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, bands, divided, nth, number};

const AMOUNT: Field = Field::must("amount", Kind::Money);
const BASE: Field = Field::must("base", Kind::Money);

const FAMILY: Family = Family::Fees;

pub(crate) const SPECS: &[Spec] = &[
    FAMILY.spec("fee.property_case", &[AMOUNT, DATE], r#"{"amount":150000}"#, property),
    FAMILY.spec(
        "fee.property_case.halved",
        &[AMOUNT, Field::may("reason", Kind::Text), DATE],
        r#"{"amount":100000,"reason":"简易程序"}"#,
        halved,
    ),
    FAMILY.spec(
        "fee.appeal",
        &[Field::must("appeal_amount", Kind::Money), DATE],
        r#"{"appeal_amount":60000}"#,
        appeal,
    ),
    FAMILY.spec(
        "fee.divorce",
        &[BASE, Field::may("property_total", Kind::Money), DATE],
        r#"{"base":300,"property_total":800000}"#,
        divorce,
    ),
    FAMILY.spec(
        "fee.personality_right",
        &[BASE, Field::may("damages", Kind::Money), DATE],
        r#"{"base":500,"damages":120000}"#,
        personality,
    ),
    FAMILY.spec("fee.other_non_property", &[BASE, DATE], r#"{"base":100}"#, other),
    FAMILY.spec(
        "fee.intellectual_property",
        &[Field::may("amount", Kind::Money), Field::may("base", Kind::Money), DATE],
        r#"{"base":1000}"#,
        intellectual,
    ),
    FAMILY.spec(
        "fee.labour_dispute",
        &[Field::may("amount", Kind::Money), DATE],
        r#"{"amount":30000}"#,
        labour,
    ),
    FAMILY.spec(
        "fee.administrative",
        &[Field::must("kind", Kind::Choice(&["trademark-patent-maritime", "other", "compensation"])), DATE],
        r#"{"kind":"other"}"#,
        administrative,
    ),
    FAMILY.spec("fee.jurisdiction_objection", &[BASE, DATE], r#"{"base":50}"#, objection),
    FAMILY.spec(
        "fee.execution",
        &[Field::may("amount", Kind::Money), Field::may("base", Kind::Money), DATE],
        r#"{"amount":2000000}"#,
        execution,
    ),
    FAMILY.spec(
        "fee.preservation",
        &[Field::may("amount", Kind::Money), DATE],
        r#"{"amount":100000}"#,
        preservation,
    ),
    FAMILY.spec("fee.payment_order", &[AMOUNT, DATE], r#"{"amount":100000}"#, payment_order),
    FAMILY.spec("fee.public_notice", &[DATE], "{}", public_notice),
    FAMILY.spec("fee.set_aside_award", &[DATE], "{}", set_aside),
    FAMILY.spec("fee.bankruptcy", &[AMOUNT, DATE], r#"{"amount":5000000}"#, bankruptcy),
    FAMILY.spec("fee.judicial_confirmation", &[DATE], "{}", confirmation),
    FAMILY.spec("fee.arbitration_acceptance_range", &[AMOUNT, DATE], r#"{"amount":50000}"#, arbitration),
    FAMILY.spec("fee.labour_arbitration", &[DATE], "{}", labour_arbitration),
    FAMILY.spec(
        "fee.relief",
        &[
            Field::must("ground", Kind::Choice(GROUNDS)),
            Field::must("natural_person", Kind::Flag),
            Field::may("fee", Kind::Money),
            DATE,
        ],
        r#"{"ground":"maintenance","natural_person":true,"fee":1300}"#,
        relief,
    ),
];

fn property(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("amount")?;
    let scale = work.row("fee.property")?;
    let (fee, formula) = bands(scale, &amount)?;
    work.money("fee", formula, &fee, scale);
    Ok(())
}

fn halved(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("amount")?;
    given.maybe_text("reason")?;
    let scale = work.row("fee.property")?;
    let (full, formula) = bands(scale, &amount)?;
    work.step("full_fee", formula, full.money(), scale);
    let half = work.row("fee.halved")?;
    let percent = number(half)?;
    let fee = full.percent(&percent);
    work.money("fee", format!("{} × {}%", full.short(), percent.short()), &fee, half);
    Ok(())
}

fn appeal(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("appeal_amount")?;
    let rule = work.row("fee.appeal")?;
    let scale = work.row("fee.property")?;
    let (fee, formula) = bands(scale, &amount)?;
    work.step("contested", "", amount.money(), rule);
    work.money("fee", formula, &fee, scale);
    Ok(())
}

/// A base the province sets within a range, checked against it.
fn base(given: &Given<'_>, work: &mut Work<'_>, id: &str) -> Result<Num, CalcRefusal> {
    let range = work.row(id)?;
    let (least, most) = (nth(range, 0)?, nth(range, 1)?);
    let base = given.maybe("base")?;
    let Some(base) = base else {
        let reason = format!("the province sets it: {} to {} yuan", least.short(), most.short());
        return Err(given.refuse("missing-field", "base", reason));
    };
    if base < least || base > most {
        let reason = format!("must be {} to {}", least.short(), most.short());
        return Err(given.refuse("out-of-range", "base", reason));
    }
    work.step("base_fee", "", base.money(), range);
    Ok(base)
}

fn divorce(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let base = base(given, work, "fee.divorce.base")?;
    let total = given.maybe("property_total")?.unwrap_or_else(Num::zero);
    let scale = work.row("fee.divorce.property")?;
    added(work, &base, &total, scale)
}

fn personality(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let base = base(given, work, "fee.personality.base")?;
    let damages = given.maybe("damages")?.unwrap_or_else(Num::zero);
    let scale = work.row("fee.personality.damages")?;
    added(work, &base, &damages, scale)
}

/// The base, and what a scale takes of an amount besides.
fn added(work: &mut Work<'_>, base: &Num, amount: &Num, scale: &catalog::parameters::Parameter) -> Outcome {
    let (more, formula) = bands(scale, amount)?;
    let shown = if formula.is_empty() { base.short() } else { format!("{} + {formula}", base.short()) };
    work.money("fee", shown, &(base + &more), scale);
    Ok(())
}

fn ranged(given: &Given<'_>, work: &mut Work<'_>, id: &str) -> Outcome {
    let base = base(given, work, id)?;
    work.put("fee", json!(base.money()));
    Ok(())
}

fn other(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    ranged(given, work, "fee.other.base")
}

fn objection(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    ranged(given, work, "fee.objection.base")
}

fn intellectual(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    if given.has("amount") { property(given, work) } else { ranged(given, work, "fee.intellectual.base") }
}

fn fixed(work: &mut Work<'_>, id: &str) -> Outcome {
    let row = work.row(id)?;
    let fee = number(row)?;
    work.money("fee", "", &fee, row);
    Ok(())
}

fn labour(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    given.maybe("amount")?;
    fixed(work, "fee.labour")
}

fn administrative(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let kind = given.choice("kind")?;
    fixed(work, &format!("fee.administrative.{kind}"))
}

fn public_notice(_: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    fixed(work, "fee.public-notice")
}

fn set_aside(_: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    fixed(work, "fee.set-aside")
}

fn confirmation(_: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    fixed(work, "fee.judicial-confirmation")
}

fn labour_arbitration(_: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    fixed(work, "fee.labour-arbitration")
}

fn execution(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    given.maybe("base")?;
    match given.maybe("amount")? {
        Some(amount) => {
            let scale = work.row("fee.execution")?;
            let (fee, formula) = bands(scale, &amount)?;
            work.money("fee", formula, &fee, scale);
            Ok(())
        }
        None => ranged(given, work, "fee.execution.base"),
    }
}

fn preservation(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.maybe("amount")?.unwrap_or_else(Num::zero);
    let scale = work.row("fee.preservation")?;
    let (sum, formula) = bands(scale, &amount)?;
    let most = number(work.row("fee.preservation.most")?)?;
    work.step("before_cap", formula, sum.money(), scale);
    work.money("fee", format!("min({}, {})", sum.short(), most.short()), &sum.least(&most), scale);
    Ok(())
}

fn payment_order(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("amount")?;
    let scale = work.row("fee.property")?;
    let (full, formula) = bands(scale, &amount)?;
    work.step("full_fee", formula, full.money(), scale);
    let part = work.row("fee.payment-order.divisor")?;
    let divisor = number(part)?;
    let fee = divided(&full, &divisor, "amount")?;
    work.money("fee", format!("{} ÷ {}", full.short(), divisor.short()), &fee, part);
    Ok(())
}

fn bankruptcy(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("amount")?;
    let scale = work.row("fee.property")?;
    let (full, formula) = bands(scale, &amount)?;
    work.step("full_fee", formula, full.money(), scale);
    let rule = work.row("fee.bankruptcy")?;
    let (percent, most) = (nth(rule, 0)?, nth(rule, 1)?);
    let half = full.percent(&percent);
    let formula = format!("min({} × {}%, {})", full.short(), percent.short(), most.short());
    work.money("fee", formula, &half.least(&most), rule);
    Ok(())
}

fn arbitration(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let amount = given.number("amount")?;
    for (name, id) in [("min", "fee.arbitration.least"), ("max", "fee.arbitration.most")] {
        let scale = work.row(id)?;
        let (fee, formula) = bands(scale, &amount)?;
        work.money(name, formula, &fee, scale);
    }
    work.note("calc-note-arbitration-range");
    Ok(())
}

/// Grounds on which a court waives, reduces or defers its fees.
const GROUNDS: &[&str] = &[
    "disabled-without-income",
    "maintenance",
    "minimum-living",
    "good-samaritan",
    "disaster",
    "special-care",
    "welfare-institution",
    "social-insurance",
    "injury-victim",
    "legal-aid-recipient",
];

fn relief(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    let ground = given.choice("ground")?;
    let natural = given
        .maybe_flag("natural_person")?
        .ok_or_else(|| given.refuse("missing-field", "natural_person", "required"))?;
    let row = work.row(&format!("fee.relief.{ground}"))?;
    let relief = row.word.clone().unwrap_or_default();
    if relief == "waived" && !natural {
        return Err(given.refuse(
            "out-of-range",
            "natural_person",
            "fees are waived for natural persons only",
        ));
    }
    work.put("relief", json!(relief));
    work.step("relief", "", relief.clone(), row);
    let Some(fee) = given.maybe("fee")? else { return Ok(()) };
    let most = match relief.as_str() {
        "waived" => Num::zero(),
        "reduced" => {
            let least = work.row("fee.relief.least-reduction")?;
            &fee - &fee.percent(&number(least)?)
        }
        _ => fee,
    };
    work.money("at_most", "", &most, row);
    if relief == "deferred" {
        work.note(Text::new("calc-note-deferred"));
    }
    Ok(())
}
