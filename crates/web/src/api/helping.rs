//! Helpers: what the applicant hands on, and how a helper comes in.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use kernel::refusal::Code;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{Json, Key, text, wrong};
use super::matters::number;
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// Body of coming in as a helper.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "told in the OpenAPI document only; the body is read field by field")]
pub struct HelpingAsk {
    /// Number, in any spacing.
    number: String,
    /// The helper code the applicant handed on.
    code: String,
}

/// Who helps with a matter, for its applicant: `{state, may?, until?, code?}`.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/helper", tag = "matters",
    params(("number" = String, Path)),
    responses(
        (status = 200, description = "`state` is `none`, `offered` (with the `code` to hand on) or `helping`", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(typed): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().helper(&who, number(&typed)?).await?))
}

/// Come in as the helper of an applicant, by number and helper code, signed in as a citizen.
#[utoipa::path(
    post, path = "/api/v1/helping", tag = "matters",
    params(("Idempotency-Key" = String, Header, description = "16-128 visible ASCII characters")),
    request_body(content = HelpingAsk, content_type = "application/json"),
    responses(
        (status = 200, description = "Receipt", body = super::openapi::Receipt),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn join(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Key(key): Key,
    body: Json,
) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let fields = body.fields(&["number", "code"])?;
    let mut errors = Vec::new();
    let number = text(&fields, "number", &mut errors);
    let code = text(&fields, "code", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let answer = app.register().join_as_helper(&who, (number, code), &key, lang).await?;
    let mut response = axum::Json(answer.body).into_response();
    if answer.replayed {
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    Ok(response)
}
