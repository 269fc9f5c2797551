//! 请假与代办: who is away and who stands in, and what went on meanwhile.

use access::absence::{Absence, Kind, Stage};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::{Code, Refusal, Text};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::frame::{Staff, named, with_menu};
use crate::api::absences::read;
use crate::app::App;
use crate::portal::fault::{Fault, at, labelled_problems, refusal_of, text};
use crate::portal::matter::grouped;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::table::table;
use crate::ui::{Ask, Choice, Page, Visit, date, radios, select, time};

/// Address of the page.
pub const PAGE: &str = "/desk/absence";

/// `GET /desk/absence`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Result<Response, Fault> {
    show(&app, &visit, &Values::default(), &[]).await
}

async fn show(app: &App, visit: &Visit, typed: &Values, problems: &[Problem]) -> Result<Response, Fault> {
    let lang = visit.lang;
    let who = &visit.principal;
    let today = visit.now.date();
    let absences = app.access().absences(who, today).await?;
    let people = app.access().people_of(who).await?;
    let account = who.account.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let mut substitutes = app.access().substitutes_for(&account).await?;
    for (_, login, name) in &people {
        if !substitutes.iter().any(|(known, _)| known == login) {
            substitutes.push((login.clone(), name.clone()));
        }
    }
    let handed = app.register().handed_on(who, lang).await?;
    let title = t!(lang, "absence-title");
    let substitutes: Vec<Choice> = substitutes.iter().map(|(login, name)| named(login, name)).collect();
    let others: Vec<Choice> =
        people.iter().filter(|(id, ..)| *id != account).map(|(_, login, name)| named(login, name)).collect();
    let kinds: Vec<Choice> = Kind::ALL
        .into_iter()
        .map(|kind| Choice::new(kind.as_str(), kind_name(visit, kind.as_str())))
        .collect();
    let ask = |name: &str, key: &str| Ask::new(name, t!(lang, key)).error(at(problems, name));
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        p class="govuk-body" { (t!(lang, "absence-lead")) }
        @if !handed.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "absence-handed")) }
            p class="govuk-body" { (t!(lang, "absence-handed-lead")) }
            (handed_rows(visit, &handed))
        }
        h2 class="govuk-heading-m" { (t!(lang, "absence-list")) }
        @if absences.is_empty() { p class="govuk-body" { (t!(lang, "absence-none")) } }
        @else { (rows(visit, &absences)) }
        h2 class="govuk-heading-m" { (t!(lang, "absence-enter")) }
        div class="hf-narrow" {
            (form(visit, PAGE, &html! {
                @if !others.is_empty() {
                    (select::select(lang, &ask("login", "absence-whose").hint(t!(lang, "absence-whose-hint")).optional(true), &others, typed.get("login")))
                }
                (date::date(lang, &ask("from", "absence-from"), &joined(typed, "from")))
                (date::date(lang, &ask("to", "absence-to"), &joined(typed, "to")))
                (radios::radios(lang, &ask("kind", "absence-kind"), &kinds, typed.get("kind")))
                (select::select(lang, &ask("substitute", "absence-substitute").hint(t!(lang, "absence-substitute-hint")).optional(true), &substitutes, typed.get("substitute")))
                (button::submit(&t!(lang, "absence-enter"), Weight::Main))
            }))
        }
    };
    Ok(Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response())
}

fn joined(typed: &Values, name: &str) -> String {
    let part = |part: &str| typed.get(&format!("{name}-{part}")).to_owned();
    date::joined(&part("year"), &part("month"), &part("day"))
}

/// Message of a reason.
fn kind_name(visit: &Visit, kind: &str) -> String {
    t!(visit.lang, &format!("absence-kind-{kind}"))
}

