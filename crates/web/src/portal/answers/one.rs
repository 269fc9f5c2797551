//! `GET /answers/{id}`: one published answer.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::{PAGE, whole};
use crate::app::App;
use crate::portal::fault::{Fault, nothing};
use crate::t;
use crate::ui::{Page, Visit};

/// The page.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Fault> {
    let lang = visit.lang;
    let one = app.library().find(&id).await?.ok_or_else(nothing)?;
    let text = whole(&app, &visit, &one).await?;
    let list = t!(lang, "answers-title");
    Ok(Page::new(&visit, one.question.clone())
        .current(PAGE)
        .crumb(list, PAGE)
        .crumb(one.question.clone(), format!("{PAGE}/{id}"))
        .body(html! {
            span class="govuk-caption-l" { (one.kind) }
            h1 class="govuk-heading-l" { (one.question) }
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (text)
                div class="govuk-inset-text" { (t!(lang, "answers-for-reference")) }
                p class="govuk-body" { a class="govuk-link" href="/items/consultation.text" { (t!(lang, "answers-ask")) } }
                p class="govuk-body" { a class="govuk-link" href={ "tel:" (visit.site.hotline) } { (t!(lang, "answers-call", tel = visit.site.hotline)) } }
            } }
        })
        .into_response())
}
