//! Finding a person's matters at the desk. What is typed goes in the body of a form, never into an address.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::refusal::Code;
use matters::PersonQuery;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::frame::{Staff, with_menu};
use super::matter::party_role;
use crate::app::App;
use crate::portal::fault::{Fault, labelled_problems, text};
use crate::portal::matter::grouped;
use crate::portal::places;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::{Problem, at};
use crate::ui::field::Ask;
use crate::ui::form::{Posted, Values};
use crate::ui::input::{Typed, input};
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, Visit, time};

/// Field, its label, what is typed.
const FIELDS: [(&str, &str, Typed); 4] = [
    ("name", "keys-search-name", Typed::Text),
    ("id_no", "keys-search-paper", Typed::Code),
    ("phone", "keys-search-phone", Typed::Phone),
    ("phone_tail", "keys-search-tail", Typed::Digits),
];

/// `GET /desk/people`: the form.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Response {
    show(&app, &visit, &Values::default(), &[], &html! {})
}

/// `POST /desk/people`: the form with what was found.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let lang = visit.lang;
    let mut body = Map::new();
    for (name, ..) in FIELDS {
        let typed = posted.values.get(name).trim();
        if !typed.is_empty() {
            body.insert(name.to_owned(), json!(typed));
        }
    }
    if !posted.values.get("cursor").is_empty() {
        body.insert("cursor".into(), json!(posted.values.get("cursor")));
    }
    let found = match PersonQuery::read(&Value::Object(body)) {
        Ok(query) => app.register().find_person(&visit.principal, &query, lang).await,
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok(found) => {
            let results = results(&app, &visit, &posted.values, &found).await?;
            Ok(show(&app, &visit, &posted.values, &[], &results))
        }
        Err(refusal) if refusal.code == Code::FactsWrong => {
            let label = |field: &str| {
                FIELDS.iter().find(|(name, ..)| *name == field).map(|(_, label, _)| t!(lang, label))
            };
            let wrong = labelled_problems(app.words(), lang, &refusal, label);
            Ok(show(&app, &visit, &posted.values, &wrong, &html! {}))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn show(app: &App, visit: &Visit, values: &Values, problems: &[Problem], results: &Markup) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "keys-search");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "keys-search-lead")) }
        form class="hf-narrow" method="post" action="/desk/people" novalidate {
            (visit.csrf_field())
            @for (name, label, typed) in FIELDS {
                (input(lang, &Ask::new(name, t!(lang, label)).error(at(problems, name)), values.get(name), typed))
            }
            p class="govuk-body hf-quiet" { (t!(lang, "keys-search-logged")) }
            (button::submit(&t!(lang, "keys-search-button"), Weight::Main))
        }
        (results)
    };
    Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, "/desk/people", &body))
        .into_response()
}

/// The matters that were found, as a table.
pub(super) async fn results(
    app: &App,
    visit: &Visit,
    values: &Values,
    found: &Value,
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let items = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut rows = Vec::with_capacity(items.len());
    let mut places: BTreeMap<&str, String> = BTreeMap::new();
    for row in items {
        let number = text(row, "number");
        // Most matters of a person lie in one place: each is asked for once.
        let area = text(row, "area");
        if !places.contains_key(area) {
            places.insert(area, places::said(app, area, visit.now.date()).await?);
        }
        let people = row["people"].as_array().map(Vec::as_slice).unwrap_or_default();
        let tone = if row["final"] == true { Tone::Good } else { Tone::Going };
        rows.push(vec![
            html! { a class="govuk-link hf-number" href={ "/desk/matters/" (number) } { (grouped(number)) } },
            html! {
                @for person in people {
                    (text(person, "name")) " " span class="hf-quiet" { (party_role(visit, text(person, "role"))) }
                    @for key in ["id_no", "phone"] {
                        @if !text(person, key).is_empty() { br; span class="hf-number" { (text(person, key)) } }
                    }
                    br;
                }
            },
            html! { (text(row, "item_name")) },
            tag(text(row, "step_name"), tone),
            html! { (places.get(area).map_or("", String::as_str)) },
            html! { span class="hf-nowrap" { (time::moment_text(lang, text(row, "opened_at"))) } },
        ]);
    }
    let heads: Vec<String> = [
        "desk-number",
        "keys-search-person",
        "desk-item",
        "desk-step",
        "keys-search-place",
        "keys-search-opened",
    ]
    .iter()
    .map(|key| t!(lang, key))
    .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let caption = t!(lang, "keys-search-found", n = found["total"]);
    Ok(html! {
        h2 class="govuk-heading-m hf-above" { (caption) }
        @if rows.is_empty() {
            p class="govuk-body" { (t!(lang, "keys-search-none")) }
        } @else {
            (table(&caption, &heads, &rows))
        }
        @if let Some(next) = found["next"].as_str() {
            form method="post" action="/desk/people" {
                (visit.csrf_field())
                @for (name, ..) in FIELDS { input type="hidden" name=(name) value=(values.get(name)); }
                input type="hidden" name="cursor" value=(next);
                (button::submit(&t!(lang, "keys-search-more"), Weight::Second))
            }
        }
    })
}
