//! CSV: comma, semicolon or tab, whichever the first line has most of.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::decode::Decoded;
use super::{Out, Stop};

/// Walks through the file.
pub fn walk(path: &Path, out: &mut Out) -> Result<(), Stop> {
    let mut text = BufReader::new(Decoded::open(File::open(path)?)?);
    let separator = separator(text.fill_buf()?);
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text);
    let mut record = StringRecord::new();
    let mut named = false;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => {
                if let ErrorKind::Io(error) = error.into_kind() {
                    return Err(error.into());
                }
                out.bad(reader.position().line(), "the line cannot be read as CSV")?;
                continue;
            }
        }
        let values: Vec<String> = record.iter().map(ToOwned::to_owned).collect();
        if named {
            out.row(record.position().map_or(0, csv::Position::line), values)?;
        } else {
            out.columns(&values)?;
            named = true;
        }
    }
}

fn separator(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| line.split(|byte| *byte == separator).count();
    *[b',', b';', b'\t'].iter().rev().max_by_key(|separator| count(**separator)).unwrap_or(&b',')
}
