//! 办事指南: the list of services, and everything about one of them.

mod guide;

pub use guide::guide;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use catalog::Catalog;
use catalog::item::{Basis, Item};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::clock::{Limit, LimitKind};
use kernel::period::Unit;
use maud::{Markup, html};

use super::entrance::ENTRANCES;
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::{Page, Visit};

/// One service in a list.
pub fn card(lang: Lang, item: &Item) -> Markup {
    html! {
        div class="hf-card hf-card--item" {
            h3 class="govuk-heading-s" { a class="govuk-link" href={ "/items/" (item.id) } { (item.name.get(lang)) } }
            p class="govuk-body" { (item.summary.get(lang)) }
            p class="govuk-body-s hf-quiet" { (t!(lang, "items-fee")) (item.guide.fee.get(lang)) }
        }
    }
}

/// All services in the order people look for them: what helps, then what is said against help.
pub fn in_order(catalog: &Catalog) -> Vec<&Arc<Item>> {
    let mut items: Vec<_> = catalog.items().collect();
    items.sort_by_key(|item| item.series == "complaint");
    items
}

/// `GET /items`: all services, by entrance.
pub async fn list(State(app): State<App>, visit: Visit) -> Response {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let items = in_order(catalog);
    let mut series: Vec<&str> = items.iter().map(|item| item.series.as_str()).collect();
    series.dedup();
    let title = t!(lang, "items-title");
    Page::new(&visit, title.clone())
        .current("/items")
        .crumb(title.clone(), "/items")
        .column(&html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "items-lead", tel = visit.site.hotline)) }
            (super::home::search_box(lang, ""))
            @for one in &series {
                h2 class="govuk-heading-m hf-above" { (series_name(lang, one)) }
                @for item in items.iter().filter(|item| item.series == **one) { (card(lang, item)) }
            }
        })
        .into_response()
}

/// Name of a series: that of its entrance where it has one.
pub fn series_name(lang: Lang, series: &str) -> String {
    if ENTRANCES.iter().any(|entrance| entrance.slug == series) {
        return t!(lang, &format!("entrance-{series}"));
    }
    let key = format!("series-{series}");
    if crate::lang::knows(&key) { t!(lang, &key) } else { series.to_owned() }
}

/// 5个工作日 / 5 working days.
pub fn period(lang: Lang, limit: &Limit) -> String {
    let unit = match limit.unit {
        Unit::Day => "unit-day",
        Unit::Workday => "unit-workday",
        Unit::Month => "unit-month",
        Unit::Year => "unit-year",
        Unit::Hour => "unit-hour",
    };
    t!(lang, unit, n = limit.count)
}

/// A limit with the law it rests on, and whether it is law or promise, checked or not.
pub fn limit(lang: Lang, limit: &Limit) -> Markup {
    html! {
        strong { (period(lang, limit)) }
        " "
        span class="hf-quiet" {
            @match limit.kind {
                LimitKind::Statutory => (t!(lang, "guide-statutory")),
                LimitKind::Promise => (t!(lang, "guide-promise")),
            }
            @if let Some(law) = &limit.law {
                "《" (law) "》" @if let Some(article) = &limit.article { (t!(lang, "ui-article", n = article)) }
            }
            @if !limit.verified { " " (t!(lang, "guide-unverified")) }
        }
    }
}

/// A reference to a law as it is written on pages.
pub fn basis(lang: Lang, basis: &Basis) -> Markup {
    html! {
        "《" (basis.law) "》" (t!(lang, "ui-article", n = basis.article))
        @if !basis.text.get(lang).is_empty() { (t!(lang, "ui-colon")) (basis.text.get(lang)) }
        @if !basis.verified { " " (t!(lang, "guide-unverified")) }
    }
}

/// The limits of a parameter where the site serves, the shortest first as people ask for it.
pub fn limits(catalog: &Catalog, rule: &str, area: Option<AreaCode>, on: Date) -> Vec<Limit> {
    area.map(|area| catalog.limits(rule, area, on)).unwrap_or_default()
}
