//! 批量改派: much work of one person to another or back to its pool, with a look before and ten minutes to undo.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalog::item::Item;
use kernel::refusal::{Code, Refusal, Text};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::frame::{Staff, people, with_menu};
use crate::api::reassign::read;
use crate::app::App;
use crate::lang::Lang;
use crate::portal::fault::{Fault, at, problems as problems_of, text};
use crate::portal::matter::grouped;
use crate::portal::offer;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::notification::{Notice, notification};
use crate::ui::table::table;
use crate::ui::textarea::textarea;
use crate::ui::{Ask, Choice, Page, Visit, select};

/// Address of the page.
pub const PAGE: &str = "/desk/reassign";

/// The choice that means the pool; no login looks like it.
const POOL: &str = "@pool";

/// `GET /desk/reassign`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    ask(&app, &visit, &Values::default(), &[]).await
}

async fn ask(app: &App, visit: &Visit, typed: &Values, problems: &[Problem]) -> Result<Response, Fault> {
    let lang = visit.lang;
    let people = people(app, visit).await?;
    let mut targets = vec![Choice::new(POOL, t!(lang, "reassign-pool"))];
    targets.extend(people.iter().cloned());
    let items: Vec<Choice> =
        items(app).iter().map(|item| Choice::new(&item.id, item.name.get(lang))).collect();
    let field = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    let title = t!(lang, "reassign-title");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "reassign-lead")) }
        @if people.is_empty() {
            p class="govuk-body" { (t!(lang, "reassign-nobody")) }
        } @else {
            div class="hf-narrow" {
                (form(visit, PAGE, &html! {
                    input type="hidden" name="stage" value="preview";
                    (select::select(lang, &field("from", "reassign-from"), &people, typed.get("from")))
                    (select::select(lang, &field("to", "reassign-to"), &targets, typed.get("to")))
                    (select::select(lang, &field("item", "desk-item").optional(true), &items, typed.get("item")))
                    (textarea(lang, &field("reason", "reassign-reason").hint(t!(lang, "reassign-reason-hint")), typed.get("reason"), 3))
                    (button::submit(&t!(lang, "reassign-preview"), Weight::Main))
                }))
            }
        }
    };
    Ok(Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

fn items(app: &App) -> Vec<std::sync::Arc<Item>> {
    app.register().catalog().items().cloned().collect()
}

/// The order as the API takes it.
fn fields(typed: &Values) -> Map<String, Value> {
    let mut fields = Map::new();
    for name in ["from", "reason", "item"] {
        if !typed.get(name).trim().is_empty() {
            fields.insert(name.to_owned(), json!(typed.get(name)));
        }
    }
    match typed.get("to") {
        "" => {}
        POOL => drop(fields.insert("to".to_owned(), json!({ "pool": true }))),
        login => drop(fields.insert("to".to_owned(), json!({ "login": login }))),
    }
    if typed.has("chosen") {
        fields.insert("numbers".to_owned(), json!(typed.all("numbers")));
    }
    fields
}

/// `POST /desk/reassign`: first shows what would move, then moves it.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let typed = &posted.values;
    let lang = visit.lang;
    let preview = typed.get("stage") != "do";
    let done = match read(&fields(typed)) {
        Err(errors) => Err(Refusal::new(Code::FactsWrong, Text::new("refused-facts")).errors(errors)),
        Ok(order) if order.reason.is_empty() => {
            let fault = kernel::refusal::FieldError::new("/reason", "required", "reassign-reason-missing");
            Err(Refusal::new(Code::FactsWrong, Text::new("refused-facts")).error(fault))
        }
        Ok(order) if preview => app.register().preview_reassign(&visit.principal, &order, lang).await,
        Ok(order) => app.register().reassign(&visit.principal, &order, typed.get("key"), lang).await,
    };
    match done {
        Ok(report) if preview => Ok(look(&app, &visit, typed, &report)),
        Ok(report) => Ok(result(&app, &visit, &report)),
        Err(refusal) if refusal.code == Code::FactsWrong => {
            ask(&app, &visit, typed, &problems_of(app.words(), lang, &refusal)).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn look(app: &App, visit: &Visit, typed: &Values, report: &Value) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "reassign-preview-title");
    let movable = report["would_move"].as_u64().unwrap_or_default();
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "reassign-would", n = movable, cannot = report["cannot"])) }
        @if report["left"].as_u64().unwrap_or_default() > 0 { p class="govuk-body" { (t!(lang, "reassign-left", n = report["left"])) } }
        (form(visit, PAGE, &html! {
            input type="hidden" name="stage" value="do";
            input type="hidden" name="key" value=(offer::key());
            input type="hidden" name="chosen" value="yes";
            @for name in ["from", "to", "item", "reason"] { input type="hidden" name=(name) value=(typed.get(name)); }
            (rows(lang, report, true))
            div class="govuk-button-group" {
                @if movable > 0 { (button::submit(&t!(lang, "reassign-do"), Weight::Main)) }
                a class="govuk-link" href=(PAGE) { (t!(lang, "act-cancel")) }
            }
        }))
    };
    Page::desk(visit, title.clone()).back(PAGE).body(with_menu(app, visit, PAGE, &body)).into_response()
}

