//! 算一算: calculators for everybody. What is typed is computed and forgotten.

mod fields;
mod result;
mod steps;

pub use fields::{label as field_label, typed};
pub use result::is_money;
pub use steps::Wanted;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use calculators::{Answer, CalcRefusal, Family, Kind, Spec};
use catalog::parameters::Parameter;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::apply::start::CARRY;
use super::attach::{self, Attached};
use super::fault::Fault;
use super::{places, tools};
use crate::api::calculators::{ground, name_key};
use crate::app::App;
use crate::ask;
use crate::desk::frame::{tool, wide_tool};
use crate::lang::{Lang, say};
use crate::paper::{self, Form};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::frame::Side;
use crate::ui::place::Said;
use crate::ui::{Page, Visit, details, page, table};

/// Where they are listed.
const HOME: &str = "/calculators";

/// Where a calculator is, on the side of this visit.
pub fn address(visit: &Visit, spec: &Spec) -> String {
    visit.here(&format!("{HOME}/{}", spec.name))
}

/// A calculator's name in words.
pub fn title(lang: Lang, spec: &Spec) -> String {
    say(lang, &name_key(spec.name), &[])
}

fn family(lang: Lang, family: Family) -> String {
    say(lang, &format!("calc-family-{}", family.as_str()), &[])
}

/// `GET /calculators`.
pub async fn list(State(app): State<App>, visit: Visit) -> Response {
    let lang = visit.lang;
    let title_here = t!(lang, "calc-title");
    Page::here(&visit, title_here.clone())
        .current(HOME)
        .crumb(title_here.clone(), visit.here(HOME))
        .body(wide_tool(
            &app,
            &visit,
            html! {
                h1 class="govuk-heading-l" { (title_here) }
                p class="govuk-body-l" { (t!(lang, "calc-lead")) }
                @for of in Family::ALL {
                    h2 class="govuk-heading-m" { (family(lang, of)) }
                    ul class="govuk-list hf-columns" {
                        @for spec in calculators::all().filter(|spec| spec.family == of) {
                            li { a class="govuk-link" href=(address(&visit, spec)) { (title(lang, spec)) } }
                        }
                    }
                }
                p class="govuk-body" {
                    a class="govuk-link" href="/calculators/parameters" { (t!(lang, "calc-parameters")) }
                }
            },
        ))
        .into_response()
}

/// `GET /calculators/{name}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path(name): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Fault> {
    let Some(spec) = calculators::find(&name) else { return Ok(page::not_found(&visit)) };
    match steps::go(&app, &visit, spec, &wanted.values(), &Err(Vec::new())).await? {
        Some(page) => Ok(page),
        None => show(&app, &visit, spec, &Values::default(), &[], None).await,
    }
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
    if values.has(FIRST) {
        return show(&app, &visit, spec, &values, &[], None).await;
    }
    let computed = compute(&app, &visit, spec, &values).await?;
    if let Some(page) = steps::go(&app, &visit, spec, &values, &computed).await? {
        return Ok(page);
    }
    let answer = match computed {
        Ok(answer) => answer,
        Err(problems) => return show(&app, &visit, spec, &values, &problems, None).await,
    };
    let sheet = || paper::plain(&app, &result::sheet(visit.lang, &title(visit.lang, spec), &answer));
    let wanted = values.get(SAVE);
    if wanted == attach::BUTTON {
        let text = result::told(&visit, &title(visit.lang, spec), &answer);
        return match attach::carry(&app, &visit, &values, &text, sheet()).await? {
            Attached::Page(page) => Ok(page),
            Attached::Again(problem) => show(&app, &visit, spec, &values, &[problem], Some(&answer)).await,
        };
    }
    match Form::split(wanted).1 {
        Some(form) => Ok(paper::file(&app, sheet(), form).await?),
        None => show(&app, &visit, spec, &values, &[], Some(&answer)).await,
    }
}

/// The result, or what is wrong with what was typed.
type Computed = Result<Answer, Vec<Problem>>;

