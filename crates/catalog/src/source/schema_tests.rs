//! `catalog/item.schema.json` says what the loader reads: no more, no less.

use super::*;
use crate::load::Files;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn schema() -> Value {
    serde_json::from_str(Files::embedded().get("item.schema.json").unwrap()).unwrap()
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

fn items() -> Vec<(String, Value)> {
    Files::embedded().under("items/", ".toml").map(|(path, text)| (path.to_owned(), as_json(text))).collect()
}

#[test]
fn the_schema_is_a_schema() {
    jsonschema::meta::validate(&schema()).unwrap();
}

#[test]
fn every_shipped_item_validates() {
    let validator = validator();
    let items = items();
    assert!(items.len() >= 2);
    for (path, item) in items {
        let faults: Vec<_> =
            validator.iter_errors(&item).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(faults, Vec::<String>::new(), "{path}");
    }
}

#[test]
fn broken_items_do_not_validate() {
    type Break = fn(&mut Value);
    let validator = validator();
    let (_, sound) = items().swap_remove(0);
    let broken: [(&str, Break); 8] = [
        ("no steps", |item| item["steps"] = json!([])),
        ("an unknown key", |item| item["colour"] = json!("red")),
        ("an unknown door", |item| item["doors"] = json!(["window", "chimney"])),
        ("a text in one language", |item| item["name"] = json!({ "zh": "法律咨询" })),
        ("an id without series", |item| item["id"] = json!("consultation")),
        ("a version that is no number", |item| item["version"] = json!("1")),
        ("an action without target", |item| {
            item["steps"][0]["actions"][0].as_object_mut().unwrap().remove("to");
        }),
        ("a task for nobody", |item| item["steps"][0]["tasks"][0]["role"] = json!("king")),
    ];
    for (what, break_it) in broken {
        let mut item = sound.clone();
        break_it(&mut item);
        assert!(!validator.is_valid(&item), "{what} was accepted");
    }
}

/// The keys a type of the loader takes, as serde tells them.
fn keys<T: DeserializeOwned>() -> BTreeSet<String> {
    let Err(fault) = serde_json::from_value::<T>(json!({ "?": 0 })) else {
        panic!("an unknown key was taken")
    };
    let told = fault.to_string();
    let (_, list) = told.split_once("expected ").unwrap_or_else(|| panic!("{told}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The words a closed list takes.
fn words<T: DeserializeOwned>() -> BTreeSet<String> {
    let Err(fault) = serde_json::from_value::<T>(json!("?")) else { panic!("an unknown word was taken") };
    let told = fault.to_string();
    let (_, list) = told.split_once("expected ").unwrap_or_else(|| panic!("{told}"));
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn schema_and_loader_take_the_same_keys() {
    let schema = schema();
    let at = |pointer: &str| -> BTreeSet<String> {
        let object = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        assert_eq!(object["additionalProperties"], false, "{pointer}");
        object["properties"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(at(""), keys::<ItemFile>());
    for (name, taken) in [
        ("localized", keys::<Localized>()),
        ("basis", keys::<Basis>()),
        ("applicant", keys::<ApplicantNeeds>()),
        ("include/oneOf/1", keys::<IncludeWith>()),
        ("guide", keys::<Guide>()),
        ("phone", keys::<crate::item::Phone>()),
        ("faq", keys::<crate::item::Faq>()),
        ("page", keys::<PageFile>()),
        ("question", keys::<QuestionFile>()),
        ("register", keys::<Register>()),
        ("material", keys::<MaterialFile>()),
        ("material/properties/may_defer", keys::<Defer>()),
        ("material/properties/may_declare", keys::<Declaration>()),
        ("eligibility", keys::<EligibilityFile>()),
        ("eligibility/properties/next", keys::<EligibilityNext>()),
        ("row", keys::<RowFile>()),
        ("case", keys::<EligibilityExample>()),
        ("clock", keys::<ClockFile>()),
        ("step", keys::<StepFile>()),
        ("task", keys::<TaskFile>()),
        ("action", keys::<ActionFile>()),
        ("action/properties/guard", keys::<Guard>()),
        ("rating", keys::<RatingFile>()),
        ("rating/properties/dimensions/items", keys::<Dimension>()),
        ("closing", keys::<Closing>()),
        ("document", keys::<Document>()),
        ("from", keys::<Follows>()),
        ("clock/properties/extension", keys::<Extension>()),
        ("example", keys::<Example>()),
    ] {
        assert_eq!(at(&format!("/$defs/{name}")), taken, "{name}");
    }
}

#[test]
fn schema_and_loader_take_the_same_words() {
    let schema = schema();
    let at = |pointer: &str| -> BTreeSet<String> {
        let list = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        list["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let all = |words: Vec<&str>| -> BTreeSet<String> { words.into_iter().map(str::to_owned).collect() };
    assert_eq!(at("/$defs/role"), all(Role::ALL.iter().map(|r| r.as_str()).collect()));
    assert_eq!(at("/properties/doors/items"), all(Door::ALL.iter().map(|d| d.as_str()).collect()));
    assert_eq!(at("/properties/level"), all(Level::ALL.iter().map(|l| l.as_str()).collect()));
    assert_eq!(at("/$defs/need"), words::<crate::item::Need>());
    assert_eq!(at("/$defs/register/properties/of"), words::<crate::item::RegisterOf>());
    assert_eq!(at("/$defs/clock/properties/starts"), words::<crate::item::ClockStart>());
    assert_eq!(at("/$defs/step/properties/waiting_on"), words::<WaitingOn>());
    assert_eq!(at("/$defs/step/properties/join"), words::<Join>());
    assert_eq!(at("/$defs/task/properties/pool"), words::<Pool>());
    assert_eq!(at("/$defs/action/properties/owner"), words::<Owner>());
    assert_eq!(at("/$defs/action/properties/effect"), words::<Effect>());
    assert_eq!(at("/$defs/register/properties/matter"), words::<crate::item::MatterList>());
}

/// The reference page is what the schema says.
#[test]
fn the_reference_page_is_made_from_the_schema() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/item-reference.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let made = crate::reference::markdown().unwrap();
    let first = page.lines().zip(made.lines()).find(|(kept, wanted)| kept != wanted);
    assert!(
        page == made,
        "docs/item-reference.md is not what the schema says (first difference: {first:?}); \
         run `huifa catalog schema --markdown > docs/item-reference.md`"
    );
    let mut keys = BTreeSet::new();
    collect(&schema(), &mut keys);
    assert!(keys.len() > 80);
    for key in keys {
        let told = [format!("`{key}`"), format!(".{key}`")].iter().any(|name| made.contains(name));
        assert!(told || ["zh", "en"].contains(&key.as_str()), "the reference does not explain `{key}`");
    }
}

/// Nothing in the format is left without words.
#[test]
fn the_schema_explains_every_key() {
    fn silent(value: &Value, at: &str, found: &mut Vec<String>) {
        if let Some(Value::Object(properties)) = value.get("properties") {
            for (key, property) in properties {
                // A shared word explains itself where it is defined.
                if property.get("description").is_none() && property.get("$ref").is_none() {
                    found.push(format!("{at}/{key}"));
                }
            }
        }
        match value {
            Value::Object(map) => {
                map.iter().for_each(|(key, value)| silent(value, &format!("{at}/{key}"), found));
            }
            Value::Array(list) => list.iter().for_each(|value| silent(value, at, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    silent(&schema(), "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Object(properties)) = map.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            map.values().for_each(|value| collect(value, keys));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, keys)),
        _ => {}
    }
}
