//! Pages of signing in through an OpenID provider, the same for desk and portal: away to the provider, back
//! from it, what to do when that does not work, and leaving there too.

use access::oidc::{Answer, OidcError, Side, Trouble};
use access::session::Origin;
use axum::Form;
use axum::Router;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::{Query, QueryRejection};
use maud::{Markup, html};
use serde::Deserialize;

use super::door::{CITIZEN, DESK, agent, cookie, enter, forget, private, with_cookie};
use super::fault::Fault;
use super::sign_in::address;
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::{Page, Visit};

/// Reasons that have a page; another word shows the last.
const REASONS: [Trouble; 8] = [
    Trouble::Unset,
    Trouble::Away,
    Trouble::Declined,
    Trouble::Stale,
    Trouble::Unknown,
    Trouble::Taken,
    Trouble::Closed,
    Trouble::Rejected,
];

/// Pages of both sides.
pub fn router() -> Router<App> {
    side(Side::Staff).merge(side(Side::Citizen))
}

fn side(side: Side) -> Router<App> {
    Router::new()
        .route(
            &side.path("start"),
            get(move |app, visit, headers, wish| start(side, app, visit, headers, wish)),
        )
        .route(
            &side.path("callback"),
            get(move |app, visit, headers, back| callback(side, app, visit, headers, back)),
        )
        .route(
            &side.path("trouble"),
            get(move |State(app): State<App>, visit: Visit, why: Asked<Why>| async move {
                trouble(side, &app, &visit, &said(why).why)
            }),
        )
        .route(
            &side.path("leave"),
            get(move |State(app): State<App>, visit: Visit| async move { leave(side, &app, &visit) }),
        )
        .route(&side.path("go"), get(move |app, visit| go(side, app, visit)))
        .route(&side.path("left"), get(move |visit: Visit| async move { left(side, &visit) }))
}

/// What an address carries; one that cannot be read carries nothing.
type Asked<T> = Result<Query<T>, QueryRejection>;

fn said<T: Default>(asked: Asked<T>) -> T {
    asked.map(|Query(asked)| asked).unwrap_or_default()
}

/// What a provider calls without a browser: outside the layer that knows visitors.
pub fn backchannel() -> Router<App> {
    Router::new()
        .route(
            "/oidc/staff/backchannel-logout",
            post(move |app, form: Result<_, _>| logged_out(Side::Staff, app, form)),
        )
        .route(
            "/oidc/citizen/backchannel-logout",
            post(move |app, form: Result<_, _>| logged_out(Side::Citizen, app, form)),
        )
}

/// Cookie that binds a sign-in under way to its browser.
fn binding(side: Side) -> &'static str {
    match side {
        Side::Staff => "huifa_oidc_desk",
        Side::Citizen => "huifa_oidc",
    }
}

/// Cookie with the ticket of somebody who leaves.
fn ticket(side: Side) -> &'static str {
    match side {
        Side::Staff => "huifa_leave_desk",
        Side::Citizen => "huifa_leave",
    }
}

fn session_cookie(side: Side) -> &'static str {
    match side {
        Side::Staff => DESK,
        Side::Citizen => CITIZEN,
    }
}

fn sign_in(side: Side) -> &'static str {
    match side {
        Side::Staff => "/desk/sign-in",
        Side::Citizen => "/sign-in",
    }
}

/// The button on a sign-in page; nothing where no provider is set. A link: what a form leads to may not leave
/// the site.
pub fn button(app: &App, visit: &Visit, side: Side) -> Markup {
    html! {
        @if let Some(parts) = app.access().oidc(side) {
            p class="govuk-body" { (t!(visit.lang, "oidc-or")) }
            (button::link(&t!(visit.lang, "oidc-button", provider = parts.name(visit.lang)), &side.path("start"), Weight::Second))
        }
    }
}

/// Where somebody wants to go after signing in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    to: String,
}