fn rows(visit: &Visit, absences: &[Absence]) -> Markup {
    let lang = visit.lang;
    let heads = ["absence-who", "absence-days", "absence-kind", "absence-substitute", "absence-state"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = absences
        .iter()
        .map(|absence| {
            let stage = absence.stage(visit.now.date());
            let substitute = absence.substitute_name.clone().unwrap_or_else(|| t!(lang, "absence-pool"));
            vec![
                html! { (absence.name.as_deref().unwrap_or_default()) },
                html! { span class="hf-nowrap" { (time::date(lang, absence.first_day)) } " – " span class="hf-nowrap" { (time::date(lang, absence.last_day)) } },
                html! { (kind_name(visit, &absence.kind)) },
                html! { (substitute) },
                html! {
                    (t!(lang, &format!("absence-state-{}", stage.as_str())))
                    @if stage != Stage::Over {
                        (form(visit, &format!("{PAGE}/{}/end", absence.id), &html! {
                            (button::submit(&t!(lang, if stage == Stage::Running { "absence-back" } else { "absence-cancel" }), Weight::Second))
                        }))
                    }
                },
            ]
        })
        .collect();
    table(&t!(lang, "absence-list"), &heads, &rows)
}

fn handed_rows(visit: &Visit, handed: &[Value]) -> Markup {
    let lang = visit.lang;
    let heads = ["desk-number", "desk-item", "absence-handed-at", "desk-owner", "absence-ask-back"];
    let heads: Vec<String> = heads.iter().map(|key| t!(lang, key)).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let rows: Vec<Vec<Markup>> = handed
        .iter()
        .map(|one| {
            let number = text(one, "number");
            let page = format!("/desk/matters/{number}");
            vec![
                html! { a class="govuk-link hf-number" href=(page) { (grouped(number)) } },
                html! { (text(one, "item_name")) br; span class="hf-quiet" { (text(one, "step_name")) } },
                html! { (time::moment_text(lang, text(one, "at"))) br; span class="hf-quiet" { (t!(lang, &format!("absence-why-{}", text(one, "why")))) } },
                html! { (text(&one["owner"], "name")) },
                html! {
                    @if one["may_ask_back"] == json!(true) {
                        a class="govuk-link" href={ (page) "/ask-back" } { (t!(lang, "absence-ask-back")) }
                    } @else { (t!(lang, "absence-see-matter")) }
                },
            ]
        })
        .collect();
    table(&t!(lang, "absence-handed"), &heads, &rows)
}

/// `POST /desk/absence`.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let typed = &posted.values;
    let mut fields = Map::new();
    for name in ["login", "kind", "substitute"] {
        if !typed.get(name).is_empty() {
            fields.insert(name.to_owned(), json!(typed.get(name)));
        }
    }
    for name in ["from", "to"] {
        let day = joined(typed, name);
        if !day.is_empty() {
            fields.insert(name.to_owned(), json!(day));
        }
    }
    let refusal = match read(&fields) {
        Err(errors) => Refusal::new(Code::FactsWrong, Text::new("refused-facts")).errors(errors),
        Ok(new) => match app.access().enter_absence(&visit.principal, &new, visit.now).await {
            Ok(_) => return Ok(Redirect::to(PAGE).into_response()),
            Err(error) => refusal_of(error),
        },
    };
    if refusal.code != Code::FactsWrong {
        return Err(refusal.into());
    }
    let lang = visit.lang;
    let problems = labelled_problems(app.words(), lang, &refusal, |field| match field {
        "from" => Some(t!(lang, "absence-from")),
        "to" => Some(t!(lang, "absence-to")),
        "kind" => Some(t!(lang, "absence-kind")),
        _ => None,
    });
    show(&app, &visit, typed, &problems).await
}

/// `POST /desk/absence/{id}/end`.
pub async fn end(
    State(app): State<App>,
    Staff(visit): Staff,
    Path(id): Path<String>,
    _: Posted,
) -> Result<Response, Fault> {
    app.access().end_absence(&visit.principal, &id, visit.now).await?;
    Ok(Redirect::to(PAGE).into_response())
}
