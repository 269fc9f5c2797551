//! Matters: open, read, act.

use answers::drafting::ReadIt;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use matters::{Answer, Ask};
use serde_json::{Map, Value};

use super::body::{Json, Key, Query, wrong};
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// Reads a number from a path; what is no number is as absent as an unknown one.
pub fn number(text: &str) -> Result<MatterNumber, Refused> {
    text.parse().map_err(|_| Refused::from(Refusal::new(Code::NotFound, Text::new("refused-not-found"))))
}

fn answered(status: StatusCode, answer: Answer) -> Response {
    let mut response = (status, axum::Json(answer.body)).into_response();
    if answer.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// Open a matter, whatever the door.
#[utoipa::path(
    post, path = "/api/v1/matters", tag = "matters",
    params(("Idempotency-Key" = String, Header, description = "16-128 visible ASCII characters")),
    request_body(content = super::openapi::Opening, content_type = "application/json"),
    responses(
        (status = 201, description = "Opened", body = super::openapi::Opened),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open(
    State(app): State<App>,
    Caller(who): Caller,
    Speak(lang): Speak,
    Key(key): Key,
    Json(body): Json,
) -> Result<Response, Refused> {
    let answer = app.register().open(&who, &body, &key, lang).await?;
    Ok(answered(StatusCode::CREATED, answer))
}

/// Matters that look like the one about to be opened: a warning for whoever takes it in, never a refusal.
#[utoipa::path(
    post, path = "/api/v1/matters/similar", tag = "matters",
    request_body(content = super::openapi::Opening, content_type = "application/json"),
    responses(
        (status = 200, description = "Matters that share people, place of the story or words, the most alike first",
            body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn similar(
    State(app): State<App>,
    Caller(who): Caller,
    Speak(lang): Speak,
    Json(body): Json,
) -> Result<axum::Json<Value>, Refused> {
    let found = app.register().similar(&who, &body, lang).await?;
    let total = found.len();
    Ok(axum::Json(serde_json::json!({ "items": found, "total": total, "total_is": "exact", "next": null })))
}

/// The items that may follow from a matter: opened with `from`, they ask nothing again.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/follow-ups", tag = "matters",
    params(("number" = String, Path)),
    responses(
        (status = 200, description = "`{item, name, kind}`", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn follow_ups(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let offers = app.register().follow_ups(&who, number(&text)?, lang).await?;
    let total = offers.len();
    Ok(axum::Json(serde_json::json!({ "items": offers, "total": total, "total_is": "exact", "next": null })))
}

/// One matter, personal values masked.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}", tag = "matters",
    params(("number" = String, Path, description = "16 digits; spaces and dashes are ignored")),
    responses(
        (status = 200, description = "The matter", body = super::openapi::MatterView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn view(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().view(&who, number(&text)?, lang).await?))
}

/// How the applicant may be reached, masked.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/contact", tag = "matters",
    params(("number" = String, Path)),
    responses(
        (status = 200, description = "`{rules: {phone?, hours?, message, note?} | null, phone?}`; `phone` is the number to use",
            body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn contact(
    State(app): State<App>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().contact(&who, number(&text)?).await?))
}

/// What happened to a matter, oldest first.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/events", tag = "matters",
    params(
        ("number" = String, Path), ("limit" = Option<i64>, Query, description = "1-100, default 20"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "Events", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn events(
    State(app): State<App>,
    caller: Caller,
    Path(text): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let after = match query.get("cursor") {
        None => 0,
        Some(text) => match text.parse::<i64>() {
            Ok(after) if after >= 0 => after,
            _ => return Err(query.fault("cursor", "format", "error-cursor")),
        },
    };
    Ok(axum::Json(app.register().events(&who, number(&text)?, after, query.limit()?).await?))
}

/// What the caller may do now.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/actions", tag = "matters",
    params(("number" = String, Path)),
    responses(
        (status = 200, description = "Actions with schema and example", body = Vec<super::openapi::Offer>),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn actions(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().actions(&who, number(&text)?, lang).await?))
}

/// Do an action.
#[utoipa::path(
    post, path = "/api/v1/matters/{number}/actions/{action}", tag = "matters",
    params(
        ("number" = String, Path), ("action" = String, Path),
        ("Idempotency-Key" = String, Header, description = "16-128 visible ASCII characters"),
    ),
    request_body(content = super::openapi::Acting, content_type = "application/json"),
    responses(
        (status = 200, description = "Receipt", body = super::openapi::Receipt),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn act(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path((text, action)): Path<(String, String)>,
    Key(key): Key,
    body: Json,
) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let number = number(&text)?;
    let fields = body.fields(&["version", "input", "task"])?;
    let mut errors = Vec::new();
    let version = match fields.get("version") {
        Some(value) if value.as_i64().is_some() => value.as_i64().unwrap_or_default(),
        Some(_) => {
            errors.push(FieldError::new("/version", "format", "error-version"));
            0
        }
        None => {
            errors.push(FieldError::new("/version", "required", "error-required"));
            0
        }
    };
    let input = match fields.get("input") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(input)) => input.clone(),
        Some(_) => {
            errors.push(FieldError::new("/input", "format", "error-object-expected"));
            Map::new()
        }
    };
    let task = match fields.get("task") {
        None | Some(Value::Null) => None,
        Some(Value::String(task)) => Some(task.as_str()),
        Some(_) => {
            errors.push(FieldError::new("/task", "format", "error-text-expected"));
            None
        }
    };
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    // A model's draft is made at the desk and read there; nobody sends it on unread from here.
    if action == "answer"
        && who.is_staff()
        && let Some(Value::String(text)) = input.get("answer.text")
    {
        app.library().hold(number, text, ReadIt::Open).await?;
    }
    let ask = Ask { action: &action, version, input, task, key: &key, lang };
    let answer = app.register().act(&who, number, &ask).await.map_err(|refusal| with_door(refusal, &text))?;
    Ok(answered(StatusCode::OK, answer))
}

/// A refused action says where the possible ones stand, when it says nothing better.
fn with_door(refusal: Refusal, number: &str) -> Refusal {
    if refusal.next.is_empty() && refusal.code != Code::NotFound {
        return refusal.next(Next::link("next-see-actions", format!("/api/v1/matters/{number}/actions")));
    }
    refusal
}
