//! One question a page; the question is the heading.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use catalog::item::{Page as FormPage, Question};
use maud::html;
use serde_json::Value;

use super::{Elsewhere, Going, going, is_place, read_one};
use crate::app::App;
use crate::portal::fault::at;
use crate::portal::places;
use crate::problem::say;
use crate::t;
use crate::ui::button::{self, Weight};
use crate::ui::error_summary::Problem;
use crate::ui::field::LabelSize;
use crate::ui::form::{Posted, form};
use crate::ui::question::Shown;
use crate::ui::{Page, Visit};

/// `GET /apply/{item}/q/{fact}`.
pub async fn get(
    State(app): State<App>,
    visit: Visit,
    Path((id, fact)): Path<(String, String)>,
) -> Result<Response, Elsewhere> {
    let going = going(&app, &visit, &id).await?;
    let Some(question) = going.asked.iter().find(|question| question.fact == fact).cloned() else {
        // Not asked of this person any more: on to what is.
        return Err(Elsewhere::To(going.next(app.register().catalog(), visit.now.date())));
    };
    let value = going.draft.answers.form.get(&fact).cloned().unwrap_or(Value::Null);
    show(&app, &visit, &going, &question, &value, &[]).await
}

async fn show(
    app: &App,
    visit: &Visit,
    going: &Going,
    question: &Question,
    value: &Value,
    problems: &[Problem],
) -> Result<Response, Elsewhere> {
    let lang = visit.lang;
    let shown = shown(app, visit, question).await?;
    let page: Option<&FormPage> =
        going.item.form.iter().find(|page| page.questions.iter().any(|q| q.fact == question.fact));
    let error = at(problems, &question.fact).or_else(|| problems.first().map(|problem| problem.text.clone()));
    Ok(Page::new(visit, shown.label.clone())
        .sensitive(going.sensitive(app))
        .back(going.before(&question.fact))
        .problems(problems)
        .column(&html! {
            @if let Some(page) = page {
                span class="govuk-caption-l" { (page.title.get(lang)) }
                @if let Some(intro) = page.intro.as_ref().filter(|_| page.questions.first().is_some_and(|q| q.fact == question.fact)) {
                    p class="govuk-body" { (intro.get(lang)) }
                }
            }
            @if going.draft.answers.carried.contains(&question.fact) {
                div class="govuk-inset-text" { (t!(lang, "apply-carried")) }
            }
            (form(visit, &going.at(&format!("q/{}", question.fact)), &html! {
                (shown.draw(lang, value, error, LabelSize::Page))
                div class="govuk-button-group" {
                    (button::submit(&t!(lang, "ui-continue"), Weight::Main))
                    a class="govuk-link" href=(going.at("save")) { (t!(lang, "apply-save-later")) }
                }
            }))
        })
        .into_response())
}

/// The question as a field, with places to choose from where it asks for one.
pub async fn shown(app: &App, visit: &Visit, question: &Question) -> Result<Shown, Elsewhere> {
    let places = if is_place(question) { places::counties(app, visit).await? } else { Vec::new() };
    Ok(Shown::of(question, visit.lang, &places))
}

/// `POST /apply/{item}/q/{fact}`.
pub async fn post(
    State(app): State<App>,
    visit: Visit,
    Path((id, fact)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Elsewhere> {
    let mut going = going(&app, &visit, &id).await?;
    let Some(question) = going.asked.iter().find(|question| question.fact == fact).cloned() else {
        return Err(Elsewhere::To(going.next(app.register().catalog(), visit.now.date())));
    };
    let field = shown(&app, &visit, &question).await?;
    let answers = &mut going.draft.answers;
    answers.carried.retain(|carried| *carried != fact);
    answers.passed.retain(|passed| *passed != fact);
    match field.read(&posted.values) {
        None if question.required => {
            let key = if field.choices.is_empty() { "ui-required" } else { "ui-required-choice" };
            let problems = [Problem::at(&fact, t!(visit.lang, key, label = field.label))];
            show(&app, &visit, &going, &question, &Value::Null, &problems).await
        }
        None => {
            answers.form.remove(&fact);
            answers.passed.push(fact);
            going.save(&app, &visit).await
        }
        Some(value) => {
            let plain = Question { when: None, ..question.clone() };
            match read_one(app.register().catalog(), &plain, &value, &going.facts, visit.now.date()) {
                Ok(_) => {
                    answers.form.insert(fact, value);
                    going.save(&app, &visit).await
                }
                Err(errors) => {
                    let problems: Vec<Problem> = errors
                        .iter()
                        .map(|error| Problem::at(&fact, say(app.words(), visit.lang, &error.detail)))
                        .collect();
                    show(&app, &visit, &going, &question, &value, &problems).await
                }
            }
        }
    }
}
