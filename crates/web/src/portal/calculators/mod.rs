//! 算一算: calculators for everybody. What is typed is computed and forgotten.

mod fields;
mod result;

pub use fields::{label as field_label, typed};
pub use result::is_money;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calculators::{Answer, CalcRefusal, Family, Kind, Spec};
use catalog::parameters::Parameter;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::apply::start::CARRY;
use super::fault::Fault;
use super::{places, tools};
use crate::api::calculators::{ground, name_key};
use crate::app::App;
use crate::ask;
use crate::lang::{Lang, say};
use crate::paper::{self, Form};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::place::Said;
use crate::ui::{Page, Visit, page, table};

/// A calculator's name in words.
pub fn title(lang: Lang, spec: &Spec) -> String {
    say(lang, &name_key(spec.name), &[])
}

fn family(lang: Lang, family: Family) -> String {
    say(lang, &format!("calc-family-{}", family.as_str()), &[])
}

/// `GET /calculators`.
pub async fn list(visit: Visit) -> Response {
    let lang = visit.lang;
    let title_here = t!(lang, "calc-title");
    Page::new(&visit, title_here.clone())
        .current("/calculators")
        .crumb(title_here.clone(), "/calculators")
        .body(html! {
            h1 class="govuk-heading-l" { (title_here) }
            p class="govuk-body-l" { (t!(lang, "calc-lead")) }
            @for of in Family::ALL {
                h2 class="govuk-heading-m" { (family(lang, of)) }
                ul class="govuk-list hf-columns" {
                    @for spec in calculators::all().filter(|spec| spec.family == of) {
                        li { a class="govuk-link" href={ "/calculators/" (spec.name) } { (title(lang, spec)) } }
                    }
                }
            }
            p class="govuk-body" {
                a class="govuk-link" href="/calculators/parameters" { (t!(lang, "calc-parameters")) }
            }
        })
        .into_response()
}

/// `GET /calculators/{name}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(name): Path<String>) -> Result<Response, Fault> {
    let Some(spec) = calculators::find(&name) else { return Ok(page::not_found(&visit)) };
    show(&app, &visit, spec, &Values::default(), &[], None).await
}

/// `POST /calculators/{name}`: computes, and shows the form again under the result.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Some(spec) = calculators::find(&name) else { return Ok(page::not_found(&visit)) };
    let values = posted.values;
    // Another page filled in what it knew: the form is shown with it, and nobody is told yet what is missing.
    if values.has("first") {
        return show(&app, &visit, spec, &values, &[], None).await;
    }
    let mut inputs: Map<String, Value> = fields::read(spec.fields, &values);
    let mut problems = Vec::new();
    for field in spec.fields.iter().filter(|field| matches!(field.kind, Kind::Area)) {
        let said = Said::read(&*places::atlas(&app).await?, &values, field.name, &fields::everywhere(&visit));
        problems.extend(said.problem(visit.lang).map(|text| Problem::at(field.name, text)));
        match said.code {
            Some(code) => drop(inputs.insert(field.name.into(), Value::String(code.to_string()))),
            None => drop(inputs.remove(field.name)),
        }
    }
    if !problems.is_empty() {
        return show(&app, &visit, spec, &values, &problems, None).await;
    }
    match calculators::run(spec.name, &Value::Object(inputs), ground(&app)) {
        Ok(answer) => match Form::split(values.get(SAVE)).1 {
            Some(form) => {
                let sheet = result::sheet(visit.lang, &title(visit.lang, spec), &answer);
                Ok(paper::file(&app, paper::plain(&app, &sheet), form).await?)
            }
            None => show(&app, &visit, spec, &values, &[], Some(&answer)).await,
        },
        Err(refusal) => {
            let problem = problem(visit.lang, spec, &refusal);
            show(&app, &visit, spec, &values, &[problem], None).await
        }
    }
}

/// A refusal in words, at the field it is about.
fn problem(lang: Lang, spec: &Spec, refusal: &CalcRefusal) -> Problem {
    let path = refusal.field.as_str();
    let top = path.split(['.', '[']).next().unwrap_or(path);
    let inner = path.rsplit('.').next().unwrap_or(path);
    let inner = inner.split('[').next().unwrap_or(inner);
    let label = fields::label(lang, spec.name, if inner.is_empty() { top } else { inner });
    let bounds = spec.fields.iter().find(|field| field.name == path).map(|field| field.kind);
    let text = match (refusal.code, bounds) {
        ("out-of-range", Some(Kind::Whole(least, most) | Kind::Number(least, most)))
            if refusal.reason.starts_with("must be ") =>
        {
            t!(lang, "calc-refused-range", label = label, least = least, most = most)
        }
        (code, _) => say(lang, &format!("calc-refused-{code}"), &[("label", label)]),
    };
    let listed = spec.fields.iter().find(|field| field.name == top).map(|field| field.kind);
    let id = match listed {
        Some(Kind::Rows(_) | Kind::Record(_)) => path.replace(['.', '['], "-").replace(']', ""),
        _ => top.to_owned(),
    };
    Problem::at(id, text)
}

