//! Those who practise: whom people may turn to.

use access::practitioner::PractitionerQuery;
use axum::extract::State;
use kernel::area::AreaCode;
use serde_json::{Value, json};

use super::body::Query;
use crate::app::App;
use crate::problem::{Problem, Refused};

/// Practitioners as registered, by id.
#[utoipa::path(
    get, path = "/api/v1/practitioners", tag = "places",
    params(
        ("kind" = Option<String>, Query, description = "lawyer, legal_worker, notary, appraiser, mediator, adviser"),
        ("area" = Option<String>, Query), ("organisation" = Option<String>, Query),
        ("skill" = Option<String>, Query), ("language" = Option<String>, Query),
        ("q" = Option<String>, Query, description = "Part of the name"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Practitioners", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let area = query.get("area").map(str::parse::<AreaCode>).transpose();
    let area = area.map_err(|_| query.fault("area", "format", "error-area"))?;
    let text = |name: &str| query.get(name).map(ToOwned::to_owned);
    let limit = u32::try_from(query.limit()?).unwrap_or(20);
    let asked = PractitionerQuery {
        kind: text("kind"),
        area,
        organisation: text("organisation"),
        skill: text("skill"),
        language: text("language"),
        text: text("q"),
        after: text("cursor"),
        limit: limit + 1,
    };
    let (mut items, total) = app.access().practitioners(&asked).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().map(|one| one.id.clone()).filter(|_| more);
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}
