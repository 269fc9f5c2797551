//! Divisions.

use access::area::{self, Area, AreaQuery};
use axum::extract::{Path, State};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::refusal::{Code, Next, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use crate::app::App;
use crate::portal::places::full_name;
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
}

fn view(area: &Area, full_name: String) -> AreaView {
    AreaView {
        code: area.code.to_string(),
        name: area.name.clone(),
        full_name,
        level: area.level.to_string(),
        parent: area.parent.map(|parent| parent.to_string()),
        valid_from: area.valid_from.to_string(),
        valid_to: area.valid_to.map(|date: Date| date.to_string()),
    }
}

/// Children of a division, or divisions by name or the beginning of a code.
#[utoipa::path(
    get, path = "/api/v1/areas", tag = "places",
    params(
        ("parent" = Option<String>, Query, description = "children of it; with q everything below it"),
        ("q" = Option<String>, Query, description = "part of a name, or the beginning of a code"),
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
    let limit = u32::try_from(query.limit()?).unwrap_or(20);
    let asked = AreaQuery {
        parent: code("parent")?,
        text: query.get("q").map(kernel::text::normalise),
        on: app.now().date(),
        after: code("cursor")?,
        limit: limit + 1,
    };
    let mut reader = app.db().reader().await?;
    let (mut found, total) = area::search(&mut reader, &asked).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| last.code.to_string());
    let mut items = Vec::with_capacity(found.len());
    // Results of one list share their parents: each is looked up once.
    let mut known: Vec<(AreaCode, String)> = Vec::new();
    for area in &found {
        let above = match area.parent {
            None => String::new(),
            Some(parent) => {
                if let Some((_, name)) = known.iter().find(|(code, _)| *code == parent) {
                    name.clone()
                } else {
                    let name = full_name(&mut reader, parent, asked.on).await?;
                    known.push((parent, name.clone()));
                    name
                }
            }
        };
        items.push(view(area, format!("{above}{}", area.name)));
    }
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
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
    let mut reader = app.db().reader().await?;
    let found = match code.parse::<AreaCode>() {
        Ok(code) => area::find(&mut reader, code, today).await?,
        Err(_) => None,
    };
    let Some(found) = found else {
        return Err(Refused::from(
            Refusal::new(Code::NotFound, Text::new("access-area-unknown"))
                .next(Next::link("access-next-area", "/api/v1/areas")),
        ));
    };
    let full = full_name(&mut reader, found.code, today).await?;
    Ok(axum::Json(view(&found, full)))
}