async fn show(
    app: &App,
    visit: &Visit,
    spec: &'static Spec,
    values: &Values,
    problems: &[Problem],
    answer: Option<&Answer>,
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let heading = title(lang, spec);
    let around = fields::everywhere(visit);
    let said = Said::read(&*places::atlas(app).await?, values, "area", &around);
    let address = format!("/calculators/{}", spec.name);
    let drawn = fields::draw(lang, spec, values, problems, &said, &around);
    let again = answer.is_some();
    Ok(Page::new(visit, heading.clone())
        .current("/calculators")
        .crumb(t!(lang, "calc-title"), "/calculators")
        .crumb(heading.clone(), address.clone())
        .problems(problems)
        .column(&html! {
            span class="govuk-caption-l" { (family(lang, spec.family)) }
            h1 class="govuk-heading-l" { (heading) }
            @if let Some(answer) = answer {
                (result::draw(lang, answer))
                (saving(visit, &address, values))
                (tools::tools(visit))
                (carry_on(app, visit, &heading, answer))
                h2 class="govuk-heading-m" { (t!(lang, "calc-again")) }
            }
            (form(visit, &address, &html! {
                (drawn)
                (button::submit(&t!(lang, "calc-button"), if again { Weight::Second } else { Weight::Main }))
            }))
            p class="govuk-hint" { (t!(lang, "calc-reference")) }
            p class="govuk-body" { a class="govuk-link" href="/calculators" { (t!(lang, "calc-all")) } }
            (page::ways_on(visit))
        })
        .into_response())
}

/// Services that help further with what was computed.
const HELP: [&str; 3] = ["consultation.text", "legal-aid.civil", "mediation.people"];

/// Name of the button that saves the result as a file: `result.pdf`, `result.docx`.
const SAVE: &str = "save";

/// The result as a file: the same inputs are sent again, for nothing is kept here.
fn saving(visit: &Visit, address: &str, values: &Values) -> Markup {
    let lang = visit.lang;
    html! {
        form method="post" action=(address) class="govuk-button-group hf-no-print" {
            (visit.csrf_field())
            @for (name, value) in values.0.iter().filter(|(name, value)| name != "csrf" && !value.is_empty()) {
                input type="hidden" name=(name) value=(value);
            }
            (button::submit_as(&t!(lang, "calc-save-pdf"), Weight::Second, SAVE, "result.pdf"))
            (button::submit_as(&t!(lang, "calc-save-docx"), Weight::Second, SAVE, "result.docx"))
        }
    }
}

/// The services that help further; the result goes along where a story is asked for.
fn carry_on(app: &App, visit: &Visit, title: &str, answer: &Answer) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let items: Vec<_> = HELP.iter().filter_map(|id| catalog.item(id)).collect();
    let story = t!(lang, "calc-carry-story", title = title, sums = result::summary(lang, answer));
    html! {
        @if !items.is_empty() {
            h3 class="govuk-heading-s" { (t!(lang, "calc-next")) }
            @for item in items {
                form method="post" action={ "/apply/" (item.id) } class="hf-no-print" {
                    (visit.csrf_field())
                    @for (fact, value) in ask::carried(app, item, &story, None, &[]) {
                        input type="hidden" name={ (CARRY) (fact) } value=(value);
                    }
                    (button::submit(item.name.get(lang), Weight::Second))
                }
            }
        }
    }
}

/// `GET /calculators/parameters`: every rule and figure, since when and from where.
pub async fn parameters(State(app): State<App>, visit: Visit) -> Response {
    let lang = visit.lang;
    let title = t!(lang, "calc-parameters");
    let rows: Vec<&Parameter> =
        app.register().catalog().parameters().rows().iter().filter(|row| row.mark.is_some()).collect();
    let shown: Vec<Vec<Markup>> = rows.iter().map(|row| result::rule(lang, row)).collect();
    let heads = result::rule_heads(lang);
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Page::new(&visit, title.clone())
        .current("/calculators")
        .crumb(t!(lang, "calc-title"), "/calculators")
        .crumb(title.clone(), "/calculators/parameters")
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (t!(lang, "calc-parameters-lead")) }
            (table::table(&title, &heads, &shown))
        })
        .into_response()
}

/// The calculators whose name answers a question typed into the search box.
pub fn found(lang: Lang, q: &str, most: usize) -> Vec<&'static Spec> {
    let named =
        calculators::all().map(|spec| (format!("{} {}", title(lang, spec), family(lang, spec.family)), spec));
    super::search::hits(q, named, most)
}
