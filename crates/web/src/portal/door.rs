//! The layer in front of all pages: who comes, in which language and size, with which form token.

use std::sync::Arc;

use access::Principal;
use access::session::Must;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use store::seal::Keyring;

use super::fault::{self, Fault};
use crate::app::App;
use crate::ui::Visit;
use crate::ui::display::{self, Display};

/// Cookie of a citizen's or guest's session.
pub const CITIZEN: &str = "huifa_session";
/// Cookie of a session at the desk: apart, so that one browser can hold both.
pub const DESK: &str = "huifa_desk";
/// Cookie the form token is keyed to.
const CSRF: &str = "huifa_csrf";

/// A cookie for the whole site that scripts cannot read. `days` = 0 ends with the browser.
pub fn cookie(name: &str, value: &str, days: u32, secure: bool) -> HeaderValue {
    let age = if days == 0 { String::new() } else { format!("; Max-Age={}", u64::from(days) * 86_400) };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"))
        .unwrap_or_else(|_| HeaderValue::from_static("huifa_none=; Max-Age=0"))
}

/// A cookie that takes another away.
pub fn forget(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))
        .unwrap_or_else(|_| HeaderValue::from_static("huifa_none=; Max-Age=0"))
}

/// Adds a cookie to an answer.
pub fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// What the browser calls itself.
pub fn agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok())
}

/// An answer that also opens the session of this token, until the browser ends.
pub fn enter(response: Response, side: &str, token: &str, headers: &HeaderMap) -> Response {
    with_cookie(response, cookie(side, token, 0, private(headers)))
}

/// All cookies of a request.
fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The form token: keyed to the cookie and to the session, so neither another site nor another session
/// of the same browser can make one.
fn token(keyring: &Keyring, cookie: &str, session: Option<&str>) -> String {
    let bound = format!("{cookie}\n{}", session.unwrap_or_default());
    keyring.mac("csrf", bound.as_bytes()).map(hex::encode).unwrap_or_default()
}

/// Whether the caller's side is HTTPS. This binary speaks plain HTTP; what a trusted proxy says of the caller
/// stands on the request, anybody else's word was taken away ([`crate::guard::peer`]).
pub fn private(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|value| value == "https")
}

/// A visit, and the secret of its form token when the browser has none yet.
pub(crate) async fn visit_of(app: &App, headers: &HeaderMap, path: &str) -> (Visit, Option<String>) {
    let cookies = cookies(headers);
    let value = |name: &str| cookies.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let display = value(display::COOKIE).map(|text| Display::parse(&text)).unwrap_or_default();
    let accepted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let lang = display.lang.unwrap_or_else(|| display::accepted(accepted));

    let side = if path.starts_with("/desk") { DESK } else { CITIZEN };
    let mut session = value(side);
    let mut principal = Principal::anonymous();
    let (mut device, mut must) = (None, None);
    if let Some(token) = &session {
        match app.access().authenticate_any(token, app.now()).await {
            Ok(Some(found)) => {
                principal = found.principal;
                device = Some(found.session);
                must = found.must;
            }
            Ok(None) => session = None,
            Err(error) => {
                tracing::warn!(%error, "session not read");
                session = None;
            }
        }
    }
    let (secret, fresh) = match value(CSRF).filter(|secret| secret.len() >= 32) {
        Some(secret) => (secret, false),
        None => match access::random::token() {
            Ok(secret) => (secret, true),
            Err(error) => {
                tracing::error!(%error, "no randomness");
                (String::new(), false)
            }
        },
    };
    let csrf =
        if secret.is_empty() { String::new() } else { token(app.keyring(), &secret, session.as_deref()) };
    let visit = Visit {
        lang,
        display,
        principal,
        session,
        device,
        must,
        csrf,
        path: path.to_owned(),
        origin: super::receipt::origin(headers),
        trace: String::new(),
        now: app.now(),
        site: Arc::clone(&app.config().site),
        exit: Arc::from(app.config().exit.0.as_str()),
        cookies: Arc::new(cookies),
    };
    (visit, fresh.then_some(secret))
}

/// The page a session is led to while something must be done before anything else.
fn first(visit: &Visit, path: &str) -> Option<&'static str> {
    let page = match visit.must? {
        Must::Password => "/desk/account/password",
        Must::Totp => "/desk/account/totp",
    };
    (path != page && path != "/desk/sign-out").then_some(page)
}

/// Puts the visit together, and puts refusals into words on the way out.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let secure = private(request.headers());
    let (mut visit, fresh) = visit_of(&app, request.headers(), &path).await;
    visit.trace = crate::call::trace_of(&request);
    // Browsers say where a request comes from; one that writes and comes from elsewhere is not ours.
    let from = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if !request.method().is_safe() && matches!(from, Some("cross-site" | "same-site")) {
        return crate::ui::page::stale_form(&visit);
    }
    request.extensions_mut().insert(visit.clone());
    let mut response = match first(&visit, request.uri().path()) {
        Some(page) => Redirect::to(page).into_response(),
        None => next.run(request).await,
    };
    if let Some(Fault(refusal)) = response.extensions().get::<Fault>().cloned() {
        response = fault::respond(app.words(), &visit, &refusal);
    }
    match fresh {
        Some(secret) => with_cookie(response, cookie(CSRF, &secret, 0, secure)),
        None => response,
    }
}

/// An address that is not there: a page for people, a problem for programs.
pub async fn nowhere(State(app): State<App>, request: Request) -> Response {
    let accepts =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let here = request.uri().path();
    let short = here.trim_end_matches('/');
    if short.len() < here.len()
        && short.starts_with('/')
        && !short.starts_with("//")
        && request.method().is_safe()
    {
        return Redirect::permanent(short).into_response();
    }
    if here.starts_with("/api") || accepts.contains("json") {
        return crate::call::nowhere().await.into_response();
    }
    let path = request.uri().path().to_owned();
    let (visit, _) = visit_of(&app, request.headers(), &path).await;
    crate::ui::page::not_found(&visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_and_written() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; huifa_csrf=x=y"));
        assert_eq!(
            cookies(&headers),
            [("a".to_owned(), "1".to_owned()), ("huifa_csrf".to_owned(), "x=y".to_owned())]
        );
        let set = cookie("huifa_desk", "token", 1, true);
        assert_eq!(set, "huifa_desk=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure");
    }
}
