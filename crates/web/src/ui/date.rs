//! A date in three boxes: year, month, day, in the order Chinese is written and spoken.
//!
//! The boxes are named `<name>-year`, `<name>-month`, `<name>-day`; [`joined`] makes one text of them.

use maud::{Markup, html};

use super::field::Ask;
use crate::lang::Lang;
use crate::t;

/// The endings of the three boxes.
pub const PARTS: [&str; 3] = ["year", "month", "day"];

/// Draws the three boxes; `value` is `YYYY-MM-DD` or whatever was typed, joined by dashes.
pub fn date(lang: Lang, ask: &Ask, value: &str) -> Markup {
    let mut typed = value.splitn(3, '-');
    let error = if ask.error.is_some() { " govuk-input--error" } else { "" };
    let keys = ["ui-year", "ui-month", "ui-day"];
    ask.in_fieldset(lang, &html! {
        div class="govuk-date-input" id=(ask.name) {
            @for (part, key) in PARTS.into_iter().zip(keys) {
                @let id = format!("{}-{part}", ask.name);
                @let width = if part == "year" { 4 } else { 2 };
                div class="govuk-date-input__item" {
                    div class="govuk-form-group" {
                        label class="govuk-label govuk-date-input__label" for=(id) { (t!(lang, key)) }
                        input class={ "govuk-input govuk-date-input__input govuk-input--width-" (width) (error) }
                            id=(id) name=(id) type="text" inputmode="numeric" value=(typed.next().unwrap_or_default());
                    }
                }
            }
        }
    })
}

/// Joins the three boxes into `YYYY-MM-DD`, padding what can be padded; empty when all three are.
/// A text that is no date stays readable, so that it can be shown again.
pub fn joined(year: &str, month: &str, day: &str) -> String {
    let clean = |text: &str| kernel::text::normalise(text).trim().to_owned();
    let (year, month, day) = (clean(year), clean(month), clean(day));
    if year.is_empty() && month.is_empty() && day.is_empty() {
        return String::new();
    }
    format!("{year}-{month:0>2}-{day:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let ask = Ask::new("event.date", "事情发生在哪一天").hint("例如 2026 年 3 月 8 日");
        snapshot::check("date", &date(Lang::Zh, &ask, "2026-03-08"));
    }

    #[test]
    fn boxes_join() {
        assert_eq!(joined("2026", "3", "８"), "2026-03-08");
        assert_eq!(joined("", " ", ""), "");
        assert_eq!(joined("2026", "", "1"), "2026-00-01");
    }
}
