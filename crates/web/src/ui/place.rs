//! A division asked for by name, by its sound or by its code.
//!
//! Without scripts: a line to type in; what more than one place bears comes back as a list to choose from, in the
//! same form. With scripts the list comes while one types (`assets/scripts/place.ts`). Either way the form sends what
//! was typed as `name`, and the code chosen for it as `name-code` together with the text it was chosen for as
//! `name-for`: a choice counts only while the text is still that one.

use access::area::atlas::{Asked, Atlas, Named};
use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use maud::{Markup, html};

use super::field::{Ask, Choice, nth_id};
use super::form::Values;
use crate::lang::Lang;
use crate::t;

/// At most so many places are offered at once; more are found by typing more.
const OFFERED: usize = 12;

/// Which places may be answered.
#[derive(Debug, Clone, Copy)]
pub struct Among {
    /// Only this division and what lies below it.
    pub within: Option<AreaCode>,
    /// What is nearer to this one is offered first.
    pub near: Option<AreaCode>,
    /// No lower level.
    pub deepest: Level,
    /// Only what stands on this day.
    pub on: Date,
}

/// What a person said, as far as it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// What stands in the line.
    pub text: String,
    /// The place meant, when one is.
    pub code: Option<AreaCode>,
    /// Places that could be meant, to choose from.
    pub offered: Vec<Choice>,
    /// How many there are beyond those offered.
    pub more: usize,
}

impl Said {
    /// A place known already.
    pub fn known(atlas: &Atlas, code: AreaCode, on: Date) -> Self {
        let name = atlas.full_name(code, on);
        let text = if name.is_empty() { code.to_string() } else { name };
        Self { text, code: Some(code), ..Self::default() }
    }

    /// Reads what a form sent under a name.
    pub fn read(atlas: &Atlas, values: &Values, name: &str, among: &Among) -> Self {
        let text = kernel::text::normalise(values.get(name));
        let chosen = values.get(&format!("{name}-code")).parse::<AreaCode>().ok();
        let still = kernel::text::normalise(values.get(&format!("{name}-for"))) == text;
        let mut said = Self { text, ..Self::default() };
        if let Some(code) = chosen.filter(|_| still || said.text.is_empty()) {
            said.code = Some(code);
            return said;
        }
        if said.text.is_empty() {
            return said;
        }
        let asked = Asked {
            text: &said.text,
            within: among.within,
            near: among.near,
            deepest: among.deepest,
            on: among.on,
        };
        match atlas.named(&asked) {
            Named::One(code) => said.code = Some(code),
            Named::Nothing => {
                // The division searched within is not below itself.
                let own = among.within.filter(|own| {
                    let name = atlas.full_name(*own, among.on);
                    name == said.text
                        || atlas.find(*own, among.on).is_some_and(|place| *place.name == *said.text)
                });
                said.code = own;
            }
            Named::Several(places) => {
                said.more = places.len().saturating_sub(OFFERED);
                said.offered = places
                    .into_iter()
                    .take(OFFERED)
                    .map(|place| Choice::new(place.code.to_string(), atlas.label(place.code, among.on)))
                    .collect();
            }
        }
        said
    }

    /// What is to be said when no place is meant yet; nothing when one is, or when nothing was typed.
    pub fn problem(&self, lang: Lang) -> Option<String> {
        if self.code.is_some() || self.text.is_empty() {
            return None;
        }
        let n = self.offered.len() + self.more;
        Some(if n == 0 { t!(lang, "place-unknown") } else { t!(lang, "place-several", n = n) })
    }
}

