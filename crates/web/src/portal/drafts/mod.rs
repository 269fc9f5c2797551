//! 写一写: documents people need, written with them. What is typed is put on paper and forgotten.

mod fields;
pub mod list;
mod result;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use drafting::{Answers, Filled, Template};
use maud::{Markup, html};

use super::attach::{self, Attached};
use super::fault::{Fault, told};
use crate::api::calculators::ground;
use crate::app::App;
use crate::desk::frame::wide_tool;
use crate::paper::{self, Form};
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::{Page, Visit, details, page};

/// Where they are listed.
const HOME: &str = "/drafts";

/// Where a document is written, on the side of this visit.
pub fn address(visit: &Visit, template: &Template) -> String {
    visit.here(&format!("{HOME}/{}", template.id))
}

/// Names the questions the account answered.
const FROM_ACCOUNT: &str = "from-account";

/// What a button of the form wants.
const THEN: &str = "then";

/// What is shown of the document: after each answer with scripts, after a press without.
const RESULT: &str = "draft-result";

/// `GET /drafts/{id}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Fault> {
    let Some(template) = app.drafts().get(&id) else { return Ok(page::not_found(&visit)) };
    show(&app, &visit, template, &own(&app, &visit, Values::default()).await, &[]).await
}

/// `POST /drafts/{id}`: the page again with the document beside it, its file, the document alone (`then=live`), or with a
/// matter (`then=attach`). With `first=1` another page brings what is known already, and nothing is said about the rest
/// yet.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Fault> {
    let Some(template) = app.drafts().get(&id) else { return Ok(page::not_found(&visit)) };
    let mut values = posted.values;
    if values.get("first") == "1" {
        fields::carry(template, &mut values);
        return show(&app, &visit, template, &own(&app, &visit, values).await, &[]).await;
    }
    let answers = Answers::read(template, &fields::read(template, &values), visit.now.date());
    let filled = template.fill(&answers, ground(&app));
    let mut problems = fields::wrong(visit.lang, template, &answers);
    let print = || filled.print(visit.now.date());
    match values.get(THEN) {
        "live" => return Ok(alone(&visit, template, &answers, &filled)),
        attach::BUTTON => {
            let text = t!(visit.lang, "attach-draft", name = template.name.get(visit.lang));
            match attach::carry(&app, &visit, &values, &text, print()).await? {
                Attached::Page(page) => return Ok(page),
                Attached::Again(problem) => problems.push(problem),
            }
        }
        then @ ("pdf" | "docx") => {
            let form = if then == "pdf" { Form::Pdf } else { Form::Docx };
            match paper::file(&app, print(), form).await {
                Ok(file) => return Ok(file),
                // The form comes back with everything in it, and with what to do instead.
                Err(refusal) => problems.push(Problem::whole(told(&app, &visit, &refusal))),
            }
        }
        _ => {}
    }
    show(&app, &visit, template, &values, &problems).await
}

/// What the account tells of the citizen who is signed in, where nothing else was said. Numbers of papers are typed:
/// they are on no screen unless somebody wants them there.
async fn own(app: &App, visit: &Visit, mut values: Values) -> Values {
    let Some(account) = visit.principal.account.as_ref().filter(|_| !visit.principal.is_staff()) else {
        return values;
    };
    let vault = match app.access().vault(account).await {
        Ok(vault) => vault,
        Err(error) => {
            // The form is whole without it.
            tracing::warn!(%error, "what is known of a citizen was not read");
            return values;
        }
    };
    let name = vault.proved_name.map_or(vault.name, |proved| proved.value);
    for (question, known) in [("my_name", name), ("my_phone", vault.phone)] {
        if !known.is_empty() && !values.has(question) {
            values.push(question, known);
            values.push(FROM_ACCOUNT, question);
        }
    }
    values
}

/// The document alone, to be put in place of the one before.
fn alone(visit: &Visit, template: &Template, answers: &Answers, filled: &Filled<'_>) -> Response {
    let drawn = result::draw(visit.lang, template, answers, filled);
    let mut response = drawn.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn show(
    app: &App,
    visit: &Visit,
    template: &Template,
    values: &Values,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let lang = visit.lang;
    let name = template.name.get(lang);
    let address = address(visit, template);
    let answers = Answers::read(template, &fields::read(template, values), visit.now.date());
    let filled = template.fill(&answers, ground(app));
    let with_matter = attach::choice(app, visit, THEN, values, problems).await?;
    let body = html! {
        div class="hf-no-print" {
            span class="govuk-caption-l" { (list::group(lang, template.group)) }
            h1 class="govuk-heading-l" { (name) }
            p class="govuk-body-l" { (template.summary.get(lang)) }
            div class="govuk-inset-text" { (t!(lang, "draft-not-kept")) }
        }
        div class="hf-draft" {
            div class="hf-draft__form hf-no-print" data-draft=(RESULT) {
                (form(visit, &format!("{address}#{RESULT}"), &html! {
                    (fields::draw(lang, template, values, problems))
                    (buttons(visit))
                    @if let Some(choice) = with_matter {
                        (details::opened(values.has(attach::MATTER), &t!(lang, "attach-title"), &choice))
                    }
                }))
            }
            section class="hf-draft__result" id=(RESULT) tabindex="0" aria-label=(t!(lang, "draft-preview")) {
                (result::draw(lang, template, &answers, &filled))
            }
        }
        div class="hf-no-print" {
            (after(app, visit, template))
            p class="govuk-body" { a class="govuk-link" href=(visit.here(HOME)) { (t!(lang, "draft-all")) } }
            (page::ways_on(visit))
        }
    };
    Ok(Page::here(visit, name)
        .sensitive(template.sensitive)
        .current(HOME)
        .crumb(t!(lang, "draft-title"), visit.here(HOME))
        .crumb(name, address.clone())
        .problems(problems)
        .body(wide_tool(app, visit, body))
        .into_response())
}

fn buttons(visit: &Visit) -> Markup {
    let lang = visit.lang;
    html! {
        div class="hf-draft__buttons" {
            div class="govuk-button-group" {
                (button::submit_as(&t!(lang, "draft-look"), Weight::Main, THEN, "preview"))
                (button::submit_as(&t!(lang, "draft-pdf"), Weight::Second, THEN, "pdf"))
                (button::submit_as(&t!(lang, "draft-docx"), Weight::Second, THEN, "docx"))
            }
            p class="govuk-hint" { (t!(lang, "draft-half")) }
        }
    }
}

/// What to do with the paper, and who helps further.
fn after(app: &App, visit: &Visit, template: &Template) -> Markup {
    let lang = visit.lang;
    let catalog = app.register().catalog();
    let items: Vec<_> = template.items.iter().filter_map(|id| catalog.item(id)).collect();
    html! {
        @if !template.after.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "draft-after")) }
            ul class="govuk-list govuk-list--bullet" {
                @for one in &template.after { li { (one.get(lang)) } }
            }
        }
        @if !items.is_empty() {
            h2 class="govuk-heading-m" { (t!(lang, "draft-help")) }
            ul class="govuk-list govuk-list--bullet" {
                @for item in items { li { a class="govuk-link" href={ "/items/" (item.id) } { (item.name.get(lang)) } } }
            }
        }
        p class="govuk-hint" { (t!(lang, "draft-reference")) }
    }
}
