//! Finding a person's matters, and who looked at whom.

use axum::extract::{Path, State};
use kernel::refusal::{Code, FieldError};
use kernel::time::Instant;
use matters::PersonQuery;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{Json, Query, wrong};
use super::matters::number;
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// Body of `POST /matters/search`: exactly one of the first four.
#[derive(Serialize, ToSchema)]
pub struct PersonSearch {
    /// Name or part of it, two characters at least; in letters also as it sounds (pinyin).
    #[schema(required = false)]
    pub name: Option<String>,
    /// Number of a paper or credit code, whole.
    #[schema(required = false)]
    pub id_no: Option<String>,
    /// Phone, whole.
    #[schema(required = false)]
    pub phone: Option<String>,
    /// Last four digits of a phone.
    #[schema(required = false)]
    pub phone_tail: Option<String>,
    /// Rows, 1-100, default 20.
    #[schema(required = false)]
    pub limit: Option<i64>,
    /// `next` of the page before.
    #[schema(required = false)]
    pub cursor: Option<String>,
}

/// Matters of a person, found by name, paper, phone or the end of a phone; in a body, because addresses of pages
/// carry nothing personal. Only what the caller may read; the search itself is on record.
#[utoipa::path(
    post, path = "/api/v1/matters/search", tag = "matters",
    request_body(content = PersonSearch, content_type = "application/json"),
    security(("session" = [])),
    responses(
        (status = 200, description = "Matters, newest first, their people masked", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn search(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Json(body): Json,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let query = PersonQuery::read(&body)?;
    Ok(axum::Json(app.register().find_person(&who, &query, lang).await?))
}

/// Who looked at the values of a matter in full, for its applicant.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/access-log", tag = "matters",
    params(
        ("number" = String, Path), ("limit" = Option<i64>, Query, description = "1-100, default 20"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    security(("session" = [])),
    responses(
        (status = 200, description = "`{at, kind, facts, role, office, office_name, reason}`, newest first",
            body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn of_matter(
    State(app): State<App>,
    caller: Caller,
    Path(text): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let limit = query.limit()?;
    Ok(axum::Json(app.register().looks(&who, number(&text)?, query.get("cursor"), limit).await?))
}

/// Looks and searches of one account within a time, for the audit administrator; no values, no reasons.
#[utoipa::path(
    get, path = "/api/v1/access-log", tag = "audit",
    params(
        ("account" = String, Query, description = "login"),
        ("from" = String, Query, description = "instant, RFC 3339"),
        ("to" = String, Query, description = "instant, RFC 3339; not included"),
        ("limit" = Option<i64>, Query, description = "1-100, default 20"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    security(("session" = [])),
    responses(
        (status = 200, description = "`{at, kind, number, facts, found}`, newest first", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn of_account(
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let mut errors = Vec::new();
    let login = query.get("account").unwrap_or_default();
    if login.is_empty() {
        errors.push(FieldError::new("/account", "required", "error-required"));
    }
    let mut moment = |name: &'static str| {
        let read = query.get(name).and_then(|text| text.parse::<Instant>().ok());
        if read.is_none() {
            errors.push(FieldError::new(format!("/{name}"), "format", "error-instant"));
        }
        read
    };
    let (from, to) = (moment("from"), moment("to"));
    let (Some(from), Some(to), true) = (from, to, errors.is_empty()) else {
        return Err(wrong(Code::FactsWrong, errors));
    };
    let limit = query.limit()?;
    Ok(axum::Json(app.register().looks_of(&who, login, from, to, query.get("cursor"), limit).await?))
}
