//! Pages and API over one register: every door speaks the same command.
//!
//! * [`app`] – what a running node holds
//! * [`problem`] – refusals on the wire
//! * [`api`] – `/api/v1`, to the letter of `docs/contract.md`
//! * [`ui`], [`portal`], [`desk`] – pages
//! * [`download`] – papers on their way out
//! * [`paper`] – documents as PDF and DOCX
//! * [`guard`] – what stands before every door
//! * [`listen`] – the listener with its time limits
//! * [`health`] – how the node is

pub mod api;
pub mod app;
pub mod ask;
pub mod assets;
pub mod call;
pub mod desk;
pub mod download;
pub mod guard;
pub mod health;
pub mod lang;
pub mod listen;
pub mod paper;
pub mod portal;
pub mod problem;
pub mod ui;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use app::{App, Config, Limits, Parts, QuickExit};
pub use guard::{Guard, Network};
pub use ui::site::Site;

/// The whole site of a node.
pub fn router(app: App) -> Router {
    let body = app.config().limits.body_bytes;
    lang::install(app.words());
    Router::new()
        .merge(api::router(&app))
        .merge(portal::router(&app))
        .merge(health::router())
        .fallback(portal::door::nowhere)
        .method_not_allowed_fallback(call::nowhere)
        .layer(DefaultBodyLimit::max(body))
        .layer(from_fn_with_state(app.clone(), call::limit))
        .layer(from_fn_with_state(app.clone(), guard::bounds::layer))
        .layer(from_fn_with_state(app.clone(), guard::peer::admit))
        .layer(CatchPanicLayer::custom(call::panicked))
        .layer(from_fn_with_state(app.clone(), call::answer))
        .layer(from_fn(guard::cookies::layer))
        .layer(from_fn(guard::headers::layer))
        .layer(from_fn(call::trace))
        .layer(from_fn_with_state(app.clone(), guard::peer::layer))
        .layer(CompressionLayer::new())
        .with_state(app)
}
