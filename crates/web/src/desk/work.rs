//! My work: four lists with their counts, the same counts the lists have; search by number.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Query;
use kernel::number::MatterNumber;
use matters::{WorklistQuery, WorklistView};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::frame::{Staff, roles, task_name, with_menu};
use crate::app::App;
use crate::portal::fault::{Fault, text};
use crate::portal::matter::grouped;
use crate::t;
use crate::ui::light::light;
use crate::ui::pagination::pagination;
use crate::ui::table::table;
use crate::ui::tabs::{Tab, tabs};
use crate::ui::tag::{Tone, tag};
use crate::ui::{Icon, Page, Visit, icon, time};

/// What is asked of the lists.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    view: String,
    q: String,
    cursor: Option<String>,
}

/// Rows of a page.
const ROWS: i64 = 25;

/// `GET /desk?view=&q=&cursor=`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    if let Some(home) = super::admin::home(&visit) {
        return Ok(Redirect::to(home).into_response());
    }
    let lang = visit.lang;
    let view = WorklistView::parse(&wanted.view).unwrap_or(WorklistView::Todo);
    let q = Some(wanted.q.trim().to_owned()).filter(|q| !q.is_empty());
    let query = WorklistQuery { view, q: q.clone(), cursor: wanted.cursor.clone(), limit: ROWS };
    let list = app.register().worklist(&visit.principal, &query).await?;
    let mut views = Vec::new();
    for one in WorklistView::ALL {
        // The number on a tab is the list's own total; the list shown was counted a moment ago.
        let total = if one == view {
            list.clone()
        } else {
            app.register()
                .worklist(
                    &visit.principal,
                    &WorklistQuery { view: one, q: q.clone(), cursor: None, limit: 1 },
                )
                .await?
        };
        let more = if text(&total, "total_is") == "at_least" { "+" } else { "" };
        views.push(Tab {
            label: t!(lang, &format!("desk-view-{}", one.as_str())),
            href: address(one.as_str(), &wanted.q, None),
            count: Some(format!("{}{more}", total["total"])),
            current: one == view,
        });
    }
    let empty = Vec::new();
    let rows = list["items"].as_array().unwrap_or(&empty);
    let next = list["next"].as_str().map(|cursor| address(view.as_str(), &wanted.q, Some(cursor)));
    let first = wanted.cursor.as_ref().map(|_| address(view.as_str(), &wanted.q, None));
    let messages = super::messages::waiting(&app, &visit).await?;
    let title = t!(lang, "desk-work");
    let body = html! {
        div class="hf-panel-head" {
            h1 class="govuk-heading-l" { (title) }
            span class="hf-quiet" { (visit.principal.name) " · " (roles(&visit)) }
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
        div id="work" data-hx-get=(address(view.as_str(), &wanted.q, wanted.cursor.as_deref())) data-hx-trigger="every 30s"
            data-hx-select="#work" data-hx-swap="outerHTML" {
            (tabs(&title, &views))
            @if rows.is_empty() {
                p class="govuk-body" { (t!(lang, "desk-nothing")) }
            } @else {
                (lines(&app, &visit, &t!(lang, &format!("desk-view-{}", view.as_str())), rows))
            }
            (pagination(lang, first.as_deref(), next.as_deref()))
        }
    };
    Ok(Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, "/desk", &body)).into_response())
}

fn address(view: &str, q: &str, cursor: Option<&str>) -> String {
    let q: String = q.chars().filter(char::is_ascii_digit).collect();
    let q = if q.is_empty() { q } else { format!("&q={q}") };
    let cursor = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
    format!("/desk?view={view}{q}{cursor}")
}

fn lines(app: &App, visit: &Visit, caption: &str, rows: &[Value]) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let heads =
        ["desk-number", "desk-item", "desk-step", "desk-applicant", "desk-due", "desk-light", "desk-owner"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let number = text(row, "number");
            let item = catalog.item(text(row, "item"));
            let name = item.map_or(text(row, "item"), |item| item.name.get(lang));
            let step = item
                .and_then(|item| item.step(text(row, "step")))
                .map_or(text(row, "step"), |step| step.name.get(lang));
            let since = time::moment_text(lang, text(row, "since"));
            vec![
                html! { a class="govuk-link hf-number" href={ "/desk/matters/" (number) } { (grouped(number)) } },
                html! { (name) },
                html! {
                    (asked(visit, row).unwrap_or_else(|| html! { (step) })) br;
                    span class="hf-quiet" { (t!(lang, "desk-since", at = since)) }
                },
                html! { (text(row, "applicant_masked")) },
                html! { span class="hf-nowrap" { (time::date_text(lang, text(row, "due"))) } },
                light(lang, text(row, "light")),
                html! { (text(&row["owner"], "name")) },
            ]
        })
        .collect();
    table(caption, &heads, &rows)
}

/// What a task beside the steps asks for; it may have begun in a step long past. What ran late stands out.
fn asked(visit: &Visit, row: &Value) -> Option<Markup> {
    let asks = row["asks"].as_str()?;
    let name = task_name(visit.lang, asks);
    Some(if asks == "attend" {
        tag(&name, Tone::Bad)
    } else {
        html! { (name) }
    })
}

/// `GET /desk/open?q=`: a whole number opens its matter; part of one filters the list.
pub async fn open(_: Staff, Query(wanted): Query<Wanted>) -> Response {
    if let Ok(number) = wanted.q.parse::<MatterNumber>() {
        return Redirect::to(&format!("/desk/matters/{number}")).into_response();
    }
    let digits: String = kernel::text::compact(&wanted.q).chars().filter(char::is_ascii_digit).collect();
    Redirect::to(&address("todo", &digits, None)).into_response()
}
