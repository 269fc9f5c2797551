//! 联系须知: how the applicant may be reached without harm. Asked of everybody, answered by who needs it.

use std::collections::BTreeMap;

use kernel::contact::{ContactRules, Wording};
use maud::{Markup, html};
use serde_json::{Map, Value, json};

use crate::lang::Lang;
use crate::portal::fault::at;
use crate::t;
use crate::ui::error_summary::Problem;
use crate::ui::field::{Ask, Choice};
use crate::ui::input::{Typed, input};
use crate::ui::{radios, textarea};

/// The fields of the form, as they stand among what is said of an applicant.
pub const FIELDS: [&str; 5] =
    ["contact.phone", "contact.from", "contact.to", "contact.message", "contact.note"];

/// The fields, behind their summary; open when something was said or is wrong.
pub fn fields(lang: Lang, said: &BTreeMap<String, String>, problems: &[Problem]) -> Markup {
    let value = |name: &str| said.get(name).map_or("", String::as_str);
    let ask = |name: &str, label: &str| {
        let field = format!("applicant.{name}");
        let error = at(problems, &field);
        Ask::new(field, t!(lang, label)).error(error).optional(true)
    };
    let choices: Vec<Choice> = Wording::ALL
        .into_iter()
        .rev()
        .map(|wording| Choice::new(wording.as_str(), t!(lang, &message_key(wording.as_str()))))
        .collect();
    let message = if value("contact.message").is_empty() { "normal" } else { value("contact.message") };
    let wrong = FIELDS.iter().any(|name| at(problems, &format!("applicant.{name}")).is_some());
    // That messages may be as usual is what stands there by itself: nobody said it.
    let open = wrong || body(said).is_some();
    html! {
        details class="govuk-details" open[open] {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (t!(lang, "contact-ask")) }
            }
            div class="govuk-details__text" {
                p class="govuk-body" { (t!(lang, "contact-ask-why")) }
                (input(lang, &ask("contact.phone", "contact-phone").hint(t!(lang, "contact-phone-hint")), value("contact.phone"), Typed::Code))
                (input(lang, &ask("contact.from", "contact-from").hint(t!(lang, "contact-from-hint")), value("contact.from"), Typed::Text))
                (input(lang, &ask("contact.to", "contact-to").hint(t!(lang, "contact-to-hint")), value("contact.to"), Typed::Text))
                (radios::radios(lang, &ask("contact.message", "contact-message"), &choices, message))
                (textarea::textarea(lang, &ask("contact.note", "contact-note").hint(t!(lang, "contact-note-hint")), value("contact.note"), 2))
            }
        }
    }
}

/// Message key of what a message may say.
pub fn message_key(word: &str) -> String {
    format!("contact-message-{word}")
}

/// What was said, as `applicant.contact` of the contract; none when nothing was.
pub fn body(said: &BTreeMap<String, String>) -> Option<Value> {
    let text = |name: &str| said.get(&format!("contact.{name}")).filter(|text| !text.is_empty());
    let mut contact = Map::new();
    for field in ["phone", "message", "note"] {
        if let Some(text) = text(field).filter(|text| field != "message" || *text != "normal") {
            contact.insert(field.to_owned(), json!(text));
        }
    }
    if text("from").is_some() || text("to").is_some() {
        contact.insert("hours".to_owned(), json!([text("from"), text("to")]));
    }
    (!contact.is_empty()).then_some(Value::Object(contact))
}

/// The fields again, of what will be sent.
pub fn texts(contact: Option<&Value>) -> Vec<(String, String)> {
    let Some(contact) = contact else { return Vec::new() };
    let mut texts = Vec::new();
    let mut add = |name: &str, value: &Value| {
        if let Some(text) = value.as_str() {
            texts.push((format!("contact.{name}"), text.to_owned()));
        }
    };
    for field in ["phone", "message", "note"] {
        add(field, &contact[field]);
    }
    add("from", &contact["hours"][0]);
    add("to", &contact["hours"][1]);
    texts
}

/// What is wrong with it, at its fields.
pub fn wrong(lang: Lang, said: &BTreeMap<String, String>) -> Vec<Problem> {
    let Some(contact) = body(said) else { return Vec::new() };
    let mut faults = Vec::new();
    ContactRules::parse(&contact, "", &mut faults);
    faults
        .into_iter()
        .map(|fault| {
            let (field, key) = match fault.pointer.trim_start_matches('/') {
                "phone" => ("phone", "applicant-phone-wrong"),
                "hours" => ("from", "contact-hours-wrong"),
                "message" => ("message", "contact-message-wrong"),
                _ => ("note", "contact-note-wrong"),
            };
            Problem::at(format!("applicant.contact.{field}"), t!(lang, key))
        })
        .collect()
}

/// The rules as a box that stands before any number: `shown` is what the register tells, masked.
pub fn told(lang: Lang, shown: &Value) -> Markup {
    let rules = &shown["rules"];
    if !rules.is_object() {
        return html! {};
    }
    let hours = &rules["hours"];
    html! {
        div class="govuk-inset-text hf-contact" {
            h4 class="govuk-heading-s" { (t!(lang, "contact-title")) }
            ul class="govuk-list govuk-list--bullet" {
                li { strong { (t!(lang, &message_key(rules["message"].as_str().unwrap_or("none")))) } }
                @if let (Some(from), Some(to)) = (hours[0].as_str(), hours[1].as_str()) {
                    li { (t!(lang, "contact-hours", from = from, to = to)) }
                }
                @if let Some(phone) = rules["phone"].as_str() {
                    li { (t!(lang, "contact-only-phone", phone = phone)) }
                }
                @if rules["note"].is_string() { li { (t!(lang, "contact-has-note")) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_said_sends_nothing() {
        assert_eq!(body(&said(&[("name", "王芳"), ("contact.message", "normal")])), None);
    }

    #[test]
    fn what_is_said_is_sent_and_comes_back() {
        let typed = said(&[
            ("contact.phone", "13900139000"),
            ("contact.from", "09:00"),
            ("contact.to", "17:30"),
            ("contact.message", "none"),
        ]);
        let sent = body(&typed);
        assert_eq!(
            sent,
            Some(json!({ "phone": "13900139000", "message": "none", "hours": ["09:00", "17:30"] }))
        );
        assert_eq!(texts(sent.as_ref()).into_iter().collect::<BTreeMap<_, _>>(), typed);
    }

    #[test]
    fn faults_stand_at_their_fields() {
        let typed = said(&[("contact.from", "9"), ("contact.phone", "1")]);
        let names: Vec<String> = wrong(Lang::Zh, &typed).into_iter().map(|problem| problem.field).collect();
        assert_eq!(names, ["applicant.contact.phone", "applicant.contact.from"]);
    }
}
