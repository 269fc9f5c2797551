//! Pages for the public: find help, apply, follow, rate. Every page works without scripts.

pub mod about;
pub mod answers;
pub mod apply;
pub mod attach;
pub mod calculators;
pub mod consents;
pub mod danger;
pub mod devices;
pub mod display;
pub mod documents;
pub mod door;
pub mod drafts;
pub mod entrance;
pub mod fault;
pub mod follow;
pub mod helping;
pub mod home;
pub mod items;
pub mod laws;
pub mod link;
pub mod looks;
pub mod matter;
pub mod messages;
pub mod my;
pub mod offer;
pub mod offices;
pub mod oidc;
pub mod others;
pub mod places;
pub mod practitioners;
pub mod progress;
pub mod proof;
pub mod proof_of_document;
pub mod receipt;
pub mod rights;
pub mod search;
pub mod sign_in;
pub mod sitemap;
pub mod style;
pub mod tools;
pub mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;
use crate::{assets, desk};

/// All pages, of portal and desk, with the layer that knows who comes.
pub fn router(app: &App) -> Router<App> {
    // A material goes with its form, as does the file of an act; what surrounds it is small.
    let upload = app.config().limits.upload_bytes + (64 << 10);
    let uploads = Router::new()
        .route("/apply/{item}/papers/{paper}", get(apply::papers::get).post(apply::papers::post))
        .route("/matter/{number}/{action}", get(matter::ask).post(matter::act))
        .merge(desk::with_files())
        .layer(DefaultBodyLimit::max(upload));
    Router::new()
        .route("/", get(home::get))
        .route("/about", get(about::get))
        .route("/display", get(display::get).post(display::post))
        .route("/search", get(search::get).post(search::post))
        .route("/entrance/{slug}", get(entrance::get))
        .route("/items", get(items::list))
        .route("/items/{item}", get(items::guide))
        .route("/offices", get(offices::get))
        .route("/practitioners", get(practitioners::get))
        .route("/sitemap", get(sitemap::get))
        .route("/style", get(style::get))
        .route("/calculators", get(calculators::list))
        .route("/calculators/parameters", get(calculators::parameters))
        .route("/calculators/{calculator}", get(calculators::get).post(calculators::post))
        .route("/drafts", get(drafts::list::get))
        .route("/drafts/{draft}", get(drafts::get).post(drafts::post))
        .route("/laws", get(laws::list::get))
        .route("/laws/{id}", get(laws::text::get))
        .route("/answers", get(answers::list))
        .route("/answers/{id}", get(answers::one))
        .route("/apply/{item}", get(apply::start::get).post(apply::start::post))
        .route("/apply/{item}/area", get(apply::area::get).post(apply::area::post))
        .route("/apply/{item}/q/{fact}", get(apply::question::get).post(apply::question::post))
        .route("/apply/{item}/applicant", get(apply::applicant::get).post(apply::applicant::post))
        .route("/apply/{item}/others", get(apply::others::get).post(apply::others::post))
        .route("/apply/{item}/papers", get(apply::papers::list))
        .merge(uploads)
        .route("/apply/{item}/check", get(apply::check::get).post(apply::check::post))
        .route("/apply/{item}/save", get(apply::save::get).post(apply::save::post))
        .route("/resume", get(apply::resume::get).post(apply::resume::post))
        .route("/receipt/{number}", get(receipt::get))
        .route("/receipt/{number}/{seq}", get(proof::file))
        .route("/verify", get(proof::get))
        .route("/verify/document", get(proof_of_document::get))
        .route("/progress", get(progress::get).post(progress::post))
        .route("/matter/{number}", get(matter::get))
        .route("/matter/{number}/documents/{id}", get(documents::portal))
        .route("/matter/{number}/deletion", get(rights::portal))
        .route("/matter/{number}/helper", get(helping::of_matter))
        .route("/helping", get(helping::get).post(helping::post))
        .route("/matter/{number}/looks", get(looks::get))
        .route("/my", get(my::get))
        .route("/my/devices", get(devices::get).post(devices::post))
        .route("/my/data", get(rights::get))
        .route("/my/data/copy", post(rights::copy::post))
        .route("/my/data/delete", post(rights::delete))
        .route("/my/messages", get(messages::get).post(messages::read))
        .route("/my/messages/mail", post(messages::ask))
        .route("/my/messages/no-mail", post(messages::forget))
        .route("/n/{token}", get(link::get).post(link::post))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/sign-out", post(sign_in::out))
        .merge(oidc::router())
        .merge(desk::router(app))
        .layer(from_fn_with_state(app.clone(), door::layer))
        .merge(oidc::backchannel())
        .route("/assets/{name}", get(assets::serve))
        .route("/verify/offline", get(proof::offline))
}
