//! Signing in with a code sent to the phone. Needed only for "my matters": everything else works with
//! number and query code.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::identity::Phone;
use kernel::refusal::Code;
use maud::html;

use super::door::{CITIZEN, cookie, forget, private, with_cookie};
use super::fault::{Fault, at, refusal_of};
use crate::app::App;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// Where a request came from, for limits only: the first address a proxy noted, else nothing.
pub fn address(headers: &HeaderMap) -> String {
    let noted = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or("direct");
    noted.split(',').next().unwrap_or_default().trim().to_owned()
}

/// `GET /sign-in`.
pub async fn get(visit: Visit) -> Response {
    first(&visit, "", &[])
}

fn first(visit: &Visit, phone: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "ui-sign-in");
    let ask = Ask::new("phone", t!(lang, "sign-in-phone"))
        .hint(t!(lang, "sign-in-phone-hint"))
        .error(at(problems, "phone"));
    Page::new(visit, title.clone())
        .current("/my")
        .crumb(title.clone(), "/sign-in")
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "sign-in-lead")) }
                form method="post" action="/sign-in" novalidate {
                    (visit.csrf_field())
                    (input(lang, &ask, phone, Typed::Phone))
                    (button::submit_as(&t!(lang, "sign-in-send"), Weight::Main, "step", "send"))
                }
                p class="govuk-body" { a class="govuk-link" href="/progress" { (t!(lang, "sign-in-without")) } }
                p class="govuk-body" { (t!(lang, "sign-in-no-phone", tel = visit.site.hotline)) }
            } }
        })
        .into_response()
}

fn second(visit: &Visit, phone: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "sign-in-code-title");
    let ask = Ask::new("sms", t!(lang, "sign-in-code"))
        .hint(t!(lang, "sign-in-code-hint"))
        .error(at(problems, "sms"));
    Page::new(visit, title.clone())
        .back("/sign-in")
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                form method="post" action="/sign-in" novalidate {
                    (visit.csrf_field())
                    input type="hidden" name="phone" value=(phone);
                    (input(lang, &ask, "", Typed::OneTimeCode))
                    (button::submit_as(&t!(lang, "ui-sign-in"), Weight::Main, "step", "check"))
                }
                p class="govuk-body" { (t!(lang, "sign-in-no-phone", tel = visit.site.hotline)) }
            } }
        })
        .into_response()
}

/// `POST /sign-in`: sends the code, then takes it.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let typed = posted.values.get("phone");
    let Some(phone) = Phone::parse(typed).ok().filter(Phone::is_mobile) else {
        return Ok(first(&visit, typed, &[Problem::at("phone", t!(lang, "applicant-phone-wrong"))]));
    };
    if posted.values.get("step") != "check" {
        app.access().send_code(&phone, &address(&headers), visit.now).await?;
        return Ok(second(&visit, typed, &[]));
    }
    let agent = headers.get("user-agent").and_then(|value| value.to_str().ok());
    match app.access().sign_in_with_code(&phone, posted.values.get("sms"), agent, visit.now).await {
        Ok(opened) => Ok(with_cookie(
            Redirect::to("/my").into_response(),
            cookie(CITIZEN, &opened.token, 0, private(&headers)),
        )),
        Err(error) => {
            let refusal = refusal_of(error);
            if refusal.code != Code::Unauthenticated {
                return Err(refusal.into());
            }
            Ok(second(&visit, typed, &[Problem::at("sms", say(app.words(), lang, &refusal.detail))]))
        }
    }
}

/// `POST /sign-out`.
pub async fn out(State(app): State<App>, visit: Visit, _: Posted) -> Result<Response, Fault> {
    if let Some(token) = &visit.session {
        app.access().end_session(token).await?;
    }
    Ok(with_cookie(Redirect::to("/").into_response(), forget(CITIZEN)))
}
