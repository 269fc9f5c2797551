//! Messages to those who serve: work that was given to them, days that come near, people to be called.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::portal::fault::Fault;
use crate::portal::messages::{lines, read_button, upto};
use crate::t;
use crate::ui::form::Posted;
use crate::ui::{Page, Visit};

/// `GET /desk/messages`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    let lang = visit.lang;
    let inbox = app.notices().inbox(&visit.principal).await?;
    let title = t!(lang, "desk-messages");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        (read_button(&visit, "/desk/messages", &inbox))
        (lines(&app, lang, &inbox, "/desk/matters", true))
    };
    Ok(Page::desk(&visit, title.clone())
        .body(with_menu(&app, &visit, "/desk/messages", &body))
        .into_response())
}

/// `POST /desk/messages`: all counts as read that had come when the page was made.
pub async fn read(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    if let Some(upto) = upto(&posted) {
        app.notices().read_all(&visit.principal, upto).await?;
    }
    Ok(Redirect::to("/desk/messages").into_response())
}

/// How many messages wait, for the first page; nothing when there are none.
pub async fn waiting(app: &App, visit: &Visit) -> Result<Markup, Fault> {
    let count = app.notices().unread(&visit.principal).await?;
    Ok(html! {
        @if count > 0 {
            p class="govuk-body" { a class="govuk-link" href="/desk/messages" { (t!(visit.lang, "desk-messages-count", count = count)) } }
        }
    })
}
