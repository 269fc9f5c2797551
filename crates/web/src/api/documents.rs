//! Documents (文书) of a matter: the list with who received them, and one with its words.

use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::body::Query;
use super::matters::number;
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::problem::{Problem, Refused};

/// The documents of a matter, oldest first: all of them for staff, for parties those addressed to them.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/documents", tag = "matters",
    params(
        ("number" = String, Path), ("limit" = Option<i64>, Query, description = "1-100, default 20"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    security(("session" = [])),
    responses(
        (status = 200, description = "Documents, `items` as `DocumentView` without `text`", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let after = match query.get("cursor").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(after)) => after,
        Some(Err(_)) => return Err(query.fault("cursor", "format", "error-cursor")),
    };
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    let all = app.register().documents(&who, number(&text)?, lang).await?;
    let total = all.len();
    let items: Vec<Value> = all.into_iter().skip(after).take(limit).collect();
    let end = after.saturating_add(items.len());
    let next = (end < total).then(|| end.to_string());
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}

/// One document with its words, in Chinese as it was issued.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/documents/{id}", tag = "matters",
    params(("number" = String, Path), ("id" = String, Path, description = "`id` of the list")),
    security(("session" = [])),
    responses(
        (status = 200, description = "The document", body = super::openapi::DocumentView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path((text, id)): Path<(String, String)>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().document(&who, number(&text)?, &id, lang).await?))
}
