//! Who else is concerned: the other side, for items whose worked examples name one. Nobody has to know.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::{Elsewhere, Going, going};
use crate::app::App;
use crate::portal::others::{self, Said};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, form};
use crate::ui::{Page, Visit};

/// `GET /apply/{item}/others`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    Ok(show(&visit, &going, &going.draft.answers.others, &[]))
}

fn show(visit: &Visit, going: &Going, said: &[Said], problems: &[Problem]) -> Response {
    let lang = visit.lang;
    Page::new(visit, t!(lang, "others-title"))
        .back(going.last_question())
        .problems(problems)
        .column(&html! {
            h1 class="govuk-heading-l" { (t!(lang, "others-title")) }
            p class="govuk-body" { (t!(lang, "others-why")) }
            p class="govuk-body" { (t!(lang, "others-unknown")) }
            (form(visit, &going.at("others"), &html! {
                (others::blocks(lang, said, 1, problems))
                div class="govuk-button-group" {
                    (button::submit(&t!(lang, "ui-continue"), Weight::Main))
                    (others::more(lang, said))
                }
            }))
        })
        .into_response()
}

/// `POST /apply/{item}/others`: one block more, or on with what was said.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let mut going = going(&app, &visit, &id).await?;
    let said = others::read(&posted.values);
    if others::wants_more(&posted.values) {
        return Ok(show(&visit, &going, &others::one_more(said), &[]));
    }
    let wrong = others::wrong(&visit, &said);
    if !wrong.is_empty() {
        return Ok(show(&visit, &going, &said, &wrong));
    }
    going.draft.answers.others = said;
    going.draft.answers.others_asked = true;
    going.save(&app, &visit).await
}
