//! "My matters" of a signed-in citizen; a guest has exactly one.

use access::Kind;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde_json::Value;

use super::fault::{Fault, text};
use crate::app::App;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, Visit, time};

/// `GET /my`.
pub async fn get(State(app): State<App>, visit: Visit) -> Result<Response, Fault> {
    let lang = visit.lang;
    match visit.principal.kind {
        Kind::Citizen => {}
        Kind::Guest(number) => return Ok(Redirect::to(&format!("/matter/{number}")).into_response()),
        _ => return Ok(Redirect::to("/sign-in").into_response()),
    }
    let mut mine = Vec::new();
    for number in app.register().mine(&visit.principal).await? {
        let mut progress = app.register().progress_of(&visit.principal, number, lang).await?;
        let view = app.register().view(&visit.principal, number, lang).await?;
        if view["final"] == true {
            progress["waiting_on"] = "nobody".into();
            progress["due"] = Value::Null;
        }
        mine.push((number, progress));
    }
    let unread = app.notices().unread(&visit.principal).await?;
    let title = t!(lang, "ui-nav-my");
    Ok(Page::new(&visit, title.clone())
        .current("/my")
        .crumb(title.clone(), "/my")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" {
                a class="govuk-link" href="/my/messages" {
                    @if unread > 0 { (t!(lang, "messages-count", count = unread)) } @else { (t!(lang, "messages-title")) }
                }
            }
            @if mine.is_empty() {
                p class="govuk-body" { (t!(lang, "my-none")) }
                (button::link(&t!(lang, "items-title"), "/items", Weight::Main))
            }
            @for (number, progress) in &mine {
                @let waiting = text(progress, "waiting_on");
                div class="hf-card" {
                    h2 class="govuk-heading-s" { a class="govuk-link" href={ "/matter/" (number) } { (text(progress, "item_name")) } }
                    p class="govuk-body" { span class="hf-number" { (number.grouped()) } }
                    p class="govuk-body" {
                        (tag(text(progress, "step_name"), match waiting { "you" => Tone::Act, "nobody" => Tone::Good, _ => Tone::Going }))
                        " " (t!(lang, &format!("waiting-{waiting}")))
                        @if !text(progress, "due").is_empty() {
                            " " span class="hf-quiet" { (t!(lang, "due-by")) " " (time::date_text(lang, text(progress, "due"))) }
                        }
                    }
                }
            }
            p class="govuk-body" { a class="govuk-link" href="/progress" { (t!(lang, "my-other")) } }
            p class="govuk-body" { a class="govuk-link" href="/my/devices" { (t!(lang, "account-devices")) } }
            p class="govuk-body" { a class="govuk-link" href="/my/data" { (t!(lang, "my-data-title")) } }
            p class="govuk-body" { a class="govuk-link" href="/helping" { (t!(lang, "helping-title")) } }
        })
        .into_response())
}
