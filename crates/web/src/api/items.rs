//! The offer: items, guides, and the eligibility check.

use axum::extract::{Path, State};
use kernel::area::AreaCode;
use kernel::refusal::{Code, Next, Refusal, Text};
use serde_json::{Value, json};

use super::body::{Json, Query};
use crate::app::App;
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// Items, by series and words.
#[utoipa::path(
    get, path = "/api/v1/items", tag = "items",
    params(
        ("q" = Option<String>, Query, description = "words in name or summary"),
        ("series" = Option<String>, Query), ("limit" = Option<i64>, Query), ("page" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Items", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    Speak(lang): Speak,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let limit = usize::try_from(query.limit()?).unwrap_or(20);
    let page = match query.get("page").map(str::parse::<usize>) {
        None => 1,
        Some(Ok(page)) if (1..=100_000).contains(&page) => page,
        Some(_) => return Err(query.fault("page", "range", "error-page")),
    };
    let words = query.get("q").map(|q| kernel::text::normalise(q).to_lowercase());
    let found: Vec<Value> = app
        .register()
        .catalog()
        .items()
        .filter(|item| query.get("series").is_none_or(|series| item.series == series))
        .filter(|item| {
            words.as_deref().is_none_or(|words| {
                [&item.name, &item.summary].into_iter().any(|text| {
                    text.zh.to_lowercase().contains(words) || text.en.to_lowercase().contains(words)
                }) || item.id.contains(words)
            })
        })
        .map(|item| catalog::public::summary(item, lang))
        .collect();
    let total = found.len();
    let items: Vec<Value> = found.into_iter().skip((page - 1) * limit).take(limit).collect();
    let next = (page * limit < total).then(|| (page + 1).to_string());
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}

/// One item with its guide, form, materials, steps and examples.
#[utoipa::path(
    get, path = "/api/v1/items/{id}", tag = "items",
    params(("id" = String, Path), ("area" = Option<String>, Query, description = "for limits that hold there only")),
    responses(
        (status = 200, description = "The item", body = super::openapi::ItemView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    Speak(lang): Speak,
    Path(id): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let area = match query.get("area").map(str::parse::<AreaCode>) {
        None => None,
        Some(Ok(area)) => Some(area),
        Some(Err(_)) => return Err(query.fault("area", "format", "error-area")),
    };
    let catalog = app.register().catalog();
    let item = catalog.item(&id).ok_or_else(|| {
        Refused::from(
            Refusal::new(Code::NotFound, Text::new("refused-no-item"))
                .next(Next::link("next-see-items", "/api/v1/items")),
        )
    })?;
    Ok(axum::Json(catalog::public::detail(catalog, item, lang, area, app.now().date())))
}

/// Whether the conditions of an item seem met; advice, never a refusal.
#[utoipa::path(
    post, path = "/api/v1/items/{id}/check", tag = "items",
    params(("id" = String, Path)),
    request_body(content = super::openapi::Checking, content_type = "application/json"),
    responses(
        (status = 200, description = "Advice", body = super::openapi::Check),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn check(
    State(app): State<App>,
    Speak(lang): Speak,
    Path(id): Path<String>,
    Json(body): Json,
) -> Result<axum::Json<Value>, Refused> {
    Ok(axum::Json(app.register().check(&id, &body, None, lang)?))
}

/// What people are told and asked before data of theirs is handled: every text in every version.
#[utoipa::path(
    get, path = "/api/v1/consents", tag = "items",
    responses((status = 200, description = "Texts", body = super::openapi::List))
)]
pub async fn consents(State(app): State<App>, Speak(lang): Speak) -> axum::Json<Value> {
    let consents = app.register().catalog().consents();
    let texts: Vec<Value> = consents
        .all()
        .map(|text| {
            json!({
                "text": text.id,
                "version": text.version,
                "in_force": consents.in_force(None).any(|one| one == text),
                "ask": text.ask,
                "items": text.items,
                "title": text.title.get(lang),
                "body": text.text.get(lang),
                "law": text.basis.law,
                "article": text.basis.article,
                "sha256": text.sha256().map(|hash| hash.to_string()).ok(),
            })
        })
        .collect();
    axum::Json(json!({ "total": texts.len(), "total_is": "exact", "items": texts, "next": null }))
}
