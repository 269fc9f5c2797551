//! What every request goes through: trace id, who calls, in which language, limits, and refusals put into words.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use access::{AccessError, Principal};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::lang::Lang;
use kernel::refusal::{Code, Next as Step, Refusal, Text};
use tracing::Instrument;

use crate::app::App;
use crate::guard::Peer;
use crate::problem::{Refused, respond};

/// Finds the log lines of a request; shown on every problem.
#[derive(Debug, Clone)]
pub struct TraceId(pub String);

/// Gives every request a trace id, a span, a line in the log and its part in the figures. None of them has
/// more of the address than its template: what stands in a path or a query is somebody's.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let began = std::time::Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "-".to_owned());
    let span = tracing::info_span!("request", trace_id = %id, %method, route);
    request.extensions_mut().insert(TraceId(id.clone()));
    let mut response = next.run(request).instrument(span).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(target: "huifa::request", trace_id = %id, %method, route, status, milliseconds);
    metrics::histogram!("huifa_http_seconds", "route" => route, "method" => method_word(&method), "status" => status_word(status))
        .record(took.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-trace-id", value);
    }
    response
}

/// Callers can make up methods; the figures know a few.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}

fn status_word(status: u16) -> &'static str {
    match status {
        0..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// The trace id of a request.
pub fn trace_of(request: &Request) -> String {
    request.extensions().get::<TraceId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Puts refusals into words, in the caller's language: a problem for programs, a page for people.
pub async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let trace_id = trace_of(&request);
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let Some(refused) = response.extensions().get::<Arc<Refused>>() else { return response };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if path.starts_with("/api") || !accepts.contains("text/html") {
        return respond(app.words(), language(&headers), &trace_id, refused);
    }
    let (mut visit, _) = crate::portal::door::visit_of(&app, &headers, &path).await;
    visit.trace = trace_id;
    let mut page = crate::portal::fault::respond(app.words(), &visit, &refused.refusal);
    if let Some(seconds) = refused.retry_after {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

/// Holds back addresses that ask too much without a session.
pub async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if is_visit(&request) && !app.admit(address(&request)) {
        let refusal = Refusal::new(Code::TooMany, Text::new("refused-too-many"))
            .next(Step::say("next-wait-a-minute"))
            .next(Step::call("next-call-12348", "12348"));
        return Refused::from(refusal).into_response();
    }
    if is_upload(&request) && !app.admit_upload(address(&request)) {
        let most = app.config().limits.uploads_per_hour.map_or(0, std::num::NonZeroU32::get);
        let refusal = Refusal::new(Code::TooMany, Text::new("refused-too-many-files").arg("most", most))
            .next(Step::say("next-fewer-files"))
            .next(Step::call("next-call-12348", "12348"));
        return Refused::from(refusal).into_response();
    }
    next.run(request).await
}

/// Whether a request brings a file, other than by a program that has a session.
fn is_upload(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    request.method() == Method::POST
        && kind.is_some_and(|kind| kind.starts_with("multipart/"))
        && token(request.headers()).is_none()
}

/// Whether a request counts against its address: the API without a session, and every try to open one, whatever
/// it carries, so that a made-up token does not open the door to guessing.
fn is_visit(request: &Request) -> bool {
    let path = request.uri().path();
    let trying = request.method() == axum::http::Method::POST
        && (path.starts_with("/api/v1/sessions")
            || path.ends_with("/sign-in")
            || path.ends_with("/progress"));
    // Each beginning of a sign-in through a provider writes a row and may ask the provider.
    let through = path.ends_with("/oidc/start") || path.ends_with("/oidc/callback");
    trying || through || (path.starts_with("/api/") && token(request.headers()).is_none())
}

fn address(request: &Request) -> IpAddr {
    request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<AccessError> for Refused {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Refused(refusal) => {
                let wait = refusal.current.as_ref().and_then(|current| current.get("retry_after")?.as_u64());
                let mut refused = Self::from(*refusal);
                if wait.is_some() {
                    refused.retry_after = wait;
                    refused.refusal.current = None;
                }
                refused
            }
            AccessError::Store(error) => Self::from(error),
            AccessError::Broken(error) => {
                tracing::error!(error, "access failed");
                Self::from(internal())
            }
        }
    }
}

impl From<store::StoreError> for Refused {
    fn from(error: store::StoreError) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "store busy");
            return Self::from(Refusal::new(Code::Unavailable, Text::new("refused-busy")));
        }
        tracing::error!(%error, "store failed");
        Self::from(internal())
    }
}

fn internal() -> Refusal {
    Refusal::new(Code::Internal, Text::new("refused-internal"))
}

/// No such address.
pub async fn nowhere() -> Refused {
    Refused::from(
        Refusal::new(Code::NotFound, Text::new("refused-no-page"))
            .next(Step::link("next-go-home", "/"))
            .next(Step::call("next-call-12348", "12348")),
    )
}

/// A panic is a fault of ours: logged, answered, and nothing of it shown.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
pub fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> axum::http::Response<axum::body::Body> {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = text, "request panicked");
    Refused::from(internal()).into_response()
}

/// The language a caller reads: the cookie of the switch, else the first of `Accept-Language` we speak.
pub fn language(headers: &HeaderMap) -> Lang {
    if let Some(lang) = cookie(headers, "huifa_lang").and_then(|tag| tag.parse().ok()) {
        return lang;
    }
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.split(',').find_map(|tag| tag.split(';').next()?.trim().parse().ok()))
        .unwrap_or_default()
}

/// One cookie of a request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        line.split(';')
            .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, v)| v))
    })
}

/// The session token of the API: `Authorization: Bearer`.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// Who calls the API: a visitor without a session, or the person the token stands for.
#[derive(Debug, Clone)]
pub struct Caller(pub Principal);

impl FromRequestParts<App> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let Some(token) = token(&parts.headers) else { return Ok(Self(Principal::anonymous())) };
        match app.access().authenticate(token, app.now()).await? {
            Some(principal) => Ok(Self(principal)),
            None => Err(Refused::from(
                Refusal::new(Code::Unauthenticated, Text::new("refused-session"))
                    .next(Step::say("next-sign-in")),
            )),
        }
    }
}

impl Caller {
    /// Whoever calls, if signed in.
    pub fn signed_in(self) -> Result<Principal, Refused> {
        if self.0.is_signed_in() {
            return Ok(self.0);
        }
        Err(Refused::from(
            Refusal::new(Code::Unauthenticated, Text::new("refused-sign-in")).next(Step::say("next-sign-in")),
        ))
    }
}

/// In which language to answer.
#[derive(Debug, Clone, Copy)]
pub struct Speak(pub Lang);

impl<S: Send + Sync> FromRequestParts<S> for Speak {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(language(&parts.headers)))
    }
}
