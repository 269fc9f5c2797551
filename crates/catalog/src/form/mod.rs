//! Forms: what was typed becomes facts, or errors that name the field.
//!
//! Facts are kept as JSON in one normal form: text NFKC and trimmed, money a
//! decimal string of yuan with two places, areas twelve digits, dates
//! `YYYY-MM-DD`. An answer to a question that does not arise is not kept.

mod answer;
mod example;
mod schema;
#[cfg(test)]
mod tests;

pub use example::example;
pub use schema::schema;

use crate::Catalog;
use crate::eligibility::FactsEnv;
use crate::item::{Choice, Item, Kind, Localized, Question, Rating};
use jiff::civil::Date;
use kernel::refusal::{FieldError, Text};
use serde_json::{Map, Value};

/// Facts by name, in normal form.
pub type Facts = Map<String, Value>;

/// Reads the form of an application; pointers begin with `/form`.
///
/// # Errors
/// Every wrong, missing or unknown field.
pub fn form(catalog: &Catalog, item: &Item, typed: &Facts, today: Date) -> Result<Facts, Vec<FieldError>> {
    let questions: Vec<&Question> = item.questions().collect();
    read(catalog, &questions, typed, &Facts::new(), Ask { at: "/form", today, missing: Missing::Wrong })
}

/// Reads part of a form: what is there must be right, what is not there is not missed.
///
/// # Errors
/// Every wrong or unknown field.
pub fn partial(catalog: &Catalog, item: &Item, typed: &Facts, today: Date) -> Result<Facts, Vec<FieldError>> {
    let questions: Vec<&Question> = item.questions().collect();
    read(catalog, &questions, typed, &Facts::new(), Ask { at: "/form", today, missing: Missing::Allowed })
}

/// Reads the input of an action; pointers begin with `/input`. `known` are the
/// facts of the matter, which conditions of questions may speak of.
///
/// # Errors
/// Every wrong, missing or unknown field.
pub fn validate(
    catalog: &Catalog,
    questions: &[Question],
    typed: &Facts,
    known: &Facts,
    today: Date,
) -> Result<Facts, Vec<FieldError>> {
    let questions: Vec<&Question> = questions.iter().collect();
    read(catalog, &questions, typed, known, Ask { at: "/input", today, missing: Missing::Wrong })
}

/// Reads one answer; for pages that ask one thing at a time.
///
/// # Errors
/// What is wrong with it; the pointer is `/form/<fact>`.
pub fn one(question: &Question, typed: &Value, today: Date) -> Result<Value, FieldError> {
    answer::read(question, typed, today)
        .map_err(|wrong| FieldError::new(pointer("/form", &question.fact), wrong.code, wrong.text))
}

/// Whether a question arises, given the facts so far: yes, no, or not yet known.
#[must_use]
pub fn arises(catalog: &Catalog, question: &Question, facts: &Facts, today: Date) -> Option<bool> {
    let Some(when) = question.when.as_deref() else { return Some(true) };
    catalog.rule(when).and_then(|rule| rule.holds(&FactsEnv { catalog, facts, area: None, date: today }))
}

/// The questions of a rating: the whole, each dimension, and a free word.
#[must_use]
pub fn rating_questions(rating: &Rating) -> Vec<Question> {
    let five = |fact: &str, label: Localized, required| Question {
        label,
        kind: Kind::Int,
        required,
        min: Some(1),
        max: Some(5),
        max_length: None,
        lines: None,
        sensitive: false,
        example: Some(Value::from(5)),
        ..long_text(fact, required)
    };
    let whole = Localized { zh: "总体评价（1至5分）".into(), en: "Overall, one to five".into() };
    let mut questions = vec![five("rating.overall", whole, true)];
    questions.extend(rating.dimensions.iter().map(|d| five(&d.id, d.label.clone(), false)));
    questions.push(Question {
        label: Localized {
            zh: "想说的话（可不填）".into(), en: "Anything to add (optional)".into()
        },
        max_length: Some(1000),
        ..long_text("rating.comment", false)
    });
    questions
}

/// A plain question for some words, for acts that every item has.
#[must_use]
pub fn long_text(fact: &str, required: bool) -> Question {
    let label = match fact {
        "reason" => Localized { zh: "理由".into(), en: "Reason".into() },
        "correction.value" => Localized { zh: "更正哪一项".into(), en: "Which value".into() },
        "correction.to" => Localized { zh: "应当是".into(), en: "What it should be".into() },
        "correction.file" => Localized {
            zh: "证明材料（可不交）".into(),
            en: "A paper that shows it (optional)".into(),
        },
        "hold.until" => Localized {
            zh: "留存到哪一天（含当天）".into(),
            en: "Kept until, that day included".into(),
        },
        "reply.text" => Localized { zh: "答复".into(), en: "Reply".into() },
        "pass.person" => Localized { zh: "请哪位办理".into(), en: "Who should do it".into() },
        "pass.office" => {
            Localized { zh: "请哪个单位协办".into(), en: "Which office should help".into() }
        }
        _ => Localized { zh: "内容".into(), en: "Text".into() },
    };
    Question {
        fact: fact.to_owned(),
        label,
        help: None,
        kind: Kind::Text,
        choices: Vec::new(),
        required,
        when: None,
        min: None,
        max: None,
        max_length: Some(2000),
        lines: Some(4),
        sensitive: true,
        register: None,
        told: false,
        keep: false,
        example: None,
    }
}

