//! Answers that may be used again: the published ones for everybody, their life for those who answer questions.

use answers::cites::Cited;
use answers::life::{Verdict, Wish, Written};
use answers::model::{Published, Version};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use laws::numeral::anchor;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{Json, Query, text, wrong};
use crate::app::App;
use crate::call::Caller;
use crate::problem::{Problem, Refused};

/// Longest question that is searched for, in characters.
const LONGEST: usize = 2000;

/// Body of `POST /answers`.
#[derive(Serialize, ToSchema)]
pub struct AnswerWritten {
    /// Number of the closed matter it comes from.
    pub source: String,
    /// Label of a kind of problem.
    pub kind: String,
    /// The question, in general words.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// What it cites, `law#article` each.
    #[schema(required = false)]
    pub cites: Option<Vec<String>>,
    /// Findings that may stand, as `sort:said`.
    #[schema(required = false)]
    pub confirmed: Option<Vec<String>>,
    /// Whether to propose it; else it is kept as a draft.
    #[schema(required = false)]
    pub propose: Option<bool>,
}

/// Body of `POST /answers/check`.
#[derive(Serialize, ToSchema)]
pub struct AnswerChecked {
    /// Number of the closed matter.
    pub source: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// Body of `POST /answers/{id}/versions/{version}`.
#[derive(Serialize, ToSchema)]
pub struct AnswerDone {
    /// `write publish return renew withdraw revise`.
    pub act: String,
    /// The revision it was decided on; left out for `revise`.
    #[schema(required = false)]
    pub revision: Option<i64>,
    /// Why, for `return` and `withdraw`.
    #[schema(required = false)]
    pub reason: Option<String>,
    /// For `publish` and `write`: findings that may stand.
    #[schema(required = false)]
    pub confirmed: Option<Vec<String>>,
    /// For `write`, with question, answer, cites and propose as in `POST /answers`.
    #[schema(required = false)]
    pub kind: Option<String>,
    /// For `write`.
    #[schema(required = false)]
    pub question: Option<String>,
    /// For `write`.
    #[schema(required = false)]
    pub answer: Option<String>,
    /// For `write`.
    #[schema(required = false)]
    pub cites: Option<Vec<String>>,
    /// For `write`.
    #[schema(required = false)]
    pub propose: Option<bool>,
}

fn citations(cites: &[laws::citation::Citation]) -> Vec<Value> {
    cites.iter().map(|one| json!({ "law": one.law, "article": one.article })).collect()
}

fn public(one: &Published) -> Value {
    json!({
        "id": one.id, "version": one.version, "kind": one.kind, "question": one.question, "answer": one.answer,
        "cites": citations(&one.cites), "office": one.office, "reviewed_on": one.reviewed_on, "due_on": one.due_on,
    })
}

fn held(one: &Cited) -> Value {
    json!({
        "law": laws::citation::title(&one.citation.law), "article": one.citation.article,
        "anchor": anchor(&one.citation.article), "standing": one.held.as_str(), "version": one.version,
    })
}

fn of_desk(one: &Version) -> Value {
    json!({
        "id": one.id, "version": one.version, "state": one.state, "kind": one.kind,
        "question": one.words.question, "answer": one.words.answer, "cites": citations(&one.cites),
        "office": one.office, "owner": one.owner_name, "returned": one.words.returned,
        "reviewed_on": one.reviewed_on, "due_on": one.due_on, "revision": one.revision,
    })
}

/// Published answers: those that speak to a question, or all of a kind.
#[utoipa::path(
    get, path = "/api/v1/answers", tag = "answers",
    params(
        ("q" = Option<String>, Query, description = "In one's own words"),
        ("kind" = Option<String>, Query, description = "Label of a kind of problem"),
        ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Answers, the best first", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let most = usize::try_from(query.limit()?).unwrap_or(20);
    let kind = query.get("kind");
    let library = app.library();
    let (found, total_is) = match query.get("q") {
        Some(q) if q.chars().count() > LONGEST => {
            return Err(query.fault("q", "length", "laws-error-long"));
        }
        Some(q) => (library.search(q, kind, most).await?, "at_least"),
        None => (library.published(kind).await?, "exact"),
    };
    let total = found.len();
    let items: Vec<Value> = found.iter().take(most).map(public).collect();
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": total_is, "next": null })))
}

/// One published answer, with how what it cites stands today.
#[utoipa::path(
    get, path = "/api/v1/answers/{id}", tag = "answers",
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The answer", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(State(app): State<App>, Path(id): Path<String>) -> Result<axum::Json<Value>, Refused> {
    let library = app.library();
    let Some(found) = library.find(&id).await? else {
        let refusal = Refusal::new(Code::NotFound, Text::new("answers-unknown"));
        return Err(Refused::from(refusal.next(Next::link("answers-next-list", "/answers"))));
    };
    let rests = library.cited(&found.cites, app.now().date()).await?;
    let mut body = public(&found);
    body["cites"] = rests.iter().map(held).collect();
    Ok(axum::Json(body))
}

/// Names of the fields of what somebody writes.
const WRITTEN: [&str; 6] = ["kind", "question", "answer", "cites", "confirmed", "propose"];

fn written(fields: &Map<String, Value>) -> Result<(Written, Wish), Refused> {
    let mut errors = Vec::new();
    let written = Written {
        kind: text(fields, "kind", &mut errors).to_owned(),
        question: text(fields, "question", &mut errors).to_owned(),
        answer: text(fields, "answer", &mut errors).to_owned(),
        cites: words(fields, "cites", &mut errors).join("\n"),
        confirmed: words(fields, "confirmed", &mut errors),
    };
    let wish = match fields.get("propose") {
        Some(Value::Bool(true)) => Wish::Propose,
        None | Some(Value::Null | Value::Bool(false)) => Wish::Keep,
        Some(_) => {
            errors.push(FieldError::new("/propose", "format", "error-choice"));
            Wish::Keep
        }
    };
    if errors.is_empty() { Ok((written, wish)) } else { Err(wrong(Code::FactsWrong, errors)) }
}

