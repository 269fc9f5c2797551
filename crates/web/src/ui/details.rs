//! Text that opens on demand.

use maud::{Markup, html};

/// Draws the text behind its summary.
pub fn details(summary: &str, body: &Markup) -> Markup {
    opened(false, summary, body)
}

/// The same, unfolded already when it is what the page is about.
pub fn opened(open: bool, summary: &str, body: &Markup) -> Markup {
    html! {
        details class="govuk-details" open[open] {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (summary) }
            }
            div class="govuk-details__text" { (body) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check("details", &details("什么是告知承诺？", &html! { p { "签字承诺代替证明。" } }));
    }
}
