//! A field of several lines.

use maud::{Markup, html};

use super::field::Ask;
use crate::lang::Lang;

/// Draws the field with a number of rows.
pub fn textarea(lang: Lang, ask: &Ask, value: &str, rows: u32) -> Markup {
    let error = if ask.error.is_some() { " govuk-textarea--error" } else { "" };
    ask.labelled(
        lang,
        &html! {
            textarea class={ "govuk-textarea" (error) } id=(ask.name) name=(ask.name) rows=(rows)
                aria-describedby=[ask.described_by()] { (value) }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let ask = Ask::new("facts", "事情经过").hint("什么时间、什么地点、发生了什么").optional(true);
        snapshot::check("textarea", &textarea(Lang::Zh, &ask, "第一行\n第二行", 6));
    }
}
