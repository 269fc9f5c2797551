//! Seeing masked values in full: with a reason, once, and on record.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use kernel::refusal::Code;
use matters::Ask as Act;
use maud::html;
use serde_json::{Map, Value, json};

use super::people::revealable;
use super::{caption, page_of, with_contact};
use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::portal::fault::{Fault, at, labelled_problems};
use crate::portal::matter::number;
use crate::portal::offer;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::checkboxes::checkboxes;
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values};
use crate::ui::summary_list::{Row, summary_list};
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Page, Visit};

fn reveal_page(
    app: &App,
    visit: &Visit,
    number: MatterNumber,
    view: &Value,
    values: &Values,
    problems: &[Problem],
) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "desk-reveal");
    let page = page_of(number);
    let choices = revealable(visit, view);
    let body = html! {
        (caption(number))
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "desk-reveal-lead")) }
        form class="hf-narrow" method="post" action={ (page) "/reveal" } novalidate {
            (visit.csrf_field())
            input type="hidden" name="version" value=(view["version"]);
            input type="hidden" name="key" value=(offer::key());
            (checkboxes(lang, &Ask::new("facts", t!(lang, "desk-reveal-which")).error(at(problems, "facts")), &choices, &values.all("facts")))
            (textarea(lang, &Ask::new("reason", t!(lang, "desk-reveal-reason")).hint(t!(lang, "desk-reveal-logged")).error(at(problems, "reason")), values.get("reason"), 3))
            div class="govuk-button-group" {
                (button::submit(&t!(lang, "desk-reveal"), Weight::Main))
                a class="govuk-link" href=(page) { (t!(lang, "act-cancel")) }
            }
        }
    };
    Page::desk(visit, title.clone())
        .back(page.clone())
        .problems(problems)
        .body(with_menu(app, visit, "", &body))
        .into_response()
}

/// `GET /desk/matters/{number}/reveal`.
pub async fn reveal_form(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
) -> Result<Response, Fault> {
    let number = number(&typed)?;
    let view = with_contact(&app, &visit, number).await?;
    Ok(reveal_page(&app, &visit, number, &view, &Values::default(), &[]))
}

/// `POST /desk/matters/{number}/reveal`: shows the values once; the look is in the access log.
pub async fn reveal(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(typed): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    let view = with_contact(&app, &visit, number).await?;
    let mut input = Map::new();
    let facts = posted.values.all("facts");
    if !facts.is_empty() {
        input.insert("facts".into(), json!(facts));
    }
    let reason = kernel::text::normalise(posted.values.get("reason"));
    if !reason.is_empty() {
        input.insert("reason".into(), json!(reason));
    }
    let asked = Act {
        action: "reveal",
        version: view["version"].as_i64().unwrap_or_default(),
        input,
        task: None,
        key: posted.values.get("key"),
        lang,
    };
    match app.register().act(&visit.principal, number, &asked).await {
        Ok(answer) => {
            let labels = revealable(&visit, &view);
            let rows: Vec<Row> = answer.body["values"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| {
                    let label =
                        labels.iter().find(|c| c.value == *name).map_or(name.as_str(), |c| c.label.as_str());
                    Row::markup(
                        label,
                        html! { span class="hf-number" { (value.as_str().unwrap_or_default()) } },
                    )
                })
                .collect();
            let title = t!(lang, "desk-revealed");
            let body = html! {
                (caption(number))
                h1 class="govuk-heading-l" { (title) }
                (summary_list(&rows))
                p class="govuk-body" { (t!(lang, "desk-revealed-logged")) }
            };
            Ok(Page::desk(&visit, title.clone())
                .back(page_of(number))
                .body(with_menu(&app, &visit, "", &body))
                .into_response())
        }
        Err(refusal) if refusal.code == Code::FactsWrong => {
            let wrong = labelled_problems(app.words(), lang, &refusal, |field| match field {
                "facts" => Some(t!(lang, "desk-reveal-which")),
                "reason" => Some(t!(lang, "desk-reveal-reason")),
                _ => None,
            });
            Ok(reveal_page(&app, &visit, number, &view, &posted.values, &wrong))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
