//! An example of an input that the server accepts.

use super::{Facts, arises};
use crate::Catalog;
use crate::item::{Kind, Question};
use jiff::civil::Date;
use serde_json::{Value, json};

/// An input with every question answered that must be. Questions from the
/// register take their first choice; without choices they stay out.
#[must_use]
pub fn example(catalog: &Catalog, questions: &[Question], today: Date) -> Facts {
    let mut input = Facts::new();
    for question in questions {
        let asked = arises(catalog, question, &input, today) == Some(true);
        if asked
            && question.required
            && let Some(value) = value(question, today)
        {
            input.insert(question.fact.clone(), value);
        }
    }
    input
}

fn value(question: &Question, today: Date) -> Option<Value> {
    // Choices may have been narrowed, or come from the register: the example must be one of them.
    let first = question.choices.first().map(|c| Value::String(c.id.clone()));
    let offered = |v: &Value| question.choices.iter().any(|c| Some(c.id.as_str()) == v.as_str());
    match question.kind {
        Kind::Choice | Kind::Organisation | Kind::Account | Kind::Pick => {
            question.example.clone().filter(offered).or(first)
        }
        _ if question.example.is_some() => question.example.clone(),
        Kind::Bool => Some(json!(true)),
        Kind::Int => Some(json!(question.min.unwrap_or(1))),
        Kind::Money => Some(json!(kernel::money::Fen(question.min.unwrap_or(10_000)).to_string())),
        Kind::Date => Some(json!(today.to_string())),
        Kind::Text => Some(json!("示例文字")),
        Kind::Area => Some(json!("371502000000")),
        Kind::List => Some(first.map_or_else(|| json!(["示例文字"]), |first| json!([first]))),
        // Born in 1888: nobody alive.
        Kind::CnId => Some(json!("371502188803120017")),
        Kind::CnPhone => Some(json!("19900000001")),
        // Nothing is uploaded for the sake of an example.
        Kind::File => None,
        Kind::Uscc => Some(json!("91350100M000100Y43")),
    }
}
