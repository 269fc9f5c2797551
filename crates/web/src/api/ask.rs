//! `POST /ask`: what helps somebody who tells what happened, as on the page. Nothing is kept and nothing is routed.

use access::office::Office;
use axum::extract::State;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{Json, text, wrong};
use super::laws::hit;
use super::triage::{kinds, signs};
use crate::app::App;
use crate::ask::{self, Asked, Help, Sum, Way};
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// Body of `POST /ask`.
#[derive(Serialize, ToSchema)]
pub struct Story {
    /// What happened, in one's own words, up to 3,000 characters.
    pub text: String,
    /// The kind of problem, when the person chose it.
    #[schema(required = false)]
    pub kind: Option<String>,
    /// Where they are: a division's code.
    #[schema(required = false)]
    pub area: Option<String>,
}

/// Answer of `POST /ask`.
#[derive(Serialize, ToSchema)]
pub struct Helping {
    /// The kind all the rest goes by; null when it is better to ask.
    pub kind: Option<String>,
    /// Three kinds with their chance: label, p, finer.
    pub kinds: Vec<Value>,
    /// Whether it is better to ask, or to hand over to a person.
    pub abstain: bool,
    /// What the story is about: id, name.
    pub topics: Vec<Value>,
    /// Signs of danger: danger, words, numbers to call.
    pub dangers: Vec<Value>,
    /// What the story says in figures: fact, value, words.
    pub said: Vec<Value>,
    /// Articles, the first to read first, each with its law.
    pub articles: Vec<Value>,
    /// Calculators filled with what was said: calculator, inputs, missing, assumed (days counted back from today),
    /// supposed (local figures nobody entered, which then change nothing), result.
    pub calculators: Vec<Value>,
    /// Ids of documents to draft.
    pub drafts: Vec<String>,
    /// Services with the answers the story gives there: item, name, form.
    pub items: Vec<Value>,
    /// Offices to go to, the nearest first: id, name, phone, address, hours, open.
    pub offices: Vec<Value>,
}

/// What helps with a story: kind, articles, sums, documents, services, doors.
#[utoipa::path(
    post, path = "/api/v1/ask", tag = "laws",
    request_body = Story,
    responses(
        (status = 200, description = "What helps", body = Helping),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ask(
    State(app): State<App>,
    Speak(lang): Speak,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let fields = body.fields(&["text", "kind", "area"])?;
    let mut errors = Vec::new();
    let told = text(&fields, "text", &mut errors).trim().to_owned();
    let mut maybe = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => "",
        Some(_) => text(&fields, name, &mut errors),
    };
    let (kind, area) = (maybe("kind"), maybe("area"));
    if errors.is_empty() && told.is_empty() {
        errors.push(FieldError::new("/text", "required", "error-required"));
    }
    if told.chars().count() > ask::LONGEST {
        errors.push(FieldError::new("/text", "length", "ask-error-long"));
    }
    if !kind.is_empty() && app.triage().kinds().find(kind).is_none() {
        errors.push(FieldError::new("/kind", "choice", "ask-error-kind"));
    }
    let place = area.parse::<AreaCode>().ok();
    if !area.is_empty() && place.is_none() {
        errors.push(FieldError::new("/area", "format", "error-area"));
    }
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let kind = Some(kind).filter(|kind| !kind.is_empty());
    let help = ask::gather(&app, &Asked { text: &told, kind, area: place }).await?;
    Ok(axum::Json(answer(&app, lang, &help)))
}

fn answer(app: &App, lang: Lang, help: &Help) -> Value {
    let topics = help.topics.iter();
    json!({
        "kind": help.kind,
        "kinds": kinds(app, &help.answer),
        "abstain": help.answer.abstain,
        "topics": topics.map(|topic| json!({ "id": topic.id, "name": topic.name.get(lang) })).collect::<Vec<_>>(),
        "dangers": signs(lang, &help.signs),
        "said": help.said,
        "articles": help.articles.iter().map(hit).collect::<Vec<_>>(),
        "calculators": help.sums.iter().map(sum).collect::<Vec<_>>(),
        "drafts": help.drafts(),
        "items": help.ways.iter().map(|one| way(lang, one)).collect::<Vec<_>>(),
        "offices": help.doors.iter().map(|(office, open)| door(office, *open)).collect::<Vec<_>>(),
    })
}

fn sum(sum: &Sum) -> Value {
    json!({
        "calculator": sum.spec.name,
        "inputs": sum.inputs,
        "missing": sum.missing,
        "assumed": sum.assumed,
        "supposed": sum.supposed,
        "result": sum.answer.as_ref().map(|answer| &answer.result),
    })
}

fn way(lang: Lang, way: &Way) -> Value {
    let form: Map<String, Value> =
        way.carried.iter().map(|(fact, value)| (fact.clone(), Value::from(value.clone()))).collect();
    json!({ "item": way.item.id, "name": way.item.name.get(lang), "form": form })
}

fn door(office: &Office, open: Option<bool>) -> Value {
    json!({
        "id": office.id, "name": office.name, "phone": office.phone, "address": office.address,
        "hours": office.hours, "open": open,
    })
}
