//! Whether the people of a matter were reached, and that somebody must call them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::number::MatterNumber;
use maud::{Markup, html};
use notices::trail::Line;

use super::page_of;
use crate::app::App;
use crate::desk::frame::Staff;
use crate::portal::fault::Fault;
use crate::portal::matter::number;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::form::{Posted, form};
use crate::ui::notification::{Notice, notification};
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Visit, time};

/// The banner that somebody must call, with its button; nothing when nobody must.
pub fn to_call(visit: &Visit, number: MatterNumber, trail: &[Line]) -> Markup {
    let lang = visit.lang;
    let open = trail.iter().find(|line| line.call.as_deref() == Some("open"));
    html! {
        @if let Some(line) = open {
            @let key = if line.reason.as_deref() == Some("asked-none") { "trail-call-none" } else { "trail-call" };
            (notification(lang, Notice::Important, &html! { (t!(lang, key)) }))
            (form(visit, &format!("{}/notices/{}/called", page_of(number), line.id), &button::submit(&t!(lang, "trail-called"), Weight::Second)))
        }
    }
}

/// The notices that left the house, and what became of them.
pub fn section(visit: &Visit, trail: &[Line]) -> Markup {
    let lang = visit.lang;
    let title = t!(lang, "trail-title");
    let heads =
        [t!(lang, "desk-when"), t!(lang, "trail-what"), t!(lang, "trail-way"), t!(lang, "trail-state")];
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = trail.iter().map(|line| row(visit, line)).collect();
    html! {
        @if !trail.is_empty() {
            h2 class="govuk-heading-m" { (title) }
            (table(&title, &heads, &rows))
        }
    }
}

fn row(visit: &Visit, line: &Line) -> Vec<Markup> {
    use notices::State::{Delivered, Failed, Queued, Sending, Sent, Suppressed};
    let lang = visit.lang;
    let tone = match line.state {
        Queued | Sending | Sent => Tone::Going,
        Delivered => Tone::Good,
        Failed => Tone::Bad,
        Suppressed => Tone::Quiet,
    };
    vec![
        html! { (time::moment(lang, line.created_at)) },
        html! { (t!(lang, &format!("notice-inbox-{}", line.kind))) },
        html! { (t!(lang, &format!("channel-{}", line.channel))) },
        html! {
            (tag(&t!(lang, &format!("state-{}", line.state)), tone))
            @if line.tries > 1 { " " span class="hf-quiet" { (t!(lang, "trail-tries", tries = line.tries)) } }
            @if line.call.as_deref() == Some("done") { " " span class="hf-quiet" { (t!(lang, "trail-call-done")) } }
        },
    ]
}

/// `POST /desk/matters/{number}/notices/{id}/called`.
pub async fn called(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, id)): Path<(String, String)>,
    _: Posted,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    app.notices().called(&visit.principal, number, &id).await?;
    Ok(Redirect::to(&page_of(number)).into_response())
}
