//! Signing in and out, and who one is.

use std::convert::Infallible;
use std::net::SocketAddr;

use access::session::{Opened, Origin as Whence, Proof};
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use kernel::identity::Phone;
use kernel::refusal::{Code, FieldError};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::account::Signed;
use super::body::{Json, text, wrong};
use crate::app::App;
use crate::call::token;
use crate::problem::{Problem, Refused};

/// Where a request comes from: for limits and for "my devices".
#[derive(Debug, Clone)]
pub struct Origin {
    /// Address of the other side.
    pub address: String,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { address: address.unwrap_or_default(), agent: agent.map(ToOwned::to_owned) })
    }
}

/// Body of `POST /sessions`: one of the three pairs.
#[derive(Serialize, ToSchema)]
pub struct SigningIn {
    /// Staff: login …
    #[schema(required = false)]
    pub login: Option<String>,
    /// … and password.
    #[schema(required = false)]
    pub password: Option<String>,
    /// One-time password, for accounts that have one.
    #[schema(required = false)]
    pub totp: Option<String>,
    /// Citizens: phone …
    #[schema(required = false)]
    pub phone: Option<String>,
    /// … and the code sent to it.
    #[schema(required = false)]
    pub code: Option<String>,
    /// The applicant of one matter: number …
    #[schema(required = false)]
    pub number: Option<String>,
    /// … and query code.
    #[schema(required = false)]
    pub query_code: Option<String>,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// For `Authorization: Bearer`.
    pub token: String,
    /// `staff`, `citizen` or `guest`.
    pub kind: String,
    /// When it ends if nobody uses it.
    pub expires_at: String,
}

impl From<Opened> for Session {
    fn from(opened: Opened) -> Self {
        Self {
            token: opened.token,
            kind: opened.principal.kind.as_str().to_owned(),
            expires_at: opened.expires_at.to_string(),
        }
    }
}

/// Who one is.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Login, when the account has one.
    pub login: Option<String>,
    /// Name.
    pub name: String,
    /// `staff`, `citizen` or `guest`.
    pub kind: String,
    /// Roles, each with its area.
    pub roles: Vec<MyRole>,
}

/// A role held.
#[derive(Serialize, ToSchema)]
pub struct MyRole {
    /// The role.
    pub role: String,
    /// Where.
    pub area: String,
    /// For which body only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// Body of `POST /sessions/code`.
#[derive(Serialize, ToSchema)]
pub struct AskingCode {
    /// Phone the code is sent to.
    pub phone: String,
}

/// The ways to sign in, by the fields that name somebody and those that prove it.
const WAYS: [(&str, &str); 3] = [("login", "password"), ("phone", "code"), ("number", "query_code")];

/// Opens a session by password, phone code or query code.
#[utoipa::path(
    post, path = "/api/v1/sessions", tag = "sessions",
    request_body(content = SigningIn, content_type = "application/json"),
    responses(
        (status = 201, description = "The session", body = Session),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open(
    State(app): State<App>,
    origin: Origin,
    body: Json,
) -> Result<(StatusCode, axum::Json<Session>), Refused> {
    let fields = body.fields(&["login", "password", "totp", "phone", "code", "number", "query_code"])?;
    let (who, proof) = way(&fields)?;
    let mut errors = Vec::new();
    let (named, proved) = (text(&fields, who, &mut errors), text(&fields, proof, &mut errors));
    let totp = match fields.get("totp") {
        None | Some(Value::Null) => None,
        Some(_) => Some(text(&fields, "totp", &mut errors)),
    };
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let (access, agent, now) = (app.access(), origin.agent.as_deref(), app.now());
    let opened = match who {
        "login" => {
            let proof = Proof { login: named, password: proved, totp };
            access.sign_in_with(&proof, &Whence { address: &origin.address, agent }, now).await?
        }
        "phone" => access.sign_in_with_code(&phone(named)?, proved, agent, now).await?,
        _ => {
            let number = app.register().prove_code(named, proved).await?;
            access.open_guest(number, agent, now).await?
        }
    };
    Ok((StatusCode::CREATED, axum::Json(Session::from(opened))))
}

/// Which of the three ways the body takes; exactly one.
fn way(fields: &Map<String, Value>) -> Result<(&'static str, &'static str), Refused> {
    let mut taken =
        WAYS.iter().filter(|(who, proof)| fields.contains_key(*who) || fields.contains_key(*proof));
    match (taken.next(), taken.next()) {
        (Some(way), None) => Ok(*way),
        (None, _) => Ok(WAYS[0]),
        (Some(_), Some((who, _))) => {
            let error = FieldError::new(format!("/{who}"), "too-many-ways", "access-sign-in-shape");
            Err(wrong(Code::FactsWrong, vec![error]))
        }
    }
}

fn phone(text: &str) -> Result<Phone, Refused> {
    Phone::parse(text)
        .map_err(|_| wrong(Code::FactsWrong, vec![FieldError::new("/phone", "format", "access-phone-form")]))
}

/// Sends a code to a phone; the answer never says whether the phone is known.
#[utoipa::path(
    post, path = "/api/v1/sessions/code", tag = "sessions",
    request_body(content = AskingCode, content_type = "application/json"),
    responses(
        (status = 202, description = "A code is on its way, if there is somebody to read it"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn code(State(app): State<App>, origin: Origin, body: Json) -> Result<StatusCode, Refused> {
    let fields = body.fields(&["phone"])?;
    let mut errors = Vec::new();
    let named = text(&fields, "phone", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    app.access().send_code(&phone(named)?, &origin.address, app.now()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Ends the session of the token.
#[utoipa::path(
    delete, path = "/api/v1/sessions/current", tag = "sessions",
    security(("session" = [])),
    responses(
        (status = 204, description = "Ended"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn end(
    State(app): State<App>,
    _: Signed,
    headers: axum::http::HeaderMap,
) -> Result<StatusCode, Refused> {
    if let Some(token) = token(&headers) {
        app.access().end_session(token).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who the token stands for.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "sessions",
    security(("session" = [])),
    responses(
        (status = 200, description = "Who", body = Me),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn me(Signed(signed): Signed) -> Result<axum::Json<Me>, Refused> {
    let who = signed.principal;
    let roles = who
        .grants
        .iter()
        .map(|grant| MyRole {
            role: grant.role.to_string(),
            area: grant.area.to_string(),
            organisation: grant.organisation.as_ref().map(ToString::to_string),
        })
        .collect();
    Ok(axum::Json(Me { login: who.login, name: who.name, kind: who.kind.as_str().to_owned(), roles }))
}
