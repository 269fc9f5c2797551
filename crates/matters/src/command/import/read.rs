//! A row of an old register, read as forgivingly as people kept it and as strictly as facts must be: what is there
//! must be right, what is not there is not missed.

use std::collections::HashMap;
use std::sync::Arc;

use catalog::Catalog;
use catalog::form;
use catalog::item::{ApplicantNeeds, Choice, Item, Kind, Need, Question, Step};
use jiff::civil::{Date, DateTime, Time};
use kernel::actor::Door;
use kernel::area::AreaCode;
use kernel::refusal::{FieldError, Refusal, Text};
use kernel::text::normalise;
use kernel::time::{Instant, at_beijing};
use serde_json::{Map, Value, json};

use crate::command::wrong_input;
use crate::party::{PartyFacts, Reader};

const FIELDS: [&str; 10] = [
    "source_id",
    "item",
    "area",
    "door",
    "opened_at",
    "closed_at",
    "outcome",
    "handled_by",
    "applicant",
    "form",
];

/// Longest `source_id`, in characters.
const SOURCE_MAX: usize = 100;

/// A matter as it was kept elsewhere, found right.
pub(super) struct Old {
    pub source_id: String,
    pub item: Arc<Item>,
    pub area: AreaCode,
    pub door: Door,
    pub opened_at: Instant,
    /// Where it ended and when; none while it is open.
    pub end: Option<(Step, Instant)>,
    /// Account of whoever dealt with it.
    pub handler: Option<String>,
    pub applicant: PartyFacts,
    pub form: Map<String, Value>,
}

/// Reads one body; every fault with its pointer.
pub(super) fn old(
    catalog: &Catalog,
    body: &Value,
    handlers: &HashMap<String, String>,
    now: Instant,
) -> Result<Old, Refusal> {
    let empty = Map::new();
    let object = body.as_object().unwrap_or(&empty);
    let mut errors: Vec<FieldError> = object
        .keys()
        .filter(|name| !FIELDS.contains(&name.as_str()))
        .map(|name| FieldError::new(format!("/{name}"), "unknown-field", "error-unknown-field"))
        .collect();
    let text =
        |name: &str| object.get(name).and_then(Value::as_str).map(normalise).filter(|text| !text.is_empty());
    let item = text("item").and_then(|word| item(catalog, &word));
    let area = text("area").and_then(|code| code.parse::<AreaCode>().ok());
    let door = text("door").and_then(|word| word.parse::<Door>().ok());
    for (name, missing, key) in [
        ("item", item.is_none(), "error-item"),
        ("area", area.is_none(), "error-area"),
        ("door", door.is_none(), "error-door"),
    ] {
        if missing {
            let code = if text(name).is_some() { "choice" } else { "required" };
            errors.push(FieldError::new(format!("/{name}"), code, key));
        }
    }
    let source_id = text("source_id").unwrap_or_default();
    if source_id.is_empty() {
        errors.push(FieldError::new("/source_id", "required", "error-required"));
    } else if source_id.chars().count() > SOURCE_MAX {
        let why = Text::new("error-too-long").arg("max", SOURCE_MAX);
        errors.push(FieldError::new("/source_id", "too-long", why));
    }
    let opened_at = when(text("opened_at").as_deref(), "opened_at", now, &mut errors);
    if opened_at.is_none() && text("opened_at").is_none() {
        errors.push(FieldError::new("/opened_at", "required", "error-required"));
    }
    let closed_at = when(text("closed_at").as_deref(), "closed_at", now, &mut errors);
    if opened_at.zip(closed_at).is_some_and(|(opened, closed)| closed < opened) {
        errors.push(FieldError::new("/closed_at", "too-early", "error-closed-before-opened"));
    }
    let (Some(item), Some(area), Some(door), Some(opened_at)) = (item, area, door, opened_at) else {
        return Err(wrong_input(errors));
    };
    let end = ended(&item, closed_at, text("outcome").as_deref(), &mut errors);
    let handler = text("handled_by").and_then(|login| {
        let account = handlers.get(&login).cloned();
        if account.is_none() {
            errors.push(FieldError::new("/handled_by", "choice", "error-no-such-login"));
        }
        account
    });
    let applicant = applicant(object.get("applicant"), &item, now.date(), &mut errors);
    let form = facts(catalog, &item, object.get("form"), now.date(), &mut errors);
    if errors.is_empty() {
        Ok(Old { source_id, item, area, door, opened_at, end, handler, applicant, form })
    } else {
        Err(wrong_input(errors))
    }
}

/// An item by its id, or by its Chinese name.
fn item(catalog: &Catalog, word: &str) -> Option<Arc<Item>> {
    catalog.item(word).or_else(|| catalog.items().find(|item| item.name.zh == word)).cloned()
}

