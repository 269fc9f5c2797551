//! What every field of a form shares: label, hint, error, and how they are tied together for
//! readers that do not see.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// How large the label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LabelSize {
    /// One of several fields.
    #[default]
    Plain,
    /// Begins a section.
    Section,
    /// The question is the heading of the page.
    Page,
}

/// A field as asked: everything but the kind of its answer.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Name of the value in the form; also the id that errors link to.
    pub name: String,
    /// The question or label.
    pub label: String,
    /// Help under it.
    pub hint: Option<String>,
    /// What is wrong, when something is.
    pub error: Option<String>,
    /// Size of the label.
    pub size: LabelSize,
    /// Answered only by who wants to; said in words, never by an asterisk.
    pub optional: bool,
}

impl Ask {
    /// A required field with a label.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// Adds help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets what is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Sets the size of the label.
    #[must_use]
    pub fn size(mut self, size: LabelSize) -> Self {
        self.size = size;
        self
    }

    /// Marks it as optional.
    #[must_use]
    pub fn optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// Label as shown, with "(optional)" where it is.
    pub fn label_text(&self, lang: Lang) -> String {
        // Some labels of the catalogue say so themselves.
        let said = ["可不", "可以不", "不用", "选填", "知道就填", "有就填", "optional"]
            .iter()
            .any(|word| self.label.contains(word));
        if self.optional && !said { t!(lang, "ui-optional", label = self.label) } else { self.label.clone() }
    }

    /// Ids of hint and error, for `aria-describedby`.
    pub fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.name));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Hint and error as they stand between label and field.
    pub fn notes(&self, lang: Lang) -> Markup {
        html! {
            @if let Some(hint) = &self.hint {
                div class="govuk-hint" id={ (self.name) "-hint" } { (hint) }
            }
            @if let Some(error) = &self.error {
                p class="govuk-error-message" id={ (self.name) "-error" } {
                    span class="govuk-visually-hidden" { (error_prefix(lang)) }
                    (error)
                }
            }
        }
    }

    /// A group with a label before one control.
    pub fn labelled(&self, lang: Lang, control: &Markup) -> Markup {
        let label = html! {
            label class={ "govuk-label" (self.size.label_class()) } for=(self.name) { (self.label_text(lang)) }
        };
        html! {
            div class=(self.group_class()) {
                @if self.size == LabelSize::Page {
                    h1 class="govuk-label-wrapper" { (label) }
                } @else {
                    (label)
                }
                (self.notes(lang))
                (control)
            }
        }
    }

    /// A group with a legend before several controls.
    pub fn in_fieldset(&self, lang: Lang, controls: &Markup) -> Markup {
        html! {
            div class=(self.group_class()) {
                fieldset class="govuk-fieldset" aria-describedby=[self.described_by()] {
                    legend class={ "govuk-fieldset__legend" (self.size.legend_class()) } {
                        @if self.size == LabelSize::Page {
                            h1 class="govuk-fieldset__heading" { (self.label_text(lang)) }
                        } @else {
                            (self.label_text(lang))
                        }
                    }
                    (self.notes(lang))
                    (controls)
                }
            }
        }
    }

    fn group_class(&self) -> &'static str {
        if self.error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" }
    }
}

impl LabelSize {
    fn label_class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Section => " govuk-label--m",
            Self::Page => " govuk-label--l",
        }
    }

    fn legend_class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Section => " govuk-fieldset__legend--m",
            Self::Page => " govuk-fieldset__legend--l",
        }
    }
}

/// One of the answers of radios, checkboxes or a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Help under it.
    pub hint: Option<String>,
}

impl Choice {
    /// A choice without help.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// Adds help.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What stands before an error, in the title and for those who listen; English wants a space after it.
pub fn error_prefix(lang: Lang) -> String {
    let prefix = t!(lang, "ui-error-prefix");
    if lang == Lang::En { prefix + " " } else { prefix }
}

/// Id of the n-th control of a group: the first carries the plain name, so that errors link to it.
pub fn nth_id(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}-{}", index + 1) }
}
