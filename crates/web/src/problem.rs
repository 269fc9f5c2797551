//! Refusals as problem documents (RFC 9457), in the reader's language.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalog::words::Words;
use kernel::lang::Lang;
use kernel::refusal::{Code, Next, Refusal, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// A refusal on the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub type_: String,
    /// Kebab-case code.
    pub code: String,
    /// Short name of the kind of refusal.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// The rule that refuses, or null.
    pub rule: Option<ProblemRule>,
    /// What to do next; never empty on a 4xx.
    pub next: Vec<ProblemNext>,
    /// Finds the log line.
    pub trace_id: String,
    /// Wrong fields.
    pub errors: Vec<ProblemError>,
    /// What stands now, for a stale version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<serde_json::Value>,
}

/// The rule behind a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemRule {
    /// Id in catalogue or parameters.
    pub id: String,
    /// Law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
}

/// A next step.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemNext {
    /// What to do.
    pub text: String,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Whom to call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tel: Option<String>,
}

/// A wrong field.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemError {
    /// JSON pointer into the body.
    pub pointer: String,
    /// Kebab-case reason.
    pub code: String,
    /// In words.
    pub detail: String,
}

/// A refusal with what is needed to answer it over HTTP.
#[derive(Debug)]
pub struct Refused {
    /// The refusal.
    pub refusal: Box<Refusal>,
    /// Seconds after which to try again, for 429 and 503.
    pub retry_after: Option<u64>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let retry_after = match refusal.code {
            Code::TooMany => Some(60),
            Code::Unavailable => Some(5),
            _ => None,
        };
        Self { refusal: Box::new(refusal), retry_after }
    }
}

/// Puts a text of ours into words.
pub fn say(words: &Words, lang: Lang, text: &Text) -> String {
    let args: Vec<(&str, &str)> =
        text.args.iter().map(|(name, value)| (name.as_ref(), value.as_str())).collect();
    words.get(lang, &text.key, &args)
}

/// Makes the problem document of a refusal.
pub fn problem(words: &Words, lang: Lang, trace_id: &str, refusal: &Refusal) -> Problem {
    let code = refusal.code;
    let mut next: Vec<ProblemNext> =
        refusal.next.iter().map(|next| next_in_words(words, lang, next)).collect();
    if next.is_empty() {
        // Nobody is left without a door: the general advice of the code, and the hotline.
        next.push(ProblemNext { text: words.get(lang, &format!("next-{code}"), &[]), href: None, tel: None });
    }
    Problem {
        type_: format!("/problems/{code}"),
        code: code.to_string(),
        title: words.get(lang, &format!("problem-{code}"), &[]),
        status: code.status(),
        detail: say(words, lang, &refusal.detail),
        rule: refusal.rule.as_ref().map(|rule| ProblemRule {
            id: rule.id.clone(),
            law: rule.law.clone(),
            article: rule.article.clone(),
        }),
        next,
        trace_id: trace_id.to_owned(),
        errors: refusal
            .errors
            .iter()
            .map(|error| ProblemError {
                pointer: error.pointer.clone(),
                code: error.code.to_string(),
                detail: say(words, lang, &error.detail),
            })
            .collect(),
        current: refusal.current.as_deref().cloned(),
    }
}

fn next_in_words(words: &Words, lang: Lang, next: &Next) -> ProblemNext {
    ProblemNext { text: say(words, lang, &next.text), href: next.href.clone(), tel: next.tel.clone() }
}

/// Answers a refusal.
pub fn respond(words: &Words, lang: Lang, trace_id: &str, refused: &Refused) -> Response {
    let body = problem(words, lang, trace_id, &refused.refusal);
    let status = StatusCode::from_u16(body.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    if let Some(seconds) = refused.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
