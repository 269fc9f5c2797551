//! 法律援助经济困难: whether an income is within the standard, or nobody asks.

use kernel::refusal::Text;
use serde_json::json;

use crate::exact::Num;
use crate::given::Given;
use crate::spec::{DATE, Family, Field, Kind, Outcome, Spec};
use crate::work::{Work, divided};

/// Grounds on which the condition does not count (art. 32) or is not checked (art. 42).
const GROUNDS: &[&str] = &[
    "heroes-and-martyrs",
    "good-samaritan",
    "acquitted",
    "abuse-or-violence",
    "without-income",
    "relief-recipient",
    "migrant-worker-wages",
];

pub(crate) const SPECS: &[Spec] = &[Spec {
    name: "legal_aid.economic",
    family: Family::LegalAid,
    fields: &[
        Field::must("area", Kind::Area),
        Field::may("ground", Kind::Choice(GROUNDS)),
        Field::may("household_income_monthly", Kind::Money),
        Field::may("members", Kind::Whole(1, 50)),
        Field::may("basis_amount", Kind::Money),
        DATE,
    ],
    example: r#"{"area":"370200000000","household_income_monthly":4800,"members":3,"basis_amount":1000}"#,
    run: economic,
}];

fn economic(given: &Given<'_>, work: &mut Work<'_>) -> Outcome {
    if work.area.is_none() {
        return Err(given.refuse("missing-field", "area", "required: the office that would decide"));
    }
    if let Some(ground) = given.maybe_choice("ground")? {
        let id = if ground == "migrant-worker-wages" {
            "legal-aid.migrant-worker".to_owned()
        } else {
            format!("legal-aid.ground.{ground}")
        };
        let row = work.row(&id)?;
        let outcome = row.word.clone().unwrap_or_default();
        work.step("outcome", "", outcome.clone(), row);
        work.put("outcome", json!(outcome));
        work.note("calc-note-aid-ground");
        return Ok(());
    }
    let income = given.number("household_income_monthly")?;
    let members = Num::whole(given.whole("members")?);
    let standard = work.row("legal-aid.hardship-monthly")?;
    let per_head = divided(&income, &members, "members")?;
    work.money("income_per_head", format!("{} ÷ {}", income.short(), members.short()), &per_head, standard);
    let (parameters, area, on) = (work.parameters(), work.area, work.on);
    let said = given.maybe("basis_amount")?;
    let known = standard.monthly(|id| parameters.governing(id, area, on));
    let most = match (&said, known) {
        (Some(said), _) => standard.percent.map(|percent| said.percent(&Num::whole(percent.into()))),
        (None, Some(fen)) => Num::parse(&fen.to_string()),
        (None, None) => {
            let basis = standard.basis.as_deref().unwrap_or("the standard of the place");
            let percent = standard.percent.map(|percent| format!("{percent}% of it")).unwrap_or_default();
            let reason = format!("the tables lack the monthly amount of {basis} here: give it ({percent})");
            return Err(given.refuse("missing-field", "basis_amount", reason));
        }
    };
    let outcome = match (&most, &said) {
        (Some(most), _) => {
            let formula = match (&said, standard.percent) {
                (Some(said), Some(percent)) => format!("{} × {percent}%", said.short()),
                _ => String::new(),
            };
            work.money("standard_monthly", formula, most, standard);
            if per_head <= *most { "within" } else { "above" }
        }
        // The text sets a least standard only; above it the office has to look up its own.
        (None, Some(least)) if per_head <= *least => "within",
        _ => "unclear",
    };
    if outcome == "unclear" {
        work.note("calc-note-aid-unclear");
    }
    if !standard.verified {
        work.note(Text::new("calc-note-unverified"));
    }
    work.put("outcome", json!(outcome));
    work.step("outcome", "", outcome, standard);
    Ok(())
}