/// `2025-03-05`, `2025/3/5 14:20`, `2025年3月5日`, or RFC 3339.
fn when(text: Option<&str>, name: &str, now: Instant, errors: &mut Vec<FieldError>) -> Option<Instant> {
    let text = text?;
    let at = text.parse::<Instant>().ok().or_else(|| local(text));
    let (code, key) = match at {
        Some(at) if at <= now => return Some(at),
        Some(_) => ("future", "error-received-at-future"),
        None => ("format", "error-instant"),
    };
    errors.push(FieldError::new(format!("/{name}"), code, key));
    None
}

fn local(text: &str) -> Option<Instant> {
    let text = text.replace(['年', '月', '/', '.'], "-").replace(['日', 'T'], " ");
    let mut words = text.split_whitespace();
    let mut parts = words.next()?.split('-').map(str::parse::<i16>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let day = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let time = match words.next() {
        None => Time::midnight(),
        Some(clock) => {
            let mut parts = clock.split(':').map(str::parse::<i8>);
            let mut next = || parts.next().unwrap_or(Ok(0)).ok();
            Time::new(next()?, next()?, next()?, 0).ok()?
        }
    };
    Some(at_beijing(DateTime::from_parts(day, time)))
}

/// The final step a matter ended in: by outcome, step or the Chinese name of the step. Without a word the item must
/// have one way to end that is nothing special.
fn ended(
    item: &Item,
    closed_at: Option<Instant>,
    outcome: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<(Step, Instant)> {
    let Some(at) = closed_at else {
        if outcome.is_some() {
            errors.push(FieldError::new("/closed_at", "required", "error-outcome-without-end"));
        }
        return None;
    };
    let mut ends = item.steps.iter().filter(|step| step.final_);
    let found = match outcome {
        Some(word) => {
            ends.find(|step| step.outcome.as_deref() == Some(word) || step.id == word || step.name.zh == word)
        }
        None => ends.clone().find(|step| step.id == "closed").or_else(|| ends.next()),
    };
    if found.is_none() {
        let known: Vec<String> = item
            .steps
            .iter()
            .filter(|step| step.final_)
            .map(|step| format!("{} ({})", step.outcome.as_ref().unwrap_or(&step.id), step.name.zh))
            .collect();
        let why = Text::new("error-outcome").arg("known", known.join(", "));
        errors.push(FieldError::new("/outcome", "choice", why));
    }
    found.map(|step| (step.clone(), at))
}

/// The applicant; what an old register did not keep is not asked for.
fn applicant(value: Option<&Value>, item: &Item, today: Date, errors: &mut Vec<FieldError>) -> PartyFacts {
    let mut object = value.and_then(Value::as_object).cloned().unwrap_or_default();
    object.entry("kind").or_insert_with(|| json!("person"));
    if object.contains_key("id_no") {
        object.entry("id_type").or_insert_with(|| json!("id18"));
    }
    let needs = ApplicantNeeds {
        kinds: item.applicant.kinds.clone(),
        identity: Need::Optional,
        phone: Need::Optional,
    };
    Reader { today, errors }.applicant(&Value::Object(object), &needs)
}

/// The facts of the form, each by its kind; choices also by what people call them.
fn facts(
    catalog: &Catalog,
    item: &Item,
    value: Option<&Value>,
    today: Date,
    errors: &mut Vec<FieldError>,
) -> Map<String, Value> {
    let mut typed = value.and_then(Value::as_object).cloned().unwrap_or_default();
    for (fact, value) in &mut typed {
        if let (Some(question), Value::String(text)) = (item.question(fact), &*value) {
            *value = said(question, text);
        }
    }
    form::partial(catalog, item, &typed, today).unwrap_or_else(|wrong| {
        errors.extend(wrong);
        Map::new()
    })
}

fn said(question: &Question, text: &str) -> Value {
    match question.kind {
        Kind::Bool => match text.trim() {
            "是" | "有" | "1" => json!(true),
            "否" | "无" | "0" => json!(false),
            other => json!(other),
        },
        Kind::Choice => json!(choice(&question.choices, text)),
        Kind::List => {
            let entries =
                text.split([';', '；', '、', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
            entries.map(|entry| choice(&question.choices, entry)).collect()
        }
        _ => json!(text),
    }
}

fn choice(choices: &[Choice], text: &str) -> String {
    let text = normalise(text);
    let called = choices.iter().find(|choice| choice.label.zh == text || choice.label.en == text);
    called.map_or(text, |choice| choice.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_wrote_them() {
        let at = |text: &str| local(text).map(|at| at.to_string());
        let noon = Some("2025-03-05T12:30:00+08:00".to_owned());
        for text in ["2025-03-05 12:30", "2025/3/5 12:30:00", "2025年3月5日 12:30", "2025.3.5T12:30"] {
            assert_eq!(at(text), noon, "{text}");
        }
        assert_eq!(at("2025-03-05"), Some("2025-03-05T00:00:00+08:00".to_owned()));
        for text in ["", "2025", "2025-13-01", "yesterday", "2025-03-05 25:00"] {
            assert_eq!(at(text), None, "{text}");
        }
    }
}
