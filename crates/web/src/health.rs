//! How the node is, for whoever watches it: alive, ready, and in figures. None of it is about a person.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::guard::Peer;

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
}

/// `/readyz`: 200 when the database answers at this program's version and the disk has room. The lag of the
/// feed is told and does not make a node unready: what follows catches up, and more nodes would not help it.
async fn ready(State(app): State<App>) -> Response {
    let mut told = Map::new();
    let mut ready = true;
    let mut tell = |part: &str, sound: Result<Value, String>| {
        ready &= sound.is_ok();
        told.insert(part.to_owned(), sound.unwrap_or_else(|fault| json!({ "fault": fault })));
    };
    tell("database", database(&app).await);
    tell("migrations", migrations(&app).await);
    if let Some(folder) = &app.config().data {
        tell("disk", disk(folder, app.config().guard.least_disk_bytes));
    }
    if let Ok(lag) = lag(&app).await {
        told.insert("feed_lag".to_owned(), json!(lag));
    }
    told.insert("ready".to_owned(), json!(ready));
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(Value::Object(told))).into_response()
}

async fn database(app: &App) -> Result<Value, String> {
    match app.db().health().await {
        Ok(health) => {
            Ok(json!({ "milliseconds": u64::try_from(health.read.as_millis()).unwrap_or(u64::MAX) }))
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err("the database does not answer".to_owned())
        }
    }
}

async fn migrations(app: &App) -> Result<Value, String> {
    match store::inspect::migrations(app.db()).await {
        Ok(standing) if standing.missing.is_empty() => Ok(json!(standing.applied)),
        Ok(standing) => Err(format!("not applied: {}", standing.missing.join(", "))),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err("the database does not say its migrations".to_owned())
        }
    }
}

fn disk(folder: &std::path::Path, least: u64) -> Result<Value, String> {
    match store::inspect::free_bytes(folder) {
        Ok(free) if free < least => {
            tracing::error!(free, least, "not ready: the disk is full");
            Err(format!("{} MiB free, {} MiB needed", free >> 20, least >> 20))
        }
        Ok(free) => Ok(json!({ "free_mib": free >> 20 })),
        Err(error) => {
            tracing::error!(%error, "not ready");
            Err("the data folder cannot be looked at".to_owned())
        }
    }
}

/// Events that have happened and not all followers have seen.
async fn lag(app: &App) -> Result<i64, store::StoreError> {
    store::inspect::feed_lag(&mut app.db().reader().await?).await
}

/// `/metrics`: Prometheus text, for callers on this machine and for those with the token of the settings.
async fn metrics(State(app): State<App>, request: Request) -> Response {
    let local = request.extensions().get::<Peer>().is_some_and(Peer::is_local);
    let token = app.config().guard.metrics_token.as_deref();
    let known = match (token, crate::call::token(request.headers())) {
        (Some(token), Some(given)) => bool::from(token.as_bytes().ct_eq(given.as_bytes())),
        _ => false,
    };
    if !local && !known {
        // Not even that there is something.
        return crate::call::nowhere().await.into_response();
    }
    if let Ok(lag) = lag(&app).await {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("huifa_feed_lag").set(lag as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.figures()).into_response()
}
