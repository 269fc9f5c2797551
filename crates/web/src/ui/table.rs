//! Tables. Wide ones scroll inside their own box, which the keyboard can reach.

use maud::{Markup, html};

/// Draws a table; the first cell of a row is its header.
pub fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="hf-table-scroll" role="region" aria-label=(caption) tabindex="0" {
            table class="govuk-table" {
                caption class="govuk-table__caption govuk-visually-hidden" { (caption) }
                thead class="govuk-table__head" {
                    tr class="govuk-table__row" {
                        @for head in heads { th scope="col" class="govuk-table__header" { (head) } }
                    }
                }
                tbody class="govuk-table__body" {
                    @for row in rows {
                        tr class="govuk-table__row" {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 {
                                    th scope="row" class="govuk-table__header" { (cell) }
                                } @else {
                                    td class="govuk-table__cell" data-label=[heads.get(index)] { (cell) }
                                }
                            }
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
        snapshot::check(
            "table",
            &table("待办", &["编号", "事项"], &[vec![html! { "3715" }, html! { "法律援助" }]]),
        );
    }
}
