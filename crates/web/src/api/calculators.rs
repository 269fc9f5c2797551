//! Calculators: what there is and what each asks for; computing.

use axum::extract::State;
use calculators::{CalcRefusal, Ground};
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{Json, Query, wrong};
use crate::app::App;
use crate::call::Speak;
use crate::problem::{Problem, Refused};

/// Body of `POST /calculators`.
#[derive(Serialize, ToSchema)]
pub struct Computing {
    /// Which, as `GET /calculators` names it.
    pub calculator: String,
    /// What it asks for, as its schema says.
    #[schema(required = false)]
    pub inputs: Value,
}

/// A result and how it came about.
#[derive(Serialize, ToSchema)]
pub struct Computed {
    /// Which.
    pub calculator: String,
    /// What was found, by name; amounts are decimal strings in yuan.
    pub result: Value,
    /// `steps`, `parameters`, `notes`, `rounding`, `for_reference`.
    pub working: Value,
}

/// All calculators with what they ask for.
#[utoipa::path(
    get, path = "/api/v1/calculators", tag = "calculators",
    params(("family" = Option<String>, Query, description = "only of this family")),
    responses(
        (status = 200, description = "Calculators", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    Speak(lang): Speak,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let family = query.get("family");
    let known = |word: &str| calculators::Family::ALL.iter().any(|family| family.as_str() == word);
    if family.is_some_and(|word| !known(word)) {
        return Err(query.fault("family", "choice", "error-calculator-family"));
    }
    let say = |key: String| app.words().say(lang, &Text::new(key));
    let items: Vec<Value> = calculators::all()
        .filter(|spec| family.is_none_or(|family| spec.family.as_str() == family))
        .map(|spec| {
            json!({
                "name": spec.name,
                "title": say(name_key(spec.name)),
                "family": spec.family.as_str(),
                "inputs": calculators::object(spec.fields),
                "example": serde_json::from_str::<Value>(spec.example).unwrap_or_default(),
            })
        })
        .collect();
    Ok(axum::Json(json!({ "total": items.len(), "total_is": "exact", "items": items, "next": null })))
}

/// Message of a calculator's name.
pub fn name_key(name: &str) -> String {
    format!("calc-name-{}", name.replace(['.', '_'], "-"))
}

/// Computes one; nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/calculators", tag = "calculators",
    request_body(content = Computing, content_type = "application/json"),
    responses(
        (status = 200, description = "The result and how it came about", body = Computed),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn compute(
    State(app): State<App>,
    Speak(lang): Speak,
    body: Json,
) -> Result<axum::Json<Value>, Refused> {
    let fields = body.fields(&["calculator", "inputs"])?;
    let mut errors = Vec::new();
    let name = super::body::text(&fields, "calculator", &mut errors);
    if !errors.is_empty() {
        return Err(wrong(Code::FactsWrong, errors));
    }
    let empty = Value::Object(Map::new());
    let inputs = fields.get("inputs").filter(|inputs| !inputs.is_null()).unwrap_or(&empty);
    match calculators::run(name, inputs, ground(&app)) {
        Ok(answer) => Ok(axum::Json(told(&app, lang, name, &answer))),
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// What calculators stand on here and today.
pub fn ground(app: &App) -> Ground<'_> {
    Ground { parameters: app.register().catalog().parameters(), today: app.now().date() }
}

fn told(app: &App, lang: Lang, name: &str, answer: &calculators::Answer) -> Value {
    let working = answer.working.told(&|text| app.words().say(lang, text));
    json!({ "calculator": name, "result": answer.result, "working": working })
}

/// A refusal of a calculator as the API tells it: the field as a pointer into the body.
fn refused(refusal: &CalcRefusal) -> Refused {
    let pointer = match refusal.field.as_str() {
        "calculator" => "/calculator".to_owned(),
        "inputs" => "/inputs".to_owned(),
        field => format!("/inputs/{}", field.replace(['.', '['], "/").replace(']', "")),
    };
    let code = if refusal.code == "unknown-field" { Code::UnknownField } else { Code::FactsWrong };
    let detail = Text::new(format!("calc-refused-{}", refusal.code)).arg("label", &refusal.field);
    Refused::from(
        Refusal::new(code, Text::new("calc-refused").arg("reason", refusal.to_string()))
            .errors(vec![FieldError::new(pointer, refusal.code, detail)])
            .next(Next::link("next-see-calculators", "/api/v1/calculators")),
    )
}
