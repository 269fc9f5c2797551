//! Save and return: a code to write down, good only together with the phone it was saved for.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::identity::Phone;
use maud::html;

use super::{Elsewhere, Going, drafts, going};
use crate::app::App;
use crate::portal::fault::at;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::Ask;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::panel::panel;
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
    let ask = Ask::new("phone", t!(lang, "save-phone"))
        .hint(t!(lang, "save-phone-hint"))
        .error(at(problems, "phone"));
    Page::new(visit, title.clone())
        .back(going.next(app.register().catalog(), visit.now.date()))
        .problems(problems)
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (title) }
                p class="govuk-body" { (t!(lang, "save-same-device", date = until)) }
                p class="govuk-body" { (t!(lang, "save-other-device")) }
                form method="post" action=(going.at("save")) novalidate {
                    (visit.csrf_field())
                    (input(lang, &ask, phone, Typed::Phone))
                    (button::submit(&t!(lang, "save-button"), Weight::Main))
                }
            } }
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
    let Some(phone) = Phone::parse(typed).ok().filter(Phone::is_mobile) else {
        let problems = [Problem::at("phone", t!(lang, "applicant-phone-wrong"))];
        return Ok(show(&app, &visit, &going, typed, &problems));
    };
    let code = drafts(&app).keep(&going.token, &phone).await?;
    let title = t!(lang, "save-done");
    Ok(Page::new(&visit, title.clone())
        .back(going.next(app.register().catalog(), visit.now.date()))
        .body(html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (panel(&title, &html! { (t!(lang, "save-code")) br; strong class="hf-number" { (code[..4]) " " (code[4..]) } }))
                p class="govuk-body" { (t!(lang, "save-done-text", phone = phone.mask(), date = time::date(lang, going.draft.expires_on))) }
                p class="govuk-body" { a class="govuk-link" href="/resume" { (t!(lang, "home-resume")) } }
                button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "ui-print")) }
            } }
        })
        .into_response())
}
