//! CSV as spreadsheets open it without being asked: UTF-8 with its mark, lines end with CR LF.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::Hashed;
use crate::{Cell, SheetError};

/// Without it Excel and WPS take UTF-8 for the local encoding.
const MARK: &[u8] = "\u{feff}".as_bytes();

pub struct Csv<W: Write> {
    out: Writer<Hashed<W>>,
    rows: u64,
}

impl<W: Write> Csv<W> {
    pub fn new(mut out: Hashed<W>, columns: &[&str]) -> Result<Self, SheetError> {
        out.write_all(MARK)?;
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        out.write_record(columns).map_err(failed)?;
        Ok(Self { out, rows: 0 })
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        for cell in cells {
            self.out.write_field(cell.plain().as_bytes()).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)?;
        self.rows += 1;
        Ok(())
    }

    pub fn finish(self) -> Result<(Hashed<W>, u64), SheetError> {
        let rows = self.rows;
        let out = self.out.into_inner().map_err(|error| SheetError::Content(error.to_string()))?;
        Ok((out, rows))
    }
}

fn failed(error: csv::Error) -> SheetError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => SheetError::Io(error),
        other => SheetError::Content(format!("{other:?}")),
    }
}
