//! Worklists.

use axum::extract::State;
use kernel::clock::Light;
use matters::{WorklistFilter, WorklistOrder, WorklistQuery, WorklistView};
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
        ("item" = Option<String>, Query, description = "of one item"),
        ("light" = Option<String>, Query, description = "showing this light now: green, yellow, red, paused or none"),
        ("area" = Option<String>, Query, description = "within a division"),
        ("order" = Option<String>, Query, description = "due (default), due-last, oldest or newest"),
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
    let asked = WorklistQuery {
        view: one_of(&query, "view", WorklistView::parse)?.unwrap_or_default(),
        q: query.get("q").map(ToOwned::to_owned),
        filter: WorklistFilter {
            item: query.get("item").map(ToOwned::to_owned),
            light: one_of(&query, "light", Light::parse)?,
            area: one_of(&query, "area", |code| code.parse().ok())?,
        },
        order: one_of(&query, "order", WorklistOrder::parse)?.unwrap_or_default(),
        cursor: query.get("cursor").map(ToOwned::to_owned),
        limit: query.limit()?,
    };
    Ok(axum::Json(app.register().worklist(&who, &asked).await?))
}

/// A parameter that is one of a few words, or a code.
fn one_of<T>(query: &Query, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Refused> {
    let Some(word) = query.get(name) else { return Ok(None) };
    let key = match name {
        "view" => "error-view",
        "area" => "error-area",
        _ => "error-choice",
    };
    read(word).map(Some).ok_or_else(|| query.fault(name, "choice", key))
}
