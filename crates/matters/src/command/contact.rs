//! 联系须知 changed after the intake: by the applicant, or at the desk in their name.

use access::Principal;
use access::policy::Sight;
use catalog::form;
use catalog::item::{Choice, Kind, Localized, Question};
use kernel::actor::Role;
use kernel::contact::{ContactRules, NOTE_MAX, Wording};
use kernel::refusal::{FieldError, Refusal};
use kernel::time::Instant;
use serde_json::{Map, Value, json};

use super::act::wrong_input;
use super::authorise::{self, denied};
use super::load::Seen;
use crate::engine::matter::Matter;
use crate::register::{Register, fault, not_found};

/// Name of the act.
pub const CHANGE: &str = "change-contact";

/// What is asked for. What is left empty stays as it was; `contact.forget` lets go of all that was asked before.
pub fn questions() -> Vec<Question> {
    let word = |zh: &str, en: &str| Localized { zh: zh.into(), en: en.into() };
    let ask = |fact: &str, zh: &str, en: &str, kind, max_length| Question {
        label: word(zh, en),
        kind,
        max_length,
        lines: None,
        ..form::long_text(fact, false)
    };
    let wording = |wording: Wording| Choice {
        id: wording.as_str().to_owned(),
        label: match wording {
            Wording::None => word("不发任何消息", "No messages at all"),
            Wording::Neutral => word("只发看不出是什么事的中性内容", "Only neutral words that tell nothing"),
            Wording::Normal => word("照常联系", "As usual"),
        },
    };
    vec![
        Question {
            required: true,
            choices: Wording::ALL.into_iter().map(wording).collect(),
            example: Some(json!(Wording::Neutral.as_str())),
            ..ask("contact.message", "消息里可以说什么", "What a message may say", Kind::Choice, None)
        },
        ask(
            "contact.phone",
            "安全的电话（不改可不填）",
            "Safe number (empty: unchanged)",
            Kind::CnPhone,
            None,
        ),
        ask(
            "contact.from",
            "几点以后可以联系，例如 09:00",
            "Reach me from, such as 09:00",
            Kind::Text,
            Some(5),
        ),
        ask(
            "contact.to",
            "几点以前可以联系，例如 17:30",
            "Reach me until, such as 17:30",
            Kind::Text,
            Some(5),
        ),
        Question {
            lines: Some(3),
            ..ask(
                "contact.note",
                "谁不能知道、别人接电话时怎么说",
                "Who must not know, what to say if somebody else answers",
                Kind::Text,
                u32::try_from(NOTE_MAX).ok(),
            )
        },
        ask(
            "contact.forget",
            "以前填的联系须知全部作废",
            "Let go of everything asked before",
            Kind::Bool,
            None,
        ),
    ]
}

/// Whether the caller may change it: the applicant, or staff with the whole matter before them.
pub fn may_change(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    // Of whom nothing is kept any more, nothing can be changed.
    if seen.matter.data_key.is_none() {
        return Err(not_found());
    }
    if authorise::beside(who, &seen.matter, Role::Applicant, &seen.relations, now).is_ok() {
        return Ok(Role::Applicant);
    }
    let staff = who.grants.first().filter(|_| who.is_staff() && seen.sight == Sight::Full);
    staff.map(|grant| grant.role).ok_or_else(|| denied(access::policy::Denied::Role, Role::Applicant))
}

/// The applicant's values with the change, sealed anew.
pub(super) async fn change(
    register: &Register,
    matter: &Matter,
    input: &Map<String, Value>,
) -> Result<Vec<u8>, Refusal> {
    let key = register.key_of(matter)?;
    let mut applicant = register.parties_of(matter, &key).await?.into_iter().next().unwrap_or_default();
    let known = applicant.contact.take().filter(|_| input.get("contact.forget") != Some(&json!(true)));
    let rules = merged(known.unwrap_or_default(), input)?;
    applicant.contact = Some(rules).filter(|rules| !rules.is_empty());
    let plain = serde_json::to_vec(&applicant).map_err(|error| fault("party", &error))?;
    key.seal(&format!("party.sealed:{}:0", matter.number), &plain)
        .map_err(|error| fault("seal party", &error))
}

/// What is given now over what was asked before.
fn merged(known: ContactRules, input: &Map<String, Value>) -> Result<ContactRules, Refusal> {
    let mut said = Map::new();
    for field in ["phone", "message", "note"] {
        if let Some(value) = input.get(&format!("contact.{field}")) {
            said.insert(field.to_owned(), value.clone());
        }
    }
    let hours = (input.get("contact.from"), input.get("contact.to"));
    if hours.0.is_some() || hours.1.is_some() {
        said.insert("hours".to_owned(), json!([hours.0, hours.1]));
    }
    let mut faults = Vec::new();
    let new = ContactRules::parse(&Value::Object(said), "", &mut faults);
    if !faults.is_empty() {
        let named = faults.into_iter().map(|fault| {
            let field = match fault.pointer.trim_start_matches('/') {
                "hours" => "from",
                field => field,
            };
            FieldError { pointer: form::pointer("/input", &format!("contact.{field}")), ..fault }
        });
        return Err(wrong_input(named.collect()));
    }
    Ok(ContactRules {
        phone: new.phone.or(known.phone),
        hours: new.hours.or(known.hours),
        message: new.message,
        note: new.note.or(known.note),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_is_left_empty_stays_as_it_was() {
        let known = ContactRules { phone: Some("13900139000".into()), ..ContactRules::default() };
        let rules = merged(known, &map(&json!({ "contact.message": "none" }))).unwrap();
        assert_eq!(rules.phone.as_deref(), Some("13900139000"));
        assert_eq!(rules.message, Wording::None);
    }

    #[test]
    fn half_a_span_of_hours_is_told_at_its_field() {
        let input = map(&json!({ "contact.message": "normal", "contact.from": "09:00" }));
        let refusal = merged(ContactRules::default(), &input).unwrap_err();
        assert_eq!(refusal.errors[0].pointer, "/input/contact.from");
    }
}
