//! What one version of an item says and another does not.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::item::Item;

/// One place where two versions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: names of keys, and ids where a list has them, `["steps", "received", "name", "zh"]`.
    pub place: Vec<String>,
    /// What the earlier version says; nothing where the place is new.
    pub before: Option<String>,
    /// What the later version says; nothing where the place is gone.
    pub after: Option<String>,
}

/// Everything that differs, in the order of the places. The number of the version itself is not told.
pub fn compare(before: &Item, after: &Item) -> Vec<Difference> {
    let (mut old, mut new) = (leaves(before), leaves(after));
    let places: std::collections::BTreeSet<Vec<String>> = old.keys().chain(new.keys()).cloned().collect();
    places
        .into_iter()
        .filter_map(|place| {
            let (before, after) = (old.remove(&place), new.remove(&place));
            (before != after).then_some(Difference { place, before, after })
        })
        .collect()
}

fn leaves(item: &Item) -> BTreeMap<Vec<String>, String> {
    let mut found = BTreeMap::new();
    // An item is made of texts, numbers and lists: it always has a JSON form.
    let mut value = serde_json::to_value(item).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("version");
        // Its own sample requests are tests, not rules.
        fields.remove("examples");
    }
    walk(&value, &mut Vec::new(), &mut found);
    found
}

fn walk(value: &Value, place: &mut Vec<String>, found: &mut BTreeMap<Vec<String>, String>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                place.push(name.clone());
                walk(value, place, found);
                place.pop();
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (nth, one) in list.iter().enumerate() {
                place.push(name_of(one).unwrap_or_else(|| (nth + 1).to_string()));
                walk(one, place, found);
                place.pop();
            }
        }
        Value::Array(list) if list.is_empty() => {}
        Value::Array(list) => {
            let words: Vec<String> = list.iter().map(said).collect();
            found.insert(place.clone(), words.join("、"));
        }
        other => {
            found.insert(place.clone(), said(other));
        }
    }
}

/// What tells an entry of a list from the others, wherever it stands in it.
fn name_of(entry: &Value) -> Option<String> {
    ["id", "fact", "rule", "item"].iter().find_map(|key| entry[*key].as_str()).map(ToOwned::to_owned)
}

fn said(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn item() -> Item {
        let catalog = Catalog::embedded().unwrap();
        let item = catalog.item("consultation.text").unwrap();
        Item::clone(item)
    }

    #[test]
    fn an_item_does_not_differ_from_itself_and_its_number_tells_nothing() {
        let mut later = item();
        later.version += 1;
        assert_eq!(compare(&item(), &later), []);
    }

    #[test]
    fn what_was_moved_is_no_difference_and_what_was_changed_is_told_by_its_place() {
        let mut later = item();
        later.steps.reverse();
        later.steps.iter_mut().find(|step| step.id == "received").unwrap().name.zh = "待办".to_owned();
        later.doors.pop();
        let told = compare(&item(), &later);
        let places: Vec<String> = told.iter().map(|one| one.place.join(".")).collect();
        assert_eq!(places, ["doors", "steps.received.name.zh"]);
        assert_eq!(told[1].before.as_deref(), Some("待答复"));
        assert_eq!(told[1].after.as_deref(), Some("待办"));
    }

    #[test]
    fn what_is_new_and_what_is_gone_have_one_side() {
        let mut later = item();
        later.materials.clear();
        assert!(compare(&item(), &later).iter().all(|one| one.after.is_none()));
        assert!(compare(&later, &item()).iter().all(|one| one.before.is_none()));
    }
}
