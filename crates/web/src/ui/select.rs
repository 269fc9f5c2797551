//! One answer of a long list.

use maud::{Markup, html};

use super::field::{Ask, Choice};
use crate::lang::Lang;
use crate::t;

/// Draws the list, beginning with an empty line so that nothing is chosen by accident.
pub fn select(lang: Lang, ask: &Ask, choices: &[Choice], value: &str) -> Markup {
    with_none(lang, ask, &t!(lang, "ui-please-choose"), choices, value)
}

/// The same as a filter: the empty line means that all are shown.
pub fn filter(lang: Lang, ask: &Ask, choices: &[Choice], value: &str) -> Markup {
    with_none(lang, ask, &t!(lang, "ui-all"), choices, value)
}

fn with_none(lang: Lang, ask: &Ask, none: &str, choices: &[Choice], value: &str) -> Markup {
    let error = if ask.error.is_some() { " govuk-select--error" } else { "" };
    ask.labelled(lang, &html! {
        select class={ "govuk-select" (error) } id=(ask.name) name=(ask.name) aria-describedby=[ask.described_by()] {
            option value="" selected[value.is_empty()] { (none) }
            @for choice in choices {
                option value=(choice.value) selected[choice.value == value] { (choice.label) }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let choices = [Choice::new("371502000000", "东昌府区"), Choice::new("371503000000", "茌平区")];
        snapshot::check(
            "select",
            &select(Lang::Zh, &Ask::new("area", "您住在哪里"), &choices, "371503000000"),
        );
    }
}