/// A plain question for something else than words, for acts that every item has.
#[must_use]
pub fn plain(fact: &str, kind: Kind, required: bool) -> Question {
    Question { kind, max_length: None, lines: None, sensitive: false, ..long_text(fact, required) }
}

/// Who else a matter concerns, for naming somebody later: role, kind, name, and what is known of them.
#[must_use]
pub fn party_questions() -> Vec<Question> {
    let choice = |id: &str, zh: &str, en: &str| Choice {
        id: id.to_owned(),
        label: Localized { zh: zh.to_owned(), en: en.to_owned() },
    };
    let line = |fact: &str, zh: &str, en: &str, kind: Kind, required: bool| Question {
        label: Localized { zh: zh.to_owned(), en: en.to_owned() },
        kind,
        max_length: (kind == Kind::Text).then_some(100),
        lines: None,
        ..long_text(fact, required)
    };
    let roles = vec![
        choice("opponent", "对方当事人", "Other side"),
        choice("applicant", "共同申请人", "Co-applicant"),
        choice("victim", "受害人", "Victim"),
        choice("third", "第三人", "Third party"),
    ];
    let kinds = vec![
        choice("person", "个人", "A person"),
        choice("company", "企业", "A company"),
        choice("organ", "单位", "An organisation"),
    ];
    let open = |question: Question, choices| Question { choices, sensitive: false, ..question };
    vec![
        open(line("party.role", "与本件的关系", "Role in this matter", Kind::Choice, true), roles),
        open(line("party.kind", "个人还是单位", "Person or organisation", Kind::Choice, true), kinds),
        line("party.name", "姓名或者名称", "Name", Kind::Text, true),
        line(
            "party.id_no",
            "身份证号（个人，可不填）",
            "Identity number (person, optional)",
            Kind::CnId,
            false,
        ),
        line(
            "party.uscc",
            "统一社会信用代码（单位，可不填）",
            "Credit code (organisation, optional)",
            Kind::Uscc,
            false,
        ),
        line("party.phone", "电话（可不填）", "Phone (optional)", Kind::CnPhone, false),
    ]
}

/// A JSON pointer to a field, escaped as RFC 6901 asks.
#[must_use]
pub fn pointer(at: &str, field: &str) -> String {
    format!("{at}/{}", field.replace('~', "~0").replace('/', "~1"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Wrong,
    Allowed,
}

#[derive(Clone, Copy)]
struct Ask<'a> {
    at: &'a str,
    today: Date,
    missing: Missing,
}

fn read(
    catalog: &Catalog,
    questions: &[&Question],
    typed: &Facts,
    known: &Facts,
    ask: Ask<'_>,
) -> Result<Facts, Vec<FieldError>> {
    let mut errors: Vec<FieldError> = typed
        .keys()
        .filter(|name| questions.iter().all(|q| q.fact != **name))
        .map(|name| {
            FieldError::new(
                pointer(ask.at, name),
                "unknown-field",
                Text::new("error-unknown-field").arg("field", name),
            )
        })
        .collect();
    // Conditions speak of earlier answers, so answers are read in order and judged as they come.
    let mut facts = known.clone();
    let mut own = Facts::new();
    for question in questions {
        let asked = arises(catalog, question, &facts, ask.today);
        let value = typed.get(&question.fact).filter(|v| !v.is_null());
        if asked == Some(false) {
            continue;
        }
        let read = value.map(|value| answer::read(question, value, ask.today));
        match read {
            Some(Ok(value)) => {
                facts.insert(question.fact.clone(), value.clone());
                own.insert(question.fact.clone(), value);
            }
            Some(Err(wrong)) if wrong.code != "required" || question.required => {
                errors.push(FieldError::new(pointer(ask.at, &question.fact), wrong.code, wrong.text));
            }
            _ if question.required && asked == Some(true) && ask.missing == Missing::Wrong => {
                errors.push(FieldError::new(
                    pointer(ask.at, &question.fact),
                    "required",
                    Text::new("error-required").arg("field", &question.label.zh),
                ));
            }
            _ => {}
        }
    }
    if errors.is_empty() { Ok(own) } else { Err(errors) }
}
