//! Dated data: a row is whole, and a law is named.

use super::Finding;
use super::place::Document;
use crate::load::{Files, Loaded};
use crate::parameters::{Parameter, ParametersFile};
use kernel::clock::LimitKind;

/// Every row of every file.
pub(super) fn prove(files: &Files, _loaded: &Loaded, out: &mut Vec<Finding>) {
    for (path, text) in files.under("parameters/", ".toml") {
        let (Some(document), Ok(file)) =
            (Document::parse(path, text), toml::from_str::<ParametersFile>(text))
        else {
            continue;
        };
        for (at, row) in file.parameter.iter().enumerate() {
            for (key, code, message, remedy) in faults(row) {
                let (file, line, column) = document.locate(&format!("parameter/{at}/{key}"));
                out.push(Finding { file, line, column, code, message, remedy: remedy.to_owned() });
            }
        }
    }
}

type Fault = (&'static str, &'static str, String, &'static str);

fn faults(row: &Parameter) -> Vec<Fault> {
    let mut faults = Vec::new();
    let id = &row.id;
    if row.kind == LimitKind::Statutory && (row.law.is_none() || row.article.is_none()) {
        faults.push((
            "id",
            "law-without-article",
            format!("`{id}` is called statutory but names no law and article"),
            "add `law` and `article`, or write `kind = \"promise\"`",
        ));
    }
    if row.kind == LimitKind::Promise && row.law.is_some() {
        faults.push((
            "law",
            "promise-with-law",
            format!("`{id}` is a promise but names a law"),
            "a promise of the office is never called law: remove `law`, or write `kind = \"statutory\"`",
        ));
    }
    if row.count.is_some() != row.unit.is_some() {
        faults.push((
            "id",
            "half-a-limit",
            format!("`{id}` has a count without a unit, or a unit without a count"),
            "write both `count` and `unit`, or neither",
        ));
    }
    if row.effective_to.is_some_and(|last| last < row.effective_from) {
        faults.push((
            "effective_to",
            "ends-before-it-begins",
            format!("`{id}` ends before it begins"),
            "correct `effective_from` or `effective_to`",
        ));
    }
    if row.source.trim().is_empty() {
        faults.push((
            "source",
            "no-source",
            format!("`{id}` does not say where it comes from"),
            "name the text and where it was read",
        ));
    }
    faults
}
