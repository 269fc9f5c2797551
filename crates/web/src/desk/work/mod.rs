//! My work: four lists with their counts, the same counts the lists have; filtered, sorted, taken out as a table,
//! and many rows given to somebody at once.

mod batch;
mod export;
mod kept;
mod lines;
mod wanted;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::clock::Light;
use kernel::number::MatterNumber;
use matters::{WorklistOrder, WorklistQuery, WorklistView};
use maud::{Markup, html};
use serde_json::Value;

use super::frame::{Staff, roles, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, text};
use crate::portal::places;
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::pagination::pagination;
use crate::ui::select::{filter, select};
use crate::ui::tabs::{Tab, tabs};
use crate::ui::{Ask, Choice, Icon, Page, Visit, icon};

pub use batch::post as batch;
pub use export::get as export;
pub use kept::{forget, post as keep};
use lines::{Column, lines};
use wanted::Wanted;

/// Address of the page.
const PAGE: &str = "/desk";

/// `GET /desk?view=&q=&item=&light=&area=&order=&col=&cursor=`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    match super::admin::home(&visit) {
        Some(home) => Ok(Redirect::to(home).into_response()),
        None => show(&app, &visit, &wanted, "", &[]).await,
    }
}

/// The page; `name` is what the list was to be kept as, `problems` why it was not.
async fn show(
    app: &App,
    visit: &Visit,
    wanted: &Wanted,
    name: &str,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let view = wanted.view();
    let list = app.register().worklist(&visit.principal, &wanted.query()).await?;
    let views = views(app, visit, wanted, &list).await?;
    let empty = Vec::new();
    let rows = list["items"].as_array().unwrap_or(&empty);
    let next = list["next"].as_str().map(|cursor| wanted.from(Some(cursor)).address(PAGE, &[]));
    let first = wanted.cursor.as_ref().map(|_| wanted.from(None).address(PAGE, &[]));
    let messages = super::messages::waiting(app, visit).await?;
    let kept = app.register().kept_lists(&visit.principal).await?;
    let narrow = narrow(app, visit, &kept::keep(visit, &kept, wanted, name, problems), wanted).await?;
    let batch = batch::Offer::of(app, visit, view, rows).await?;
    let caption = t!(lang, &format!("desk-view-{}", view.as_str()));
    let table = lines(app, visit, &caption, rows, &wanted.columns(), batch.is_some());
    let title = t!(lang, "desk-work");
    let body = html! {
        div class="hf-panel-head" {
            h1 class="govuk-heading-l" { (title) }
            span class="hf-quiet" { (visit.principal.name) " · " (roles(visit)) }
        }
        (messages)
        form class="hf-search hf-above" method="get" action="/desk/open" role="search" {
            div class="hf-search__field" {
                label class="govuk-visually-hidden" for="q" { (t!(lang, "desk-search")) }
                input class="govuk-input" id="q" name="q" type="search" value=(wanted.q) data-quick-open
                    placeholder=(t!(lang, "desk-search")) autocomplete="off";
            }
            button class="govuk-button govuk-button--secondary" type="submit" { (icon(Icon::Search)) (t!(lang, "search-button")) }
        }
        div id="work" data-hx-get=(wanted.address(PAGE, &[])) data-hx-trigger="every 30s"
            data-hx-select="#work" data-hx-swap="outerHTML" {
            (tabs(&title, &views))
            (kept::links(visit, &kept, wanted))
            (narrow)
            @if rows.is_empty() {
                p class="govuk-body" { (t!(lang, if wanted.narrowed() { "work-nothing-narrowed" } else { "desk-nothing" })) }
            } @else if let Some(batch) = &batch {
                (batch.around(visit, &table))
            } @else {
                (table)
            }
            (pagination(lang, first.as_deref(), next.as_deref()))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

/// The four tabs. The number on each is the list's own total with the same filter.
async fn views(app: &App, visit: &Visit, wanted: &Wanted, list: &Value) -> Result<Vec<Tab>, Fault> {
    let mut views = Vec::new();
    for view in WorklistView::ALL {
        let there = wanted.of(view);
        let total = if view == wanted.view() {
            list.clone()
        } else {
            app.register().worklist(&visit.principal, &WorklistQuery { limit: 1, ..there.query() }).await?
        };
        let more = if text(&total, "total_is") == "at_least" { "+" } else { "" };
        views.push(Tab {
            label: t!(visit.lang, &format!("desk-view-{}", view.as_str())),
            href: there.address(PAGE, &[]),
            count: Some(format!("{}{more}", total["total"])),
            current: view == wanted.view(),
        });
    }
    Ok(views)
}

/// Filter, order, columns, and the list as a table; open while something is filtered.
async fn narrow(app: &App, visit: &Visit, keep: &Markup, wanted: &Wanted) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let items: Vec<Choice> =
        app.register().catalog().items().map(|item| Choice::new(&item.id, item.name.get(lang))).collect();
    let lights = Light::ALL
        .map(|light| Choice::new(light.as_str(), t!(lang, &format!("ui-light-{}", light.as_str()))));
    let orders = WorklistOrder::ALL
        .map(|order| Choice::new(order.as_str(), t!(lang, &format!("work-order-{}", order.as_str()))));
    let counties = places::counties(app, visit).await?;
    let field = |name: &str, key: &str| Ask::new(name, t!(lang, key));
    let shown = wanted.columns();
    let open = wanted.narrowed() || !wanted.order.is_empty() || !wanted.col.is_empty();
    Ok(html! {
        details class="govuk-details hf-narrowing" open[open] {
            summary class="govuk-details__summary" { span class="govuk-details__summary-text" { (t!(lang, "work-narrow")) } }
            form class="govuk-details__text" method="get" action=(PAGE) {
                input type="hidden" name="view" value=(wanted.view().as_str());
                div class="hf-fields" {
                    (filter(lang, &field("item", "desk-item"), &items, &wanted.item))
                    (filter(lang, &field("light", "desk-light"), &lights, &wanted.light))
                    (filter(lang, &field("area", "work-area"), &counties, &wanted.area))
                    (select(lang, &field("order", "work-order"), &orders, wanted.order().as_str()))
                }
                fieldset class="govuk-fieldset hf-shown" {
                    legend class="govuk-label" { (t!(lang, "work-columns")) }
                    @for column in Column::ALL {
                        label class="hf-shown__one" {
                            input type="checkbox" name="col" value=(column.as_str()) checked[shown.contains(&column)];
                            " " (column.head(lang))
                        }
                    }
                }
                div class="govuk-button-group" {
                    button class="govuk-button govuk-button--secondary" type="submit" { (t!(lang, "work-narrow-button")) }
                    @if open { a class="govuk-link" href={ (PAGE) "?view=" (wanted.view().as_str()) } { (t!(lang, "work-narrow-none")) } }
                    @for format in ["xlsx", "csv"] {
                        a class="govuk-link" download href=(wanted.from(None).address("/desk/export", &[("format", format)])) {
                            (t!(lang, &format!("work-export-{format}")))
                        }
                    }
                }
            }
            @if open { (keep) }
        }
    })
}

/// `GET /desk/open?q=`: a whole number opens its matter; part of one filters the list.
pub async fn open(_: Staff, Query(wanted): Query<Wanted>) -> Response {
    if let Ok(number) = wanted.q.parse::<MatterNumber>() {
        return Redirect::to(&format!("/desk/matters/{number}")).into_response();
    }
    let q = kernel::text::compact(&wanted.q);
    Redirect::to(&Wanted { q, ..Wanted::default() }.address(PAGE, &[])).into_response()
}
