//! Materials at intake: given, declared, to follow, or missing. A missing one never refuses an application.

use catalog::Catalog;
use catalog::item::{Item, Material};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::refusal::{FieldError, Text};
use serde_json::{Map, Value};

use crate::engine::state::{MaterialMark, MaterialState};

/// Most entries one body may name.
const MOST: usize = 100;

/// Reads `materials` of a request body; the marks follow the item's order, wrong entries become errors.
pub fn read(
    catalog: &Catalog,
    item: &Item,
    value: Option<&Value>,
    form: &Map<String, Value>,
    area: AreaCode,
    received_on: Date,
    errors: &mut Vec<FieldError>,
) -> Vec<MaterialMark> {
    let empty = Vec::new();
    let given = match value {
        None | Some(Value::Null) => &empty,
        Some(Value::Array(list)) if list.len() <= MOST => list,
        Some(_) => {
            errors.push(FieldError::new("/materials", "format", "error-list-expected"));
            &empty
        }
    };
    let mut marks = Vec::new();
    for (index, entry) in given.iter().enumerate() {
        if let Some(mark) = one(catalog, item, entry, index, area, received_on, errors) {
            if marks.iter().any(|other: &MaterialMark| other.id == mark.id && mark.file.is_none()) {
                errors.push(FieldError::new(
                    format!("/materials/{index}/id"),
                    "repeated",
                    "error-material-repeated",
                ));
            } else {
                marks.push(mark);
            }
        }
    }
    for material in &item.materials {
        let named = marks.iter().any(|mark| mark.id == material.id);
        if !named && needed(catalog, material, form, area, received_on) {
            marks.push(MaterialMark {
                id: material.id.clone(),
                state: MaterialState::Missing,
                file: None,
                due: None,
                reminded: false,
            });
        }
    }
    let order = |id: &str| item.materials.iter().position(|material| material.id == id).unwrap_or(usize::MAX);
    marks.sort_by_key(|mark| order(&mark.id));
    marks
}

/// Whether a material is asked of this applicant. What cannot be said yet counts as needed: the office decides.
fn needed(
    catalog: &Catalog,
    material: &Material,
    form: &Map<String, Value>,
    area: AreaCode,
    on: Date,
) -> bool {
    material.required
        && material
            .when
            .as_deref()
            .is_none_or(|rule| !matches!(catalog.holds(rule, form, area, on), Ok(Some(false))))
}

fn one(
    catalog: &Catalog,
    item: &Item,
    entry: &Value,
    index: usize,
    area: AreaCode,
    received_on: Date,
    errors: &mut Vec<FieldError>,
) -> Option<MaterialMark> {
    let at = format!("/materials/{index}");
    let mut fault = |pointer: String, code: &'static str, detail: Text| {
        errors.push(FieldError::new(pointer, code, detail));
        None
    };
    let Some(object) = entry.as_object() else {
        return fault(at, "format", Text::new("error-object-expected"));
    };
    if let Some(name) =
        object.keys().find(|name| !["id", "file", "declare", "defer"].contains(&name.as_str()))
    {
        return fault(format!("{at}/{name}"), "unknown-field", Text::new("error-unknown-field"));
    }
    let Some(material) = object.get("id").and_then(Value::as_str).and_then(|id| item.material(id)) else {
        return fault(format!("{at}/id"), "choice", Text::new("error-material"));
    };
    let mark =
        |state| MaterialMark { id: material.id.clone(), state, file: None, due: None, reminded: false };
    let yes = |name: &str| object.get(name).and_then(Value::as_bool) == Some(true);
    if let Some(file) = object.get("file").filter(|file| !file.is_null()) {
        let Some(id) = file.as_str().filter(|id| !id.is_empty() && id.len() <= 64) else {
            return fault(format!("{at}/file"), "format", Text::new("error-file"));
        };
        return Some(MaterialMark { file: Some(id.to_owned()), ..mark(MaterialState::Given) });
    }
    if yes("declare") {
        if material.may_declare.is_none() {
            let detail = Text::new("error-may-not-declare").arg("material", &material.name.zh);
            return fault(format!("{at}/declare"), "not-allowed", detail);
        }
        return Some(mark(MaterialState::Declared));
    }
    if yes("defer") {
        let Some(defer) = &material.may_defer else {
            let detail = Text::new("error-may-not-defer").arg("material", &material.name.zh);
            return fault(format!("{at}/defer"), "not-allowed", detail);
        };
        let limit = catalog.limits(&defer.rule, area, received_on).into_iter().next();
        let due = limit.and_then(|limit| limit.period().ok()?.due(received_on, Calendar::official()).ok());
        return Some(MaterialMark { due: due.map(|due| due.due), ..mark(MaterialState::Deferred) });
    }
    Some(mark(MaterialState::Missing))
}
