//! XLSX with typed cells: text is text, a day is a day. Rows go to a temporary file as they come; a sheet that is
//! full is followed by the next one.

use std::io::{Seek, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::Hashed;
use crate::{Cell, SheetError};

/// Rows of a sheet, the header among them: the most the format allows.
const FULL: u32 = 1_048_576;

pub struct Book<W: Write> {
    out: Hashed<W>,
    work: Workbook,
    columns: Vec<String>,
    sheet: usize,
    row: u32,
    rows: u64,
    style: Style,
}

struct Style {
    head: Format,
    text: Format,
    money: Format,
    day: Format,
    at: Format,
}

impl<W: Write + Send> Book<W> {
    pub fn new(out: Hashed<W>, columns: &[&str]) -> Result<Self, SheetError> {
        let style = Style {
            head: Format::new().set_bold(),
            text: Format::new().set_num_format("@"),
            money: Format::new().set_num_format("0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            at: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        };
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        let mut made = Self { out, work: Workbook::new(), columns, sheet: 0, row: 0, rows: 0, style };
        made.begin()?;
        Ok(made)
    }

    fn begin(&mut self) -> Result<(), SheetError> {
        let sheet = self.work.add_worksheet_with_constant_memory().map_err(failed)?;
        for (column, name) in (0..).zip(&self.columns) {
            sheet.set_column_width(column, 18).map_err(failed)?;
            sheet.write_string_with_format(0, column, name, &self.style.head).map_err(failed)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        self.row = 1;
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        if self.row == FULL {
            self.sheet += 1;
            self.begin()?;
        }
        let sheet = self.work.worksheet_from_index(self.sheet).map_err(failed)?;
        for (column, cell) in (0..).zip(cells) {
            put(sheet, (self.row, column), cell, &self.style).map_err(failed)?;
        }
        self.row += 1;
        self.rows += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<(Hashed<W>, u64), SheetError> {
        let mut file = tempfile::tempfile()?;
        self.work.save_to_writer(&mut file).map_err(failed)?;
        file.rewind()?;
        std::io::copy(&mut file, &mut self.out)?;
        Ok((self.out, self.rows))
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell<'_>,
    style: &Style,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, text.as_ref(), &style.text)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        Cell::Int(number) => {
            sheet.write_number(row, column, *number as f64)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "yuan with two places below 2^53 fen")]
        Cell::Money(fen) => {
            sheet.write_number_with_format(row, column, *fen as f64 / 100.0, &style.money)?;
        }
        Cell::Date(day) => {
            sheet.write_datetime_with_format(row, column, day, &style.day)?;
        }
        Cell::At(at) => {
            sheet.write_datetime_with_format(row, column, at.civil(), &style.at)?;
        }
        Cell::Bool(yes) => {
            sheet.write_boolean(row, column, *yes)?;
        }
    }
    Ok(())
}

fn failed(error: XlsxError) -> SheetError {
    match error {
        XlsxError::IoError(error) => SheetError::Io(error),
        other => SheetError::Content(other.to_string()),
    }
}
