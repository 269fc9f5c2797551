//! One's own account: password, second factor, devices. These doors stand open while something must be done first.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use kernel::refusal::{Code, Next as Step, Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::{Json, text, wrong};
use crate::app::App;
use crate::call::token;
use crate::problem::{Problem, Refused};

/// Whoever is signed in, also while a password must be changed or a second factor set up first.
pub struct Signed(pub access::session::Signed);

impl FromRequestParts<App> for Signed {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let refused = |text: Text| {
            Refused::from(Refusal::new(Code::Unauthenticated, text).next(Step::say("next-sign-in")))
        };
        let Some(token) = token(&parts.headers) else { return Err(refused(Text::new("refused-sign-in"))) };
        let signed = app.access().authenticate_any(token, app.now()).await?;
        signed.map(Self).ok_or_else(|| refused(Text::new("refused-session")))
    }
}

/// Body of `POST /me/password`.
#[derive(Serialize, ToSchema)]
pub struct ChangingPassword {
    /// The password that holds now.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// Body of `POST /me/totp`.
#[derive(Serialize, ToSchema)]
pub struct BeginningTotp {
    /// The password, once more.
    pub password: String,
}

/// A second factor to be set up; shown once.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentView {
    /// Secret in base32.
    pub secret: String,
    /// The same as `otpauth://` address.
    pub uri: String,
}

/// Body of `POST /me/totp/confirm`.
#[derive(Serialize, ToSchema)]
pub struct ConfirmingTotp {
    /// Code the authenticator shows now.
    pub code: String,
}

/// A signed-in device.
#[derive(Serialize, ToSchema)]
pub struct DeviceView {
    /// Id for signing it out.
    pub id: String,
    /// What the browser called itself.
    pub agent: Option<String>,
    /// When it signed in.
    pub created_at: String,
    /// When it was last used, to ten minutes.
    pub seen_at: String,
    /// When it ends.
    pub expires_at: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The wanted text fields of a body.
pub(super) fn texts<const N: usize>(body: Json, names: [&str; N]) -> Result<[String; N], Refused> {
    let fields = body.fields(&names)?;
    let mut errors = Vec::new();
    let values = names.map(|name| text(&fields, name, &mut errors).to_owned());
    if errors.is_empty() { Ok(values) } else { Err(wrong(Code::FactsWrong, errors)) }
}

/// Changes the own password; every other session of the account ends.
#[utoipa::path(
    post, path = "/api/v1/me/password", tag = "account",
    security(("session" = [])),
    request_body(content = ChangingPassword, content_type = "application/json"),
    responses(
        (status = 204, description = "Changed"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn password(
    State(app): State<App>,
    Signed(signed): Signed,
    body: Json,
) -> Result<StatusCode, Refused> {
    let [current, password] = texts(body, ["current", "password"])?;
    app.access().change_password(&signed, &current, &password, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins setting up a second factor.
#[utoipa::path(
    post, path = "/api/v1/me/totp", tag = "account",
    security(("session" = [])),
    request_body(content = BeginningTotp, content_type = "application/json"),
    responses(
        (status = 201, description = "To be put into an authenticator and confirmed", body = EnrolmentView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn begin_totp(
    State(app): State<App>,
    Signed(signed): Signed,
    body: Json,
) -> Result<(StatusCode, axum::Json<EnrolmentView>), Refused> {
    let [password] = texts(body, ["password"])?;
    let enrolment = app.access().begin_totp(&signed, &password, app.now()).await?;
    Ok((StatusCode::CREATED, axum::Json(EnrolmentView { secret: enrolment.secret, uri: enrolment.uri })))
}

/// Confirms it; answers the recovery codes, this once.
#[utoipa::path(
    post, path = "/api/v1/me/totp/confirm", tag = "account",
    security(("session" = [])),
    request_body(content = ConfirmingTotp, content_type = "application/json"),
    responses(
        (status = 200, description = "`{recovery_codes: [text]}`", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn confirm_totp(
    State(app): State<App>,
    Signed(signed): Signed,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let [code] = texts(body, ["code"])?;
    let codes = app.access().confirm_totp(&signed, &code, app.now()).await?;
    Ok(axum::Json(json!({ "recovery_codes": codes })))
}

/// The own signed-in devices, the last used first. A guest has no account and an empty list.
#[utoipa::path(
    get, path = "/api/v1/me/sessions", tag = "account",
    security(("session" = [])),
    responses(
        (status = 200, description = "Devices", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn devices(State(app): State<App>, Signed(signed): Signed) -> Result<axum::Json<Value>, Refused> {
    let devices = app.access().my_devices(&signed, app.now()).await?;
    let items: Vec<DeviceView> = devices
        .into_iter()
        .map(|device| DeviceView {
            current: device.id == signed.session,
            id: device.id,
            agent: device.agent,
            created_at: device.created_at.to_string(),
            seen_at: device.seen_at.to_string(),
            expires_at: device.expires_at.to_string(),
        })
        .collect();
    let total = items.len();
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": null })))
}

/// Signs one of the own devices out.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions/{id}", tag = "account",
    security(("session" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Signed out"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn end_device(
    State(app): State<App>,
    Signed(signed): Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    app.access().end_my_device(&signed, &id, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs all of the own devices out, this one too.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions", tag = "account",
    security(("session" = [])),
    responses(
        (status = 204, description = "Signed out everywhere"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn end_devices(State(app): State<App>, Signed(signed): Signed) -> Result<StatusCode, Refused> {
    app.access().end_my_devices(&signed, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
