//! Documents (文书) on pages: which there are and who received them, and one of them as a sheet to print.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::fault::{Fault, text};
use super::matter::{number, signed_in};
use super::offer::{self, Offer};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::lang::Lang;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::Choice;
use crate::ui::sheet::Sheet;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, Visit, time};

/// The act that confirms receipt, and the field that says of which copy.
const CONFIRM: &str = "acknowledge";
const COPY: &str = "service.document";

/// The documents of a matter under a page of it; nothing when there are none.
pub fn section(lang: Lang, page: &str, documents: &[Value], offers: &[Offer]) -> Markup {
    html! {
        @if !documents.is_empty() {
            h2 class="govuk-heading-m hf-above" id="documents" { (t!(lang, "documents-title")) }
            ul class="hf-documents" {
                @for document in documents { (entry(lang, page, document, offers)) }
            }
        }
    }
}

fn entry(lang: Lang, page: &str, document: &Value, offers: &[Offer]) -> Markup {
    let id = text(document, "id");
    let copies = document["copies"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        li class="hf-card" {
            h3 class="govuk-heading-s" { a class="govuk-link" href={ (page) "/documents/" (id) } { (name(document)) } }
            p class="govuk-body-s hf-quiet" {
                @if !text(document, "no").is_empty() { (text(document, "no")) " · " }
                (t!(lang, "document-made", at = time::moment_text(lang, text(document, "made_at"))))
            }
            ul class="govuk-list" {
                @for copy in copies { li { (receipt(lang, copy)) } }
                @if copies.is_empty() { li class="hf-quiet" { (t!(lang, "document-stays")) } }
            }
            @if let Some(confirm) = confirm(lang, page, id, offers, Weight::Second) { (confirm) }
        }
    }
}

fn name(document: &Value) -> &str {
    document["name"].as_str().unwrap_or_else(|| text(document, "kind"))
}

/// One addressee's copy: received on, or not yet, and the tries that came to nothing.
fn receipt(lang: Lang, copy: &Value) -> Markup {
    let role = format!("party-role-{}", text(copy, "to"));
    let role = if crate::lang::knows(&role) { t!(lang, &role) } else { text(copy, "to").to_owned() };
    let tries = copy["tries"].as_u64().unwrap_or_default();
    html! {
        (role) (t!(lang, "ui-colon"))
        @if let Some(day) = copy["served_on"].as_str() {
            (t!(lang, "document-received", date = time::date_text(lang, day)))
            @let method = format!("served-{}", text(copy, "method"));
            @if crate::lang::knows(&method) { " " span class="hf-quiet" { (t!(lang, &method)) } }
        } @else {
            (tag(&t!(lang, "document-open"), Tone::Going))
            @if tries > 0 { " " span class="hf-quiet" { (t!(lang, "document-tries", n = tries)) } }
        }
    }
}

/// The button that confirms receipt of a document, when that is offered.
fn confirm(lang: Lang, page: &str, id: &str, offers: &[Offer], weight: Weight) -> Option<Markup> {
    let offer = offers.iter().find(|offer| offer.action == CONFIRM)?;
    let copies = offer.questions.iter().find(|question| question.name == COPY)?;
    let mine = |choice: &&Choice| choice.value.split_once(':').is_some_and(|(document, _)| document == id);
    let copy = copies.choices.iter().find(mine)?;
    let href = offer.href_picking(page, &copy.value);
    Some(html! { div class="hf-no-print" { (button::link(&t!(lang, "document-confirm"), &href, weight)) } })
}

/// `GET /matter/{number}/documents/{id}`: for the applicant and the other parties.
pub async fn portal(
    State(app): State<App>,
    visit: Visit,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let (title, body) = shown(&app, &visit, number, &id, &format!("/matter/{number}")).await?;
    Ok(Page::new(&visit, title).back(format!("/matter/{number}#documents")).body(body).into_response())
}

/// `GET /desk/matters/{number}/documents/{id}`.
pub async fn desk(
    State(app): State<App>,
    Staff(visit): Staff,
    Path((typed, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let (title, body) = shown(&app, &visit, number, &id, &format!("/desk/matters/{number}")).await?;
    let back = format!("/desk/matters/{number}#documents");
    Ok(Page::desk(&visit, title).back(back).body(with_menu(&app, &visit, "", &body)).into_response())
}

/// Name and sheet of a document, with who received it and what can be done.
async fn shown(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    id: &str,
    page: &str,
) -> Result<(String, Markup), Fault> {
    let lang = visit.lang;
    let document = app.register().document(&visit.principal, number, id, lang).await?;
    let offers = offer::offers(app, &visit.principal, number, lang, &[]).await?;
    let copies = document["copies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let body = html! {
        (Sheet::read(text(&document, "text")).draw())
        div class="hf-narrow hf-no-print" {
            ul class="govuk-list" { @for copy in copies { li { (receipt(lang, copy)) } } }
            @if let Some(confirm) = confirm(lang, page, id, &offers, Weight::Main) { (confirm) }
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "document-print")) }
        }
    };
    Ok((name(&document).to_owned(), body))
}
