//! `/api/v1`, to the letter of `docs/contract.md`. One file a resource; handlers only translate.

mod body;
mod deadline;
mod items;
mod matters;
mod openapi;
mod progress;
mod worklist;

pub use body::{Json, Key, Query};

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// All routes of the API, with the OpenAPI document made from them.
pub fn router(_: &App) -> Router<App> {
    let (router, document) = OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(items::list))
        .routes(routes!(items::one))
        .routes(routes!(items::check))
        .routes(routes!(matters::open))
        .routes(routes!(matters::view))
        .routes(routes!(matters::events))
        .routes(routes!(matters::actions))
        .routes(routes!(matters::act))
        .routes(routes!(worklist::list))
        .routes(routes!(progress::progress))
        .routes(routes!(deadline::deadline))
        .split_for_parts();
    let document = openapi::finished(document);
    router.route("/api/v1/openapi.json", get(move || async move { axum::Json(document) }))
}
