//! The page of a matter.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use catalog::item::Item;
use maud::html;
use serde_json::json;

use super::history::happened;
use super::names::Names;
use super::people::people;
use super::reached;
use super::sections::{answers, clocks, facts, papers, waiting};
use super::{caption, item_of, page_of, with_contact};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::desk::{help, intake};
use crate::portal::consents;
use crate::portal::danger;
use crate::portal::documents;
use crate::portal::fault::{Fault, text};
use crate::portal::follow;
use crate::portal::matter::{due, number};
use crate::portal::offer::{self, Offer, Wanted};
use crate::portal::places;
use crate::portal::rights;
use crate::t;
use crate::ui::Page;
use crate::ui::button::{self, Weight};
use crate::ui::light::light;
use crate::ui::notification::{Notice, notification};
use crate::ui::tag::{Tone, tag};

/// Events shown on the page; older ones stay in the interface.
const EVENTS: i64 = 100;

/// `GET /desk/matters/{number}`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    let who = &visit.principal;
    let view = with_contact(&app, &visit, number).await?;
    let events = app.register().events(who, number, 0, EVENTS).await?;
    let offers = offer::offers(&app, who, number, lang, &[]).await?;
    let documents = app.register().documents(who, number, lang).await?;
    let trail = app.notices().trail(who, number).await?;
    let follow_ups = app.register().follow_ups(who, number, lang).await?;
    let item = item_of(&app, &view);
    let name =
        item.as_ref().map_or_else(|| text(&view, "item").to_owned(), |item| item.name.get(lang).to_owned());
    let empty = Vec::new();
    let events = events["items"].as_array().unwrap_or(&empty);
    let names = Names::of(&app, item.as_deref(), &view, events).await?;
    let place = places::said(&app, text(&view, "area"), visit.now.date()).await?;
    let page = page_of(number);
    let list = |key: &str| view[key].as_array().unwrap_or(&empty).clone();
    let final_ = view["final"].as_bool().unwrap_or(false);
    let due_of = list("clocks").iter().find(|clock| text(clock, "state") == "running").cloned();
    let open = !view["applicant"].is_null();
    let kept: &[&str] = if open { &["receipt", "application", "file"] } else { &[] };
    let story = help::story_of(&app, &view);
    let signs = story.as_deref().map(|story| app.triage().dangers().find(story)).unwrap_or_default();
    let body = html! {
        @if wanted.done.is_some() { (notification(lang, Notice::Success, &html! { (t!(lang, "act-done")) })) }
        (rights::erased(lang, &page, &view))
        (reached::to_call(&visit, number, &trail))
        (caption(number))
        div class="hf-panel-head" {
            h1 class="govuk-heading-l" { (name) }
            (tag(text(&view, "step_name"), if final_ { Tone::Good } else { Tone::Going }))
            (light(lang, text(&view, "light")))
            @if !signs.is_empty() { (tag(&t!(lang, "desk-danger"), Tone::Bad)) }
        }
        @if !final_ { (danger::numbers(lang, &signs)) }
        div class="hf-matter" {
            // First in reading order: on a phone nobody scrolls past the whole file to act.
            div class="hf-matter__side" {
                div class="hf-card" {
                    h2 class="govuk-heading-m" { (t!(lang, "desk-acts")) }
                    @let acts = in_order(&offers, item.as_deref(), text(&view, "step"));
                    @if acts.is_empty() { p class="govuk-body" { (t!(lang, "desk-no-acts")) } }
                    ul class="hf-actions" {
                        @for (index, offer) in acts.iter().enumerate() {
                            li { (button::link(&offer.name, &offer.href(&page), if index == 0 && offer.task.is_some() { Weight::Main } else { Weight::Second })) }
                        }
                    }
                }
                @if let Some(clock) = &due_of { (due(lang, &json!({ "due": clock["due"], "due_reason": clock["reason"] }))) }
                (waiting(&visit, item.as_deref(), &names, &view))
                @if story.is_some() {
                    p class="govuk-body" { a class="govuk-link" href={ (page) "/help" } { (t!(lang, "desk-help-matter")) } }
                }
                (crate::desk::answers::panel(&app, &visit, number, &view, &offers).await?)
                (follow::buttons(lang, "/desk/intake", number, &follow_ups, intake::may_open(&app, &visit)))
            }
            div class="hf-matter__main" {
                (facts(&visit, &view, &place))
                (people(&visit, number, &view, app.register().group_of(&view), offers.iter().any(|offer| offer.action == "reveal")))
                (answers(&app, &visit, item.as_deref(), &view).await?)
                @if view["consents"].is_array() {
                    h2 class="govuk-heading-m" { (t!(lang, "consent-heading")) }
                    (consents::standing(&app, lang, &view))
                }
                (papers(&visit, number, item.as_deref(), &list("materials")))
                (documents::section(lang, &page, &documents, &offers, kept))
                (follow::links(lang, "/desk/matters", &view))
                (clocks(&visit, &list("clocks")))
                (reached::section(&visit, &trail))
                h2 class="govuk-heading-m" { (t!(lang, "matter-timeline")) }
                (happened(&visit, number, item.as_deref(), &names, events))
            }
        }
    };
    Ok(Page::desk(&visit, name.clone()).body(with_menu(&app, &visit, "", &body)).into_response())
}

/// The acts as buttons: what the task asks for first, and of that what leads on before what leads back; then what
/// stands beside it.
fn in_order<'a>(offers: &'a [Offer], item: Option<&Item>, step: &str) -> Vec<&'a Offer> {
    let place = |step: &str| item.and_then(|item| item.steps.iter().position(|one| one.id == step));
    let back = |offer: &Offer| place(&offer.to).is_some_and(|to| Some(to) < place(step));
    let mut acts: Vec<&Offer> = offers.iter().filter(|offer| offer.action != "reveal").collect();
    acts.sort_by_key(|offer| (offer.task.is_none(), back(offer), offer.action == "take"));
    acts
}
