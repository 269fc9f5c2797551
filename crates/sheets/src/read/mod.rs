//! Reading: a thread of its own walks through the file and hands rows over, a few hundred ahead at most.

mod csv;
mod decode;
mod header;
mod jsonl;
mod xlsx;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{Format, SheetError};
use header::Header;

/// Rows read ahead of whoever takes them.
const AHEAD: usize = 256;

/// A row: where it stands, and its values by the names in the first line.
#[derive(Debug, Clone)]
pub struct Row {
    /// Line in the file, the header being 1.
    pub line: u64,
    header: Arc<Header>,
    values: Vec<String>,
}

impl Row {
    /// The value under this name; `None` when there is no such column or the cell is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.values.get(self.header.position(name)?)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// Names and values of the cells that are not empty, in the order of the columns.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.header
            .names()
            .iter()
            .zip(&self.values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A row that could not be read; the rows after it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// Line in the file.
    pub line: u64,
    /// What is wrong, in words.
    pub reason: String,
}

/// What the reading thread says.
enum Said {
    Row(Row),
    Bad(RowFault),
    Broken(SheetError),
}

/// Rows of a file, in order.
pub struct Rows {
    header: Arc<Header>,
    said: mpsc::Receiver<Said>,
}

/// Opens a table. `sheet` names a sheet of a workbook; without it the first one is meant.
///
/// # Errors
/// When the file cannot be opened, is not of its format, or has no usable header.
pub fn rows(path: &Path, format: Format, sheet: Option<&str>) -> Result<Rows, SheetError> {
    let (sender, said) = mpsc::channel(AHEAD);
    let (ready, header) = std::sync::mpsc::sync_channel(1);
    let (path, sheet) = (path.to_owned(), sheet.map(ToOwned::to_owned));
    std::thread::spawn(move || {
        let mut out = Out { sender, ready: Some(ready), header: Arc::default() };
        let walked = match format {
            Format::Csv => csv::walk(&path, &mut out),
            Format::Xlsx => xlsx::walk(&path, sheet.as_deref(), &mut out),
            Format::Jsonl => jsonl::walk(&path, &mut out),
        };
        match (walked, out.ready.take()) {
            (Ok(()) | Err(Stop::Gone), None) => {}
            (Ok(()) | Err(Stop::Gone), Some(ready)) => drop(ready.send(Err(SheetError::NoHeader))),
            (Err(Stop::Broken(error)), Some(ready)) => drop(ready.send(Err(error))),
            (Err(Stop::Broken(error)), None) => drop(out.sender.blocking_send(Said::Broken(error))),
        }
    });
    let header = header.recv().map_err(|_| SheetError::Content("the reader ended early".to_owned()))??;
    Ok(Rows { header, said })
}

impl Rows {
    /// Names of the columns. JSON Lines have none of their own: those of the first line.
    pub fn columns(&self) -> &[String] {
        self.header.names()
    }

    /// The next row, or why it could not be read; `None` at the end.
    ///
    /// # Errors
    /// When the file breaks off or the disk fails; nothing follows.
    pub async fn next(&mut self) -> Result<Option<Result<Row, RowFault>>, SheetError> {
        match self.said.recv().await {
            None => Ok(None),
            Some(Said::Row(row)) => Ok(Some(Ok(row))),
            Some(Said::Bad(fault)) => Ok(Some(Err(fault))),
            Some(Said::Broken(error)) => Err(error),
        }
    }
}

/// Why a reader stops before the end.
enum Stop {
    /// Nobody listens any more.
    Gone,
    /// The file.
    Broken(SheetError),
}

impl<E: Into<SheetError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Broken(error.into())
    }
}

type Ready = std::sync::mpsc::SyncSender<Result<Arc<Header>, SheetError>>;

/// Where readers put what they find.
struct Out {
    sender: mpsc::Sender<Said>,
    ready: Option<Ready>,
    header: Arc<Header>,
}

impl Out {
    /// Names the columns; rows may follow.
    fn columns(&mut self, names: &[String]) -> Result<(), Stop> {
        self.header = Arc::new(Header::new(names)?);
        match self.ready.take() {
            Some(ready) => ready.send(Ok(Arc::clone(&self.header))).map_err(|_| Stop::Gone),
            None => Ok(()),
        }
    }

    /// A row by position; empty rows are passed over.
    fn row(&mut self, line: u64, mut values: Vec<String>) -> Result<(), Stop> {
        for value in &mut values {
            let clean = crate::cell::unguarded(value);
            if clean.len() != value.len() {
                *value = clean.to_owned();
            }
        }
        if values.iter().all(String::is_empty) {
            return Ok(());
        }
        let wide = self.header.names().len();
        if values.iter().skip(wide).any(|value| !value.is_empty()) {
            return self.bad(line, format!("more cells than the {wide} columns of the first line"));
        }
        values.truncate(wide);
        self.say(Said::Row(Row { line, header: Arc::clone(&self.header), values }))
    }

    fn bad(&mut self, line: u64, reason: impl Into<String>) -> Result<(), Stop> {
        self.say(Said::Bad(RowFault { line, reason: reason.into() }))
    }

    fn say(&mut self, said: Said) -> Result<(), Stop> {
        self.sender.blocking_send(said).map_err(|_| Stop::Gone)
    }
}
