//! Whom to call at once, where what somebody wrote shows signs of danger.

use maud::{Markup, html};
use triage::danger::{Number, Sign};

use crate::lang::Lang;
use crate::t;
use crate::ui::{Icon, icon};

/// The numbers of all signs, each once, or nothing.
pub fn numbers(lang: Lang, signs: &[Sign]) -> Markup {
    let mut numbers: Vec<&Number> = Vec::new();
    for number in signs.iter().flat_map(|sign| &sign.numbers) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    if numbers.is_empty() {
        return html! {};
    }
    html! {
        div class="govuk-inset-text" role="region" aria-labelledby="danger" {
            h2 class="govuk-heading-m" id="danger" { (t!(lang, "danger-title")) }
            ul class="govuk-list" {
                @for number in &numbers {
                    li {
                        a class="govuk-link hf-tel" href={ "tel:" (number.tel) } { (icon(Icon::Phone)) (number.tel) }
                        " " (number.name.get(lang))
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage::danger::Dangers;

    #[test]
    fn each_number_stands_there_once() {
        let dangers = Dangers::parse(include_str!("../../../../catalog/triage/danger.toml")).unwrap();
        let page = numbers(Lang::Zh, &dangers.find("他打我，我不想活了")).into_string();
        assert_eq!(page.matches("tel:110").count(), 1, "{page}");
        assert!(page.contains("tel:12338") && page.contains("tel:12356"), "{page}");
        assert!(numbers(Lang::En, &[]).into_string().is_empty());
    }
}
