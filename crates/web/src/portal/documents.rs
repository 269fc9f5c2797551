//! Documents (文书) on pages: which there are and who received them, and one of them as a sheet to print.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use maud::{Markup, html};
use serde_json::Value;

use super::fault::{Fault, text};
use super::matter::{number, signed_in};
use super::offer::{self, Offer};
use super::receipt::origin;
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::lang::Lang;
use crate::paper::{self, Form, Wanted};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::Choice;
use crate::ui::sheet;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, Visit, time};

/// The act that confirms receipt, and the field that says of which copy.
const CONFIRM: &str = "acknowledge";
const COPY: &str = "service.document";

/// The documents of a matter under a page of it, and below them the papers the register makes of what it holds.
pub fn section(lang: Lang, page: &str, documents: &[Value], offers: &[Offer], kept: &[&str]) -> Markup {
    html! {
        @if !documents.is_empty() || !kept.is_empty() {
            h2 class="govuk-heading-m hf-above" id="documents" { (t!(lang, "documents-title")) }
        }
        @if !documents.is_empty() {
            ul class="hf-documents" {
                @for document in documents { (entry(lang, page, document, offers)) }
            }
        }
        @if !kept.is_empty() {
            ul class="govuk-list hf-no-print" {
                @for id in kept {
                    li { a class="govuk-link" href={ (page) "/documents/" (id) } { (t!(lang, &format!("kept-{id}"))) } }
                }
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

/// `GET /matter/{number}/documents/{id}`: for the applicant and the other parties. With `.pdf` or `.docx` behind the
/// id the file.
pub async fn portal(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path((typed, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let page = format!("/matter/{number}");
    match shown(&app, &visit, &origin(&headers), (number, &id), &wanted, &page).await? {
        Shown::File(file) => Ok(file),
        Shown::Page(title, body) => {
            Ok(Page::new(&visit, title).back(format!("{page}#documents")).body(body).into_response())
        }
    }
}

/// `GET /desk/matters/{number}/documents/{id}`, likewise.
pub async fn desk(
    State(app): State<App>,
    Staff(visit): Staff,
    headers: HeaderMap,
    Path((typed, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let page = format!("/desk/matters/{number}");
    match shown(&app, &visit, &origin(&headers), (number, &id), &wanted, &page).await? {
        Shown::File(file) => Ok(file),
        Shown::Page(title, body) => {
            let back = format!("{page}#documents");
            Ok(Page::desk(&visit, title).back(back).body(with_menu(&app, &visit, "", &body)).into_response())
        }
    }
}

enum Shown {
    Page(String, Markup),
    File(Response),
}

/// The file of a document, or its name and sheets, with who received it and what can be done.
async fn shown(
    app: &App,
    visit: &Visit,
    origin: &str,
    (number, typed): (MatterNumber, &str),
    wanted: &Wanted,
    page: &str,
) -> Result<Shown, Fault> {
    let lang = visit.lang;
    let (id, form) = Form::split(typed);
    let document = app.register().document(&visit.principal, number, id, lang).await?;
    let print = paper::print(app.words(), &document, number, origin, wanted.paper());
    if let Some(form) = form {
        let of = (number, &document);
        return Ok(Shown::File(paper::issue(app, &visit.principal, of, print, form).await?));
    }
    let offers = offer::offers(app, &visit.principal, number, lang, &[]).await?;
    let copies = document["copies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let at = format!("{page}/documents/{id}");
    let body = html! {
        (sheet::draw_all(&print))
        div class="hf-narrow hf-no-print" {
            @let code = text(&document, "code");
            @if !code.is_empty() {
                p class="govuk-body-s" {
                    (t!(lang, "document-code")) " "
                    a class="govuk-link hf-number" href=(paper::proof_address("", number, id, code)) { (code) }
                }
            }
            ul class="govuk-list" { @for copy in copies { li { (receipt(lang, copy)) } } }
            @if let Some(confirm) = confirm(lang, page, id, &offers, Weight::Main) { (confirm) }
            ul class="govuk-list" {
                li { a class="govuk-link" href={ (at) ".pdf" } { (t!(lang, "document-pdf")) } }
                @if id == "receipt" {
                    li { a class="govuk-link" href={ (at) ".pdf?paper=roll" } { (t!(lang, "document-roll")) } }
                    li { a class="govuk-link" href={ (at) "?paper=roll" } { (t!(lang, "document-roll-page")) } }
                }
                li { a class="govuk-link" href={ (at) ".docx" } { (t!(lang, "document-docx")) } }
                @if visit.principal.is_staff() && !copies.is_empty() {
                    li { a class="govuk-link" href={ (page) "/documents/service-" (id) } { (t!(lang, "kept-service")) } }
                }
            }
            button type="button" class="govuk-button govuk-button--secondary" data-print hidden { (t!(lang, "document-print")) }
        }
    };
    Ok(Shown::Page(name(&document).to_owned(), body))
}
