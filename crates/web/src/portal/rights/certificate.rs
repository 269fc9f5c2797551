//! The certificate of deletion as a sheet that prints.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use maud::{Markup, html};
use press::Sheet;

use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::{Fault, text};
use crate::portal::matter::{number, signed_in};
use crate::t;
use crate::ui::{Page, Visit, sheet as paper};

/// `GET /matter/{number}/deletion`.
pub async fn portal(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let body = sheet(&app, &visit, number).await?;
    let title = t!(visit.lang, "rights-certificate-title");
    Ok(Page::new(&visit, title).back(format!("/matter/{number}")).body(body).into_response())
}

/// `GET /desk/matters/{number}/deletion`.
pub async fn desk(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let body = sheet(&app, &visit, number).await?;
    let title = t!(visit.lang, "rights-certificate-title");
    let page = Page::desk(&visit, title).back(format!("/desk/matters/{number}"));
    Ok(page.body(with_menu(&app, &visit, "", &body)).into_response())
}

async fn sheet(app: &App, visit: &Visit, number: MatterNumber) -> Result<Markup, Fault> {
    let certificate = app.register().deletion_certificate(&visit.principal, number, visit.lang).await?;
    Ok(html! {
        (paper::draw(&Sheet::read(text(&certificate, "text"))))
        div class="hf-narrow hf-no-print" {
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(visit.lang, "document-print")) }
        }
    })
}
