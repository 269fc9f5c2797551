//! A matter as its applicant sees it: where it stands, by when and why, what happened, what they may do.

use access::Kind;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::fault::{Fault, nothing, text};
use super::offer::{self, Filled, Offer, Outcome, Wanted, item_of};
use super::{documents, follow, rights};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::form::Posted;
use crate::ui::notification::{Notice, notification};
use crate::ui::question::paragraphs;
use crate::ui::tag::{Tone, tag};
use crate::ui::timeline::{Entry, timeline};
use crate::ui::{Page, Visit, time};

/// Acts without a task that are still what the page is opened for.
const URGENT: [&str; 3] = ["rate", "acknowledge", "hand-in"];

/// Reads a number from an address; what is no number is as absent as an unknown one.
pub fn number(typed: &str) -> Result<MatterNumber, Fault> {
    typed.parse().map_err(|_| nothing())
}

/// A number of an answer as people read it out, in groups.
pub fn grouped(number: &str) -> String {
    number.parse::<MatterNumber>().map_or_else(|_| number.to_owned(), MatterNumber::grouped)
}

/// Nobody signed in on the public side: to the page that asks for number and code.
pub fn signed_in(visit: &Visit, number: MatterNumber) -> Result<(), Redirect> {
    match visit.principal.kind {
        Kind::Citizen => Ok(()),
        Kind::Guest(own) if own == number => Ok(()),
        _ => Err(Redirect::to(&format!("/progress?number={number}"))),
    }
}

/// `GET /matter/{number}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let progress = app.register().progress_of(&visit.principal, number, lang).await?;
    let offers = offer::offers(&app, &visit.principal, number, lang, &[]).await?;
    let view = app.register().view(&visit.principal, number, lang).await?;
    let documents = app.register().documents(&visit.principal, number, lang).await?;
    // The register's own papers are the applicant's, as the query code is.
    let mine = view["erased"].is_null() && app.register().code_of(&visit.principal, number).await.is_ok();
    let kept: &[&str] = if mine { &["receipt", "application"] } else { &[] };
    let follow_ups = app.register().follow_ups(&visit.principal, number, lang).await?;
    let awaited = awaited(&app, &visit, &view, &offers);
    let ended = view["final"].as_bool().unwrap_or(false);
    let waiting = if ended { "nobody" } else { text(&progress, "waiting_on") };
    let title = text(&progress, "item_name").to_owned();
    let empty = Vec::new();
    let happened = progress["timeline"].as_array().unwrap_or(&empty);
    let page = format!("/matter/{number}");
    let (urgent, beside): (Vec<&Offer>, Vec<&Offer>) = offers
        .iter()
        .filter(|offer| offer.action != "reveal")
        .partition(|offer| offer.task.is_some() || URGENT.contains(&offer.action.as_str()));
    Ok(Page::new(&visit, title.clone())
        .sensitive(app.register().catalog().quick_exit().marks(text(&view, "item")))
        .current("/progress")
        .crumb(t!(lang, "progress-title"), "/progress")
        .crumb(title.clone(), page.clone())
        .body(html! {
            (rights::erased(lang, &page, &view))
            @if wanted.done.is_some() { (notification(lang, Notice::Success, &html! { (t!(lang, "act-done")) })) }
            div class="govuk-grid-row" {
                div class="govuk-grid-column-two-thirds" {
                    span class="govuk-caption-l" { (t!(lang, "matter-number")) " " span class="hf-number" { (number.grouped()) } }
                    h1 class="govuk-heading-l" { (title) }
                    p class="govuk-body-l" {
                        (tag(text(&progress, "step_name"), match waiting { "you" => Tone::Act, "nobody" => Tone::Good, _ => Tone::Going }))
                        " " (t!(lang, &format!("waiting-{waiting}")))
                    }
                    @if !ended { (due(lang, &progress)) }
                    @if !urgent.is_empty() {
                        h2 class="govuk-heading-m" { (t!(lang, "matter-you-can-now")) }
                        ul class="hf-actions" {
                            @for offer in &urgent { li { (button::link(&offer.name, &offer.href(&page), Weight::Main)) } }
                        }
                    }
                    (awaited)
                    (documents::section(lang, &page, &documents, &offers, kept))
                    (follow::links(lang, "/matter", &view))
                    h2 class="govuk-heading-m hf-above" { (t!(lang, "matter-timeline")) }
                    (told(lang, happened))
                }
                div class="govuk-grid-column-one-third" {
                    @if !beside.is_empty() {
                        div class="hf-card hf-no-print" {
                            h2 class="govuk-heading-s" { (t!(lang, "matter-you-can")) }
                            ul class="hf-actions" {
                                @for offer in &beside { li { (button::link(&offer.name, &offer.href(&page), Weight::Second)) } }
                            }
                        }
                    }
                    (follow::buttons(lang, "/apply", number, &follow_ups, follow::on_the_web(&app)))
                    div class="hf-card" {
                        h2 class="govuk-heading-s" { (t!(lang, "matter-ask")) }
                        p class="govuk-body" { a class="govuk-link hf-tel" href={ "tel:" (visit.site.hotline) } { (t!(lang, "ui-call", tel = visit.site.hotline)) } }
                        p class="govuk-body" { a class="govuk-link" href={ "/matter/" (number) "/looks" } { (t!(lang, "keys-looks")) } }
                        p class="govuk-body" { a class="govuk-link" href={ "/receipt/" (number) } { (t!(lang, "matter-receipt")) } }
                        p class="govuk-body" { a class="govuk-link" href="/my/data" { (t!(lang, "my-data-title")) } }
                        button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "ui-print")) }
                    }
                }
            }
        })
        .into_response())
}

