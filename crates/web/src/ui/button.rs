//! Buttons: what acts is a button, what leads is a link that may look like one.

use maud::{Markup, html};

/// The weight of a button on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    Main,
    /// Beside it.
    Second,
    /// Cannot be taken back.
    Warning,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Main => "govuk-button",
            Self::Second => "govuk-button govuk-button--secondary",
            Self::Warning => "govuk-button govuk-button--warning",
        }
    }
}

/// A button that submits its form.
pub fn submit(text: &str, weight: Weight) -> Markup {
    html! { button type="submit" class=(weight.class()) data-module="govuk-button" data-prevent-double-click="true" { (text) } }
}

/// A button that submits its form with a name and value, where a form has several.
pub fn submit_as(text: &str, weight: Weight, name: &str, value: &str) -> Markup {
    html! {
        button type="submit" class=(weight.class()) name=(name) value=(value) data-module="govuk-button"
            data-prevent-double-click="true" { (text) }
    }
}

/// A link that looks like a button.
pub fn link(text: &str, href: &str, weight: Weight) -> Markup {
    html! { a href=(href) role="button" draggable="false" class=(weight.class()) data-module="govuk-button" { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check(
            "button",
            &html! {
                (submit("继续", Weight::Main))
                (submit_as("保存，以后再填", Weight::Second, "then", "save"))
                (submit("撤回申请", Weight::Warning))
                (link("在线办理", "/apply/legal-aid.civil", Weight::Main))
            },
        );
    }
}
