//! Save and return: a code to write down, good only together with the phone it was saved for.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::{Elsewhere, Going, drafts, going};
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, form};
use crate::ui::panel::panel;
use crate::ui::phone_code::{self, wrong_phone};
use crate::ui::time;
use crate::ui::{Page, Visit};

/// `GET /apply/{item}/save`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    let phone = going.draft.answers.applicant.get("phone").cloned().unwrap_or_default();
    Ok(show(&app, &visit, &going, &phone, &[]))
}

fn show(app: &App, visit: &Visit, going: &Going, phone: &str, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "save-title");
    let until = time::date(lang, going.draft.expires_on);
    Page::new(visit, title.clone())
        .sensitive(going.sensitive(app))
        .back(going.next(app.register().catalog(), visit.now.date()))
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "save-same-device", date = until)) }
            p class="govuk-body" { (t!(lang, "save-other-device")) }
            (form(visit, &going.at("save"), &html! {
                (phone_code::field(visit, "save-phone", Some("save-phone-hint"), phone, problems))
                (button::submit(&t!(lang, "save-button"), Weight::Main))
        }))
                })
        .into_response()
}

/// `POST /apply/{item}/save`: answers the code. It is shown once.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let going = going(&app, &visit, &id).await?;
    let typed = posted.values.get("phone");
    let Some(phone) = phone_code::phone(&posted.values) else {
        return Ok(show(&app, &visit, &going, typed, &[wrong_phone(&visit)]));
    };
    let code = drafts(&app).keep(&going.token, &phone).await?;
    let title = t!(lang, "save-done");
    Ok(Page::new(&visit, title.clone())
        .sensitive(going.sensitive(&app))
        .back(going.next(app.register().catalog(), visit.now.date()))
        .column(&html! {
            (panel(&title, &html! { (t!(lang, "save-code")) br; strong class="hf-number" { (code[..4]) " " (code[4..]) } }))
            p class="govuk-body" { (t!(lang, "save-done-text", phone = phone.mask(), date = time::date(lang, going.draft.expires_on))) }
            p class="govuk-body" { a class="govuk-link" href="/resume" { (t!(lang, "home-resume")) } }
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "ui-print")) }
        })
        .into_response())
}
