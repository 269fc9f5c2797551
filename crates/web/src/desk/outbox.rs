//! What the demo would have sent to phones. Routed in the demo only, for the system administrator.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::actor::Role;
use maud::{Markup, html};

use super::frame::{Staff, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, nothing};
use crate::problem::say;
use crate::t;
use crate::ui::table::table;
use crate::ui::{Page, time};

/// `GET /desk/outbox`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    if !visit.principal.has(Role::SystemAdmin) {
        return Err(nothing());
    }
    let lang = visit.lang;
    let messages = app.access().outbox(50).await?;
    let rows: Vec<Vec<Markup>> = messages
        .iter()
        .map(|message| {
            vec![
                html! { (time::moment(lang, message.at)) },
                html! { (message.phone.as_str()) },
                html! { (say(app.words(), lang, &message.text)) },
            ]
        })
        .collect();
    let title = t!(lang, "desk-outbox");
    let heads = [t!(lang, "desk-when"), t!(lang, "desk-phone"), t!(lang, "desk-message")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "desk-outbox-lead")) }
        @if rows.is_empty() { p class="govuk-body" { (t!(lang, "desk-outbox-none")) } }
        @else { (table(&title, &heads, &rows)) }
    };
    Ok(Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, "/desk/outbox", &body)).into_response())
}
