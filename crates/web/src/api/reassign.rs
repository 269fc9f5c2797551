//! Giving much work of one person to another, with a look before and ten minutes to undo.

use axum::extract::{Path, State};
use kernel::refusal::{Code, FieldError};
use matters::{Order, Target};
use serde_json::{Map, Value};

use super::body::{Json, Key, text, wrong};
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// An order as it was typed; pages read it the same way.
pub fn read(fields: &Map<String, Value>) -> Result<Order, Vec<FieldError>> {
    let mut errors = Vec::new();
    let from = text(fields, "from", &mut errors).to_owned();
    let to = match fields.get("to") {
        Some(Value::Object(to)) if to.len() == 1 => match (to.get("login"), to.get("pool")) {
            (Some(Value::String(login)), _) => Some(Target::Person(login.clone())),
            (_, Some(Value::Bool(true))) => Some(Target::Pool),
            _ => None,
        },
        _ => None,
    };
    if to.is_none() {
        errors.push(FieldError::new("/to", "choice", "reassign-to-form"));
    }
    let optional = |name: &'static str, errors: &mut Vec<FieldError>| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(kernel::text::normalise(text)).filter(|text| !text.is_empty()),
        Some(_) => {
            errors.push(FieldError::new(format!("/{name}"), "format", "error-text-expected"));
            None
        }
    };
    let reason = optional("reason", &mut errors).unwrap_or_default();
    let item = optional("item", &mut errors);
    let area = optional("area", &mut errors).and_then(|text| {
        let area = text.parse().ok();
        if area.is_none() {
            errors.push(FieldError::new("/area", "format", "error-area"));
        }
        area
    });
    let numbers = match fields.get("numbers") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) => {
            let read: Option<Vec<_>> = list.iter().map(|one| one.as_str()?.parse().ok()).collect();
            if read.is_none() {
                errors.push(FieldError::new("/numbers", "format", "reassign-numbers"));
            }
            read
        }
        Some(_) => {
            errors.push(FieldError::new("/numbers", "format", "error-list-expected"));
            None
        }
    };
    match to {
        Some(to) if errors.is_empty() => Ok(Order { from, to, reason, item, area, numbers }),
        _ => Err(errors),
    }
}

/// Reassign many matters of one person; `dry_run` only shows what would move and what not.
#[utoipa::path(
    post, path = "/api/v1/worklist/reassign", tag = "matters",
    params(("Idempotency-Key" = Option<String>, Header, description = "16-128 visible ASCII characters; required unless `dry_run`")),
    request_body(content = super::openapi::Reassigning, content_type = "application/json"),
    responses(
        (status = 200, description = "Row by row what moved and what did not and why", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn reassign(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    key: Option<Key>,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let fields = body.fields(&["from", "to", "reason", "item", "area", "numbers", "dry_run"])?;
    let dry_run = match fields.get("dry_run") {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(_) => {
            let fault = FieldError::new("/dry_run", "format", "error-bool-expected");
            return Err(wrong(Code::FactsWrong, vec![fault]));
        }
    };
    let order = read(&fields).map_err(|errors| wrong(Code::FactsWrong, errors))?;
    if dry_run {
        return Ok(axum::Json(app.register().preview_reassign(&who, &order, lang).await?));
    }
    let Some(Key(key)) = key else { return Err(super::body::key_missing()) };
    Ok(axum::Json(app.register().reassign(&who, &order, &key, lang).await?))
}

/// Undo an order within ten minutes; what moved on since stays where it is.
#[utoipa::path(
    post, path = "/api/v1/worklist/reassign/{order}/undo", tag = "matters",
    params(("order" = String, Path)),
    responses(
        (status = 200, description = "Row by row what was put back", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(order): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().undo_reassign(&who, &order, lang).await?))
}