/// Draws the line, and under it the places to choose from when several could be meant.
pub fn place(lang: Lang, ask: &Ask, said: &Said, among: &Among) -> Markup {
    let error = if ask.error.is_some() { " govuk-input--error" } else { "" };
    let level = among.deepest.as_str();
    let (code, chosen) = (format!("{}-code", ask.name), format!("{}-for", ask.name));
    let ask = Ask { hint: Some(ask.hint.clone().unwrap_or_else(|| t!(lang, "place-hint"))), ..ask.clone() };
    let line = html! {
        div class="hf-place" data-place=(code) data-for=(chosen) data-level=(level)
            data-within=[among.within.map(|code| code.to_string())] data-near=[among.near.map(|code| code.to_string())]
            data-found=(t!(lang, "place-found", n = "{n}")) data-none=(t!(lang, "place-none")) data-list=(t!(lang, "place-list")) {
            input class={ "govuk-input" (error) } id=(ask.name) name=(ask.name) type="text" value=(said.text)
                autocomplete="off" spellcheck="false" aria-describedby=[ask.described_by()];
            @if let Some(known) = said.code {
                input type="hidden" name=(code) value=(known);
                input type="hidden" name=(chosen) value=(said.text);
            }
        }
    };
    html! {
        (ask.labelled(lang, &line))
        @if !said.offered.is_empty() {
            div class="govuk-form-group hf-place__offered" {
                fieldset class="govuk-fieldset" {
                    legend class="govuk-fieldset__legend" { (t!(lang, "place-which", text = said.text)) }
                    input type="hidden" name=(chosen) value=(said.text);
                    div class="govuk-radios" data-module="govuk-radios" {
                        @for (index, choice) in said.offered.iter().enumerate() {
                            @let id = nth_id(&code, index);
                            div class="govuk-radios__item" {
                                input class="govuk-radios__input" id=(id) name=(code) type="radio" value=(choice.value);
                                label class="govuk-label govuk-radios__label" for=(id) { (choice.label) }
                            }
                        }
                    }
                    @if said.more > 0 { p class="govuk-body hf-quiet" { (t!(lang, "place-more", n = said.more)) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use access::area::succession::Span;

    use super::*;
    use crate::ui::snapshot;

    const ON: Date = date(2026, 11, 30);

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    fn atlas() -> Atlas {
        let span = |(code, name): (&str, &str)| Span {
            code: area(code),
            name: name.into(),
            valid_from: date(2016, 7, 31),
            valid_to: None,
        };
        let places = [
            ("37", "山东省"),
            ("3715", "聊城市"),
            ("371502", "东昌府区"),
            ("371502001", "城关镇"),
            ("371521", "阳谷县"),
            ("371521001", "城关镇"),
        ];
        Atlas::new(1, places.map(span), [], Vec::new())
    }

    fn among() -> Among {
        Among { within: Some(area("3715")), near: None, deepest: Level::Village, on: ON }
    }

    fn read(values: &[(&str, &str)]) -> Said {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Said::read(&atlas(), &Values(values), "area", &among())
    }

    #[test]
    fn what_one_place_bears_is_that_place_and_several_are_offered() {
        assert_eq!(read(&[("area", "阳谷")]).code, Some(area("371521")));
        assert_eq!(read(&[("area", "dcfq")]).code, Some(area("371502")));
        assert_eq!(read(&[("area", "371502")]).code, Some(area("371502")));
        assert_eq!(read(&[("area", "聊城市")]).code, Some(area("3715")));
        let said = read(&[("area", "城关镇")]);
        assert_eq!((said.code, said.offered.len()), (None, 2));
        assert!(said.problem(Lang::Zh).is_some());
        let nowhere = read(&[("area", "月亮")]);
        assert_eq!((nowhere.code, nowhere.offered.len()), (None, 0));
        assert!(nowhere.problem(Lang::Zh).is_some() && read(&[]).problem(Lang::Zh).is_none());
    }

    #[test]
    fn a_choice_counts_while_the_text_is_the_one_it_was_made_for() {
        let chosen = |text, made_for| {
            read(&[("area", text), ("area-code", "371521001000"), ("area-for", made_for)]).code
        };
        assert_eq!(chosen("城关镇", "城关镇"), Some(area("371521001")));
        assert_eq!(chosen("阳谷", "城关镇"), Some(area("371521")), "typed anew");
    }

    #[test]
    fn sample() {
        let said = read(&[("area", "城关镇")]);
        let ask = Ask::new("area", "您住在哪里").error(said.problem(Lang::Zh));
        snapshot::check("place", &place(Lang::Zh, &ask, &said, &among()));
    }
}
