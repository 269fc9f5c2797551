//! What the three administrators do. Who may is decided in the access room; handlers only translate.

use access::OrgId;
use access::account::NewAccount;
use access::admin::service::Granting;
use access::admin::{AccountView, Wanted};
use access::audit::{Act, Asked};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::refusal::{Code, FieldError};
use kernel::time::Instant;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::account::texts;
use super::body::{Json, Query, text, wrong};
use crate::app::App;
use crate::call::Caller;
use crate::problem::{Problem, Refused};

/// Body of `POST /admin/accounts`.
#[derive(Serialize, ToSchema)]
pub struct OpeningAccount {
    /// Login: 2 to 64 of `a-z 0-9 . - _`.
    pub login: String,
    /// Name colleagues see.
    pub name: String,
    /// The body the person belongs to.
    #[schema(required = false)]
    pub organisation: Option<String>,
    /// First password; it is changed at the first sign-in.
    pub password: String,
}

/// Body of `POST /admin/accounts/{login}/{act}`.
#[derive(Serialize, ToSchema)]
pub struct ActingOnAccount {
    /// Why, for the record; for every act but `move`.
    #[schema(required = false)]
    pub reason: Option<String>,
    /// For `password`: the password, changed at the next sign-in.
    #[schema(required = false)]
    pub password: Option<String>,
    /// For `move`: the body the person belongs to from now on; null = none.
    #[schema(required = false)]
    pub organisation: Option<String>,
}

/// Body of `POST /admin/grants` and `POST /admin/grants/revoke`.
#[derive(Serialize, ToSchema)]
pub struct GrantView {
    /// Who.
    pub login: String,
    /// The role.
    pub role: String,
    /// Where.
    pub area: String,
    /// For this body only.
    #[schema(required = false)]
    pub organisation: Option<String>,
    /// Why; required for revoking.
    #[schema(required = false)]
    pub reason: Option<String>,
}

/// Staff accounts within reach, by login. For system and security administrators.
#[utoipa::path(
    get, path = "/api/v1/admin/accounts", tag = "admin",
    security(("session" = [])),
    params(
        ("q" = Option<String>, Query, description = "Part of login or name"),
        ("organisation" = Option<String>, Query), ("cursor" = Option<String>, Query),
        ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Accounts", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn accounts(
    State(app): State<App>,
    Caller(who): Caller,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let wanted = Wanted {
        q: query.get("q").map(ToOwned::to_owned),
        organisation: query.get("organisation").map(ToOwned::to_owned),
        after: query.get("cursor").map(ToOwned::to_owned),
        limit: query.limit()?,
    };
    let listed = app.access().list_accounts(&who, &wanted, app.now()).await?;
    let (items, total, next) = (listed.items, listed.total, listed.next);
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}

