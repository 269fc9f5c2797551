//! The JSON Schema (2020-12) of a form or of an action's input: flat, keyed by fact name.

use crate::Catalog;
use crate::item::{Kind, Question};
use crate::rules::{Known, Node, Order};
use kernel::lang::Lang;
use serde_json::{Map, Value, json};

/// The schema, in one language. Conditions of questions are `if`/`then`.
#[must_use]
pub fn schema(catalog: &Catalog, questions: &[&Question], lang: Lang) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut conditions = Vec::new();
    for question in questions {
        properties.insert(question.fact.clone(), property(question, lang));
        if !question.required {
            continue;
        }
        match question.when.as_deref() {
            None => required.push(question.fact.clone()),
            Some(when) => {
                // A condition JSON Schema cannot say (arithmetic, another form's facts) is left to the server.
                if let Some(test) = catalog.rule(when).and_then(|rule| condition(rule.node())) {
                    conditions.push(json!({ "if": test, "then": { "required": [question.fact] } }));
                }
            }
        }
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        // Objects have no order; people are asked in one.
        "x-order": questions.iter().map(|question| question.fact.as_str()).collect::<Vec<_>>(),
    });
    if !conditions.is_empty() {
        schema["allOf"] = Value::Array(conditions);
    }
    schema
}

fn property(question: &Question, lang: Lang) -> Value {
    let choices: Vec<Value> =
        question.choices.iter().map(|c| json!({ "const": c.id, "title": c.label.get(lang) })).collect();
    let mut schema = match question.kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int => json!({ "type": "integer" }),
        Kind::Money => json!({ "type": "string", "format": "money", "pattern": r"^-?\d{1,13}(\.\d{1,2})?$" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Text | Kind::Choice | Kind::Organisation | Kind::Account | Kind::Pick => {
            json!({ "type": "string" })
        }
        Kind::File => json!({ "type": "string", "format": "file" }),
        Kind::Area => json!({ "type": "string", "format": "area12", "pattern": r"^\d{12}$" }),
        Kind::CnId => json!({ "type": "string", "format": "cn-id" }),
        Kind::CnPhone => json!({ "type": "string", "format": "cn-phone" }),
        Kind::Uscc => json!({ "type": "string", "format": "uscc" }),
        Kind::List => json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true }),
    };
    schema["title"] = json!(question.label.get(lang));
    if let Some(help) = &question.help {
        schema["description"] = json!(help.get(lang));
    }
    match question.kind {
        Kind::Int => {
            if let Some(min) = question.min {
                schema["minimum"] = json!(min);
            }
            if let Some(max) = question.max {
                schema["maximum"] = json!(max);
            }
        }
        Kind::Text => {
            schema["maxLength"] = json!(question.max_length.unwrap_or(2000));
            if question.required {
                schema["minLength"] = json!(1);
            }
        }
        Kind::List => {
            schema["maxItems"] = json!(question.max_length.unwrap_or(50));
            if question.required {
                schema["minItems"] = json!(1);
            }
            if !choices.is_empty() {
                schema["items"]["oneOf"] = json!(choices);
            }
        }
        Kind::Choice | Kind::Organisation | Kind::Account | Kind::Pick if !choices.is_empty() => {
            schema["oneOf"] = json!(choices);
        }
        _ => {}
    }
    schema
}

/// A rule as a schema that holds exactly when the rule does, where that can be said.
fn condition(node: &Node) -> Option<Value> {
    let about = |fact: &str, test: Value| {
        let mut properties = Map::new();
        properties.insert(fact.to_owned(), test);
        json!({ "properties": properties, "required": [fact] })
    };
    match node {
        Node::Fact(fact) => Some(about(fact, json!({ "const": true }))),
        Node::Has(fact) => Some(json!({ "required": [fact] })),
        // "Not" of an unknown fact is unclear, not yes: the fact must be there.
        Node::Not(inner) => match inner.as_ref() {
            Node::Fact(fact) => Some(about(fact, json!({ "const": false }))),
            Node::Has(fact) => Some(json!({ "not": { "required": [fact] } })),
            _ => None,
        },
        Node::And(left, right) => Some(json!({ "allOf": [condition(left)?, condition(right)?] })),
        Node::Or(left, right) => Some(json!({ "anyOf": [condition(left)?, condition(right)?] })),
        Node::Compare(order, left, right) => {
            let (Node::Fact(fact), Node::Const(value)) = (left.as_ref(), right.as_ref()) else { return None };
            let value = match value {
                Known::Bool(b) => json!(b),
                Known::Int(i) => json!(i),
                Known::Text(t) => json!(t),
                _ => return None,
            };
            match order {
                Order::Equal => Some(about(fact, json!({ "const": value }))),
                Order::NotEqual => Some(about(fact, json!({ "not": { "const": value } }))),
                Order::Less if value.is_i64() => Some(about(fact, json!({ "exclusiveMaximum": value }))),
                Order::LessOrEqual if value.is_i64() => Some(about(fact, json!({ "maximum": value }))),
                Order::Greater if value.is_i64() => Some(about(fact, json!({ "exclusiveMinimum": value }))),
                Order::GreaterOrEqual if value.is_i64() => Some(about(fact, json!({ "minimum": value }))),
                _ => None,
            }
        }
        Node::In(needle, list) => match (needle.as_ref(), list.as_ref()) {
            (Node::Fact(fact), Node::Texts(list)) => Some(about(fact, json!({ "enum": list }))),
            (Node::Fact(fact), Node::Ints(list)) => Some(about(fact, json!({ "enum": list }))),
            (Node::Const(Known::Text(text)), Node::Fact(fact)) => {
                Some(about(fact, json!({ "contains": { "const": text } })))
            }
            _ => None,
        },
        _ => None,
    }
}
