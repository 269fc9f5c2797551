//! Drafting: which documents can be written here, what each asks for, and the document of given answers.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drafting::{Answers, Citation, Said, Template};
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{Json, Query, wrong};
use super::calculators::ground;
use crate::app::App;
use crate::call::Speak;
use crate::paper::{self, Form};
use crate::problem::{Problem, Refused, say};

/// Body of `POST /drafts/{draft}`.
#[derive(Serialize, ToSchema)]
pub struct Drafting {
    /// Answers by question, as the schema says. What is left out stays open as a line to write on.
    pub answers: Value,
}

/// A document as far as it was answered.
#[derive(Serialize, ToSchema)]
pub struct Drafted {
    /// Which.
    pub id: String,
    /// The document in Chinese, as plain text.
    pub text: String,
    /// Questions it is not whole without: `{question,label}`.
    pub missing: Vec<Value>,
    /// What the law says to it: `{level:"warn"|"note"|"good",text,cites:[{law,article}],verified}`, warnings first.
    pub findings: Vec<Value>,
}

/// A template with everything about it.
#[derive(Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: String,
    /// `complaint court labour service agreement own`.
    pub group: String,
    /// Its name.
    pub name: String,
    /// When one needs it.
    pub summary: String,
    /// Kinds of problem it serves.
    pub kinds: Vec<String>,
    /// JSON Schema of `answers`: `x-order`, and `x-wanted`, without which it is not whole.
    pub answers: Value,
    /// What is asked, in its order: `{title,questions:[name]}`.
    pub sections: Vec<Value>,
    /// Articles it rests on: `{law,article}`.
    pub cites: Vec<Value>,
    /// What to do with the paper.
    pub after: Vec<String>,
    /// Whole answers: `{name,answers}`.
    pub examples: Vec<Value>,
}

fn summary(template: &Template, lang: Lang) -> Map<String, Value> {
    let mut told = Map::new();
    told.insert("id".into(), json!(template.id));
    told.insert("group".into(), json!(template.group));
    told.insert("name".into(), json!(template.name.get(lang)));
    told.insert("summary".into(), json!(template.summary.get(lang)));
    told.insert("kinds".into(), json!(template.kinds));
    told
}

