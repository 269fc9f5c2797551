//! What is kept of the caller: a copy, deletion, the certificate of deletion.

use axum::extract::{Path, State};
use axum::response::Response;
use kernel::refusal::Code;
use matters::rights::DeletionAsked;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::{Json, text, wrong};
use super::matters::number;
use crate::app::App;
use crate::call::{Caller, Speak};
use crate::portal::rights::copy::{self, Form};
use crate::problem::{Problem, Refused};

/// Body of `POST /me/data/deletion`.
#[derive(Serialize, ToSchema)]
pub struct AskingDeletion {
    /// One matter; without it all of the caller's, and what is kept beside matters.
    #[schema(required = false)]
    pub number: Option<String>,
    /// `purpose consent unlawful other` (个人信息保护法 art. 47).
    pub ground: String,
    /// What the person adds.
    #[schema(required = false)]
    pub text: Option<String>,
}

/// Everything that is kept of the caller, in full; of others what screens show. Streamed.
#[utoipa::path(
    get, path = "/api/v1/me/data", tag = "sessions",
    security(("session" = [])),
    responses(
        (status = 200, description = "`{taken_at, account, matters: […]}`", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn data(State(app): State<App>, caller: Caller, Speak(lang): Speak) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    Ok(copy::begin(&app, &who, lang, Form::Json).await?)
}

/// Asks for deletion: decided at once by rule, each matter with its reason and the day from which it goes.
#[utoipa::path(
    post, path = "/api/v1/me/data/deletion", tag = "sessions",
    request_body(content = AskingDeletion, content_type = "application/json"),
    security(("session" = [])),
    responses(
        (status = 200, description = "`{items: [{number, outcome, why?, until?, deleted_from?, rule, text}], account}`",
            body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn deletion(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let fields = body.fields(&["number", "ground", "text"])?;
    let mut errors = Vec::new();
    let ground = text(&fields, "ground", &mut errors).to_owned();
    let optional = |name: &str, errors: &mut Vec<_>| match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(_) => Some(text(&fields, name, errors).to_owned()),
    };
    let (matter, more) = (optional("number", &mut errors), optional("text", &mut errors));
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let asked = DeletionAsked { ground, text: more.unwrap_or_default() };
    let register = app.register();
    if let Some(matter) = matter {
        let answer = register.ask_deletion(&who, number(&matter)?, &asked, lang).await?;
        return Ok(axum::Json(json!({ "items": [answer], "account": null })));
    }
    let items = register.ask_deletion_of_all(&who, &asked, lang).await?;
    Ok(axum::Json(json!({ "items": items, "account": app.delete_account_data(&who).await? })))
}

/// The certificate of deletion of an erased matter.
#[utoipa::path(
    get, path = "/api/v1/matters/{number}/deletion-certificate", tag = "matters",
    params(("number" = String, Path)),
    security(("session" = [])),
    responses(
        (status = 200, description = "`{number, item, item_name, at, right, event: {seq, hash}, text}`", body = Value),
        (status = "4XX", description = "Refused; 404 while the content is there", body = Problem,
            content_type = "application/problem+json"),
    )
)]
pub async fn certificate(
    State(app): State<App>,
    caller: Caller,
    Speak(lang): Speak,
    Path(text): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    Ok(axum::Json(app.register().deletion_certificate(&who, number(&text)?, lang).await?))
}
