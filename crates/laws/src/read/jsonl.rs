//! Rows `{law, article, text, id?, category?, version?, effective_from?, effective_to?, status?}`, one article each.
//! A `version` that is no day says where an article was taken from: it joins the version of its law read just before.

use std::collections::HashMap;
use std::io::BufRead as _;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::Found;
use crate::LawError;
use crate::model::{Article, Draft, Status, cited};

#[derive(Deserialize)]
struct Row {
    law: String,
    article: String,
    text: String,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    effective_from: Option<String>,
    #[serde(default)]
    effective_to: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default, alias = "src")]
    source: Option<String>,
    #[serde(default, alias = "chapter")]
    heading: Option<String>,
}

/// Reads a file. Rows of one version need not stand together.
pub fn file(path: &Path, found: &mut Found, seen: &mut (dyn FnMut() + Send)) -> Result<(), LawError> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut laws: Vec<Draft> = Vec::new();
    for (number, line) in (1..).zip(super::lines(path)?.lines()) {
        if number % 1000 == 0 {
            seen();
        }
        let line = match line {
            Ok(line) => line,
            Err(error) if number == 1 => return Err(error.into()),
            // What comes after a broken place of a packed file cannot be read either.
            Err(error) => {
                found.fault(path, Some(number), error.to_string());
                break;
            }
        };
        if line.trim().is_empty() {
            continue;
        }
        match article(&line) {
            Ok((mut law, article)) => {
                if !law.version.is_empty() && law.version.parse::<Date>().is_err() {
                    let before = laws.iter().rev().find(|one| one.title == law.title);
                    law.version = before.map(|one| one.version.clone()).unwrap_or_default();
                }
                let at = *places.entry(law.id()).or_insert_with(|| {
                    laws.push(law);
                    laws.len() - 1
                });
                laws[at].articles.push(article);
            }
            Err(reason) => found.fault(path, Some(number), reason),
        }
    }
    found.laws.extend(laws);
    Ok(())
}

fn article(line: &str) -> Result<(Draft, Article), String> {
    let row: Row = serde_json::from_str(line).map_err(|error| error.to_string())?;
    for (field, value) in [("law", &row.law), ("article", &row.article), ("text", &row.text)] {
        if value.trim().is_empty() {
            return Err(format!("{field} is empty"));
        }
    }
    let day = |name: &str, value: Option<String>| match value.filter(|value| !value.is_empty()) {
        Some(value) => {
            value.parse::<Date>().map(Some).map_err(|_| format!("{name}: `{value}` is no date YYYY-MM-DD"))
        }
        None => Ok(None),
    };
    let version = row.version.unwrap_or_default().trim().to_owned();
    let status: Status = row.status.as_deref().unwrap_or_default().parse()?;
    let source = row.source.unwrap_or_else(|| "jsonl".to_owned());
    let id = match row.id {
        None | Some(Value::Null) => None,
        Some(id @ (Value::String(_) | Value::Number(_))) => Some(id.to_string()),
        Some(_) => return Err("id is neither text nor number".to_owned()),
    };
    let law = Draft {
        title: cited(&row.law),
        full_title: row.law.trim().to_owned(),
        category: row.category.unwrap_or_default(),
        version,
        effective_from: day("effective_from", row.effective_from)?,
        effective_to: day("effective_to", row.effective_to)?,
        status,
        status_source: if status == Status::Unknown { String::new() } else { source.clone() },
        source,
        articles: Vec::new(),
    };
    let article = Article {
        article: row.article.trim().to_owned(),
        heading: row.heading.unwrap_or_default(),
        text: row.text.trim().to_owned(),
        source_id: id,
    };
    Ok((law, article))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_gathered_by_law_and_bad_ones_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let rows = [
            r#"{"id": 7, "law": "甲法", "article": "第一条", "text": "一", "version": "2020-01-01"}"#,
            r#"{"law": "乙法", "article": "第一条", "text": "一"}"#,
            r#"{"id": "x", "law": "甲法", "article": "第二条", "text": "二", "version": "2020-01-01"}"#,
            r#"{"law": "甲法", "article": "第三条", "text": " "}"#,
            r#"{"id": 9, "law": "甲法", "article": "第三条", "text": "三", "version": "摘录"}"#,
            r#"{"law": "丙法", "article": "第一条", "text": "一", "version": "摘录"}"#,
            "no JSON",
        ];
        std::fs::write(&path, rows.join("\n")).unwrap();
        let mut found = Found::default();
        file(&path, &mut found, &mut || {}).unwrap();
        let ids: Vec<String> = found.laws.iter().map(Draft::id).collect();
        assert_eq!(ids, ["甲法@2020-01-01", "乙法", "丙法"]);
        assert_eq!(
            found.laws[0].articles[2].source_id.as_deref(),
            Some("9"),
            "an excerpt joins what it is from"
        );
        assert_eq!(found.laws[0].articles[1].source_id.as_deref(), Some("\"x\""));
        assert_eq!(found.faults.iter().filter_map(|fault| fault.line).collect::<Vec<_>>(), [4, 7]);
    }
}