fn result(app: &App, visit: &Visit, report: &Value) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "reassign-done-title");
    let order = text(report, "order");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        (notification(lang, Notice::Success, &html! { (t!(lang, "reassign-did", n = report["moved"], cannot = report["cannot"])) }))
        (rows(lang, report, false))
        @if report["moved"].as_u64().unwrap_or_default() > 0 {
            (form(visit, &format!("{PAGE}/{order}/undo"), &html! {
                (button::submit(&t!(lang, "reassign-undo", n = report["undo_minutes"]), Weight::Second))
            }))
        }
        p class="govuk-body" { a class="govuk-link" href="/desk" { (t!(lang, "ui-to-desk")) } }
    };
    Page::desk(visit, title.clone()).back(PAGE).body(with_menu(app, visit, PAGE, &body)).into_response()
}

/// `POST /desk/reassign/{order}/undo`.
pub async fn undo(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(order): Path<String>,
    _: Posted,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let report = app.register().undo_reassign(&visit.principal, &order, lang).await?;
    let title = t!(lang, "reassign-undone-title");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "reassign-put-back", n = report["moved"], cannot = report["cannot"])) }
        (rows(lang, &report, false))
        p class="govuk-body" { a class="govuk-link" href=(PAGE) { (t!(lang, "reassign-title")) } }
    };
    Ok(Page::desk(&visit, title.clone())
        .back(PAGE)
        .body(with_menu(&app, &visit, PAGE, &body))
        .into_response())
}

/// One row a matter: what would move or did, and why not where not.
fn rows(lang: Lang, report: &Value, choose: bool) -> Markup {
    let empty = Vec::new();
    let list = report["rows"].as_array().unwrap_or(&empty);
    let heads = ["desk-number", "desk-item", "desk-step", "reassign-state"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = list
        .iter()
        .map(|row| {
            let number = text(row, "number");
            let movable = text(row, "state") == "would-move";
            vec![
                html! {
                    @if choose && movable {
                        label class="hf-nowrap" {
                            input type="checkbox" name="numbers" value=(number) checked;
                            " " span class="hf-number" { (grouped(number)) }
                        }
                    } @else {
                        a class="govuk-link hf-number" href={ "/desk/matters/" (number) } { (grouped(number)) }
                    }
                },
                html! { (text(row, "item_name")) },
                html! { (text(row, "step_name")) },
                html! {
                    (t!(lang, &format!("reassign-state-{}", text(row, "state"))))
                    @if !text(row, "why").is_empty() { br; span class="hf-quiet" { (text(row, "why")) } }
                },
            ]
        })
        .collect();
    html! {
        @if rows.is_empty() { p class="govuk-body" { (t!(lang, "reassign-empty")) } }
        @else { (table(&t!(lang, "reassign-title"), &heads, &rows)) }
    }
}
