//! A row as a line of JSON, and a line as values to be bound.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;

use super::{Holds, Table};
use crate::error::StoreError;
use crate::row::Row;
use crate::value::Arg;

/// Adds a row as a line.
pub(super) fn write(table: &Table, row: Row<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
    out.push(b'[');
    for (place, column) in table.columns.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        if row.is_null(place)? {
            out.extend_from_slice(b"null");
            continue;
        }
        match column.holds {
            Holds::Int => out.extend_from_slice(row.get::<i64>(place)?.to_string().as_bytes()),
            Holds::Text => text(&row.get::<String>(place)?, out),
            Holds::Bool => out.extend_from_slice(row.get::<bool>(place)?.to_string().as_bytes()),
            Holds::Real => text(&row.get::<f64>(place)?.to_string(), out),
            Holds::Bytes => text(&STANDARD.encode(row.get::<Vec<u8>>(place)?), out),
            Holds::Json => text(&sorted(row.get::<Value>(place)?).to_string(), out),
            Holds::Instant => {
                let micros = row.get::<Timestamp>(place)?.as_microsecond();
                out.extend_from_slice(micros.to_string().as_bytes());
            }
        }
    }
    out.extend_from_slice(b"]\n");
    Ok(())
}

fn text(text: &str, out: &mut Vec<u8>) {
    // A string is always JSON, and a vector takes every byte.
    let _ = serde_json::to_writer(out, text);
}

/// The same value with the keys of every object in order: the databases keep them in orders of their own.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// The value of one column, to be bound again.
pub(super) fn value(row: Row<'_>, place: usize, holds: Holds) -> Result<Arg, StoreError> {
    Ok(match holds {
        Holds::Int => Arg::Int(row.get(place)?),
        Holds::Text => Arg::Text(row.get(place)?),
        Holds::Bool => Arg::Bool(row.get(place)?),
        Holds::Real => Arg::Real(row.get(place)?),
        Holds::Bytes => Arg::Bytes(row.get(place)?),
        Holds::Json => Arg::Json(row.get::<Option<Value>>(place)?.map(|value| value.to_string())),
        Holds::Instant => Arg::Instant(row.get::<Option<Timestamp>>(place)?.map(Timestamp::as_microsecond)),
    })
}

/// The values of a line.
pub(super) fn read(table: &Table, line: &[u8]) -> Result<Vec<Arg>, StoreError> {
    let wrong = |why: String| StoreError::column(&table.name, why);
    let values: Vec<Value> = serde_json::from_slice(line).map_err(|error| wrong(error.to_string()))?;
    if values.len() != table.columns.len() {
        return Err(wrong(format!("{} values for {} columns", values.len(), table.columns.len())));
    }
    values
        .into_iter()
        .zip(&table.columns)
        .map(|(value, column)| {
            argument(value, column.holds)
                .ok_or_else(|| wrong(format!("{} does not hold {:?}", column.name, column.holds)))
        })
        .collect()
}

fn argument(value: Value, holds: Holds) -> Option<Arg> {
    let absent = value.is_null();
    let words = |value: Value| match value {
        Value::String(text) => Some(text),
        _ => None,
    };
    if absent {
        return Some(match holds {
            Holds::Int => Arg::Int(None),
            Holds::Text => Arg::Text(None),
            Holds::Bool => Arg::Bool(None),
            Holds::Real => Arg::Real(None),
            Holds::Bytes => Arg::Bytes(None),
            Holds::Json => Arg::Json(None),
            Holds::Instant => Arg::Instant(None),
        });
    }
    Some(match holds {
        Holds::Int => Arg::Int(Some(value.as_i64()?)),
        Holds::Text => Arg::Text(Some(words(value)?)),
        Holds::Bool => Arg::Bool(Some(value.as_bool()?)),
        Holds::Real => Arg::Real(Some(words(value)?.parse().ok()?)),
        Holds::Bytes => Arg::Bytes(Some(STANDARD.decode(words(value)?).ok()?)),
        Holds::Json => Arg::Json(Some(words(value)?)),
        Holds::Instant => Arg::Instant(Some(value.as_i64()?)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::Column;

    #[test]
    fn a_line_of_another_shape_is_refused() {
        let column = |name: &str, holds| Column { name: name.into(), holds };
        let table = Table {
            name: "t".into(),
            columns: vec![column("a", Holds::Int), column("b", Holds::Bytes)],
            key: vec!["a".into()],
            refers_to: Vec::new(),
        };
        assert_eq!(
            read(&table, br#"[1,"AQI="]"#).unwrap(),
            [Arg::Int(Some(1)), Arg::Bytes(Some(vec![1, 2]))]
        );
        assert_eq!(read(&table, b"[1,null]").unwrap(), [Arg::Int(Some(1)), Arg::Bytes(None)]);
        for wrong in ["[1]", "[1,2]", r#"["1","AQI="]"#, r#"[1,"?"]"#, "{", r"[1.5,null]"] {
            assert!(read(&table, wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_of_json_stand_in_order_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{"b":[{"d":1,"c":2}],"a":null}"#).unwrap();
        assert_eq!(sorted(value).to_string(), r#"{"a":null,"b":[{"c":2,"d":1}]}"#);
    }
}