/// One account.
#[utoipa::path(
    get, path = "/api/v1/admin/accounts/{login}", tag = "admin",
    security(("session" = [])),
    params(("login" = String, Path)),
    responses(
        (status = 200, description = "The account", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn account(
    State(app): State<App>,
    Caller(who): Caller,
    Path(login): Path<String>,
) -> Result<axum::Json<AccountView>, Refused> {
    Ok(axum::Json(app.access().see_account(&who, &login, app.now()).await?))
}

/// Opens an account. For system administrators.
#[utoipa::path(
    post, path = "/api/v1/admin/accounts", tag = "admin",
    security(("session" = [])),
    request_body(content = OpeningAccount, content_type = "application/json"),
    responses(
        (status = 201, description = "The account", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open(
    State(app): State<App>,
    Caller(who): Caller,
    body: Json,
) -> Result<(StatusCode, axum::Json<AccountView>), Refused> {
    let fields = body.fields(&["login", "name", "organisation", "password"])?;
    let mut errors = Vec::new();
    let [login, name, password] =
        ["login", "name", "password"].map(|field| text(&fields, field, &mut errors).to_owned());
    let organisation = optional(&fields, "organisation", &mut errors);
    sound(errors)?;
    let new = NewAccount { login, name, organisation: organisation.map(OrgId), password };
    app.access().open_account(&who, &new, app.now()).await?;
    let view = app.access().see_account(&who, &new.login, app.now()).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// One act on an account: `close reopen password move` for system administrators, `unlock sign-out remove-totp`
/// for security administrators.
#[utoipa::path(
    post, path = "/api/v1/admin/accounts/{login}/{act}", tag = "admin",
    security(("session" = [])),
    params(("login" = String, Path), ("act" = String, Path)),
    request_body(content = ActingOnAccount, content_type = "application/json"),
    responses(
        (status = 200, description = "The account as it stands now", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn act(
    State(app): State<App>,
    Caller(who): Caller,
    Path((login, act)): Path<(String, String)>,
    body: Json,
) -> Result<axum::Json<AccountView>, Refused> {
    let (access, now) = (app.access(), app.now());
    match act.as_str() {
        "password" => {
            let [password, reason] = texts(body, ["password", "reason"])?;
            access.set_password(&who, &login, &password, &reason, now).await?;
        }
        "move" => {
            let fields = body.fields(&["organisation"])?;
            let mut errors = Vec::new();
            let organisation = optional(&fields, "organisation", &mut errors);
            sound(errors)?;
            access.move_account(&who, &login, organisation.as_deref(), now).await?;
        }
        act @ ("close" | "reopen" | "unlock" | "sign-out" | "remove-totp") => {
            let [reason] = texts(body, ["reason"])?;
            match act {
                "close" => access.close_account(&who, &login, &reason, now).await?,
                "reopen" => access.reopen_account(&who, &login, &reason, now).await?,
                "unlock" => access.unlock(&who, &login, &reason, now).await?,
                "sign-out" => access.sign_out(&who, &login, &reason, now).await?,
                _ => access.remove_totp(&who, &login, &reason, now).await?,
            }
        }
        _ => return Err(crate::call::nowhere().await),
    }
    Ok(axum::Json(access.see_account(&who, &login, now).await?))
}

/// Grants a role. For security administrators; never to oneself.
#[utoipa::path(
    post, path = "/api/v1/admin/grants", tag = "admin",
    security(("session" = [])),
    request_body(content = GrantView, content_type = "application/json"),
    responses(
        (status = 201, description = "The account as it stands now", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn grant(
    State(app): State<App>,
    Caller(who): Caller,
    body: Json,
) -> Result<(StatusCode, axum::Json<AccountView>), Refused> {
    let fields = body.fields(&["login", "role", "area", "organisation"])?;
    let granting = granting(&fields)?;
    app.access().grant_role(&who, &granting, app.now()).await?;
    let view = app.access().see_account(&who, &granting.login, app.now()).await?;
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Revokes a role. For security administrators.
#[utoipa::path(
    post, path = "/api/v1/admin/grants/revoke", tag = "admin",
    security(("session" = [])),
    request_body(content = GrantView, content_type = "application/json"),
    responses(
        (status = 200, description = "The account as it stands now", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn revoke(
    State(app): State<App>,
    Caller(who): Caller,
    body: Json,
) -> Result<axum::Json<AccountView>, Refused> {
    let fields = body.fields(&["login", "role", "area", "organisation", "reason"])?;
    let granting = granting(&fields)?;
    let mut errors = Vec::new();
    let reason = text(&fields, "reason", &mut errors);
    sound(errors)?;
    app.access().revoke_role(&who, &granting, reason, app.now()).await?;
    Ok(axum::Json(app.access().see_account(&who, &granting.login, app.now()).await?))
}

/// The record of sign-ins and administrators, the newest first. For audit administrators.
#[utoipa::path(
    get, path = "/api/v1/admin/audit", tag = "admin",
    security(("session" = [])),
    params(
        ("act" = Option<String>, Query), ("login" = Option<String>, Query),
        ("from" = Option<String>, Query, description = "RFC 3339"),
        ("until" = Option<String>, Query, description = "RFC 3339, not included"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Rows", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn audit(
    State(app): State<App>,
    Caller(who): Caller,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let act = match query.get("act") {
        None => None,
        Some(word) => Some(Act::of(word).ok_or_else(|| query.fault("act", "unknown", "admin-act-unknown"))?),
    };
    let moment = |name: &str| {
        let text = query.get(name).map(str::parse::<Instant>).transpose();
        text.map_err(|_| query.fault(name, "format", "admin-moment-form"))
    };
    let asked = Asked {
        act,
        login: query.get("login").map(ToOwned::to_owned),
        from: moment("from")?,
        until: moment("until")?,
        cursor: query.get("cursor").map(ToOwned::to_owned),
        limit: query.limit()?,
    };
    let page = app.access().audit(&who, &asked, app.now()).await?;
    let total_is = if page.total < 10_000 { "exact" } else { "at_least" };
    let (items, total, next) = (page.items, page.total, page.next);
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": total_is, "next": next })))
}

/// The settings of this node. For system administrators.
#[utoipa::path(
    get, path = "/api/v1/admin/settings", tag = "admin",
    security(("session" = [])),
    responses(
        (status = 200, description = "`{accounts, limits}`", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn settings(State(app): State<App>, Caller(who): Caller) -> Result<axum::Json<Value>, Refused> {
    app.access().see_settings(&who, app.now()).await?;
    let limits = app.config().limits;
    Ok(axum::Json(json!({
        "accounts": app.access().rules(),
        "limits": {
            "anonymous_per_minute": limits.anonymous_per_minute,
            "login_per_minute": limits.login_per_minute,
            "body_bytes": limits.body_bytes,
            "upload_bytes": limits.upload_bytes,
        },
    })))
}

fn sound(errors: Vec<FieldError>) -> Result<(), Refused> {
    if errors.is_empty() { Ok(()) } else { Err(wrong(Code::FactsWrong, errors)) }
}

fn optional(fields: &Map<String, Value>, name: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(_) => Some(text(fields, name, errors).to_owned()).filter(|text| !text.is_empty()),
    }
}

fn granting(fields: &Map<String, Value>) -> Result<Granting, Refused> {
    let mut errors = Vec::new();
    let [login, role, area] =
        ["login", "role", "area"].map(|field| text(fields, field, &mut errors).to_owned());
    let organisation = optional(fields, "organisation", &mut errors);
    sound(errors)?;
    let (role, area) = (role.parse::<Role>(), area.parse::<AreaCode>());
    let mut errors = Vec::new();
    if role.is_err() {
        errors.push(FieldError::new("/role", "unknown", "admin-role-unknown"));
    }
    if area.is_err() {
        errors.push(FieldError::new("/area", "format", "error-area"));
    }
    match (role, area) {
        (Ok(role), Ok(area)) => Ok(Granting { login, role, area, organisation }),
        _ => Err(wrong(Code::FactsWrong, errors)),
    }
}
