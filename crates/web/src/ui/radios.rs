//! One answer of several.

use maud::{Markup, html};

use super::field::{Ask, Choice, nth_id};
use crate::lang::Lang;

/// Draws the group; short lists of short words stand in a row.
pub fn radios(lang: Lang, ask: &Ask, choices: &[Choice], value: &str) -> Markup {
    let inline =
        choices.len() == 2 && choices.iter().all(|c| c.label.chars().count() <= 4 && c.hint.is_none());
    ask.in_fieldset(lang, &html! {
        div class={ "govuk-radios" (if inline { " govuk-radios--inline" } else { "" }) } data-module="govuk-radios" {
            @for (index, choice) in choices.iter().enumerate() {
                @let id = nth_id(&ask.name, index);
                @let hint = choice.hint.as_ref().map(|_| format!("{id}-item-hint"));
                div class="govuk-radios__item" {
                    input class="govuk-radios__input" id=(id) name=(ask.name) type="radio" value=(choice.value)
                        checked[choice.value == value] aria-describedby=[hint.as_deref()];
                    label class="govuk-label govuk-radios__label" for=(id) { (choice.label) }
                    @if let (Some(id), Some(text)) = (&hint, &choice.hint) {
                        div class="govuk-hint govuk-radios__hint" id=(id) { (text) }
                    }
                }
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
        let ask = Ask::new("person.kind", "您替谁申请").error(Some("请选一项".into()));
        let choices = [Choice::new("self", "本人"), Choice::new("helper", "替别人申请").hint("需要委托")];
        snapshot::check("radios", &radios(Lang::Zh, &ask, &choices, "helper"));
    }
}