async fn compute(app: &App, visit: &Visit, spec: &Spec, values: &Values) -> Result<Computed, Fault> {
    let mut inputs: Map<String, Value> = fields::read(spec.fields, values);
    let mut problems = Vec::new();
    for field in spec.fields.iter().filter(|field| matches!(field.kind, Kind::Area)) {
        let said = Said::read(&*places::atlas(app).await?, values, field.name, &fields::everywhere(visit));
        problems.extend(said.problem(visit.lang).map(|text| Problem::at(field.name, text)));
        match said.code {
            Some(code) => drop(inputs.insert(field.name.into(), Value::String(code.to_string()))),
            None => drop(inputs.remove(field.name)),
        }
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let computed = calculators::run(spec.name, &Value::Object(inputs), ground(app));
    Ok(computed.map_err(|refusal| vec![problem(visit.lang, spec, &refusal)]))
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
    let address = address(visit, spec);
    let drawn = fields::draw(lang, spec, values, problems, &said, &around);
    let again = answer.is_some();
    // One question is a page of its own already.
    let alone = spec.fields.len() > 1;
    let is_desk = Side::of(visit) == Side::Desk;
    Ok(Page::here(visit, heading.clone())
        .current(HOME)
        .crumb(t!(lang, "calc-title"), visit.here(HOME))
        .crumb(heading.clone(), address.clone())
        .problems(problems)
        .body(tool(app, visit, &html! {
            span class="govuk-caption-l" { (family(lang, spec.family)) }
            h1 class="govuk-heading-l" { (heading) }
            @if let Some(answer) = answer {
                (result::draw(lang, answer))
                (saving(app, visit, &address, values, problems).await?)
                (tools::tools(visit))
                // At the desk a matter is opened for a person, not for oneself.
                @if !is_desk { (carry_on(app, visit, &heading, answer)) }
                h2 class="govuk-heading-m" { (t!(lang, "calc-again")) }
            } @else if alone && values.0.is_empty() {
                (steps::begin(visit, &address))
            }
            (form(visit, &address, &html! {
                @if values.has(attach::MATTER) { input type="hidden" name=(attach::MATTER) value=(values.get(attach::MATTER)); }
                (drawn)
                div class="govuk-button-group" {
                    (button::submit(&t!(lang, "calc-button"), if again { Weight::Second } else { Weight::Main }))
                    @if alone && !again && !values.0.is_empty() { (steps::button(visit)) }
                }
            }))
            p class="govuk-hint" { (t!(lang, "calc-reference")) }
            p class="govuk-body" { a class="govuk-link" href=(visit.here(HOME)) { (t!(lang, "calc-all")) } }
            (page::ways_on(visit))
        }))
        .into_response())
}

/// Services that help further with what was computed.
const HELP: [&str; 3] = ["consultation.text", "legal-aid.civil", "mediation.people"];

/// Says that the form is shown with what is known, before anything is computed.
const FIRST: &str = "first";

/// Name of the button that saves the result as a file: `result.pdf`, `result.docx`.
const SAVE: &str = "save";

/// The result as a file, or with a matter: the same inputs are sent again, for nothing is kept here.
async fn saving(
    app: &App,
    visit: &Visit,
    address: &str,
    values: &Values,
    problems: &[Problem],
) -> Result<Markup, Fault> {
    let lang = visit.lang;
    let with_matter = attach::choice(app, visit, SAVE, values, problems).await?;
    let open = values.has(attach::MATTER) || problems.iter().any(|problem| problem.field == attach::MATTER);
    Ok(html! {
        form method="post" action=(address) class="govuk-button-group hf-no-print" {
            (visit.csrf_field())
            (again(values, Some(attach::MATTER)))
            (button::submit_as(&t!(lang, "calc-save-pdf"), Weight::Second, SAVE, "result.pdf"))
            (button::submit_as(&t!(lang, "calc-save-docx"), Weight::Second, SAVE, "result.docx"))
        }
        @if let Some(choice) = with_matter {
            div class="hf-no-print" {
                (details::opened(open, &t!(lang, "attach-title"), &form(visit, address, &html! {
                    (again(values, Some(attach::MATTER)))
                    (choice)
                })))
            }
        }
    })
}

/// What was typed, to be sent again unseen; but for one field, which is asked on this page.
fn again(values: &Values, asked: Option<&str>) -> Markup {
    const NOT_AGAIN: [&str; 5] = ["csrf", FIRST, SAVE, steps::AT, steps::GO];
    let typed = |(name, value): &&(String, String)| {
        !value.is_empty()
            && !NOT_AGAIN.contains(&name.as_str())
            && !asked.is_some_and(|asked| steps::belongs(name, asked))
    };
    html! {
        @for (name, value) in values.0.iter().filter(typed) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// The services that help further; the result goes along where a story is asked for.
fn carry_on(app: &App, visit: &Visit, title: &str, answer: &Answer) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let items: Vec<_> = HELP.iter().filter_map(|id| catalog.item(id)).collect();
    let story = result::told(visit, title, answer);
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
