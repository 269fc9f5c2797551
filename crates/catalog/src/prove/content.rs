//! What people read and fill in: names, guide, texts, form, materials, examples.

use super::{Finding, Subject, clocks};
use crate::item::{Kind, Register};
use kernel::actor::Door;
use kernel::area::AreaCode;
use serde_json::Value;
use std::collections::BTreeSet;

/// Ids are well formed, unique, and the file lies where its id says.
pub(super) fn identity(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    let (file, ..) = subject.sources.locate("id");
    let home = item.id.split_once('.').map(|(series, name)| format!("items/{series}/{name}.toml"));
    if home.as_deref() != Some(file.as_str()) || !item.id.split('.').all(is_word) {
        let remedy =
            "an id is `series.name` in small ASCII letters, digits and `-`, in items/<series>/<name>.toml";
        out.push(subject.finding(
            "id",
            "misplaced-item",
            format!("item `{}` lies in {file}", item.id),
            remedy,
        ));
    }
    let same = subject.loaded.items.iter().filter(|(_, other)| other.id == item.id);
    if same.count() > 1 {
        out.push(subject.finding(
            "id",
            "duplicate-item",
            format!("another file also defines item `{}`", item.id),
            "give each item its own id; versions follow each other in one file",
        ));
    }
    if item.version == 0 {
        let message = "the first version of an item is 1".to_owned();
        out.push(subject.finding("version", "version-zero", message, "write `version = 1`"));
    }
    let mut lists: Vec<(String, Vec<&str>)> = vec![
        ("steps".into(), item.steps.iter().map(|s| s.id.as_str()).collect()),
        ("clocks".into(), item.clocks.iter().map(|c| c.id.as_str()).collect()),
        ("documents".into(), item.documents.iter().map(|d| d.id.as_str()).collect()),
        ("materials".into(), item.materials.iter().map(|m| m.id.as_str()).collect()),
        ("form".into(), item.form.iter().map(|p| p.id.as_str()).collect()),
        ("form".into(), item.questions().map(|q| q.fact.as_str()).collect()),
    ];
    for step in &item.steps {
        let at = format!("steps/{}", step.id);
        lists.push((format!("{at}/actions"), step.actions.iter().map(|a| a.id.as_str()).collect()));
        lists.push((format!("{at}/tasks"), step.tasks.iter().map(|t| t.id.as_str()).collect()));
        for action in &step.actions {
            let facts = action.input.iter().map(|q| q.fact.as_str()).collect();
            lists.push((format!("{at}/actions/{}/input", action.id), facts));
        }
    }
    if let Some(table) = &item.eligibility {
        lists.push(("eligibility/rows".into(), table.rows.iter().map(|row| row.id.as_str()).collect()));
    }
    for (at, ids) in lists {
        let mut seen = BTreeSet::new();
        for id in ids.into_iter().filter(|id| !seen.insert(*id)) {
            out.push(subject.finding(
                &format!("{at}/{id}"),
                "duplicate-id",
                format!("`{id}` stands twice in {at}"),
                "give each its own name",
            ));
        }
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The public guide answers what a person asks first.
pub(super) fn guide(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let guide = &subject.item.guide;
    let parts = [
        ("who", guide.who.is_empty(), "who may ask for it"),
        ("basis", guide.basis.is_empty(), "what law it rests on"),
        ("result", guide.result.is_empty(), "what comes out of it"),
        ("phones", guide.phones.is_empty(), "whom to call"),
        ("faq", guide.faq.is_empty(), "questions people ask"),
    ];
    for (key, _, what) in parts.iter().filter(|(_, missing, _)| *missing) {
        out.push(subject.finding(
            &format!("guide/{key}"),
            "guide-incomplete",
            format!("the guide does not say {what}"),
            &format!("fill `{key}` in [guide]"),
        ));
    }
    for (key, missing) in [
        ("doors", subject.item.doors.is_empty()),
        ("applicant", subject.item.applicant.kinds.is_empty()),
        ("duty", subject.item.duty.is_empty()),
    ] {
        if missing {
            let message = format!("the item does not say `{key}`");
            out.push(subject.finding(key, "guide-incomplete", message, &format!("fill `{key}`")));
        }
    }
}

/// Every text is there in both languages.
pub(super) fn texts(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let Ok(value) = serde_json::to_value(subject.item) else { return };
    let mut empty = Vec::new();
    walk(&value, &mut String::new(), &mut empty);
    for path in empty {
        out.push(subject.finding(
            &path,
            "text-missing",
            format!("the text at `{path}` is not there in both languages"),
            "write it as { zh = \"…\", en = \"…\" }, both filled",
        ));
    }
}

fn walk(value: &Value, path: &mut String, empty: &mut Vec<String>) {
    match value {
        Value::Object(map) if map.len() == 2 && map.contains_key("zh") && map.contains_key("en") => {
            let blank = |key: &str| map[key].as_str().is_some_and(|text| text.trim().is_empty());
            // The words of a legal reference may be left out altogether.
            let optional = path.ends_with("/text") && path.contains("basis") && blank("zh") && blank("en");
            if (blank("zh") || blank("en")) && !optional {
                empty.push(path.clone());
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                // Bodies and facts of examples are what people send, not what they read.
                if !matches!(key.as_str(), "body" | "facts") {
                    step_into(key, value, path, empty);
                }
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                let name = ["id", "fact"].iter().find_map(|key| value.get(key)?.as_str());
                step_into(&name.map_or_else(|| at.to_string(), str::to_owned), value, path, empty);
            }
        }
        _ => {}
    }
}

fn step_into(word: &str, value: &Value, path: &mut String, empty: &mut Vec<String>) {
    let length = path.len();
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(word);
    walk(value, path, empty);
    path.truncate(length);
}

/// The form asks what it can ask, and the place it says the matter belongs to.
pub(super) fn form(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    if let Some(fact) = &item.area_from
        && item.question(fact).is_none_or(|question| question.kind != Kind::Area)
    {
        out.push(subject.finding(
            "area_from",
            "unknown-area-fact",
            format!("`area_from` names `{fact}`, which the form does not ask as an area"),
            "name a question of the form whose fact has kind `area`",
        ));
    }
    for page in &item.form {
        for question in &page.questions {
            let at = format!("form/{}/questions/{}", page.id, question.fact);
            // People who apply cannot be shown the register of those who work here.
            if question.register.as_ref().is_some_and(|r: &Register| r.role.is_some()) {
                out.push(subject.finding(
                    &at,
                    "register-in-form",
                    format!("question `{}` lets applicants choose among accounts", question.fact),
                    "ask for it in an action of the office instead",
                ));
            }
            if question.kind == Kind::Choice && question.choices.is_empty() {
                out.push(subject.finding(
                    &at,
                    "no-choices",
                    format!("question `{}` offers nothing to choose from", question.fact),
                    "give the fact `choices` in catalog/facts.toml",
                ));
            }
        }
    }
}

/// A deferral has a limit.
pub(super) fn materials(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for material in &subject.item.materials {
        if let Some(defer) = &material.may_defer {
            let at = format!("materials/{}/may_defer", material.id);
            clocks::limit(subject, &at, &format!("material `{}`", material.id), &defer.rule, out);
        }
    }
}

/// There is an example, and `POST /matters` would take it as far as the item's own words go.
pub(super) fn examples(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    let item = subject.item;
    if item.examples.is_empty() {
        out.push(subject.finding(
            "examples",
            "no-example",
            format!("item `{}` has no example", item.id),
            "add an [[examples]] table with a whole body of POST /matters",
        ));
    }
    for (at, example) in item.examples.iter().enumerate() {
        for (part, why) in faults_of(subject, &example.body) {
            out.push(subject.finding(
                &format!("examples/{at}/body/{part}"),
                "example-refused",
                format!("example `{}`: {why}", example.name.zh),
                "correct the example, or the item if the example is right",
            ));
        }
    }
}

fn faults_of(subject: &Subject<'_>, body: &Value) -> Vec<(String, String)> {
    let item = subject.item;
    let mut faults = Vec::new();
    let text = |key: &str| body[key].as_str().unwrap_or_default();
    if text("item") != item.id {
        faults.push(("item".to_owned(), format!("it is an example of `{}`", text("item"))));
    }
    if text("area").parse::<AreaCode>().is_err() {
        faults.push(("area".to_owned(), format!("`{}` is no area code", text("area"))));
    }
    if !text("door").parse::<Door>().is_ok_and(|door| item.doors.contains(&door)) {
        faults
            .push(("door".to_owned(), format!("the item does not come through the door `{}`", text("door"))));
    }
    let kind = body["applicant"]["kind"].as_str().unwrap_or_default();
    if !item.applicant.kinds.iter().any(|known| known == kind) {
        faults.push(("applicant".to_owned(), format!("a `{kind}` may not apply")));
    }
    for given in body["materials"].as_array().into_iter().flatten() {
        let id = given["id"].as_str().unwrap_or_default();
        let why = match item.material(id) {
            None => "is not asked for",
            Some(known) if given["defer"] == true && known.may_defer.is_none() => "may not come later",
            Some(known) if given["declare"] == true && known.may_declare.is_none() => "may not be declared",
            Some(_) => continue,
        };
        faults.push(("materials".to_owned(), format!("material `{id}` {why}")));
    }
    faults
}
