//! `GET /laws?q=&after=`: a question finds articles, and titles that contain its words; without one all titles.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use laws::numeral::anchor;
use laws::shelf::Found;
use laws::store::{self as rows, Law};
use maud::{Markup, html};
use serde::Deserialize;

use super::{fault, href, standing};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::search_box::{self, Line};
use crate::ui::{Page, Visit};

/// What is looked for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    q: String,
    after: String,
}

/// Titles on a page.
const TITLES: u32 = 50;

/// Articles on a page.
const ARTICLES: usize = 10;

/// Titles offered for one that is not kept as it was typed.
const MEANT: usize = 5;

/// Longest question, in characters.
const LONGEST: usize = 500;

/// The list, with articles where something was asked.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let q: String = wanted.q.trim().chars().take(LONGEST).collect();
    let (found, learned) = if q.is_empty() {
        (Vec::new(), true)
    } else {
        app.shelf()
            .search(&q, &app.triage().topics().articles(&q), ARTICLES, visit.now.date())
            .await
            .map_err(fault)?
    };
    let mut reads = app.db().reader().await?;
    let after = Some(wanted.after.as_str()).filter(|after| !after.is_empty());
    let (mut titles, total) = rows::page(&mut reads, &q, after, TITLES + 1).await?;
    let more = titles.len() > TITLES as usize;
    titles.truncate(TITLES as usize);
    let next = titles.last().filter(|_| more).map(|law| law.id.clone());
    drop(reads);
    let meant = if titles.is_empty() && !q.is_empty() {
        app.shelf().near(&q, MEANT, visit.now.date()).await.map_err(fault)?
    } else {
        Vec::new()
    };
    let title = t!(lang, "laws-title");
    Ok(Page::new(&visit, title.clone())
        .current("/laws")
        .crumb(title.clone(), "/laws")
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "laws-lead", tel = visit.site.hotline)) }
            (search_box(lang, &q))
            div class="govuk-grid-row hf-results" { div class="govuk-grid-column-two-thirds" {
                @if !meant.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "laws-meant")) }
                    ul class="govuk-list" { @for law in &meant { (line(lang, law)) } }
                }
                @if !found.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, "laws-articles")) }
                    @if !learned { p class="govuk-body hf-quiet" { (t!(lang, "laws-not-learned")) } }
                    @for one in &found { (article(lang, one)) }
                }
                @if !titles.is_empty() {
                    h2 class="govuk-heading-m" { (t!(lang, if q.is_empty() { "laws-all" } else { "laws-count" }, n = total)) }
                    ul class="govuk-list" { @for law in &titles { (line(lang, law)) } }
                    @if let Some(next) = &next {
                        form method="get" action="/laws" {
                            input type="hidden" name="q" value=(q);
                            input type="hidden" name="after" value=(next);
                            button class="govuk-button govuk-button--secondary" type="submit" { (t!(lang, "laws-more")) }
                        }
                    }
                }
                @if found.is_empty() && titles.is_empty() && meant.is_empty() {
                    p class="govuk-body" { (t!(lang, if q.is_empty() { "laws-empty" } else { "laws-nothing" })) }
                }
            } }
        })
        .into_response())
}

fn search_box(lang: Lang, q: &str) -> Markup {
    let line = Line { action: "/laws", label: "laws-search-label", example: "laws-search-example", q };
    search_box::search_box(lang, line, &html! {})
}

/// An article that was found, with its law and its link.
pub fn article(lang: Lang, one: &Found) -> Markup {
    let address = href(&one.law, Some(&anchor(&one.article.article)));
    html! {
        div class="hf-card" {
            h3 class="govuk-heading-s" {
                a class="govuk-link" href=(address) { (one.law.title) " " (one.article.article) }
                " " (standing(lang, &one.law))
            }
            @for paragraph in one.article.text.lines() { p class="govuk-body" { (paragraph) } }
            @if !one.law.version.is_empty() {
                p class="govuk-body hf-quiet" { (t!(lang, "laws-version-of", day = one.law.version)) }
            }
        }
    }
}

fn line(lang: Lang, law: &Law) -> Markup {
    html! {
        li {
            a class="govuk-link" href=(href(law, None)) { (law.title) }
            @if !law.version.is_empty() { " " span class="hf-quiet" { (law.version) } }
            " " (standing(lang, law))
        }
    }
}
