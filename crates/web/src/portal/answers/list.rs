//! `GET /answers?q=&kind=`: what was asked before, by question or by kind.

use answers::model::Published;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

use super::PAGE;
use crate::app::App;
use crate::lang::Lang;
use crate::portal::danger;
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::narrow::{Narrow, narrow};
use crate::ui::search_box::{self, Line};
use crate::ui::{Page, Visit, page, time};

/// What is looked for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    q: String,
    kind: String,
}

/// Answers on a page.
const MOST: usize = 30;

/// Longest question, in characters.
const LONGEST: usize = 300;

/// The page.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let q: String = wanted.q.trim().chars().take(LONGEST).collect();
    let library = app.library();
    let kind = library.kinds().iter().find(|kind| **kind == wanted.kind).map(String::as_str);
    let found =
        if q.is_empty() { library.published(kind).await? } else { library.search(&q, kind, MOST).await? };
    let held = library.published(None).await?;
    let signs = app.triage().dangers().find(&q);
    let title = t!(lang, "answers-title");
    let more = found.len().saturating_sub(MOST);
    Ok(Page::new(&visit, title.clone())
        .current(PAGE)
        .crumb(title.clone(), PAGE)
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "answers-lead", tel = visit.site.hotline)) }
            (danger::numbers(lang, &signs))
            (search_box(lang, &q, kind))
            (kinds(lang, library.kinds(), &held, kind, &q))
            div class="govuk-grid-row hf-results" { div class="govuk-grid-column-two-thirds" {
                @if found.is_empty() {
                    p class="govuk-body" { (t!(lang, "answers-nothing")) }
                    (page::ways_on(&visit))
                } @else {
                    p class="govuk-body" { (t!(lang, "answers-count", n = found.len())) }
                    @for one in found.iter().take(MOST) { (card(lang, one)) }
                    @if more > 0 { p class="govuk-body hf-quiet" { (t!(lang, "answers-more", n = more)) } }
                    p class="govuk-body" { a class="govuk-link" href="/items/consultation.text" { (t!(lang, "answers-ask")) } }
                }
            } }
        })
        .into_response())
}

fn search_box(lang: Lang, q: &str, kind: Option<&str>) -> Markup {
    let line = Line { action: PAGE, label: "answers-search-label", example: "answers-search-example", q };
    let kept = html! { @if let Some(kind) = kind { input type="hidden" name="kind" value=(kind); } };
    search_box::search_box(lang, line, &kept)
}

/// Kinds that have answers.
fn kinds(lang: Lang, labels: &[String], held: &[Published], chosen: Option<&str>, q: &str) -> Markup {
    let count = |label: &str| held.iter().filter(|one| one.kind == label).count();
    let kinds = labels.iter().map(|label| (label.as_str(), count(label))).filter(|(_, count)| *count > 0);
    let of = Narrow { page: PAGE, name: "kind", label: "answers-kinds", all: "answers-all-kinds", q, chosen };
    narrow(lang, of, held.len(), kinds)
}

/// A found answer with its beginning.
pub fn card(lang: Lang, one: &Published) -> Markup {
    html! {
        div class="hf-card" {
            h3 class="govuk-heading-s" { a class="govuk-link" href={ (PAGE) "/" (one.id) } { (one.question) } }
            p class="govuk-body" { (beginning(&one.answer)) }
            p class="govuk-body hf-quiet" { (one.kind) " · " (t!(lang, "answers-reviewed", day = time::date(lang, one.reviewed_on))) }
        }
    }
}

/// The first words of an answer, its lines run together: many begin with "two ways:" and little more.
fn beginning(text: &str) -> String {
    const SHOWN: usize = 90;
    let whole: String = text.lines().map(str::trim).collect();
    let cut: String = whole.chars().take(SHOWN).collect();
    if cut.len() < whole.len() { format!("{cut}……") } else { cut }
}
