//! Reading requests: JSON bodies, query strings, idempotency keys. Every fault is a problem with a next step.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use serde_json::{Map, Value};

use crate::app::App;
use crate::problem::Refused;

/// A JSON body of any shape.
#[derive(Debug)]
pub struct Json(pub Value);

impl FromRequest<App> for Json {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let json =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(
                |kind| {
                    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                    kind == "application/json" || kind.ends_with("+json")
                },
            );
        let most = app.config().limits.body_bytes;
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            use axum::response::IntoResponse as _;
            let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            Refused::from(if too_large {
                Refusal::new(Code::TooLarge, Text::new("refused-too-large").arg("bytes", most))
                    .next(Next::say("next-send-less"))
            } else {
                malformed()
            })
        })?;
        if !json {
            return Err(Refused::from(
                Refusal::new(Code::UnsupportedType, Text::new("refused-type-json"))
                    .next(Next::say("next-send-json")),
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(value) if !holds_nul(&value) => Ok(Self(value)),
            _ => Err(Refused::from(malformed())),
        }
    }
}

/// Whether a text holds U+0000: nobody types it, and PostgreSQL takes it into no text.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

impl Json {
    /// The fields of an object body; anything but these names is refused with its name.
    pub fn fields(self, allowed: &[&str]) -> Result<Map<String, Value>, Refused> {
        let Value::Object(fields) = self.0 else { return Err(Refused::from(malformed())) };
        let unknown: Vec<FieldError> = fields
            .keys()
            .filter(|name| !allowed.contains(&name.as_str()))
            .map(|name| FieldError::new(format!("/{name}"), "unknown-field", "error-unknown-field"))
            .collect();
        if unknown.is_empty() { Ok(fields) } else { Err(wrong(Code::UnknownField, unknown)) }
    }
}

/// A text field of a body that must be there.
pub fn text<'a>(fields: &'a Map<String, Value>, name: &str, errors: &mut Vec<FieldError>) -> &'a str {
    match fields.get(name) {
        Some(Value::String(text)) => text,
        Some(Value::Null) | None => {
            errors.push(FieldError::new(format!("/{name}"), "required", "error-required"));
            ""
        }
        Some(_) => {
            errors.push(FieldError::new(format!("/{name}"), "format", "error-text-expected"));
            ""
        }
    }
}

/// Wrong fields as a refusal.
pub fn wrong(code: Code, errors: Vec<FieldError>) -> Refused {
    Refused::from(
        Refusal::new(code, Text::new("refused-facts")).errors(errors).next(Next::say("next-mend-fields")),
    )
}

fn malformed() -> Refusal {
    Refusal::new(Code::Malformed, Text::new("refused-body")).next(Next::say("next-mend-body"))
}

/// The query string, last value of a name wins.
#[derive(Debug)]
pub struct Query(pub HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        axum_extra::extract::Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0.into_iter().collect()))
            .map_err(|_| Refused::from(malformed()))
    }
}

impl Query {
    /// A parameter that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `limit`, 1-100, default 20.
    pub fn limit(&self) -> Result<i64, Refused> {
        match self.get("limit") {
            None => Ok(20),
            Some(text) => match text.parse::<i64>() {
                Ok(limit) if (1..=100).contains(&limit) => Ok(limit),
                _ => Err(self.fault("limit", "range", "error-limit")),
            },
        }
    }

    /// A wrong parameter.
    pub fn fault(&self, name: &str, code: &'static str, key: &'static str) -> Refused {
        wrong(Code::FactsWrong, vec![FieldError::new(format!("/{name}"), code, key)])
    }
}

/// The `Idempotency-Key` of a write: required, 16-128 visible ASCII characters.
#[derive(Debug)]
pub struct Key(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let rule = || Rule::house("idempotency-key");
        let Some(value) = parts.headers.get("idempotency-key") else { return Err(key_missing()) };
        let visible =
            |text: &&str| (16..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        match value.to_str().ok().filter(visible) {
            Some(key) => Ok(Self(key.to_owned())),
            None => Err(Refused::from(
                Refusal::new(Code::Malformed, Text::new("refused-key-form"))
                    .rule(rule())
                    .next(Next::say("next-send-key")),
            )),
        }
    }
}

/// The refusal of a write without its key.
pub fn key_missing() -> Refused {
    Refused::from(
        Refusal::new(Code::IdempotencyKeyMissing, Text::new("refused-key-missing"))
            .rule(Rule::house("idempotency-key"))
            .next(Next::say("next-send-key")),
    )
}

/// Where the key is allowed but not required.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Key {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refused> {
        if !parts.headers.contains_key("idempotency-key") {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}
