//! What anybody needs to check the log without us: its signed head, its keys, proofs, and the bundle of a receipt.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use evidence::{bundle, checkpoint, log};
use kernel::refusal::{Code, Next, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use super::matters::number;
use crate::app::App;
use crate::call::Caller;
use crate::problem::{Problem, Refused};

fn absent() -> Refused {
    Refused::from(Refusal::new(Code::NotFound, Text::new("refused-not-found")))
}

/// The newest signed head of the log, as a note (C2SP tlog-checkpoint).
#[utoipa::path(
    get, path = "/api/v1/evidence/checkpoint", tag = "evidence",
    responses(
        (status = 200, description = "The note; nothing before the first was signed is a 404", body = String, content_type = "text/plain"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn checkpoint(State(app): State<App>) -> Result<Response, Refused> {
    let head = checkpoint::latest(&mut app.db().reader().await?).await?;
    let Some(head) = head else {
        let refusal = Refusal::new(Code::NotFound, Text::new("refused-not-found"));
        return Err(Refused::from(refusal.next(Next::say("next-log-unsigned"))));
    };
    let mut response = head.note.into_response();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Every public key of the log there ever was.
#[utoipa::path(
    get, path = "/api/v1/evidence/keys", tag = "evidence",
    responses((status = 200, description = "`{key, suite, made_at, retired_at}`, `key` as `name+id+base64`",
        body = super::openapi::List))
)]
pub async fn keys(State(app): State<App>) -> Result<axum::Json<Value>, Refused> {
    let keys = checkpoint::keys::published(&mut app.db().reader().await?).await?;
    let total = keys.len();
    Ok(axum::Json(json!({ "items": keys, "total": total, "total_is": "exact", "next": null })))
}

/// That the log of one size begins with that of another.
#[utoipa::path(
    get, path = "/api/v1/evidence/consistency", tag = "evidence",
    params(
        ("from" = u64, Query, description = "The smaller size, at least 1"),
        ("to" = u64, Query, description = "The larger size"),
    ),
    responses(
        (status = 200, description = "The proof (RFC 6962, section 2.1.2)", body = Consistency),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn consistency(State(app): State<App>, query: Query) -> Result<Response, Refused> {
    let size = |name: &str| match query.get(name) {
        None => Err(query.fault(name, "required", "error-required")),
        Some(text) => text.parse::<u64>().map_err(|_| query.fault(name, "format", "error-int-expected")),
    };
    let (from, to) = (size("from")?, size("to")?);
    if from == 0 {
        return Err(query.fault("from", "range", "error-log-size"));
    }
    if from > to {
        return Err(query.fault("to", "range", "error-log-size"));
    }
    let mut reads = app.db().snapshot().await?;
    if log::head(&mut reads).await?.peaks.size() < to {
        return Err(query.fault("to", "range", "error-log-size"));
    }
    let proof = log::consistency(&mut reads, from, to).await?.ok_or_else(absent)?;
    Ok(axum::Json(proof).into_response())
}

/// One event with all that proves it, for whoever may see the matter.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/receipts/{seq}", tag = "evidence",
    params(("number" = String, Path), ("seq" = i64, Path, description = "The event, as the receipt names it")),
    responses(
        (status = 200, description = "The bundle; `checkpoint` is null until a signed head covers the event",
            body = ReceiptBundle),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Path((text, seq)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let number = number(&text)?;
    let seq = seq.parse().map_err(|_| absent())?;
    app.register().may_have_receipt(&who, number, seq).await?;
    let bundle = bundle::of_event(&mut app.db().snapshot().await?, number, seq).await?.ok_or_else(absent)?;
    Ok(axum::Json(bundle).into_response())
}

/// That the log of one size begins with that of another; hashes in 64 hex digits.
#[derive(Serialize, ToSchema)]
pub struct Consistency {
    /// The smaller size.
    pub from: u64,
    /// The larger.
    pub to: u64,
    /// Root of the smaller tree.
    pub from_root: String,
    /// Root of the larger.
    pub to_root: String,
    /// The proof, in the order of the RFC.
    pub proof: Vec<String>,
}

/// One event with what proves it to whoever holds nothing else.
#[derive(Serialize, ToSchema)]
pub struct ReceiptBundle {
    /// `huifa-receipt-1`.
    pub format: String,
    /// The matter.
    pub number: String,
    /// The event.
    pub seq: i64,
    /// `sha256-jcs-1`.
    pub alg: String,
    /// Canonical JSON of the event: what the hash covers, byte for byte.
    pub event: String,
    /// The hash of the receipt.
    pub hash: String,
    /// Leaf of the log, from 0; null before a signed head covers it.
    pub index: Option<u64>,
    /// The way to the root, lowest first.
    pub path: Vec<String>,
    /// The signed head, or null.
    pub checkpoint: Option<String>,
    /// Public keys of the log.
    pub keys: Vec<String>,
    /// `{authority, at, token}`: time stamps over the head; left out when there are none.
    #[schema(required = false)]
    pub stamps: Vec<Value>,
}
