//! Divisions.

use access::area::Atlas;
use access::area::atlas::{Asked, Place};
use axum::extract::{Path, State};
use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use kernel::refusal::{Code, Next, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use crate::app::App;
use crate::portal::places::atlas;
use crate::problem::{Problem, Refused};

/// A division.
#[derive(Serialize, ToSchema)]
pub struct AreaView {
    /// Twelve digits.
    pub code: String,
    /// Name at its own level.
    pub name: String,
    /// Names from the province down.
    pub full_name: String,
    /// `province prefecture county town village`.
    pub level: String,
    /// The division above.
    pub parent: Option<String>,
    /// First day it is known to stand.
    pub valid_from: String,
    /// First day it no longer stood.
    pub valid_to: Option<String>,
    /// Areas that are no division and it belongs to (development zones), by name.
    pub service_areas: Vec<String>,
}

fn view(atlas: &Atlas, place: &Place, on: Date) -> AreaView {
    AreaView {
        code: place.code.to_string(),
        name: place.name.to_string(),
        full_name: atlas.full_name(place.code, on),
        level: place.code.level().to_string(),
        parent: place.code.parent().map(|parent| parent.to_string()),
        valid_from: place.valid_from.to_string(),
        valid_to: place.valid_to.map(|date: Date| date.to_string()),
        service_areas: atlas.services_of(place.code).map(|service| service.name.clone()).collect(),
    }
}

/// Children of a division, or divisions by name, by sound or by the beginning of a code, the best first.
#[utoipa::path(
    get, path = "/api/v1/areas", tag = "places",
    params(
        ("parent" = Option<String>, Query, description = "children of it; with q everything below it"),
        ("q" = Option<String>, Query, description = "part of a name, of its pinyin (full or initials), or the beginning of a code; words before it name what is above"),
        ("near" = Option<String>, Query, description = "with q: what is nearer to this division comes first among equals"),
        ("level" = Option<String>, Query, description = "with q: no lower level than this"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Divisions that stand today", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let code = |name: &str| -> Result<Option<AreaCode>, Refused> {
        let given = query.get(name).map(str::parse).transpose();
        given.map_err(|_| query.fault(name, "format", "error-area"))
    };
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    let (parent, near, cursor) = (code("parent")?, code("near")?, code("cursor")?);
    let deepest = query.get("level").map_or(Ok(Level::Village), str::parse);
    let deepest = deepest.map_err(|_| query.fault("level", "choice", "error-level"))?;
    let on = app.now().date();
    let atlas = atlas(&app).await?;
    let text = query.get("q").map(kernel::text::normalise);
    let found: Vec<&Place> = match text.as_deref() {
        Some(text) => atlas.search(&Asked { text, within: parent, near, deepest, on }).places,
        None => atlas.below(parent, on).collect(),
    };
    // The order is that of one version of the divisions; a cursor whose division is gone begins anew.
    let after = cursor.and_then(|cursor| found.iter().position(|place| place.code == cursor));
    let rest = &found[after.map_or(0, |at| at + 1)..];
    let shown = &rest[..rest.len().min(limit)];
    let next = shown.last().filter(|_| rest.len() > limit).map(|last| last.code.to_string());
    let items: Vec<AreaView> = shown.iter().map(|place| view(&atlas, place, on)).collect();
    Ok(axum::Json(json!({ "items": items, "total": found.len(), "total_is": "exact", "next": next })))
}

/// One division, as it stands or as it last stood.
#[utoipa::path(
    get, path = "/api/v1/areas/{code}", tag = "places",
    params(("code" = String, Path, description = "2, 4, 6, 9 or 12 digits")),
    responses(
        (status = 200, description = "The division", body = AreaView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(State(app): State<App>, Path(code): Path<String>) -> Result<axum::Json<AreaView>, Refused> {
    let today = app.now().date();
    let atlas = atlas(&app).await?;
    let found = code.parse::<AreaCode>().ok().and_then(|code| atlas.find(code, today));
    let Some(found) = found else {
        return Err(Refused::from(
            Refusal::new(Code::NotFound, Text::new("access-area-unknown"))
                .next(Next::link("access-next-area", "/api/v1/areas")),
        ));
    };
    Ok(axum::Json(view(&atlas, found, today)))
}
