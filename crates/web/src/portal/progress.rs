//! Looking a matter up by number and query code: no account, and no digit of an identity number.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::refusal::Code;
use maud::html;
use serde::Deserialize;

use super::door::{CITIZEN, agent, enter};
use super::fault::{Fault, at};
use crate::app::App;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit};

/// What an address may carry: the number, as the QR code on a receipt does. Never the code.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    number: String,
}

/// `GET /progress`.
pub async fn get(visit: Visit, Query(wanted): Query<Wanted>) -> Response {
    let number: String = wanted.number.chars().take(40).collect();
    show(&visit, &number, &[])
}

/// The page that asks for number and query code.
pub fn show(visit: &Visit, number: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "progress-title");
    let first = Ask::new("number", t!(lang, "progress-number"))
        .hint(t!(lang, "progress-number-hint"))
        .error(at(problems, "number"));
    let second = Ask::new("code", t!(lang, "progress-code"))
        .hint(t!(lang, "progress-code-hint"))
        .error(at(problems, "code"));
    Page::new(visit, title.clone())
        .current("/progress")
        .crumb(title.clone(), "/progress")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "progress-lead")) }
            (form(visit, "/progress", &html! {
                (input(lang, &first, number, Typed::Code))
                (input(lang, &second, "", Typed::Code))
                (button::submit(&t!(lang, "progress-button"), Weight::Main))
            }))
            h2 class="govuk-heading-m" { (t!(lang, "progress-lost")) }
            p class="govuk-body" { (t!(lang, "progress-lost-text", tel = visit.site.hotline)) }
            p class="govuk-body" { a class="govuk-link" href="/sign-in" { (t!(lang, "progress-sign-in")) } }
        })
        .into_response()
}

/// `POST /progress`: proves the code, opens a guest session for that one matter, and leads to it.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let (number, code) = (posted.values.get("number"), posted.values.get("code"));
    let mut problems = Vec::new();
    if number.trim().is_empty() {
        problems.push(Problem::at("number", t!(lang, "ui-required", label = t!(lang, "progress-number"))));
    }
    if code.trim().is_empty() {
        problems.push(Problem::at("code", t!(lang, "ui-required", label = t!(lang, "progress-code"))));
    }
    if !problems.is_empty() {
        return Ok(show(&visit, number, &problems));
    }
    match app.register().prove_code(number, code).await {
        Ok(found) => {
            let opened = app.access().open_guest(found, agent(&headers), visit.now).await?;
            let to = Redirect::to(&format!("/matter/{found}")).into_response();
            Ok(enter(to, CITIZEN, &opened.token, &headers))
        }
        // Wrong number and wrong code are told alike.
        Err(refusal) if refusal.code == Code::NotFound => {
            Ok(show(&visit, number, &[Problem::at("code", t!(lang, "progress-wrong"))]))
        }
        Err(refusal) if refusal.code == Code::TooMany => {
            Ok(show(&visit, number, &[Problem::at("code", say(app.words(), lang, &refusal.detail))]))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
