//! The way to the next rows of a list that is read by cursor.

use maud::{Markup, html};

use crate::lang::Lang;
use crate::t;

/// Draws the links that exist; nothing when all rows are shown.
pub fn pagination(lang: Lang, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        @if first.is_some() || next.is_some() {
            nav class="govuk-pagination govuk-pagination--block" aria-label=(t!(lang, "ui-pagination")) {
                @if let Some(href) = first {
                    div class="govuk-pagination__prev" {
                        a class="govuk-link govuk-pagination__link" href=(href) rel="prev" {
                            span class="govuk-pagination__link-title" { (t!(lang, "ui-first-page")) }
                        }
                    }
                }
                @if let Some(href) = next {
                    div class="govuk-pagination__next" {
                        a class="govuk-link govuk-pagination__link" href=(href) rel="next" {
                            span class="govuk-pagination__link-title" { (t!(lang, "ui-next-page")) }
                        }
                    }
                }
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
        snapshot::check("pagination", &pagination(Lang::Zh, Some("/desk"), Some("/desk?cursor=a")));
        assert!(pagination(Lang::Zh, None, None).0.is_empty());
    }
}
