//! `POST /triage`: what kind of problem it is, from a person's own words. Nothing is kept and nothing is routed.

use axum::extract::State;
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError};
use serde::Serialize;
use serde_json::{Value, json};
use triage::Answer;
use triage::danger::Sign;
use utoipa::ToSchema;

use super::body::{Json, text, wrong};
use crate::app::App;
use crate::ask::{self, Sorted};
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// Longest text, in characters.
const LONGEST: usize = 5000;

/// Body of `POST /triage`.
#[derive(Serialize, ToSchema)]
pub struct Told {
    /// What happened, in one's own words.
    pub text: String,
}

/// Answer of `POST /triage`.
#[derive(Serialize, ToSchema)]
pub struct Guessed {
    /// Three kinds with their chance, the likeliest first: label, p, finer.
    pub labels: Vec<Value>,
    /// Whether it is better to ask, or to hand over to a person.
    pub abstain: bool,
    /// The question to ask then.
    pub ask: Option<String>,
    /// `learned`, or `start` for the hand-written words.
    pub basis: String,
    /// `urgent` when there are signs of danger.
    pub priority: String,
    /// Signs of danger: danger, words, numbers to call.
    pub dangers: Vec<Value>,
}

/// The likeliest kinds, whether it is better to ask, and signs of danger with whom to call.
#[utoipa::path(
    post, path = "/api/v1/triage", tag = "laws",
    request_body = Told,
    responses(
        (status = 200, description = "Guesses", body = Guessed),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn triage(
    State(app): State<App>,
    Speak(lang): Speak,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let fields = body.fields(&["text"])?;
    let mut errors = Vec::new();
    let told = text(&fields, "text", &mut errors).trim().to_owned();
    if errors.is_empty() && told.is_empty() {
        errors.push(FieldError::new("/text", "required", "error-required"));
    }
    if told.chars().count() > LONGEST {
        errors.push(FieldError::new("/text", "length", "laws-error-long"));
    }
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let Sorted { answer, learned, signs: dangers } = ask::sort(&app, &told).await?;
    // One question, about the likeliest kind, when nothing is clear.
    let first = answer.labels.first().and_then(|guess| app.triage().kinds().find(&guess.label));
    let ask = first.filter(|_| answer.abstain).map(|kind| kind.ask.get(lang));
    Ok(axum::Json(json!({
        "labels": kinds(&app, &answer),
        "abstain": answer.abstain,
        "ask": ask,
        "basis": if learned { "learned" } else { "start" },
        "priority": if dangers.is_empty() { "normal" } else { "urgent" },
        "dangers": signs(lang, &dangers),
    })))
}

/// Guesses as they are told: label, p, and the finer kinds within.
pub fn kinds(app: &App, answer: &Answer) -> Vec<Value> {
    let kinds = app.triage().kinds();
    let told = answer.labels.iter().map(|guess| {
        let finer = kinds.find(&guess.label).map(|kind| kind.finer.clone()).unwrap_or_default();
        json!({ "label": guess.label, "p": guess.p, "finer": finer })
    });
    told.collect()
}

/// Signs of danger as they are told: danger, words, numbers to call.
pub fn signs(lang: Lang, dangers: &[Sign]) -> Vec<Value> {
    let told = dangers.iter().map(|sign| {
        let numbers: Vec<Value> = sign
            .numbers
            .iter()
            .map(|number| json!({ "tel": number.tel, "name": number.name.get(lang), "verified": number.verified }))
            .collect();
        json!({ "danger": sign.danger, "words": sign.words, "numbers": numbers })
    });
    told.collect()
}
