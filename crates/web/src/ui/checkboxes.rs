//! Several answers of several, or one consent.

use maud::{Markup, html};

use super::field::{Ask, Choice, nth_id};
use crate::lang::Lang;

/// Draws the group; `values` are the ticked ones.
pub fn checkboxes(lang: Lang, ask: &Ask, choices: &[Choice], values: &[String]) -> Markup {
    ask.in_fieldset(lang, &html! {
        div class="govuk-checkboxes" data-module="govuk-checkboxes" {
            @for (index, choice) in choices.iter().enumerate() {
                @let id = nth_id(&ask.name, index);
                @let hint = choice.hint.as_ref().map(|_| format!("{id}-item-hint"));
                div class="govuk-checkboxes__item" {
                    input class="govuk-checkboxes__input" id=(id) name=(ask.name) type="checkbox" value=(choice.value)
                        checked[values.contains(&choice.value)] aria-describedby=[hint.as_deref()];
                    label class="govuk-label govuk-checkboxes__label" for=(id) { (choice.label) }
                    @if let (Some(id), Some(text)) = (&hint, &choice.hint) {
                        div class="govuk-hint govuk-checkboxes__hint" id=(id) { (text) }
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
        let ask = Ask::new("groups", "您属于").hint("可以选多项");
        let choices = [
            Choice::new("migrant", "农民工"),
            Choice::new("elder", "老年人"),
            Choice::new("minor", "未成年人"),
        ];
        snapshot::check("checkboxes", &checkboxes(Lang::Zh, &ask, &choices, &["elder".into()]));
    }
}
