//! Receipts of the gateway for short messages: signed, not signed in.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use notices::signature::{SIGNATURE, TIME};

use crate::app::App;
use crate::problem::{Problem, Refused};

/// What the gateway says of a message it was handed: that it arrived, or that it did not.
#[utoipa::path(
    post, path = "/api/v1/sms/receipts", tag = "notices",
    request_body(content = super::openapi::SmsReceipt, content_type = "application/json"),
    responses(
        (status = 204, description = "Taken; a repeat is taken too and changes nothing"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn take(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refused> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    app.notices().receipt(header(TIME), header(SIGNATURE), &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
