//! Proving that a phone is one's own: its number first, then the code sent to it.

use kernel::identity::Phone;
use maud::{Markup, html};

use super::button::{self, Weight};
use super::error_summary::{Problem, at};
use super::field::Ask;
use super::form::{Values, form};
use super::input::{Typed, input};
use super::visit::Visit;
use crate::t;

/// Which of the two forms came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The first: a code is wanted.
    Send,
    /// The second: a code was typed.
    Check,
}

impl Step {
    /// As the button that was pressed says.
    pub fn of(values: &Values) -> Self {
        if values.get("step") == "check" { Self::Check } else { Self::Send }
    }
}

/// The mobile phone that was typed, if it is one.
pub fn phone(values: &Values) -> Option<Phone> {
    Phone::parse(values.get("phone")).ok().filter(Phone::is_mobile)
}

/// What is wrong with a phone that is none.
pub fn wrong_phone(visit: &Visit) -> Problem {
    Problem::at("phone", t!(visit.lang, "applicant-phone-wrong"))
}

/// The field of the phone; its label says what the phone is for.
pub fn field(visit: &Visit, label: &str, hint: Option<&str>, typed: &str, problems: &[Problem]) -> Markup {
    let ask = Ask {
        hint: hint.map(|hint| t!(visit.lang, hint)),
        error: at(problems, "phone"),
        ..Ask::new("phone", t!(visit.lang, label))
    };
    input(visit.lang, &ask, typed, Typed::Phone)
}

/// The first form: its fields, the phone among them, and the button that sends the code.
pub fn send(visit: &Visit, action: &str, fields: &Markup) -> Markup {
    form(
        visit,
        action,
        &html! {
            (fields)
            (button::submit_as(&t!(visit.lang, "sign-in-send"), Weight::Main, "step", "send"))
        },
    )
}

/// The second form: the code, with what the first form brought.
pub fn check(
    visit: &Visit,
    action: &str,
    kept: &[(&str, &str)],
    label: &str,
    problems: &[Problem],
) -> Markup {
    let lang = visit.lang;
    let ask = Ask::new("sms", t!(lang, "sign-in-code"))
        .hint(t!(lang, "sign-in-code-hint"))
        .error(at(problems, "sms"));
    form(
        visit,
        action,
        &html! {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            (input(lang, &ask, "", Typed::OneTimeCode))
            (button::submit_as(label, Weight::Main, "step", "check"))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::ui::snapshot;

    #[test]
    fn sample() {
        let visit = Visit::sample(Lang::Zh);
        let wrong = [wrong_phone(&visit)];
        snapshot::check(
            "phone-code",
            &html! {
                (send(&visit, "/sign-in", &field(&visit, "sign-in-phone", Some("sign-in-phone-hint"), "12", &wrong)))
                (check(&visit, "/sign-in", &[("phone", "13800138000")], "登录", &[]))
            },
        );
    }

    #[test]
    fn only_mobile_phones_receive_codes() {
        let typed = |phone: &str| Values(vec![("phone".into(), phone.into())]);
        assert!(phone(&typed("138 0013 8000")).is_some());
        assert!(phone(&typed("0635-8280000")).is_none());
        assert!(phone(&typed("")).is_none());
    }
}
