//! The panel that says a thing is done.

use maud::{Markup, html};

/// Draws the panel with its heading and what stands in it.
pub fn panel(title: &str, body: &Markup) -> Markup {
    html! {
        div class="govuk-panel govuk-panel--confirmation" {
            h1 class="govuk-panel__title" { (title) }
            div class="govuk-panel__body" { (body) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check(
            "panel",
            &panel("申请已提交", &html! { "办件编号 " strong { "3715 0226 0000 0427" } }),
        );
    }
}
