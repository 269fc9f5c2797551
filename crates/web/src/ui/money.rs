//! An amount in yuan.

use maud::{Markup, html};

use super::field::Ask;
use crate::lang::Lang;
use crate::t;

/// Draws the field with 元 behind it.
pub fn money(lang: Lang, ask: &Ask, value: &str) -> Markup {
    let error = if ask.error.is_some() { " govuk-input--error" } else { "" };
    ask.labelled(lang, &html! {
        div class="govuk-input__wrapper" {
            input class={ "govuk-input govuk-input--width-10" (error) } id=(ask.name) name=(ask.name) type="text"
                inputmode="decimal" value=(value) aria-describedby=[ask.described_by()];
            div class="govuk-input__suffix" aria-hidden="true" { (t!(lang, "ui-yuan")) }
        }
    })
}

/// What people type for an amount, in the form the contract takes: no separators, two places.
pub fn tidy(typed: &str) -> String {
    let plain: String = kernel::text::normalise(typed)
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '元' | '¥' | '，'))
        .collect();
    match plain.split_once('.') {
        Some((whole, cents)) if cents.len() == 1 => format!("{whole}.{cents}0"),
        Some((whole, "")) => format!("{whole}.00"),
        None if !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit()) => format!("{plain}.00"),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        snapshot::check("money", &money(Lang::Zh, &Ask::new("income.monthly", "家庭月收入"), "1200.00"));
    }

    #[test]
    fn amounts_are_tidied() {
        assert_eq!(tidy("１,200 元"), "1200.00");
        assert_eq!(tidy("3.5"), "3.50");
        assert_eq!(tidy("3."), "3.00");
        assert_eq!(tidy(""), "");
        assert_eq!(tidy("很多"), "很多");
    }
}
