//! 写一写: documents people need, written with them. What is typed is put on paper and forgotten.

mod fields;
pub mod list;
mod result;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use drafting::{Answers, Filled, Template};
use maud::{Markup, html};

use crate::api::calculators::ground;
use crate::app::App;
use crate::paper::{self, Form};
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::form::{Posted, Values, form};
use crate::ui::{Page, Visit, page};

/// Names the questions the account answered.
const FROM_ACCOUNT: &str = "from-account";

/// What is shown of the document: after each answer with scripts, after a press without.
const RESULT: &str = "draft-result";

/// `GET /drafts/{id}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Some(template) = app.drafts().get(&id) else { return page::not_found(&visit) };
    show(&app, &visit, template, &own(&app, &visit, Values::default()).await, &[])
}

/// `POST /drafts/{id}`: the page again with the document beside it, its file, or the document alone (`then=live`).
/// With `first=1` another page brings what is known already, and nothing is said about the rest yet.
pub async fn post(State(app): State<App>, visit: Visit, Path(id): Path<String>, posted: Posted) -> Response {
    let Some(template) = app.drafts().get(&id) else { return page::not_found(&visit) };
    let mut values = posted.values;
    if values.get("first") == "1" {
        fields::carry(template, &mut values);
        return show(&app, &visit, template, &own(&app, &visit, values).await, &[]);
    }
    let answers = Answers::read(template, &fields::read(template, &values), visit.now.date());
    let filled = template.fill(&answers, ground(&app));
    let form = match values.get("then") {
        "live" => return alone(&visit, template, &answers, &filled),
        "pdf" => Some(Form::Pdf),
        "docx" => Some(Form::Docx),
        _ => None,
    };
    let mut problems = fields::wrong(visit.lang, template, &answers);
    if let Some(form) = form {
        match paper::file(&app, filled.print(visit.now.date()), form).await {
            Ok(file) => return file,
            // The form comes back with everything in it, and with what to do instead.
            Err(refusal) => {
                let told = std::iter::once(&refusal.detail).chain(refusal.next.iter().map(|next| &next.text));
                let words: Vec<String> = told.map(|text| say(app.words(), visit.lang, text)).collect();
                problems.push(Problem::whole(words.join(" ")));
            }
        }
    }
    show(&app, &visit, template, &values, &problems)
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

fn show(app: &App, visit: &Visit, template: &Template, values: &Values, problems: &[Problem]) -> Response {
    let lang = visit.lang;
    let name = template.name.get(lang);
    let address = format!("/drafts/{}", template.id);
    let answers = Answers::read(template, &fields::read(template, values), visit.now.date());
    let filled = template.fill(&answers, ground(app));
    // A file that could not be made is no fault of the answers.
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
                }))
            }
            section class="hf-draft__result" id=(RESULT) tabindex="0" aria-label=(t!(lang, "draft-preview")) {
                (result::draw(lang, template, &answers, &filled))
            }
        }
        div class="hf-no-print" {
            (after(app, visit, template))
            p class="govuk-body" { a class="govuk-link" href="/drafts" { (t!(lang, "draft-all")) } }
            (page::ways_on(visit))
        }
    };
    Page::new(visit, name)
        .sensitive(template.sensitive)
        .current("/drafts")
        .crumb(t!(lang, "draft-title"), "/drafts")
        .crumb(name, address.clone())
        .problems(problems)
        .body(body)
        .into_response()
}

fn buttons(visit: &Visit) -> Markup {
    let lang = visit.lang;
    html! {
        div class="hf-draft__buttons" {
            div class="govuk-button-group" {
                (button::submit_as(&t!(lang, "draft-look"), Weight::Main, "then", "preview"))
                (button::submit_as(&t!(lang, "draft-pdf"), Weight::Second, "then", "pdf"))
                (button::submit_as(&t!(lang, "draft-docx"), Weight::Second, "then", "docx"))
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