/// By when, and why that day.
pub fn due(lang: Lang, answer: &Value) -> Markup {
    let day = text(answer, "due");
    html! {
        @if !day.is_empty() {
            div class="hf-due" {
                p class="govuk-body" { (t!(lang, "due-by")) " " strong { (time::date_text(lang, day)) } }
                @if !text(answer, "due_reason").is_empty() {
                    details class="govuk-details" {
                        summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (t!(lang, "due-why")) } }
                        div class="govuk-details__text" { (paragraphs(text(answer, "due_reason"))) }
                    }
                }
            }
        }
    }
}

/// Papers that were to follow (容缺受理), each with its last day; the form that brings them stands above.
fn awaited(app: &App, visit: &Visit, view: &Value, offers: &[Offer]) -> Markup {
    let lang = visit.lang;
    let Some(hand_in) = offers.iter().find(|offer| offer.action == "hand-in") else { return html! {} };
    let item = item_of(app, view);
    let page = format!("/matter/{}", text(view, "number"));
    let papers = view["materials"].as_array().map(Vec::as_slice).unwrap_or_default();
    let open = |paper: &&Value| matches!(text(paper, "state"), "deferred" | "missing");
    html! {
        h2 class="govuk-heading-m hf-above" { (t!(lang, "matter-awaited")) }
        ul class="hf-documents" {
            @for paper in papers.iter().filter(open) {
                @let id = text(paper, "id");
                @let name = item.as_ref().and_then(|item| item.material(id)).map_or(id, |material| material.name.get(lang));
                li class="hf-card" {
                    p class="govuk-body" {
                        a class="govuk-link" href=(hand_in.href_picking(&page, id)) { (name) }
                        @let day = text(paper, "due");
                        @if !day.is_empty() { br; span class="hf-quiet" { (t!(lang, "desk-paper-due", date = time::date_text(lang, day))) } }
                    }
                }
            }
        }
    }
}

/// What happened, newest first: that is what people came for.
fn told(lang: Lang, happened: &[Value]) -> Markup {
    let entries: Vec<Entry> = happened
        .iter()
        .rev()
        .map(|event| {
            let said = text(event, "text");
            let (title, more) = said.split_once('\n').unwrap_or((said, ""));
            Entry {
                title: title.to_owned(),
                by: Some(text(event, "office").to_owned()).filter(|office| !office.is_empty()),
                at: text(event, "at").to_owned(),
                shown: time::moment_text(lang, text(event, "at")),
                more: (!more.is_empty()).then(|| html! { p class="govuk-body" { (paragraphs(more)) } }),
            }
        })
        .collect();
    timeline(&entries, 3)
}

/// The form of an act.
pub fn show(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    offer: &Offer,
    view: &Value,
    filled: &Filled,
) -> Response {
    let lang = visit.lang;
    let page = format!("/matter/{number}");
    let lead = format!("act-lead-{}", offer.action);
    let lead = if crate::lang::knows(&lead) {
        Some(t!(lang, &lead))
    } else {
        offer::hint(app, visit, view, &offer.action)
    };
    Page::new(visit, offer.name.clone())
        .sensitive(app.register().catalog().quick_exit().marks(text(view, "item")))
        .back(page.clone())
        .problems(&filled.problems)
        .column(&html! {
            span class="govuk-caption-l hf-number" { (number.grouped()) }
            h1 class="govuk-heading-l" { (offer.name) }
            @if let Some(lead) = lead { p class="govuk-body" { (lead) } }
            (offer::form(visit, offer, &page, filled))
        })
        .into_response()
}

/// `GET /matter/{number}/{action}`: the form of an act.
pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let Some(offer) = offer::find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        return Ok(Redirect::to(&format!("/matter/{number}")).into_response());
    };
    let view = app.register().view(&visit.principal, number, visit.lang).await?;
    let offer = offer.at(text(&view, "step"));
    let filled = Filled::fresh(&view, &offer, wanted.pick.as_deref());
    Ok(show(&app, &visit, number, &offer, &view, &filled))
}

/// `POST /matter/{number}/{action}`.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((typed, action)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    posted: Posted,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let Some(offer) = offer::find(&app, &visit, number, &action, wanted.task.as_deref()).await? else {
        // Done meanwhile, perhaps by this very form sent twice: the matter itself says how it stands.
        return Ok(Redirect::to(&format!("/matter/{number}")).into_response());
    };
    match offer::act(&app, &visit, number, &offer, posted).await? {
        Outcome::Done if action == "reissue-code" => {
            Ok(Redirect::to(&format!("/receipt/{number}")).into_response())
        }
        Outcome::Done if action == "add-helper" => {
            Ok(Redirect::to(&format!("/matter/{number}/helper")).into_response())
        }
        Outcome::Done => Ok(Redirect::to(&format!("/matter/{number}?done={action}")).into_response()),
        Outcome::Again(filled) => {
            let view = app.register().view(&visit.principal, number, visit.lang).await?;
            Ok(show(&app, &visit, number, &offer, &view, &filled))
        }
    }
}
