//! JSON Lines: an object a row, empty cells left out.

use std::io::Write;

use serde_json::{Map, Value};

use super::Hashed;
use crate::{Cell, SheetError};

pub struct Jsonl<W: Write> {
    out: std::io::BufWriter<Hashed<W>>,
    columns: Vec<String>,
    rows: u64,
}

impl<W: Write> Jsonl<W> {
    pub fn new(out: Hashed<W>, columns: &[&str]) -> Self {
        let columns = columns.iter().map(ToString::to_string).collect();
        Self { out: std::io::BufWriter::new(out), columns, rows: 0 }
    }

    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        let filled = self.columns.iter().zip(cells).filter(|(_, cell)| **cell != Cell::Empty);
        let object: Map<String, Value> = filled.map(|(name, cell)| (name.clone(), cell.json())).collect();
        serde_json::to_writer(&mut self.out, &object)
            .map_err(|error| SheetError::Io(std::io::Error::from(error)))?;
        self.out.write_all(b"\n")?;
        self.rows += 1;
        Ok(())
    }

    pub fn finish(self) -> Result<(Hashed<W>, u64), SheetError> {
        let out = self.out.into_inner().map_err(|error| SheetError::Io(error.into_error()))?;
        Ok((out, self.rows))
    }
}
