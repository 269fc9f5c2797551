//! Refusals on pages: what happened, by which rule, and always a next step.

use std::sync::Arc;

use access::AccessError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalog::words::Words;
use files::FileError;
use kernel::refusal::{Code, Refusal, Text};
use matters::draft::DraftError;
use maud::html;
use serde_json::Value;
use store::StoreError;

use crate::app::App;
use crate::lang::Lang;
use crate::problem::say;
use crate::ui::error_summary::Problem;
pub use crate::ui::error_summary::at;
use crate::ui::{Page, Visit, page};

/// A refusal on its way to the layer that puts it into words.
#[derive(Debug, Clone)]
pub struct Fault(pub Arc<Refusal>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self(Arc::new(refusal))
    }
}

impl From<AccessError> for Fault {
    fn from(error: AccessError) -> Self {
        Self::from(refusal_of(error))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::from(refusal_of(AccessError::Store(error)))
    }
}

impl From<DraftError> for Fault {
    fn from(error: DraftError) -> Self {
        Self::from(Refusal::from(error))
    }
}

impl From<FileError> for Fault {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Refused(refusal) => Self::from(*refusal),
            FileError::Store(error) => Self::from(error),
            FileError::Disk(error) => {
                tracing::error!(%error, "files failed");
                Self::from(Refusal::new(Code::Internal, Text::new("refused-internal")))
            }
        }
    }
}

/// The refusal in an error of the access room; what is ours to mend goes to the log.
pub fn refusal_of(error: AccessError) -> Refusal {
    match error {
        AccessError::Refused(refusal) => *refusal,
        AccessError::Store(error) if error.is_temporary() => {
            tracing::warn!(%error, "store busy");
            Refusal::new(Code::Unavailable, Text::new("refused-busy"))
        }
        other => {
            tracing::error!(error = %other, "page failed");
            Refusal::new(Code::Internal, Text::new("refused-internal"))
        }
    }
}

/// Nothing here, or not for this person: the two look alike.
pub fn nothing() -> Fault {
    Fault::from(Refusal::new(Code::NotFound, Text::new("refused-not-found")))
}

/// The page of a refusal.
pub fn respond(words: &Words, visit: &Visit, refusal: &Refusal) -> Response {
    let lang = visit.lang;
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if refusal.code == Code::NotFound {
        return page::not_found(visit);
    }
    if status.is_server_error() {
        return page::message(visit, status, "ui-sorry-title", "ui-sorry-text");
    }
    let title = words.get(lang, &format!("problem-{}", refusal.code), &[]);
    Page::here(visit, title.clone())
        .status(status)
        .body(html! {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body-l" { (say(words, lang, &refusal.detail)) }
            @if let Some(rule) = &refusal.rule {
                @if let Some(law) = &rule.law {
                    p class="govuk-body" { "《" (law) "》" @if let Some(article) = &rule.article { (crate::t!(lang, "ui-article", n = article)) } }
                }
            }
            @if !refusal.errors.is_empty() {
                ul class="govuk-list govuk-list--bullet" {
                    @for error in &refusal.errors { li { (say(words, lang, &error.detail)) } }
                }
            }
            (next_steps(words, lang, refusal))
            (page::ways_on(visit))
            (page::trace_note(visit))
        })
        .into_response()
}

/// What a person can do next, as a refusal says it. Addresses of the API are not for readers.
pub fn next_steps(words: &Words, lang: Lang, refusal: &Refusal) -> maud::Markup {
    html! {
        @for next in &refusal.next {
            p class="govuk-body" {
                @if let Some(tel) = &next.tel {
                    a class="govuk-link" href={ "tel:" (tel) } { (say(words, lang, &next.text)) }
                } @else if let Some(href) = next.href.as_ref().filter(|href| !href.starts_with("/api")) {
                    a class="govuk-link" href=(href) { (say(words, lang, &next.text)) }
                } @else {
                    (say(words, lang, &next.text))
                }
            }
        }
    }
}

/// The problems a refusal names, each at the field of the same name as the last parts of its pointer.
pub fn problems(words: &Words, lang: Lang, refusal: &Refusal) -> Vec<Problem> {
    if refusal.errors.is_empty() {
        return vec![Problem::whole(say(words, lang, &refusal.detail))];
    }
    refusal
        .errors
        .iter()
        .map(|error| Problem::at(field_of(&error.pointer), say(words, lang, &error.detail)))
        .collect()
}

/// The same for a form whose labels are known: what was left out is told by its name, so that a summary of
/// several does not say the same words twice.
pub fn labelled_problems(
    words: &Words,
    lang: Lang,
    refusal: &Refusal,
    label: impl Fn(&str) -> Option<String>,
) -> Vec<Problem> {
    let mut problems = problems(words, lang, refusal);
    for (problem, error) in problems.iter_mut().zip(&refusal.errors) {
        if let Some(label) = label(&problem.field).filter(|_| error.code == "required") {
            problem.text = crate::t!(lang, "ui-required", label = label);
        }
    }
    problems
}

/// Name of the field a pointer means: `/form/income.monthly` → `income.monthly`, `/applicant/name` →
/// `applicant.name`, `/input/facts/0` → `facts`.
pub fn field_of(pointer: &str) -> String {
    let mut parts = pointer.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        // A paper is one field, whichever kind it is.
        (Some("parties"), Some(index)) => {
            let field = parts.next().unwrap_or("name");
            format!(
                "parties.{index}.{}",
                if matches!(field, "id_no" | "uscc" | "id_type") { "paper" } else { field }
            )
        }
        (Some("applicant"), Some(name)) => format!("applicant.{name}"),
        (Some("form" | "input"), Some(name)) | (Some(name), _) => name.to_owned(),
        (None, _) => String::new(),
    }
}

/// A text inside a JSON answer of the register, or nothing.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A refusal in words, with what to do next.
pub fn told(app: &App, visit: &Visit, refusal: &Refusal) -> String {
    let told = std::iter::once(&refusal.detail).chain(refusal.next.iter().map(|next| &next.text));
    told.map(|text| say(app.words(), visit.lang, text)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_to_fields() {
        assert_eq!(field_of("/form/income.monthly"), "income.monthly");
        assert_eq!(field_of("/applicant/id_no"), "applicant.id_no");
        assert_eq!(field_of("/input/facts/0"), "facts");
        assert_eq!(field_of("/parties/1/uscc"), "parties.1.paper");
        assert_eq!(field_of("/area"), "area");
    }
}
