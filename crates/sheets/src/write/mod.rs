//! Writing: header first, then rows, and at the end how many there were.

mod csv;
mod jsonl;
mod xlsx;

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::{Cell, Format, SheetError};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows without the header.
    pub rows: u64,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
}

/// A table being written to `W`.
pub struct Table<W: Write>(Kind<W>);

enum Kind<W: Write> {
    Csv(Box<csv::Csv<W>>),
    Jsonl(jsonl::Jsonl<W>),
    Xlsx(Box<xlsx::Book<W>>),
}

impl<W: Write + Send> Table<W> {
    /// Begins a table with these columns. A workbook reaches `out` only at the end.
    pub fn new(out: W, format: Format, columns: &[&str]) -> Result<Self, SheetError> {
        Ok(Self(match format {
            Format::Csv => Kind::Csv(Box::new(csv::Csv::new(Hashed::new(out), columns)?)),
            Format::Jsonl => Kind::Jsonl(jsonl::Jsonl::new(Hashed::new(out), columns)),
            Format::Xlsx => Kind::Xlsx(Box::new(xlsx::Book::new(Hashed::new(out), columns)?)),
        }))
    }

    /// Writes a row, one cell a column.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), SheetError> {
        match &mut self.0 {
            Kind::Csv(table) => table.row(cells),
            Kind::Jsonl(table) => table.row(cells),
            Kind::Xlsx(table) => table.row(cells),
        }
    }

    /// Ends the table and hands the writer back.
    pub fn finish(self) -> Result<(W, Summary), SheetError> {
        let (out, rows) = match self.0 {
            Kind::Csv(table) => table.finish()?,
            Kind::Jsonl(table) => table.finish()?,
            Kind::Xlsx(table) => table.finish()?,
        };
        let (mut out, sha256) = out.end();
        out.flush()?;
        Ok((out, Summary { rows, sha256 }))
    }
}

/// Hashes what passes through.
struct Hashed<W: Write> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    fn new(out: W) -> Self {
        Self { out, hash: Sha256::new() }
    }

    fn end(self) -> (W, String) {
        (self.out, hex::encode(self.hash.finalize()))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
