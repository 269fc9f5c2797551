//! `GET /laws/{id}?on=&with=`: one version with its contents and articles, or two side by side.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use catalog::cited::Citing;
use jiff::civil::Date;
use laws::citation::number;
use laws::numeral::anchor;
use laws::store::{self as rows, ArticleRow, Law};
use maud::{Markup, html};
use serde::Deserialize;

use super::{href, standing};
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::{Fault, nothing};
use crate::portal::tools::tools;
use crate::t;
use crate::ui::details::details;
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::{Page, Visit};

/// How it is looked at.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    /// The day it should hold on.
    on: String,
    /// Another version to stand beside it.
    with: String,
}

/// The page.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let on = wanted.on.trim().parse::<Date>().unwrap_or_else(|_| visit.now.date());
    let mut reads = app.db().reader().await?;
    let (law, versions) = rows::holding(&mut reads, &id, on).await?.ok_or_else(nothing)?;
    let articles = rows::articles(&mut reads, &law.id).await?;
    let beside = versions.iter().find(|other| other.id == wanted.with && other.id != law.id);
    let other = match beside {
        Some(other) => Some((other, rows::articles(&mut reads, &other.id).await?)),
        None => None,
    };
    drop(reads);
    let list = t!(lang, "laws-title");
    Ok(Page::new(&visit, law.title.clone())
        .current("/laws")
        .crumb(list, "/laws")
        .crumb(law.title.clone(), href(&law, None))
        .body(html! {
            h1 class="govuk-heading-l" { (law.full_title) }
            (facts(lang, &law))
            (tools(&visit))
            @if versions.len() > 1 { (all(lang, &law, &versions)) }
            @if let Some((other, theirs)) = &other {
                (side_by_side(lang, (&law, &articles), (other, theirs)))
            } @else {
                (contents(lang, &articles))
                div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (text(lang, &app, &law, &articles)) } }
            }
        })
        .into_response())
}

fn facts(lang: Lang, law: &Law) -> Markup {
    let day = |day: Option<Date>| day.map_or_else(|| t!(lang, "laws-not-told"), |day| day.to_string());
    let made = if law.version.is_empty() { t!(lang, "laws-not-told") } else { law.version.clone() };
    let says =
        if law.status_source.is_empty() { t!(lang, "laws-not-told") } else { law.status_source.clone() };
    let mut list = vec![
        Row::markup(t!(lang, "laws-status"), standing(lang, law)),
        Row::text(t!(lang, "laws-status-source"), says),
        Row::text(t!(lang, "laws-version"), made),
        Row::text(t!(lang, "laws-from"), day(law.effective_from)),
    ];
    if law.effective_to.is_some() {
        list.push(Row::text(t!(lang, "laws-to"), day(law.effective_to)));
    }
    list.push(Row::text(t!(lang, "laws-source"), law.source.clone()));
    html! {
        (summary_list(&list))
        @if !law.status.may_hold() {
            div class="govuk-inset-text" { (t!(lang, "laws-not-in-force")) }
        }
    }
}

fn all(lang: Lang, law: &Law, versions: &[Law]) -> Markup {
    html! {
        h2 class="govuk-heading-m" id="versions" { (t!(lang, "laws-versions")) }
        ul class="govuk-list" {
            @for one in versions {
                li {
                    @if one.id == law.id { strong { (one.version) } } @else {
                        a class="govuk-link" href=(href(one, None)) { (one.version) }
                        " " a class="govuk-link" href={ (href(law, None)) "?with=" (query(&one.id)) } { (t!(lang, "laws-compare")) }
                    }
                    " " (standing(lang, one))
                }
            }
        }
    }
}

/// An id as a value in a query.
fn query(id: &str) -> String {
    id.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { super::encoded(c) }).collect()
}

