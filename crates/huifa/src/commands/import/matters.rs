//! Matters, through the register's command `import`.

use matters::command::import::Imported;
use serde_json::{Map, Value};
use sheets::Rows;

use super::mapping::{Mapping, Record};
use super::tell::{Row, Teller};
use super::{Args, BATCH, unread};
use crate::failure::Failure;
use crate::node::Node;

/// Columns beside `applicant_*` and `form.*`.
pub const COLUMNS: [&str; 8] =
    ["source_id", "item", "area", "door", "opened_at", "closed_at", "outcome", "handled_by"];

/// Takes all rows.
pub async fn take(
    node: &Node,
    mapping: &Mapping,
    mut rows: Rows,
    args: &Args,
    tell: &mut Teller<'_>,
) -> Result<(), Failure> {
    let mut lines = Vec::with_capacity(BATCH);
    let mut bodies = Vec::with_capacity(BATCH);
    loop {
        let next = rows.next().await.map_err(|error| unread(args.file(), &error))?;
        let ended = next.is_none();
        match next {
            Some(Ok(row)) => {
                lines.push(row.line);
                bodies.push(body(mapping.record(&row)));
            }
            Some(Err(fault)) => tell.unreadable(fault.line, fault.reason),
            None => {}
        }
        if bodies.len() == BATCH || ended {
            let answers = node.register.import(std::mem::take(&mut bodies), args.dry_run).await;
            let answers = answers.map_err(Failure::environment)?;
            for (line, answer) in lines.drain(..).zip(answers) {
                match answer {
                    Ok(Imported::New(_) | Imported::Would) => tell.row(line, Row::New),
                    Ok(Imported::Known(_)) => tell.row(line, Row::Known),
                    Err(refusal) => tell.refusal(line, &refusal),
                }
            }
        }
        if ended {
            return Ok(());
        }
    }
}

/// A row as the body of a command: `applicant_phone` within `applicant`, `form.income.monthly` within `form`.
fn body(record: Record) -> Value {
    let mut body = Map::new();
    let (mut applicant, mut form) = (Map::new(), Map::new());
    for (name, value) in record {
        if let Some(field) = name.strip_prefix("applicant_") {
            applicant.insert(field.to_owned(), Value::String(value));
        } else if let Some(fact) = name.strip_prefix("form.") {
            form.insert(fact.to_owned(), Value::String(value));
        } else {
            body.insert(name, Value::String(value));
        }
    }
    body.insert("applicant".to_owned(), Value::Object(applicant));
    body.insert("form".to_owned(), Value::Object(form));
    Value::Object(body)
}
