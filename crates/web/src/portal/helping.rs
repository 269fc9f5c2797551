//! Help between people: the code the applicant hands on, and the page where a helper brings it.

use access::Kind;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Code;
use maud::html;

use super::fault::{Fault, at, text};
use super::matter::{number, signed_in};
use crate::app::App;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::{Posted, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Page, Visit, time};

/// `GET /matter/{number}/helper`: whom the applicant lets help, and the code while nobody has used it.
pub async fn of_matter(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let told = app.register().helper(&visit.principal, number).await?;
    let title = t!(lang, "helper-title");
    let page = format!("/matter/{number}");
    let (state, code) = (text(&told, "state"), text(&told, "code"));
    let (front, back) = code.split_at_checked(4).unwrap_or((code, ""));
    Ok(Page::new(&visit, title.clone())
        .back(&page)
        .column(&html! {
            span class="govuk-caption-l hf-number" { (number.grouped()) }
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, &format!("helper-{state}"))) }
            @if !code.is_empty() {
                p class="govuk-body" { (t!(lang, "helper-code")) }
                p { span class="hf-receipt__code hf-number" { (front) " " (back) } }
                p class="govuk-body" { (t!(lang, "helper-code-hand-on")) }
            }
            @if state != "none" {
                p class="govuk-body" {
                    (t!(lang, &format!("helper-may-{}", text(&told, "may")))) " "
                    (t!(lang, "helper-until", until = time::date_text(lang, text(&told, "until").get(..10).unwrap_or_default())))
                }
                (button::link(&t!(lang, "action-end-helper"), &format!("{page}/end-helper"), Weight::Second))
            } @else {
                (button::link(&t!(lang, "action-add-helper"), &format!("{page}/add-helper"), Weight::Main))
            }
        })
        .into_response())
}

/// `GET /helping`: where a helper brings the code.
pub async fn get(visit: Visit) -> Response {
    if visit.principal.kind != Kind::Citizen {
        return Redirect::to("/sign-in").into_response();
    }
    show(&visit, "", &[])
}

fn show(visit: &Visit, typed: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "helping-title");
    let first = Ask::new("number", t!(lang, "progress-number"))
        .hint(t!(lang, "progress-number-hint"))
        .error(at(problems, "number"));
    let second = Ask::new("code", t!(lang, "helping-code"))
        .hint(t!(lang, "helping-code-hint"))
        .error(at(problems, "code"));
    Page::new(visit, title.clone())
        .current("/my")
        .crumb(title.clone(), "/helping")
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "helping-lead")) }
            (form(visit, "/helping", &html! {
                (input(lang, &first, typed, Typed::Code))
                (input(lang, &second, "", Typed::Code))
                (button::submit(&t!(lang, "helping-button"), Weight::Main))
            }))
        })
        .into_response()
}

/// `POST /helping`.
pub async fn post(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    if visit.principal.kind != Kind::Citizen {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let lang = visit.lang;
    let (number, code) = (posted.values.get("number"), posted.values.get("code"));
    let mut problems = Vec::new();
    for (name, value, label) in [("number", number, "progress-number"), ("code", code, "helping-code")] {
        if value.trim().is_empty() {
            problems.push(Problem::at(name, t!(lang, "ui-required", label = t!(lang, label))));
        }
    }
    if !problems.is_empty() {
        return Ok(show(&visit, number, &problems));
    }
    let key = uuid::Uuid::now_v7().to_string();
    match app.register().join_as_helper(&visit.principal, (number, code), &key, lang).await {
        Ok(answer) => Ok(Redirect::to(&format!("/matter/{}", text(&answer.body, "number"))).into_response()),
        // Wrong number and wrong code are told alike.
        Err(refusal) if refusal.code == Code::NotFound => {
            Ok(show(&visit, number, &[Problem::at("code", t!(lang, "helping-wrong"))]))
        }
        Err(refusal) if matches!(refusal.code, Code::TooMany | Code::RuleRefused) => {
            Ok(show(&visit, number, &[Problem::at("code", say(app.words(), lang, &refusal.detail))]))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
