//! Absences and substitutes, and what went on from somebody who was away.

use access::absence::{Absence, Kind, NewAbsence};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::refusal::{Code, FieldError};
use serde_json::{Map, Value, json};

use super::body::{Json, text, wrong};
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// One absence in the contract's shape.
fn shown(absence: &Absence, today: Date) -> Value {
    json!({
        "id": absence.id,
        "login": absence.login,
        "name": absence.name,
        "from": absence.first_day.to_string(),
        "to": absence.last_day.to_string(),
        "kind": absence.kind,
        "substitute": absence.substitute_login.as_ref().map(|login| json!({
            "login": login, "name": absence.substitute_name,
        })),
        "state": absence.stage(today).as_str(),
    })
}

/// My absences, those I stand in for, and those of the people I answer for.
#[utoipa::path(
    get, path = "/api/v1/absences", tag = "people",
    responses(
        (status = 200, description = "Running, planned, and those of the last sixty days", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let today = app.now().date();
    let items: Vec<Value> =
        app.access().absences(&who, today).await?.iter().map(|absence| shown(absence, today)).collect();
    let total = items.len();
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": null })))
}

/// An absence as it was typed; pages read it the same way.
pub fn read(fields: &Map<String, Value>) -> Result<NewAbsence, Vec<FieldError>> {
    let mut errors = Vec::new();
    let day = |name: &'static str, errors: &mut Vec<FieldError>| {
        let typed = text(fields, name, errors);
        let day = kernel::text::normalise(typed).parse::<Date>();
        if day.is_err() && !typed.is_empty() {
            errors.push(FieldError::new(format!("/{name}"), "format", "error-date"));
        }
        day.unwrap_or_default()
    };
    let (from, to) = (day("from", &mut errors), day("to", &mut errors));
    let word = text(fields, "kind", &mut errors);
    let kind = Kind::parse(word);
    if kind.is_none() && !word.is_empty() {
        errors.push(FieldError::new("/kind", "choice", "error-choice"));
    }
    let mut login = |name: &'static str| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(login)) => Some(kernel::text::normalise(login)).filter(|login| !login.is_empty()),
        Some(_) => {
            errors.push(FieldError::new(format!("/{name}"), "format", "error-text-expected"));
            None
        }
    };
    let (whose, substitute) = (login("login"), login("substitute"));
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(NewAbsence { login: whose, from, to, kind: kind.unwrap_or(Kind::Other), substitute })
}

/// Enter an absence: one's own, or that of somebody one answers for.
#[utoipa::path(
    post, path = "/api/v1/absences", tag = "people",
    request_body(content = super::openapi::AbsenceEntered, content_type = "application/json"),
    responses(
        (status = 201, description = "The absence", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn enter(State(app): State<App>, caller: Caller, body: Json) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let fields = body.fields(&["login", "from", "to", "kind", "substitute"])?;
    let new = read(&fields).map_err(|errors| wrong(Code::FactsWrong, errors))?;
    let now = app.now();
    let absence = app.access().enter_absence(&who, &new, now).await?;
    Ok((StatusCode::CREATED, axum::Json(shown(&absence, now.date()))).into_response())
}

/// End an absence: back early, or called off.
#[utoipa::path(
    post, path = "/api/v1/absences/{id}/end", tag = "people",
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The absence", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn end(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let now = app.now();
    let absence = app.access().end_absence(&who, &id, now).await?;
    Ok(axum::Json(shown(&absence, now.date())))
}

/// What went on from me while I was away, or by an order of the head.
#[utoipa::path(
    get, path = "/api/v1/worklist/handed-on", tag = "matters",
    responses(
        (status = 200, description = "The last sixty days, the last first", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn handed_on(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let items = app.register().handed_on(&who, lang).await?;
    let total = items.len();
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": null })))
}
