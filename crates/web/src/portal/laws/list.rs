//! `GET /laws?q=&category=&after=`: a question finds articles, and titles that contain its words; without one all
//! titles. Either can be narrowed down to one category.

use std::ops::Range;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use laws::numeral::anchor;
use laws::shelf::{self, Found};
use laws::store::{self as rows, Law};
use maud::{Markup, html};
use serde::Deserialize;

use super::{fault, href, standing};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::narrow::{Narrow, narrow};
use crate::ui::search_box::{self, Line};
use crate::ui::{Page, Visit, details};

/// What is looked for.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    q: String,
    category: String,
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
    let mut reads = app.db().reader().await?;
    let categories = rows::categories(&mut reads).await?;
    let category =
        Some(wanted.category.as_str()).filter(|one| categories.iter().any(|(known, _)| known == one));
    let after = Some(wanted.after.as_str()).filter(|after| !after.is_empty());
    let (mut titles, total) = rows::page(&mut reads, &q, category, after, TITLES + 1).await?;
    let more = titles.len() > TITLES as usize;
    titles.truncate(TITLES as usize);
    let next = titles.last().filter(|_| more).map(|law| law.id.clone());
    drop(reads);
    let (found, learned) = if q.is_empty() {
        (Vec::new(), true)
    } else {
        let chosen = app.triage().topics().articles(&q);
        let wanted = shelf::Wanted { query: &q, chosen: &chosen, category, most: ARTICLES };
        app.shelf().search(&wanted, visit.now.date()).await.map_err(fault)?
    };
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
            (search_box(lang, &q, category))
            (kinds(lang, &categories, category, &q))
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
                            @if let Some(category) = category { input type="hidden" name="category" value=(category); }
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

fn search_box(lang: Lang, q: &str, category: Option<&str>) -> Markup {
    let line = Line { action: "/laws", label: "laws-search-label", example: "laws-search-example", q };
    let kept =
        html! { @if let Some(category) = category { input type="hidden" name="category" value=(category); } };
    search_box::search_box(lang, line, &kept)
}

/// Categories of what is kept; one alone leaves no choice. They are folded, under the one that was chosen: a dozen of
/// them would push what was found off a phone.
fn kinds(lang: Lang, categories: &[(String, i64)], chosen: Option<&str>, q: &str) -> Markup {
    let kinds = categories.iter().map(|(name, kept)| (name.as_str(), usize::try_from(*kept).unwrap_or(0)));
    let total = kinds.clone().map(|(_, kept)| kept).sum();
    let of = Narrow {
        page: "/laws",
        name: "category",
        label: "laws-categories",
        all: "laws-all-categories",
        q,
        chosen,
    };
    let ways = narrow(lang, of, total, kinds);
    let summary = match chosen {
        Some(category) => t!(lang, "laws-category-chosen", kind = category),
        None => t!(lang, "laws-categories"),
    };
    html! { @if categories.len() > 1 { (details::details(&summary, &ways)) } }
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
            (paragraphs(one))
            @if !one.law.version.is_empty() {
                p class="govuk-body hf-quiet" { (t!(lang, "laws-version-of", day = one.law.version)) }
            }
        }
    }
}

/// The text, and in it the words that the question has too.
fn paragraphs(one: &Found) -> Markup {
    html! {
        @for line in lines(&one.article.text, &one.marks) {
            p class="govuk-body" {
                @for (piece, is_marked) in line {
                    @if is_marked { mark class="hf-mark" { (piece) } } @else { (piece) }
                }
            }
        }
    }
}

/// The lines of a text in pieces, each with whether it is marked; no mark goes over the end of a line.
fn lines<'a>(text: &'a str, marks: &[Range<usize>]) -> Vec<Vec<(&'a str, bool)>> {
    let (mut begin, mut lines) = (0, Vec::new());
    for line in text.split('\n') {
        let (mut at, mut pieces) = (begin, Vec::new());
        let end = begin + line.len();
        for mark in marks.iter().filter(|mark| begin <= mark.start && mark.end <= end) {
            pieces.push((text.get(at..mark.start).unwrap_or_default(), false));
            pieces.push((text.get(mark.clone()).unwrap_or_default(), true));
            at = mark.end;
        }
        pieces.push((text.get(at..end).unwrap_or_default(), false));
        lines.push(pieces.into_iter().filter(|(piece, _)| !piece.is_empty()).collect());
        begin = end + 1;
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_marks_and_lines_and_nothing_is_lost() {
        let text = "用人单位辞退\n支付补偿。";
        let mark = |word: &str| text.find(word).map(|at| at..at + word.len()).expect("it stands there");
        assert_eq!(
            lines(text, &[mark("辞退"), mark("补偿")]),
            [vec![("用人单位", false), ("辞退", true)], vec![("支付", false), ("补偿", true), ("。", false)]]
        );
        assert_eq!(lines("", &[]), [Vec::new()]);
    }
}
