//! Forms as values: what was typed, verified to come from a page of ours, ready to be shown again.

use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use subtle::ConstantTimeEq;

use super::visit::Visit;

/// A form that writes: what it asks, and the token that proves it is ours.
pub fn form(visit: &Visit, action: &str, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(action) novalidate {
            (visit.csrf_field())
            (fields)
        }
    }
}

/// Names and values of a form, in order; a name may stand several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(pub Vec<(String, String)>);

impl Values {
    /// The first value of a name, or nothing typed.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the name was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All values of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }

    /// Names that begin so and were ticked.
    pub fn ticked(&self, prefix: &str) -> Vec<String> {
        let ticked = self.0.iter().filter(|(name, value)| name.starts_with(prefix) && value == "yes");
        ticked.map(|(name, _)| name.clone()).collect()
    }

    /// Adds a value.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

/// A file of a form.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of its field.
    pub field: String,
    /// Name it had on the person's machine.
    pub name: String,
    /// Media type the browser claims.
    pub kind: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A posted form whose token was checked: that a handler takes it is the proof.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    /// What was typed.
    pub values: Values,
    /// What was handed in; fields left empty are not here.
    pub files: Vec<Upload>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let Some(visit) = request.extensions().get::<Visit>().cloned() else {
            return Err(axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let multipart = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let mut posted = if multipart {
            let parts = Multipart::from_request(request, state).await.map_err(IntoResponse::into_response)?;
            read(parts).await.map_err(|fault| super::page::too_large(&visit, fault.status()))?
        } else {
            let Form(values) = Form::<Vec<(String, String)>>::from_request(request, state)
                .await
                .map_err(|fault| super::page::too_large(&visit, fault.into_response().status()))?;
            Self { values: Values(values), files: Vec::new() }
        };
        // Nobody types it, and no database takes it into a text.
        for (_, value) in &mut posted.values.0 {
            value.retain(|c| c != '\0');
        }
        let token = posted.values.get("csrf");
        if visit.csrf.is_empty() || !bool::from(token.as_bytes().ct_eq(visit.csrf.as_bytes())) {
            return Err(super::page::stale_form(&visit));
        }
        Ok(posted)
    }
}

async fn read(mut parts: Multipart) -> Result<Posted, axum::extract::multipart::MultipartError> {
    let mut posted = Posted::default();
    while let Some(part) = parts.next_field().await? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let kind = part.content_type().map(str::to_owned);
        match name {
            Some(name) => {
                let bytes = part.bytes().await?.to_vec();
                if !name.is_empty() && !bytes.is_empty() {
                    posted.files.push(Upload { field, name, kind, bytes });
                }
            }
            None => posted.values.push(field, part.text().await?),
        }
    }
    Ok(posted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_order_and_repeats() {
        let values =
            Values(vec![("a".into(), "1".into()), ("b".into(), "2".into()), ("a".into(), "3".into())]);
        assert_eq!(values.get("a"), "1");
        assert_eq!(values.all("a"), ["1", "3"]);
        assert_eq!(values.get("c"), "");
        assert!(!values.has("c"));
    }
}
