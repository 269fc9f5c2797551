//! JSON Lines: an object a line. Values within objects are named with dots, `{"form":{"a":1}}` as `form.a`.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::{Map, Value};

use super::decode::Decoded;
use super::{Out, Stop};

/// Walks through the file. The columns are those of the first object; later ones may bring more.
pub fn walk(path: &Path, out: &mut Out) -> Result<(), Stop> {
    let text = BufReader::new(Decoded::open(File::open(path)?)?);
    let mut names: Vec<String> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line?;
        let number = index as u64 + 1;
        if line.trim().is_empty() {
            continue;
        }
        let object: Map<String, Value> = match serde_json::from_str(&line) {
            Ok(object) => object,
            Err(fault) if names.is_empty() => {
                return Err(crate::SheetError::Content(format!("line {number}: {fault}")).into());
            }
            Err(fault) => {
                out.bad(number, format!("no JSON object: {fault}"))?;
                continue;
            }
        };
        let mut cells = Vec::new();
        flatten("", &object, &mut cells);
        let known = names.len();
        for (name, _) in &cells {
            if !positions.contains_key(name) {
                positions.insert(name.clone(), names.len());
                names.push(name.clone());
            }
        }
        if names.len() > known {
            out.columns(&names)?;
        }
        let mut values = vec![String::new(); names.len()];
        for (name, value) in cells {
            values[positions[&name]] = value;
        }
        out.row(number, values)?;
    }
    Ok(())
}

fn flatten(at: &str, object: &Map<String, Value>, cells: &mut Vec<(String, String)>) {
    for (name, value) in object {
        let name = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        match value {
            Value::Null => {}
            Value::Object(inner) => flatten(&name, inner, cells),
            Value::String(text) => cells.push((name, text.clone())),
            other => cells.push((name, other.to_string())),
        }
    }
}
