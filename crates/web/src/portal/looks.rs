//! Who looked at my data: when, which office, in which role, at what, and why.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::fault::{Fault, text};
use super::matter::{number, signed_in};
use crate::app::App;
use crate::lang::Lang;
use crate::t;
use crate::ui::pagination::pagination;
use crate::ui::table::table;
use crate::ui::{Page, Visit, time};

/// Rows of a page.
const ROWS: i64 = 25;

/// Where the page begins.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    cursor: Option<String>,
}

/// `GET /matter/{number}/looks`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(typed): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let number = number(&typed)?;
    if let Err(elsewhere) = signed_in(&visit, number) {
        return Ok(elsewhere.into_response());
    }
    let found = app.register().looks(&visit.principal, number, wanted.cursor.as_deref(), ROWS).await?;
    let items = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<Vec<Markup>> = items.iter().map(|look| row(&app, lang, look)).collect();
    let heads: Vec<String> = ["keys-looks-when", "keys-looks-who", "keys-looks-what", "keys-looks-why"]
        .iter()
        .map(|k| t!(lang, k))
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let title = t!(lang, "keys-looks");
    let page = format!("/matter/{number}/looks");
    let next = found["next"].as_str().map(|cursor| format!("{page}?cursor={cursor}"));
    let first = wanted.cursor.as_ref().map(|_| page.clone());
    Ok(Page::new(&visit, title.clone())
        .back(format!("/matter/{number}"))
        .body(html! {
            span class="govuk-caption-l hf-number" { (number.grouped()) }
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "keys-looks-lead")) }
            @if rows.is_empty() {
                p class="govuk-body" { (t!(lang, "keys-looks-none")) }
            } @else {
                (table(&title, &heads, &rows))
            }
            (pagination(lang, first.as_deref(), next.as_deref()))
            p class="govuk-body hf-quiet" { (t!(lang, "keys-looks-names")) }
        })
        .into_response())
}

fn row(app: &App, lang: Lang, look: &Value) -> Vec<Markup> {
    let role = format!("role-{}", text(look, "role")).replace('_', "-");
    let role = if text(look, "kind") == "copy" {
        t!(lang, "keys-looks-own")
    } else if crate::lang::knows(&role) {
        t!(lang, &role)
    } else {
        t!(lang, "keys-looks-staff")
    };
    let facts = look["facts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let what: Vec<String> = match text(look, "kind") {
        "file" => vec![t!(lang, "keys-looks-file")],
        "document" => vec![t!(lang, "keys-looks-document")],
        "copy" => vec![t!(lang, "keys-looks-copy")],
        "export" => vec![t!(lang, "keys-looks-export")],
        _ => facts.iter().filter_map(Value::as_str).map(|fact| said(app, lang, fact)).collect(),
    };
    let why = text(look, "reason");
    vec![
        html! { span class="hf-nowrap" { (time::moment_text(lang, text(look, "at"))) } },
        html! { (text(look, "office_name")) " " (role) },
        html! { @for one in &what { (one) br; } },
        html! { @if why.is_empty() { (t!(lang, "keys-looks-work")) } @else { (why) } },
    ]
}

/// A value's name as people say it: `applicant.id_no` is the applicant's paper.
fn said(app: &App, lang: Lang, fact: &str) -> String {
    let label = |field: &str| {
        let key = match field.rsplit('.').next().unwrap_or(field) {
            "name" => "applicant-name-any",
            "id_no" => "applicant-paper-no",
            "uscc" => "applicant-uscc",
            "phone" => "applicant-phone",
            _ => "keys-looks-value",
        };
        t!(lang, key)
    };
    if let Some(field) = fact.strip_prefix("applicant.") {
        return format!("{} · {}", t!(lang, "role-applicant"), label(field));
    }
    if fact.starts_with("parties.") {
        return format!("{} · {}", t!(lang, "keys-looks-other"), label(fact));
    }
    app.register()
        .catalog()
        .fact(fact)
        .map_or_else(|| t!(lang, "keys-looks-value"), |fact| fact.label.get(lang).to_owned())
}
