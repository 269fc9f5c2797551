//! Signing in with a code sent to the phone. Needed only for "my matters": everything else works with
//! number and query code.

use access::oidc::Side;
use access::session::Opened;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::identity::Phone;
use kernel::refusal::{Code, Refusal};
use maud::html;

use super::door::{CITIZEN, agent, enter, forget, with_cookie};
use super::fault::{Fault, refusal_of};
use super::oidc;
use crate::app::App;
use crate::problem::say;
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values};
use crate::ui::phone_code::{self, Step, wrong_phone};
use crate::ui::{Page, Visit};

/// Where a request came from, for limits only: the first address a proxy noted, else nothing.
pub fn address(headers: &HeaderMap) -> String {
    let noted = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or("direct");
    noted.split(',').next().unwrap_or_default().trim().to_owned()
}

/// `GET /sign-in`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    first(&app, &visit, "", &[])
}

fn first(app: &App, visit: &Visit, phone: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "ui-sign-in");
    let field = phone_code::field(visit, "sign-in-phone", Some("sign-in-phone-hint"), phone, problems);
    Page::new(visit, title.clone())
        .current("/my")
        .crumb(title.clone(), "/sign-in")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "sign-in-lead")) }
            (phone_code::send(visit, "/sign-in", &field))
            (oidc::button(app, visit, Side::Citizen))
            p class="govuk-body" { a class="govuk-link" href="/progress" { (t!(lang, "sign-in-without")) } }
            p class="govuk-body" { (t!(lang, "sign-in-no-phone", tel = visit.site.hotline)) }
        })
        .into_response()
}

/// The page that asks for the code sent to a phone; `kept` is what the page before it asked.
pub fn second(
    visit: &Visit,
    page: &str,
    kept: &[(&str, &str)],
    button: &str,
    problems: &[Problem],
) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "sign-in-code-title");
    Page::new(visit, title.clone())
        .back(page)
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (phone_code::check(visit, page, kept, &t!(lang, button), problems))
            p class="govuk-body" { (t!(lang, "sign-in-no-phone", tel = visit.site.hotline)) }
        })
        .into_response()
}

/// Opens a session with the code that was typed. A wrong one is told at its field.
pub async fn enter_with_code(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    phone: &Phone,
    typed: &Values,
) -> Result<Result<Opened, Problem>, Refusal> {
    match app.access().sign_in_with_code(phone, typed.get("sms"), agent(headers), visit.now).await {
        Ok(opened) => Ok(Ok(opened)),
        Err(error) => match refusal_of(error) {
            refusal if refusal.code == Code::Unauthenticated => {
                Ok(Err(Problem::at("sms", say(app.words(), visit.lang, &refusal.detail))))
            }
            refusal => Err(refusal),
        },
    }
}

/// `POST /sign-in`: sends the code, then takes it.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let typed = posted.values.get("phone");
    let Some(phone) = phone_code::phone(&posted.values) else {
        return Ok(first(&app, &visit, typed, &[wrong_phone(&visit)]));
    };
    let second =
        |problems: &[Problem]| second(&visit, "/sign-in", &[("phone", typed)], "ui-sign-in", problems);
    if Step::of(&posted.values) == Step::Send {
        app.access().send_code(&phone, &address(&headers), visit.now).await?;
        return Ok(second(&[]));
    }
    match enter_with_code(&app, &visit, &headers, &phone, &posted.values).await? {
        Ok(opened) => Ok(enter(Redirect::to("/my").into_response(), CITIZEN, &opened.token, &headers)),
        Err(wrong) => Ok(second(&[wrong])),
    }
}

/// `POST /sign-out`.
pub async fn out(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    _: Posted,
) -> Result<Response, Fault> {
    let next = oidc::out(&app, &visit, &headers, Side::Citizen, "/").await?;
    Ok(with_cookie(next, forget(CITIZEN)))
}
