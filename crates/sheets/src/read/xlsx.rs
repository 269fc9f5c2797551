//! XLSX, cell by cell: a sheet of a million rows is never in memory as a whole.

use std::path::Path;

use calamine::{Cell, DataRef, Reader, Xlsx, XlsxError, open_workbook};

use super::{Out, Stop};
use crate::SheetError;

/// Walks through a sheet.
pub fn walk(path: &Path, sheet: Option<&str>, out: &mut Out) -> Result<(), Stop> {
    let mut book: Xlsx<_> = open_workbook(path).map_err(|fault: XlsxError| content(&fault))?;
    let sheets = book.sheet_names();
    let sheet = match sheet {
        Some(wanted) => sheets.iter().find(|name| *name == wanted).cloned().ok_or_else(|| {
            SheetError::Content(format!("there is no sheet `{wanted}`, only {}", sheets.join(", ")))
        })?,
        None => sheets.first().cloned().ok_or(SheetError::NoHeader)?,
    };
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|fault| content(&fault))?;
    let mut row: Option<u32> = None;
    let mut values = Vec::new();
    let mut named = false;
    while let Some(cell) = cells.next_cell().map_err(|fault| content(&fault))? {
        let (at, column) = cell.get_position();
        if row != Some(at) {
            finish(row, &mut values, &mut named, out)?;
            row = Some(at);
        }
        let column = column as usize;
        if values.len() <= column {
            values.resize(column + 1, String::new());
        }
        values[column] = text(&cell);
    }
    finish(row, &mut values, &mut named, out)
}

fn finish(row: Option<u32>, values: &mut Vec<String>, named: &mut bool, out: &mut Out) -> Result<(), Stop> {
    let values = std::mem::take(values);
    let Some(row) = row.filter(|_| !values.is_empty()) else { return Ok(()) };
    if *named {
        return out.row(u64::from(row) + 1, values);
    }
    *named = true;
    out.columns(&values)
}

/// A cell as text: whole numbers without a point, days and moments as ISO 8601.
fn text(cell: &Cell<DataRef<'_>>) -> String {
    match cell.get_value() {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(number) => number.to_string(),
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            (*number as i64).to_string()
        }
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) if at.is_duration() => at.as_f64().to_string(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                day
            } else {
                format!("{day} {hour:02}:{minute:02}:{second:02}")
            }
        }
    }
}

fn content(fault: &XlsxError) -> SheetError {
    match fault {
        XlsxError::Io(error) => SheetError::Io(std::io::Error::new(error.kind(), error.to_string())),
        other => SheetError::Content(format!("the workbook cannot be read: {other}")),
    }
}
