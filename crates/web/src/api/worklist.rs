//! Worklists.

use axum::extract::State;
use matters::{WorklistQuery, WorklistView};
use serde_json::Value;

use super::body::Query;
use crate::app::App;
use crate::call::Caller;
use crate::problem::{Problem, Refused};

/// What I must do, wait for, watch, or have done.
#[utoipa::path(
    get, path = "/api/v1/worklist", tag = "matters",
    params(
        ("view" = Option<String>, Query, description = "todo (default), doing, watch or done"),
        ("q" = Option<String>, Query, description = "a number or its beginning"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Rows", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let view = match query.get("view") {
        None => WorklistView::Todo,
        Some(word) => match WorklistView::parse(word) {
            Some(view) => view,
            None => return Err(query.fault("view", "choice", "error-view")),
        },
    };
    let asked = WorklistQuery {
        view,
        q: query.get("q").map(ToOwned::to_owned),
        cursor: query.get("cursor").map(ToOwned::to_owned),
        limit: query.limit()?,
    };
    Ok(axum::Json(app.register().worklist(&who, &asked).await?))
}
