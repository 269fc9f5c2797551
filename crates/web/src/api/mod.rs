//! `/api/v1`, to the letter of `docs/contract.md`. One file a resource; handlers only translate.

pub mod absences;
mod account;
mod admin;
mod answers;
mod areas;
mod ask;
mod body;
pub mod calculators;
mod deadline;
mod documents;
mod drafts;
mod evidence;
mod files;
mod helping;
mod items;
mod laws;
mod looks;
mod matters;
mod offices;
mod openapi;
mod practitioners;
mod progress;
pub mod reassign;
mod receipts;
mod rights;
mod sessions;
mod triage;
mod worklist;

pub use self::laws::refused as law_refusal;
pub use body::{Json, Key, Query};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// All routes of the API, with the OpenAPI document made from them.
pub fn router(app: &App) -> Router<App> {
    // An upload has a limit of its own; the form around the file takes a little more.
    let upload =
        usize::try_from(app.files().limits().upload_bytes).unwrap_or(usize::MAX).saturating_add(64 << 10);
    let uploads = OpenApiRouter::new().routes(routes!(files::upload)).layer(DefaultBodyLimit::max(upload));
    let (router, document) = OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(items::list))
        .routes(routes!(items::one))
        .routes(routes!(items::check))
        .routes(routes!(items::consents))
        .routes(routes!(matters::open))
        .routes(routes!(matters::similar))
        .routes(routes!(looks::search))
        .routes(routes!(looks::of_matter))
        .routes(routes!(looks::of_account))
        .routes(routes!(matters::follow_ups))
        .routes(routes!(matters::view))
        .routes(routes!(matters::contact))
        .routes(routes!(matters::events))
        .routes(routes!(matters::actions))
        .routes(routes!(matters::act))
        .routes(routes!(documents::list))
        .routes(routes!(documents::one))
        .routes(routes!(rights::data))
        .routes(routes!(rights::deletion))
        .routes(routes!(rights::certificate))
        .routes(routes!(helping::one))
        .routes(routes!(helping::join))
        .routes(routes!(worklist::list))
        .routes(routes!(absences::handed_on))
        .routes(routes!(reassign::reassign))
        .routes(routes!(reassign::undo))
        .routes(routes!(absences::list, absences::enter))
        .routes(routes!(absences::end))
        .routes(routes!(progress::progress))
        .routes(routes!(evidence::checkpoint))
        .routes(routes!(evidence::keys))
        .routes(routes!(evidence::consistency))
        .routes(routes!(evidence::receipt))
        .routes(routes!(receipts::take))
        .routes(routes!(deadline::deadline))
        .routes(routes!(calculators::list, calculators::compute))
        .routes(routes!(drafts::list))
        .routes(routes!(drafts::one, drafts::write))
        .routes(routes!(sessions::open))
        .routes(routes!(sessions::code))
        .routes(routes!(sessions::end))
        .routes(routes!(sessions::me))
        .routes(routes!(account::password))
        .routes(routes!(account::begin_totp))
        .routes(routes!(account::confirm_totp))
        .routes(routes!(account::devices, account::end_devices))
        .routes(routes!(account::end_device))
        .routes(routes!(admin::accounts, admin::open))
        .routes(routes!(admin::account))
        .routes(routes!(admin::act))
        .routes(routes!(admin::grant))
        .routes(routes!(admin::revoke))
        .routes(routes!(admin::audit))
        .routes(routes!(admin::settings))
        .routes(routes!(areas::list))
        .routes(routes!(areas::one))
        .routes(routes!(offices::list))
        .routes(routes!(practitioners::list))
        .routes(routes!(files::download))
        .routes(routes!(laws::list))
        .routes(routes!(laws::search))
        .routes(routes!(laws::one))
        .routes(routes!(triage::triage))
        .routes(routes!(ask::ask))
        .routes(routes!(answers::list, answers::write))
        .routes(routes!(answers::check))
        .routes(routes!(answers::one))
        .routes(routes!(answers::version, answers::act))
        .merge(uploads)
        .split_for_parts();
    let document = openapi::finished(document);
    router.route("/api/v1/openapi.json", get(move || async move { axum::Json(document) }))
}