/// `GET /oidc/start`: away to the provider.
async fn start(
    side: Side,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    wish: Asked<Wish>,
) -> Result<Response, Fault> {
    let wish = said(wish);
    match app.access().begin_oidc(side, &wish.to, visit.now).await {
        Ok(begun) => {
            let bound = cookie(binding(side), &begun.binding, 0, private(&headers));
            Ok(with_cookie(see(&begun.url), bound))
        }
        Err(error) => told(side, error),
    }
}

/// What the provider's answer may bring in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /oidc/callback`: back from the provider.
async fn callback(
    side: Side,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    back: Asked<Back>,
) -> Result<Response, Fault> {
    let back = said(back);
    let answer = Answer {
        state: back.state.as_deref(),
        code: back.code.as_deref(),
        iss: back.iss.as_deref(),
        error: back.error.as_deref(),
    };
    let bound = visit.cookie(binding(side));
    let from = address(&headers);
    let origin = Origin { address: &from, agent: agent(&headers) };
    let response = match app.access().finish_oidc(side, answer, bound, &origin, visit.now).await {
        Ok(arrived) => enter(see(&arrived.to), session_cookie(side), &arrived.opened.token, &headers),
        Err(error) => told(side, error)?,
    };
    Ok(with_cookie(response, forget(binding(side))))
}

/// On to another address; the one we come from holds codes and is seen nowhere.
fn see(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// To the page that says why not; a fault of ours goes the usual way.
fn told(side: Side, error: OidcError) -> Result<Response, Fault> {
    match error {
        OidcError::Trouble(trouble) => Ok(see(&format!("{}?why={}", side.path("trouble"), trouble.as_str()))),
        OidcError::Access(error) => Err(error.into()),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Why {
    why: String,
}

/// `GET /oidc/trouble`: why not, and the other ways.
fn trouble(side: Side, app: &App, visit: &Visit, why: &str) -> Response {
    let lang = visit.lang;
    let reason = REASONS.into_iter().find(|one| one.as_str() == why).unwrap_or(Trouble::Rejected);
    let parts = app.access().oidc(side);
    let provider = parts.map_or_else(|| t!(lang, "oidc-provider"), |parts| parts.name(lang).to_owned());
    let contact = parts.map(|parts| parts.contact.as_str()).filter(|contact| !contact.is_empty());
    let title = t!(lang, &format!("oidc-{}-title", reason.as_str()), provider = provider);
    let again = parts.is_some()
        && matches!(reason, Trouble::Away | Trouble::Declined | Trouble::Stale | Trouble::Rejected);
    let asks = matches!(reason, Trouble::Unknown | Trouble::Taken | Trouble::Closed | Trouble::Rejected);
    let text = t!(lang, &format!("oidc-{}-text", reason.as_str()), provider = provider);
    Page::here(visit, title.clone())
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body-l" { (text) }
            @if asks {
                p class="govuk-body" {
                    @match (contact, side) {
                        (Some(contact), _) => { (t!(lang, "oidc-ask", contact = contact)) }
                        (None, Side::Staff) => { (t!(lang, "oidc-ask-admin")) }
                        (None, Side::Citizen) => { (t!(lang, "oidc-ask", contact = visit.site.hotline)) }
                    }
                }
            }
            @if again {
                (button::link(&t!(lang, "oidc-again"), &side.path("start"), Weight::Main))
            }
            h2 class="govuk-heading-m" { (t!(lang, "oidc-other-ways")) }
            ul class="govuk-list govuk-list--bullet" {
                @match side {
                    Side::Staff => {
                        li { a class="govuk-link" href="/desk/sign-in" { (t!(lang, "oidc-way-password")) } }
                    }
                    Side::Citizen => {
                        li { a class="govuk-link" href="/sign-in" { (t!(lang, "oidc-way-phone")) } }
                        li { a class="govuk-link" href="/progress" { (t!(lang, "sign-in-without")) } }
                        li { a class="govuk-link" href="/offices" { (t!(lang, "oidc-way-window")) } }
                    }
                }
                li {
                    a class="govuk-link" href={ "tel:" (visit.site.hotline) } { (t!(lang, "oidc-way-call", tel = visit.site.hotline)) }
                }
            }
        })
        .into_response()
}

/// Ends the session of a visit. The answer leads to `home`, or to the page that offers to leave at the provider
/// too.
pub async fn out(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    side: Side,
    home: &str,
) -> Result<Response, Fault> {
    let Some(token) = &visit.session else { return Ok(Redirect::to(home).into_response()) };
    Ok(match app.access().leave(side, token, visit.now).await? {
        Some(name) => {
            let held = cookie(ticket(side), &name, 0, private(headers));
            with_cookie(Redirect::to(&side.path("leave")).into_response(), held)
        }
        None => Redirect::to(home).into_response(),
    })
}

/// `GET /oidc/leave`: left here; there too?
fn leave(side: Side, app: &App, visit: &Visit) -> Response {
    let lang = visit.lang;
    let (Some(parts), Some(_)) = (app.access().oidc(side), visit.cookie(ticket(side))) else {
        return left(side, visit);
    };
    let provider = parts.name(lang);
    let title = t!(lang, "oidc-left-title");
    Page::here(visit, title.clone())
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "oidc-leave-text", provider = provider)) }
            (button::link(&t!(lang, "oidc-leave-button", provider = provider), &side.path("go"), Weight::Main))
            p class="govuk-body" { a class="govuk-link" href=(side.path("left")) { (t!(lang, "oidc-leave-no")) } }
        })
        .into_response()
}

