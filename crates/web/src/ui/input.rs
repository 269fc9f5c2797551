//! A field of one line.

use maud::{Markup, html};

use super::field::Ask;
use crate::lang::Lang;

/// What is typed, so that phones offer the right keyboard and browsers the right memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Typed {
    /// Free text.
    #[default]
    Text,
    /// A person's name.
    Name,
    /// A telephone number.
    Phone,
    /// A code sent to the phone.
    OneTimeCode,
    /// Digits: counts, numbers.
    Digits,
    /// A number that may have a part behind the point.
    Decimal,
    /// Digits and letters: identity numbers, query codes.
    Code,
    /// A sign-in name.
    Login,
    /// A password, never shown again.
    Password,
    /// A password being chosen, never shown again.
    NewPassword,
    /// Words to search for.
    Search,
}

/// Draws the field. A password is never filled in again.
pub fn input(lang: Lang, ask: &Ask, value: &str, typed: Typed) -> Markup {
    let (kind, mode, memory, width) = match typed {
        Typed::Text => ("text", None, None, ""),
        Typed::Name => ("text", None, Some("name"), " govuk-!-width-two-thirds"),
        Typed::Phone => ("tel", Some("tel"), Some("tel"), " govuk-input--width-20"),
        Typed::OneTimeCode => ("text", Some("numeric"), Some("one-time-code"), " govuk-input--width-10"),
        Typed::Digits => ("text", Some("numeric"), None, " govuk-input--width-10"),
        Typed::Decimal => ("text", Some("decimal"), None, " govuk-input--width-10"),
        Typed::Code => ("text", None, Some("off"), " govuk-input--width-20"),
        Typed::Login => ("text", None, Some("username"), " govuk-input--width-20"),
        Typed::Password => ("password", None, Some("current-password"), " govuk-input--width-20"),
        Typed::NewPassword => ("password", None, Some("new-password"), " govuk-input--width-20"),
        Typed::Search => ("search", None, Some("off"), ""),
    };
    let secret = matches!(typed, Typed::Password | Typed::NewPassword);
    let exact = secret || matches!(typed, Typed::Code | Typed::OneTimeCode | Typed::Login | Typed::Phone);
    let error = if ask.error.is_some() { " govuk-input--error" } else { "" };
    let shown = if secret { "" } else { value };
    ask.labelled(lang, &html! {
        input class={ "govuk-input" (width) (error) } id=(ask.name) name=(ask.name) type=(kind) value=(shown)
            inputmode=[mode] autocomplete=[memory] spellcheck=[exact.then_some("false")]
            aria-describedby=[ask.described_by()];
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::field::LabelSize;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let ask =
            Ask::new("applicant.name", "您的姓名").hint("与身份证一致").error(Some("请填写姓名".into()));
        snapshot::check(
            "input",
            &html! {
                (input(Lang::Zh, &ask, "王<小>明", Typed::Name))
                (input(Lang::En, &Ask::new("code", "Code").size(LabelSize::Page), "", Typed::OneTimeCode))
            },
        );
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let html = input(Lang::Zh, &Ask::new("password", "密码"), "secret", Typed::Password).0;
        assert!(!html.contains("secret"));
    }
}