/// A list of texts that may be left out.
fn words(fields: &Map<String, Value>, name: &str, errors: &mut Vec<FieldError>) -> Vec<String> {
    let list = match fields.get(name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(list)) => list.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    };
    list.unwrap_or_else(|| {
        errors.push(FieldError::new(format!("/{name}"), "format", "error-text-expected"));
        Vec::new()
    })
}

fn source(fields: &Map<String, Value>) -> Result<MatterNumber, Refused> {
    let mut errors = Vec::new();
    let typed = text(fields, "source", &mut errors).to_owned();
    if errors.is_empty() {
        // A number nobody has is as absent as a matter out of sight.
        return typed
            .parse()
            .map_err(|_| Refused::from(Refusal::new(Code::NotFound, Text::new("refused-not-found"))));
    }
    Err(wrong(Code::FactsWrong, errors))
}

/// The version an address names; anything else names nothing.
fn version_of(typed: &str) -> Result<i64, Refused> {
    typed.parse().map_err(|_| Refused::from(Refusal::new(Code::NotFound, Text::new("refused-not-found"))))
}

/// Write an answer from a closed matter: keep it, or propose it.
#[utoipa::path(
    post, path = "/api/v1/answers", tag = "answers",
    request_body(content = AnswerWritten, content_type = "application/json"),
    responses(
        (status = 201, description = "The first version", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn write(State(app): State<App>, caller: Caller, body: Json) -> Result<Response, Refused> {
    let who = caller.signed_in()?;
    let mut allowed = vec!["source"];
    allowed.extend(WRITTEN);
    let fields = body.fields(&allowed)?;
    let (source, (written, wish)) = (source(&fields)?, written(&fields)?);
    let version = app.library().write(&who, source, &written, wish, app.now()).await?;
    Ok((StatusCode::CREATED, axum::Json(of_desk(&version))).into_response())
}

/// Everything in a question and an answer that may tell whom a matter is about.
#[utoipa::path(
    post, path = "/api/v1/answers/check", tag = "answers",
    request_body(content = AnswerChecked, content_type = "application/json"),
    responses(
        (status = 200, description = "Findings: field, sort, weight, from, to, said", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn check(State(app): State<App>, caller: Caller, body: Json) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let fields = body.fields(&["source", "question", "answer"])?;
    let source = source(&fields)?;
    let mut errors = Vec::new();
    let question = text(&fields, "question", &mut errors);
    let answer = text(&fields, "answer", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    // Whoever may write from it may have texts held against it.
    app.library().begin(&who, source).await?;
    let found = app.library().findings(source, question, answer).await?;
    let total = found.len();
    Ok(axum::Json(json!({ "items": found, "total": total, "total_is": "exact", "next": null })))
}

/// A version, published or not, for whoever wrote it or decides about it.
#[utoipa::path(
    get, path = "/api/v1/answers/{id}/versions/{version}", tag = "answers",
    params(("id" = String, Path), ("version" = i64, Path)),
    responses(
        (status = 200, description = "The version", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn version(
    State(app): State<App>,
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let version = version_of(&version)?;
    Ok(axum::Json(of_desk(&app.library().version(&who, &id, version).await?)))
}

/// Do something with a version: `write publish return renew withdraw revise`.
#[utoipa::path(
    post, path = "/api/v1/answers/{id}/versions/{version}", tag = "answers",
    params(("id" = String, Path), ("version" = i64, Path)),
    request_body(content = AnswerDone, content_type = "application/json"),
    responses(
        (status = 200, description = "The version after it", body = Value),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn act(
    State(app): State<App>,
    caller: Caller,
    Path((id, version)): Path<(String, String)>,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let who = caller.signed_in()?;
    let version = version_of(&version)?;
    let mut allowed = vec!["act", "revision", "reason"];
    allowed.extend(WRITTEN);
    let fields = body.fields(&allowed)?;
    let mut errors = Vec::new();
    let act = text(&fields, "act", &mut errors).to_owned();
    let seen = fields.get("revision").and_then(Value::as_i64);
    let reason = fields.get("reason").and_then(Value::as_str).unwrap_or_default();
    if seen.is_none() && act != "revise" {
        errors.push(FieldError::new("/revision", "required", "error-required"));
    }
    let confirmed = words(&fields, "confirmed", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let (library, now, of, seen) = (app.library(), app.now(), (id.as_str(), version), seen.unwrap_or(0));
    let done = match act.as_str() {
        "write" => {
            let (written, wish) = written(&fields)?;
            library.rewrite(&who, of, seen, &written, wish, now).await?
        }
        "publish" => library.decide(&who, of, seen, Verdict::Publish(confirmed), now).await?,
        "return" => library.decide(&who, of, seen, Verdict::Return(reason.to_owned()), now).await?,
        "renew" => library.renew(&who, of, seen, now).await?,
        "revise" => library.revise(&who, of, now).await?,
        "withdraw" => {
            library.withdraw(&who, of, seen, reason, now).await?;
            library.version(&who, &id, version).await?
        }
        _ => {
            let error = FieldError::new("/act", "choice", "error-choice");
            return Err(wrong(Code::FactsWrong, vec![error]));
        }
    };
    Ok(axum::Json(of_desk(&done)))
}
