//! Where taking down begins: who is at the counter or on the telephone, what of theirs is under way already, and
//! which service. What was typed goes on into the form of the service; nobody is asked for it again.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use super::doors;
use crate::app::App;
use crate::desk::frame::{Staff, takes_in, with_menu};
use crate::desk::people;
use crate::portal::fault::{Fault, at, labelled_problems, text};
use crate::portal::items::in_order;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::input::{Typed, input};
use crate::ui::{Ask, Page, Visit};
use kernel::refusal::Code;
use matters::PersonQuery;

/// Address of the page.
pub const PAGE: &str = "/desk/intake";

/// The field that says that a form is begun with what was typed here.
pub const BEGIN: &str = "begin";

/// Field of the form, what a search calls it, its label, what is typed; the surest first.
const FIELDS: [(&str, &str, &str, Typed); 3] = [
    ("applicant.id_no", "id_no", "keys-search-paper", Typed::Code),
    ("applicant.phone", "phone", "keys-search-phone", Typed::Phone),
    ("applicant.name", "name", "keys-search-name", Typed::Name),
];

/// `GET /desk/intake`.
pub async fn get(State(app): State<App>, Staff(visit): Staff) -> Response {
    show(&app, &visit, &Values::default(), &[], &html! {})
}

/// `POST /desk/intake`: what is under way for them.
pub async fn post(State(app): State<App>, Staff(visit): Staff, posted: Posted) -> Result<Response, Fault> {
    let lang = visit.lang;
    let values = &posted.values;
    let typed = |(field, name, ..): &(&str, &'static str, &str, Typed)| {
        let typed = values.get(field).trim();
        (!typed.is_empty()).then(|| (*name, typed.to_owned()))
    };
    let Some((name, by)) = FIELDS.iter().find_map(typed) else {
        return Ok(show(&app, &visit, values, &[], &html! {}));
    };
    let found = match PersonQuery::read(&json!({ name: by })) {
        Ok(query) => app.register().find_person(&visit.principal, &query, lang).await,
        Err(refusal) => Err(refusal),
    };
    match found {
        Ok(found) => {
            let known = known(&app, &visit, (name, &by), &found).await?;
            Ok(show(&app, &visit, values, &[], &known))
        }
        Err(refusal) if refusal.code == Code::FactsWrong => {
            let wrong = labelled_problems(app.words(), lang, &refusal, |field| {
                FIELDS.iter().find(|(_, name, ..)| *name == field).map(|(_, _, label, _)| t!(lang, label))
            });
            let wrong: Vec<Problem> = wrong
                .into_iter()
                .map(|problem| {
                    let field = FIELDS.iter().find(|(_, name, ..)| *name == problem.field);
                    Problem {
                        field: field.map_or(problem.field, |(field, ..)| (*field).to_owned()),
                        ..problem
                    }
                })
                .collect();
            Ok(show(&app, &visit, values, &wrong, &html! {}))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// What is under way for the person: to go on with it is often what they came for.
async fn known(app: &App, visit: &Visit, (name, by): (&str, &str), found: &Value) -> Result<Markup, Fault> {
    let mut asked = Values::default();
    asked.push(name, by);
    let none = found["items"].as_array().is_none_or(Vec::is_empty);
    let table = people::results(app, visit, &asked, found).await?;
    Ok(html! {
        @if none {
            p class="govuk-body" { (t!(visit.lang, "intake-known-none")) }
        } @else {
            (table)
            p class="govuk-body hf-quiet" { (t!(visit.lang, "intake-known-open")) }
        }
    })
}

fn show(app: &App, visit: &Visit, values: &Values, problems: &[Problem], known: &Markup) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "desk-intake");
    let body = html! {
        h1 class="govuk-heading-l" { (title) }
        @if !takes_in(visit) {
            p class="govuk-body" { (t!(lang, "desk-intake-not")) }
        } @else {
            p class="govuk-body" { (t!(lang, "intake-who-lead")) }
            (form(visit, PAGE, &html! {
                div class="hf-fields" {
                    @for (field, _, label, typed) in FIELDS {
                        (input(lang, &Ask::new(field, t!(lang, label)).error(at(problems, field)), values.get(field), typed))
                    }
                }
                (button::submit(&t!(lang, "intake-who-look"), Weight::Second))
                p class="govuk-body-s hf-quiet" { (t!(lang, "keys-search-logged")) }
            }))
            (known)
            (services(app, visit, values))
        }
    };
    Page::desk(visit, title.clone())
        .problems(problems)
        .body(with_menu(app, visit, PAGE, &body))
        .into_response()
}

/// The services to take down, each begun with what was typed above.
fn services(app: &App, visit: &Visit, values: &Values) -> Markup {
    let lang = visit.lang;
    let mut typed: Map<String, Value> = Map::new();
    for (field, ..) in FIELDS {
        let value = values.get(field).trim();
        if !value.is_empty() {
            typed.insert(field.to_owned(), json!(value));
        }
    }
    let items: Vec<_> = in_order(app.register().catalog())
        .into_iter()
        .filter(|item| !doors(visit, item).is_empty())
        .collect();
    let list = html! {
        ul class="hf-services" {
            @for item in &items {
                li class="hf-card" {
                    @if typed.is_empty() {
                        a class="govuk-link hf-services__name" href={ (PAGE) "/" (item.id) } { (item.name.get(lang)) }
                    } @else {
                        button class="hf-services__name hf-link-button" type="submit" formaction={ (PAGE) "/" (item.id) } { (item.name.get(lang)) }
                    }
                    p class="govuk-body-s" { (item.summary.get(lang)) }
                }
            }
        }
    };
    html! {
        h2 class="govuk-heading-m" { (t!(lang, "intake-which")) }
        @if typed.is_empty() {
            (list)
        } @else {
            (form(visit, PAGE, &html! {
                input type="hidden" name=(BEGIN) value="yes";
                @for (field, value) in &typed { input type="hidden" name=(field) value=[value.as_str()]; }
                (list)
            }))
        }
    }
}

/// What can be done with a matter that was just taken down, so that a call ends where it began.
pub async fn onwards(app: &App, visit: &Visit, answer: &Value) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let Ok(number) = text(answer, "number").parse() else { return Ok(html! {}) };
    let offers = app.register().actions(&visit.principal, number, lang).await?;
    let own: Vec<&Value> = offers
        .as_array()
        .into_iter()
        .flatten()
        .filter(|offer| offer["task"].is_string() && text(offer, "action") != "take")
        .collect();
    Ok(html! {
        @if !own.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "intake-onwards")) }
            ul class="hf-actions hf-actions--row" {
                @for offer in own {
                    li {
                        (button::link(text(offer, "name"), &format!("/desk/matters/{number}/{}?task={}", text(offer, "action"), text(offer, "task")), Weight::Second))
                    }
                }
            }
        }
    })
}
