//! The box above the heading that says what needs attention, each line leading to its field.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// One problem: the id of the field, and the same words that stand at the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id of the field; empty when it belongs to none.
    pub field: String,
    /// What is wrong.
    pub text: String,
}

impl Problem {
    /// A problem at a field.
    pub fn at(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { field: field.into(), text: text.into() }
    }

    /// A problem of the whole form.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { field: String::new(), text: text.into() }
    }
}

/// Draws the box; nothing when there is no problem.
pub fn error_summary(lang: Lang, problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div class="govuk-error-summary" data-module="govuk-error-summary" {
                div role="alert" {
                    h2 class="govuk-error-summary__title" { (t!(lang, "ui-error-summary-title")) }
                    div class="govuk-error-summary__body" {
                        ul class="govuk-list govuk-error-summary__list" {
                            @for problem in problems {
                                li {
                                    @if problem.field.is_empty() {
                                        (problem.text)
                                    } @else {
                                        a href={ "#" (problem.field) } { (problem.text) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong at a field, if anything.
pub fn at(problems: &[Problem], field: &str) -> Option<String> {
    problems.iter().find(|problem| problem.field == field).map(|problem| problem.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let problems = [Problem::at("applicant.name", "请填写姓名"), Problem::whole("材料过大")];
        snapshot::check("error-summary", &error_summary(Lang::Zh, &problems));
        assert!(error_summary(Lang::Zh, &[]).0.is_empty());
    }
}
