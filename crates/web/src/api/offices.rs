//! Organisations and their duties.

use access::office::Office;
use axum::extract::State;
use kernel::area::AreaCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use crate::app::App;
use crate::problem::{Problem, Refused};

/// A body that serves.
#[derive(Serialize, ToSchema)]
pub struct OfficeView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `center aid-center station law-firm legal-service-office mediation-committee bureau organ …`
    pub kind: String,
    /// The division it serves.
    pub area: String,
    /// What it is there for.
    pub duties: Vec<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Opening hours.
    pub hours: Option<String>,
}

impl From<&Office> for OfficeView {
    fn from(office: &Office) -> Self {
        Self {
            id: office.id.to_string(),
            name: office.name.clone(),
            kind: office.kind.clone(),
            area: office.area.to_string(),
            duties: office.duties.clone(),
            phone: office.phone.clone(),
            address: office.address.clone(),
            hours: office.hours.clone(),
        }
    }
}

/// Organisations; with an area those that serve it, the nearest first, then those within it.
#[utoipa::path(
    get, path = "/api/v1/offices", tag = "places",
    params(
        ("area" = Option<String>, Query), ("duty" = Option<String>, Query, description = "e.g. legal-aid"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Organisations", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let area = query.get("area").map(str::parse::<AreaCode>).transpose();
    let area = area.map_err(|_| query.fault("area", "format", "error-area"))?;
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    let cursor = query.get("cursor").map(str::parse::<usize>).transpose();
    let from = cursor.map_err(|_| query.fault("cursor", "format", "error-cursor"))?.unwrap_or(0);
    let offices = app.access().offices().current().await?;
    let found: Vec<&Office> = match area {
        Some(area) => offices.serving(query.get("duty"), area),
        None => offices.within(query.get("duty"), None).collect(),
    };
    let total = found.len();
    let items: Vec<OfficeView> = found.into_iter().skip(from).take(limit).map(OfficeView::from).collect();
    let next = (from + items.len() < total && !items.is_empty()).then(|| (from + items.len()).to_string());
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}
