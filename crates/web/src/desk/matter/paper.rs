//! A paper of a matter, as it was handed in: with the application or with any act since.

use access::policy::Sight;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use files::Stored;
use maud::html;

use crate::app::App;
use crate::desk::frame::Staff;
use crate::download::download;
use crate::portal::fault::{Fault, nothing};
use crate::portal::matter::number;
use crate::t;
use crate::ui::{Page, Visit};

/// Ends the address once the reader has been told what is in the paper.
const TOLD: &str = "?told=1";

/// `GET /desk/matters/{number}/files/{file}`: a paper of a matter this person may open in full. One that runs or
/// loads something when it is opened is handed out after saying so.
pub async fn file(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let found = app.files().find(&id).await?;
    let stored = found.filter(|stored| stored.number == Some(number)).ok_or_else(nothing)?;
    if !stored.flags.is_empty() && !visit.path.ends_with(TOLD) {
        // The warning says something of the paper, so it is for those who may read it.
        if app.register().sight(&visit.principal, number).await? != Sight::Full {
            return Err(nothing());
        }
        return Ok(warning(&visit, &stored, &format!("/desk/matters/{number}")));
    }
    if !app.register().open_paper(&visit.principal, number, &id).await? {
        return Err(nothing());
    }
    let content = app.files().content(&id).await?.ok_or_else(nothing)?;
    Ok(download(&stored, content))
}

fn warning(visit: &Visit, file: &Stored, matter: &str) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "ui-flag-title");
    Page::desk(visit, title.clone())
        .back(matter)
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "ui-flag-text", name = file.name)) }
            ul class="govuk-list govuk-list--bullet" {
                @for flag in &file.flags { li { (t!(lang, &format!("files-flag-{}", flag.as_str()))) } }
            }
            p class="govuk-body" {
                a class="govuk-link" href={ (matter) "/files/" (file.id) (TOLD) } { (t!(lang, "ui-flag-open")) }
            }
        })
        .into_response()
}