fn contents(lang: Lang, articles: &[ArticleRow]) -> Markup {
    let mut headings: Vec<(&str, &ArticleRow)> = Vec::new();
    for article in articles {
        if !article.heading.is_empty() && headings.last().is_none_or(|(last, _)| *last != article.heading) {
            headings.push((&article.heading, article));
        }
    }
    if headings.is_empty() {
        return html! {};
    }
    details(
        &t!(lang, "laws-contents"),
        &html! {
            ul class="govuk-list" {
                @for (heading, first) in &headings {
                    li { a class="govuk-link" href={ "#a" (anchor(&first.article)) } { (heading) } " " span class="hf-quiet" { (first.article) } }
                }
            }
        },
    )
}

fn text(lang: Lang, app: &App, law: &Law, articles: &[ArticleRow]) -> Markup {
    let cited = app.cited_by().get(&law.title);
    let citing = |article: &str| {
        let found = number(article).and_then(|number| cited?.get(&number));
        found.map_or(&[][..], Vec::as_slice)
    };
    html! {
        @for chapter in articles.chunk_by(|a, b| a.heading == b.heading) {
            @if !chapter[0].heading.is_empty() { h2 class="govuk-heading-m" { (chapter[0].heading) } }
            @for article in chapter {
                @let address = anchor(&article.article);
                div id={ "a" (address) } {
                    h3 class="govuk-heading-s" { a class="govuk-link" href={ "#a" (address) } { (article.article) } }
                    @for paragraph in article.text.lines() { p class="govuk-body" { (paragraph) } }
                    (cited_by(lang, app, citing(&article.article)))
                }
            }
        }
    }
}

/// Articles of two versions by their numbers: what is new, gone or said otherwise stands out.
fn side_by_side(
    lang: Lang,
    (law, articles): (&Law, &[ArticleRow]),
    (other, theirs): (&Law, &[ArticleRow]),
) -> Markup {
    let of_other: HashMap<&str, &ArticleRow> = theirs.iter().map(|row| (row.article.as_str(), row)).collect();
    let own: HashMap<&str, &ArticleRow> = articles.iter().map(|row| (row.article.as_str(), row)).collect();
    let gone = theirs.iter().filter(|row| !own.contains_key(row.article.as_str()));
    html! {
        p class="govuk-body" { (t!(lang, "laws-compare-lead")) }
        table class="govuk-table" {
            thead class="govuk-table__head" { tr class="govuk-table__row" {
                th scope="col" class="govuk-table__header" { (t!(lang, "laws-article")) }
                th scope="col" class="govuk-table__header" { (other.version) }
                th scope="col" class="govuk-table__header" { (law.version) }
            } }
            tbody class="govuk-table__body" {
                @for row in articles {
                    @let before = of_other.get(row.article.as_str());
                    @if before.is_none_or(|before| before.text != row.text) {
                        (compared(lang, &row.article, before.map(|row| row.text.as_str()), Some(&row.text)))
                    }
                }
                @for row in gone { (compared(lang, &row.article, Some(&row.text), None)) }
            }
        }
    }
}

fn compared(lang: Lang, article: &str, before: Option<&str>, after: Option<&str>) -> Markup {
    html! {
        tr class="govuk-table__row" {
            th scope="row" class="govuk-table__header" { (article) }
            @for text in [before, after] {
                td class="govuk-table__cell" {
                    @if let Some(text) = text {
                        @for paragraph in text.lines() { p class="govuk-body" { (paragraph) } }
                    } @else { span class="hf-quiet" { (t!(lang, "laws-absent")) } }
                }
            }
        }
    }
}

/// What of this platform rests on an article: services, and the figures of calculators.
fn cited_by(lang: Lang, app: &App, citing: &[Citing]) -> Markup {
    let items = citing.iter().filter_map(|one| match one {
        Citing::Item(id) => app.register().catalog().item(id),
        Citing::Parameter(_) => None,
    });
    let has_figures = citing.iter().any(|one| matches!(one, Citing::Parameter(_)));
    html! {
        @if !citing.is_empty() {
            p class="govuk-body-s hf-quiet" {
                (t!(lang, "laws-cited-by"))
                @for item in items { a class="govuk-link" href={ "/items/" (item.id) } { (item.name.get(lang)) } " " }
                @if has_figures { a class="govuk-link" href="/calculators/parameters" { (t!(lang, "calc-parameters")) } }
            }
        }
    }
}