/// Documents that can be written here.
#[utoipa::path(
    get, path = "/api/v1/drafts", tag = "drafts",
    params(("kind" = Option<String>, Query, description = "only for this kind of problem, as `POST /triage` names it")),
    responses(
        (status = 200, description = "Templates: `{id,group,name,summary,kinds}`", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    Speak(lang): Speak,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let kind = query.get("kind");
    let fits = |template: &&Template| kind.is_none_or(|kind| template.kinds.iter().any(|one| one == kind));
    let items: Vec<Value> =
        app.drafts().all().filter(fits).map(|one| Value::Object(summary(one, lang))).collect();
    Ok(axum::Json(json!({ "total": items.len(), "total_is": "exact", "items": items, "next": null })))
}

/// One template: what it asks for, what it rests on, whole examples.
#[utoipa::path(
    get, path = "/api/v1/drafts/{draft}", tag = "drafts",
    params(("draft" = String, Path)),
    responses(
        (status = 200, description = "The template", body = DraftView),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    Speak(lang): Speak,
    Path(id): Path<String>,
) -> Result<axum::Json<Value>, Refused> {
    let template = app.drafts().get(&id).ok_or_else(nothing)?;
    let sections: Vec<Value> = template
        .sections
        .iter()
        .map(|section| {
            let names: Vec<&str> = section.questions.iter().map(|one| one.id.as_str()).collect();
            json!({ "title": section.title.get(lang), "questions": names })
        })
        .collect();
    let examples: Vec<Value> = template
        .examples
        .iter()
        .map(|example| json!({ "name": example.name, "answers": example.answers }))
        .collect();
    let after: Vec<&str> = template.after.iter().map(|text| text.get(lang)).collect();
    let mut told = summary(template, lang);
    told.insert("answers".into(), template.schema(lang));
    told.insert("sections".into(), json!(sections));
    told.insert("cites".into(), json!(template.citations()));
    told.insert("after".into(), json!(after));
    told.insert("examples".into(), json!(examples));
    Ok(axum::Json(Value::Object(told)))
}

/// Writes the document; nothing is kept. With `.pdf` or `.docx` behind the id the file.
#[utoipa::path(
    post, path = "/api/v1/drafts/{draft}", tag = "drafts",
    params(("draft" = String, Path, description = "id of the template; as a file with `.pdf` or `.docx`")),
    request_body(content = Drafting, content_type = "application/json"),
    responses(
        (status = 200, description = "The document", content(
            (Drafted = "application/json"),
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        )),
        (status = 406, description = "No PDF can be made here; DOCX and JSON still can", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn write(
    State(app): State<App>,
    Speak(lang): Speak,
    Path(typed): Path<String>,
    body: Json,
) -> Result<Response, Refused> {
    let (id, form) = Form::split(&typed);
    let template = app.drafts().get(id).ok_or_else(nothing)?;
    let fields = body.fields(&["answers"])?;
    let today = app.now().date();
    let answers = Answers::read(template, &given(template, fields.get("answers"))?, today);
    if !answers.wrong().is_empty() {
        return Err(wrong(
            Code::FactsWrong,
            answers.wrong().iter().map(|one| misshapen(template, lang, one)).collect(),
        ));
    }
    let filled = template.fill(&answers, ground(&app));
    if let Some(form) = form {
        return Ok(paper::file(&app, filled.print(today), form).await?);
    }
    let missing: Vec<Value> = filled
        .missing
        .iter()
        .map(|one| json!({ "question": one.id, "label": one.label.get(lang) }))
        .collect();
    let findings: Vec<Value> = filled
        .findings
        .iter()
        .map(|one| {
            let text = match &one.said {
                Said::Both(text) => text.get(lang).to_owned(),
                Said::Key(text) => say(app.words(), lang, text),
            };
            json!({ "level": one.level, "text": text, "cites": cites(&one.cites), "verified": one.verified })
        })
        .collect();
    let told = json!({ "id": template.id, "text": filled.text, "missing": missing, "findings": findings });
    Ok(axum::Json(told).into_response())
}

fn cites(all: &[Citation]) -> Value {
    json!(all)
}

/// Answers as texts: rows may come as a list, amounts as numbers, yes and no as such.
fn given(template: &Template, answers: Option<&Value>) -> Result<BTreeMap<String, String>, Refused> {
    let empty = Map::new();
    let answers = match answers {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(answers)) => answers,
        Some(_) => {
            let error = FieldError::new("/answers".to_owned(), "format", "error-draft-answers");
            return Err(wrong(Code::FactsWrong, vec![error]));
        }
    };
    let (mut all, mut unknown, mut misfit) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (name, value) in answers {
        if template.question(name).is_none() {
            unknown.push(FieldError::new(format!("/answers/{name}"), "unknown-field", "error-unknown-field"));
            continue;
        }
        match plain(value) {
            Some(text) => drop(all.insert(name.clone(), text)),
            None => misfit.push(FieldError::new(format!("/answers/{name}"), "format", "error-draft-answers")),
        }
    }
    if !unknown.is_empty() {
        return Err(wrong(Code::UnknownField, unknown));
    }
    if misfit.is_empty() { Ok(all) } else { Err(wrong(Code::FactsWrong, misfit)) }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(rows) => {
            let rows: Option<Vec<&str>> = rows.iter().map(Value::as_str).collect();
            Some(rows?.join("\n"))
        }
        Value::Object(_) => None,
    }
}

fn misshapen(template: &Template, lang: Lang, one: &drafting::Wrong) -> FieldError {
    let label = template.question(&one.question).map_or("", |question| question.label.get(lang));
    let detail = Text::new(format!("draft-wrong-{}", one.code)).arg("label", label);
    FieldError::new(format!("/answers/{}", one.question), one.code, detail)
}

fn nothing() -> Refused {
    Refused::from(
        Refusal::new(Code::NotFound, Text::new("refused-no-draft"))
            .next(Next::link("next-see-drafts", "/api/v1/drafts")),
    )
}
