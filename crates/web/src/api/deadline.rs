//! `GET /deadline`: when is it due, and why then.

use axum::extract::State;
use kernel::area::AreaCode;
use kernel::deadline::Deadline;
use kernel::period::{Period, Roll, Start, Unit};
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use kernel::time::Instant;

use super::body::{Query, wrong};
use crate::app::App;
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// The end of a rule's limits at a place, or of a period.
#[utoipa::path(
    get, path = "/api/v1/deadline", tag = "time",
    params(
        ("from" = String, Query, description = "a date; an instant for hours"),
        ("area" = Option<String>, Query), ("rule" = Option<String>, Query, description = "parameter id"),
        ("count" = Option<u32>, Query), ("unit" = Option<String>, Query, description = "day workday month year hour"),
        ("roll" = Option<bool>, Query),
    ),
    responses(
        (status = 200, description = "The deadline", body = super::openapi::Deadline),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn deadline(
    State(app): State<App>,
    Speak(lang): Speak,
    query: Query,
) -> Result<axum::Json<Deadline>, Refused> {
    let known = ["from", "area", "rule", "count", "unit", "roll"];
    if let Some(name) = query.0.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(query.fault(name, "unknown-field", "error-unknown-field"));
    }
    let from = query.get("from").ok_or_else(|| query.fault("from", "required", "error-required"))?;
    let start = start(from).ok_or_else(|| query.fault("from", "format", "error-date"))?;
    let calendar = app.register().calendar();
    if let Some(rule) = query.get("rule") {
        let area = match query.get("area").map(str::parse::<AreaCode>) {
            Some(Ok(area)) => Some(area),
            None => None,
            Some(Err(_)) => return Err(query.fault("area", "format", "error-area")),
        };
        let limits = app.register().catalog().parameters().limits(rule, area, start.date());
        if limits.is_empty() {
            let refusal = Refusal::new(Code::FactsWrong, Text::new("refused-no-rule").arg("rule", rule))
                .error(FieldError::new("/rule", "choice", "error-rule"))
                .next(Next::say("next-mend-fields"));
            return Err(Refused::from(refusal));
        }
        return Deadline::of_limits(&limits, start, calendar, lang)
            .map(axum::Json)
            .map_err(|_| query.fault("from", "range", "error-date"));
    }
    let mut errors = Vec::new();
    let count = query.get("count").map(str::parse::<u32>);
    let unit = query.get("unit").map(str::parse::<Unit>);
    for (name, missing, faulty) in [
        ("count", count.is_none(), matches!(count, Some(Err(_)))),
        ("unit", unit.is_none(), matches!(unit, Some(Err(_)))),
    ] {
        if missing {
            errors.push(FieldError::new(format!("/{name}"), "required", "error-required"));
        } else if faulty {
            errors.push(FieldError::new(format!("/{name}"), "choice", "error-count-unit"));
        }
    }
    let (Some(Ok(count)), Some(Ok(unit))) = (count, unit) else {
        return Err(wrong(Code::FactsWrong, errors));
    };
    let mut period =
        Period::new(count, unit).map_err(|_| query.fault("count", "range", "error-count-unit"))?;
    period = match query.get("roll") {
        None => period,
        Some("true") => period.with_roll(Roll::OnToWorkday),
        Some("false") => period.with_roll(Roll::Stay),
        Some(_) => return Err(query.fault("roll", "choice", "error-roll")),
    };
    Deadline::of_period(period, start, calendar, lang)
        .map(axum::Json)
        .map_err(|_| query.fault("from", "range", "error-date"))
}

/// A date, or an instant.
fn start(text: &str) -> Option<Start> {
    if let Ok(date) = text.parse::<jiff::civil::Date>()
        && date.to_string() == text
    {
        return Some(Start::Day(date));
    }
    // A plus sign in a query string may have become a blank.
    text.replace(' ', "+").parse::<Instant>().ok().map(Start::At)
}
