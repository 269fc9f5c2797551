//! The record of sign-ins and administrators, for the audit administrator.

use access::audit::{Act, Asked, Line};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::App;
use crate::desk::frame::{Staff, with_menu};
use crate::lang::Lang;
use crate::portal::fault::Fault;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::field::{Ask, Choice};
use crate::ui::input::{Typed, input};
use crate::ui::pagination::pagination;
use crate::ui::select::select;
use crate::ui::table::table;
use crate::ui::tag::{Tone, tag};
use crate::ui::{Page, time};

const HERE: &str = "/desk/audit";
/// Rows of a page.
const ROWS: i64 = 50;

/// What is asked of the record.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    act: String,
    login: String,
    cursor: Option<String>,
}

fn words(line: &Line) -> String {
    let Some(words) = line.words.as_ref().and_then(serde_json::Value::as_object) else {
        return String::new();
    };
    let values =
        words.values().map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned));
    values.collect::<Vec<_>>().join(" · ")
}

fn row(lang: Lang, line: &Line) -> Vec<Markup> {
    let (key, tone) =
        if line.result == "done" { ("admin-done", Tone::Good) } else { ("admin-refused", Tone::Bad) };
    vec![
        html! { span class="hf-nowrap" { (time::moment(lang, line.at)) } },
        html! { (t!(lang, &format!("act-{}", line.act))) },
        html! { (line.actor.as_deref().unwrap_or("-")) },
        html! { (line.subject.as_deref().unwrap_or("-")) },
        tag(&t!(lang, key), tone),
        html! { (line.origin.as_deref().unwrap_or("-")) },
        html! { (words(line)) },
    ]
}

/// `GET /desk/audit?act=&login=&cursor=`.
pub async fn get(
    State(app): State<App>,
    Staff(visit): Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let login = wanted.login.trim().to_owned();
    let asked = Asked {
        act: Act::of(&wanted.act),
        login: (!login.is_empty()).then(|| login.clone()),
        cursor: wanted.cursor.clone(),
        limit: ROWS,
        ..Asked::default()
    };
    let page = app.access().audit(&visit.principal, &asked, visit.now).await?;
    let address = |cursor: Option<&str>| {
        let mut query = vec![("act", wanted.act.as_str()), ("login", login.as_str())];
        query.extend(cursor.map(|cursor| ("cursor", cursor)));
        super::with_query(HERE, &query)
    };
    let heads = [
        "desk-when",
        "admin-act",
        "admin-actor",
        "admin-subject",
        "admin-result",
        "admin-origin",
        "admin-words",
    ];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = page.items.iter().map(|line| row(lang, line)).collect();
    let acts: Vec<Choice> = Act::ALL
        .iter()
        .map(|act| Choice::new(act.as_str(), t!(lang, &format!("act-{}", act.as_str()))))
        .collect();
    let title = t!(lang, "admin-audit");
    let next = page.next.as_deref().map(|cursor| address(Some(cursor)));
    let first = wanted.cursor.is_some().then(|| address(None));
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "admin-audit-lead")) }
        form method="get" action=(HERE) {
            (select(lang, &Ask::new("act", t!(lang, "admin-act")).optional(true), &acts, &wanted.act))
            (input(lang, &Ask::new("login", t!(lang, "desk-login")).optional(true), &login, Typed::Code))
            (button::submit(&t!(lang, "search-button"), Weight::Second))
        }
        @if rows.is_empty() { p class="govuk-body" { (t!(lang, "admin-audit-none")) } } @else { (table(&title, &heads, &rows)) }
        (pagination(lang, first.as_deref(), next.as_deref()))
    };
    Ok(Page::desk(&visit, title.clone()).body(with_menu(&app, &visit, HERE, &body)).into_response())
}
