//! Using answers in an open matter: searching for one, and having a draft made.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use maud::html;
use serde::Deserialize;

use super::PAGE;
use super::beside::{alike, draft_button};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::desk::matter;
use crate::portal::fault::{Fault, text};
use crate::portal::matter::number;
use crate::portal::offer::{self, Offer};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::details::details;
use crate::ui::form::Posted;
use crate::ui::input::{Typed, input};
use crate::ui::question::paragraphs;
use crate::ui::{Ask, Choice, Page, Visit, select};

/// What is looked for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    q: String,
    kind: String,
}

/// Answers on the page.
const MOST: usize = 20;

async fn answering(app: &App, visit: &Visit, number: MatterNumber) -> Result<Option<Offer>, Fault> {
    offer::find(app, visit, number, "answer", None).await
}

/// `GET /desk/answers/for/{number}?q=&kind=`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    let page = format!("/desk/matters/{number}");
    let view = app.register().view(&visit.principal, number, lang).await?;
    let Some(offer) = answering(&app, &visit, number).await? else {
        return Ok(Redirect::to(&page).into_response());
    };
    let asked = text(&view["form"], "consult.question");
    let q = if wanted.q.trim().is_empty() { asked } else { wanted.q.trim() };
    let kind = Some(wanted.kind.as_str()).filter(|kind| !kind.is_empty());
    let found = app.library().search(q, kind, MOST).await?;
    let kinds: Vec<Choice> = app.library().kinds().iter().map(|kind| Choice::new(kind, kind)).collect();
    let title = t!(lang, "answers-alike");
    let here = format!("{PAGE}/for/{number}");
    let body = html! {
        span class="govuk-caption-l hf-number" { (number.grouped()) }
        h1 class="govuk-heading-l" { (title) }
        form method="get" action=(here) class="hf-narrow" {
            (input(lang, &Ask::new("q", t!(lang, "answers-words")), q, Typed::Text))
            (select::select(lang, &Ask::new("kind", t!(lang, "answers-kind")).optional(true), &kinds, &wanted.kind))
            (button::submit(&t!(lang, "search-button"), Weight::Second))
        }
        @if found.is_empty() { p class="govuk-body" { (t!(lang, "answers-nothing")) } }
        @for one in &found {
            div class="hf-card" {
                (alike(&visit, number, &offer, one))
                (details(&t!(lang, "answers-answer"), &html! { p class="govuk-body" { (paragraphs(&one.answer)) } p class="govuk-body hf-quiet" { (answers::cites::spoken(&one.cites)) } }))
            }
        }
        (draft_button(&app, &visit, number))
    };
    Ok(Page::desk(&visit, title.clone()).back(page).body(with_menu(&app, &visit, "", &body)).into_response())
}

/// `POST /desk/answers/for/{number}`: a draft, in the form of the answer; nothing is sent.
pub async fn draft(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
    _: Posted,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let Some(offer) = answering(&app, &visit, number).await? else {
        return Ok(Redirect::to(&format!("/desk/matters/{number}")).into_response());
    };
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let kind = guessed(&app, text(&view["form"], "consult.question")).await;
    let draft = app.library().draft(&visit.principal, number, kind.as_deref(), visit.now).await?;
    Ok(matter::drafted(&app, &visit, number, offer, &view, &draft))
}

/// What kind of problem a question is, where triage dares to say.
async fn guessed(app: &App, question: &str) -> Option<String> {
    let (room, asked) = (std::sync::Arc::clone(app.triage()), question.to_owned());
    let guess = tokio::task::spawn_blocking(move || {
        let answer = room.triage().ok()?.answer(&asked, 1);
        answer.labels.into_iter().next().filter(|_| !answer.abstain).map(|guess| guess.label)
    });
    guess.await.ok().flatten()
}