/// `GET /oidc/go`: away to leave at the provider; the ticket is used up.
async fn go(side: Side, State(app): State<App>, visit: Visit) -> Result<Response, Fault> {
    let url = match visit.cookie(ticket(side)) {
        Some(name) => app.access().leave_url(side, name, visit.now).await?,
        None => None,
    };
    let next = url.map_or_else(|| see(&side.path("left")), |url| see(&url));
    Ok(with_cookie(next, forget(ticket(side))))
}

/// `GET /oidc/left`: left everywhere.
fn left(side: Side, visit: &Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "oidc-left-title");
    let page = Page::here(visit, title.clone())
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "oidc-left-text")) }
            p class="govuk-body" { a class="govuk-link" href=(sign_in(side)) { (t!(lang, "oidc-left-again")) } }
        })
        .into_response();
    with_cookie(page, forget(ticket(side)))
}

/// The form of OpenID Connect Back-Channel Logout 1.0, 2.5.
#[derive(Debug, Deserialize)]
struct LoggedOut {
    logout_token: String,
}

/// `POST /oidc/{side}/backchannel-logout`: 200 when the sessions are ended, 400 when the token does not hold.
async fn logged_out(
    side: Side,
    State(app): State<App>,
    form: Result<Form<LoggedOut>, FormRejection>,
) -> Response {
    let status = match form {
        Err(_) => StatusCode::BAD_REQUEST,
        Ok(Form(form)) => match app.access().backchannel_logout(side, &form.logout_token, app.now()).await {
            Ok(()) => StatusCode::OK,
            Err(OidcError::Trouble(Trouble::Unset)) => StatusCode::NOT_FOUND,
            Err(OidcError::Trouble(Trouble::Away)) => StatusCode::SERVICE_UNAVAILABLE,
            Err(OidcError::Trouble(_)) => StatusCode::BAD_REQUEST,
            Err(OidcError::Access(error)) => {
                tracing::error!(%error, "back-channel log-out");
                StatusCode::SERVICE_UNAVAILABLE
            }
        },
    };
    let body = match status {
        StatusCode::OK => String::new(),
        StatusCode::BAD_REQUEST => r#"{"error":"invalid_request"}"#.to_owned(),
        _ => r#"{"error":"temporarily_unavailable"}"#.to_owned(),
    };
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "application/json")];
    (status, headers, body).into_response()
}
