//! A banner about what just happened or what matters now.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// Why the banner stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Something to know.
    Important,
    /// Something was done.
    Success,
}

/// Draws the banner.
pub fn notification(lang: Lang, notice: Notice, body: &Markup) -> Markup {
    let (class, role, key) = match notice {
        Notice::Important => ("", "region", "ui-important"),
        Notice::Success => (" govuk-notification-banner--success", "alert", "ui-done"),
    };
    html! {
        div class={ "govuk-notification-banner" (class) } role=(role) aria-labelledby="notice-title"
            data-module="govuk-notification-banner" {
            div class="govuk-notification-banner__header" {
                h2 class="govuk-notification-banner__title" id="notice-title" { (t!(lang, key)) }
            }
            div class="govuk-notification-banner__content" {
                div class="govuk-notification-banner__heading" { (body) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check("notification", &notification(Lang::Zh, Notice::Success, &html! { "已受理" }));
    }
}
