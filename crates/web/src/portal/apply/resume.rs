//! Going on with a saved draft, on any device: the code that was written down, and one sent to the phone.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::identity::Phone;
use kernel::refusal::Code;
use maud::html;

use super::{Elsewhere, cookie_name, drafts};
use crate::app::App;
use crate::portal::door::{CITIZEN, cookie, private, with_cookie};
use crate::portal::fault::{at, refusal_of};
use crate::portal::sign_in::address;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::{Posted, Values};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// `GET /resume`.
pub async fn get(visit: Visit) -> Response {
    first(&visit, &Values::default(), &[])
}

fn first(visit: &Visit, values: &Values, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "resume-title");
    let code = Ask::new("code", t!(lang, "save-code"))
        .hint(t!(lang, "resume-code-hint"))
        .error(at(problems, "code"));
    let phone = Ask::new("phone", t!(lang, "save-phone")).error(at(problems, "phone"));
    Page::new(visit, title.clone())
        .crumb(title.clone(), "/resume")
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "resume-lead")) }
                form method="post" action="/resume" novalidate {
                    (visit.csrf_field())
                    (input(lang, &code, values.get("code"), Typed::Code))
                    (input(lang, &phone, values.get("phone"), Typed::Phone))
                    (button::submit_as(&t!(lang, "sign-in-send"), Weight::Main, "step", "send"))
                }
            } }
        })
        .into_response()
}

fn second(visit: &Visit, values: &Values, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "sign-in-code-title");
    let sms = Ask::new("sms", t!(lang, "sign-in-code"))
        .hint(t!(lang, "sign-in-code-hint"))
        .error(at(problems, "sms"));
    Page::new(visit, title.clone())
        .back("/resume")
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                form method="post" action="/resume" novalidate {
                    (visit.csrf_field())
                    input type="hidden" name="code" value=(values.get("code"));
                    input type="hidden" name="phone" value=(values.get("phone"));
                    (input(lang, &sms, "", Typed::OneTimeCode))
                    (button::submit_as(&t!(lang, "ui-continue"), Weight::Main, "step", "check"))
                }
            } }
        })
        .into_response()
}

/// `POST /resume`: sends a code to the phone, then checks both.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let values = &posted.values;
    let mut problems = Vec::new();
    if values.get("code").trim().is_empty() {
        problems.push(Problem::at("code", t!(lang, "resume-code-missing")));
    }
    let phone = Phone::parse(values.get("phone")).ok().filter(Phone::is_mobile);
    let Some(phone) = phone.filter(|_| problems.is_empty()) else {
        if problems.is_empty() || Phone::parse(values.get("phone")).is_err() {
            problems.push(Problem::at("phone", t!(lang, "applicant-phone-wrong")));
        }
        return Ok(first(&visit, values, &problems));
    };
    if values.get("step") != "check" {
        app.access().send_code(&phone, &address(&headers), visit.now).await?;
        return Ok(second(&visit, values, &[]));
    }
    let agent = headers.get("user-agent").and_then(|value| value.to_str().ok());
    let opened = match app.access().sign_in_with_code(&phone, values.get("sms"), agent, visit.now).await {
        Ok(opened) => opened,
        Err(error) => {
            let refusal = refusal_of(error);
            if refusal.code != Code::Unauthenticated {
                return Err(refusal.into());
            }
            let problems = [Problem::at("sms", say(app.words(), lang, &refusal.detail))];
            return Ok(second(&visit, values, &problems));
        }
    };
    let today = visit.now.date();
    let resumed = match drafts(&app).resume(&phone, values.get("code"), today).await? {
        Some(token) => drafts(&app).find(&token, today).await?.map(|draft| (token, draft)),
        None => None,
    };
    let signed_in = cookie(CITIZEN, &opened.token, 0, private(&headers));
    let Some((token, draft)) = resumed else {
        let problems = [Problem::at("code", t!(lang, "resume-code-wrong"))];
        return Ok(with_cookie(first(&visit, values, &problems), signed_in));
    };
    let to = Redirect::to(&format!("/apply/{}", draft.item)).into_response();
    let to = with_cookie(to, cookie(&cookie_name(&draft.item), &token, 30, private(&headers)));
    Ok(with_cookie(to, signed_in))
}
