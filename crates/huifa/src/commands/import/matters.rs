//! Matters, through the register's command `import`.

use std::collections::BTreeMap;

use access::import::Taken;
use matters::command::import::Imported;
use serde_json::{Map, Value};

use super::mapping::Record;
use super::tell::Teller;
use super::{Args, BATCH, Source};
use crate::failure::Failure;
use crate::node::Node;

/// Columns beside `applicant_*` and `form.*`.
pub const COLUMNS: [&str; 8] =
    ["source_id", "item", "area", "door", "opened_at", "closed_at", "outcome", "handled_by"];

/// Takes all rows.
pub async fn take(node: &Node, mut from: Source, args: &Args, tell: &mut Teller<'_>) -> Result<(), Failure> {
    loop {
        let batch = from.batch(BATCH, tell).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let (lines, bodies): (Vec<u64>, Vec<Value>) =
            batch.into_iter().map(|(line, record)| (line, body(record))).unzip();
        let answers = node.register.import(bodies, args.dry_run).await.map_err(Failure::environment)?;
        for (line, answer) in lines.into_iter().zip(answers) {
            match answer {
                Ok(Imported::New(_) | Imported::Would) => tell.row(line, Taken::New),
                Ok(Imported::Known(_)) => tell.row(line, Taken::Known),
                Err(refusal) => tell.refusal(line, &refusal),
            }
        }
    }
}

/// A row as the body of a command: `applicant_phone` within `applicant`, `applicant_guardian_name` within its
/// `guardian`, `form.income.monthly` within `form`.
fn body(record: Record) -> Value {
    let (mut body, mut applicant, mut form) = (Map::new(), Map::new(), Map::new());
    let mut companions: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (name, value) in record {
        let value = Value::String(value);
        if let Some(field) = name.strip_prefix("applicant_") {
            let companion = COMPANIONS
                .iter()
                .find_map(|who| Some((*who, field.strip_prefix(who)?.strip_prefix('_')?.to_owned())));
            match companion {
                Some((who, field)) => companions.entry(who).or_default().insert(field, value),
                None => applicant.insert(field.to_owned(), value),
            };
        } else if let Some(fact) = name.strip_prefix("form.") {
            form.insert(fact.to_owned(), value);
        } else {
            body.insert(name, value);
        }
    }
    applicant.extend(companions.into_iter().map(|(who, fields)| (who.to_owned(), Value::Object(fields))));
    body.insert("applicant".to_owned(), Value::Object(applicant));
    body.insert("form".to_owned(), Value::Object(form));
    Value::Object(body)
}

/// People beside an applicant.
const COMPANIONS: [&str; 2] = ["guardian", "helper"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_the_body_of_a_command() {
        let record = [
            ("source_id", "1"),
            ("applicant_name", "小明"),
            ("applicant_id_no", "x"),
            ("applicant_guardian_name", "大明"),
            ("form.counsel.own", "否"),
        ];
        let record = record.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = body(record.into_iter().collect());
        assert_eq!(body["applicant"]["guardian"]["name"], "大明");
        assert_eq!(body["applicant"]["id_no"], "x");
        assert_eq!(body["form"]["counsel.own"], "否");
    }
}
