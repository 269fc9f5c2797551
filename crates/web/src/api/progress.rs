//! Progress by number and query code, without an account.

use axum::extract::State;
use kernel::refusal::Code;
use serde_json::Value;

use super::body::{Json, text, wrong};
use crate::app::App;
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// Where a matter stands, in plain words.
#[utoipa::path(
    post, path = "/api/v1/progress", tag = "matters",
    request_body(content = super::openapi::ProgressAsk, content_type = "application/json"),
    responses(
        (status = 200, description = "Progress", body = super::openapi::Progress),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn progress(
    State(app): State<App>,
    Speak(lang): Speak,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let fields = body.fields(&["number", "code"])?;
    let mut errors = Vec::new();
    let number = text(&fields, "number", &mut errors);
    let code = text(&fields, "code", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    Ok(axum::Json(app.register().progress(number, code, lang).await?))
}
