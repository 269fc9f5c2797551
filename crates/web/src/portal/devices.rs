//! Where a citizen is signed in, and signing out there.

use access::Kind;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::fault::Fault;
use crate::app::App;
use crate::desk::account::{end, list};
use crate::t;
use crate::ui::form::Posted;
use crate::ui::{Page, Visit};

/// `GET /my/devices`.
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Fault> {
    let Some(signed) = visit.signed().filter(|signed| signed.principal.kind == Kind::Citizen) else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let devices = app.access().my_devices(&signed, visit.now).await?;
    let title = t!(visit.lang, "account-devices");
    Ok(Page::new(&visit, title.clone())
        .current("/my")
        .crumb(t!(visit.lang, "ui-nav-my"), "/my")
        .crumb(title.clone(), "/my/devices")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            (list(&visit, &devices, "/my/devices"))
        })
        .into_response())
}

/// `POST /my/devices`.
pub async fn post(State(app): State<App>, visit: Visit, posted: Posted) -> Result<Response, Fault> {
    let still = end(&app, &visit, &posted).await?;
    Ok(Redirect::to(if still { "/my/devices" } else { "/sign-in" }).into_response())
}
