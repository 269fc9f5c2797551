//! What an import says: every bad row with line, field and reason, then how many.

use std::io::IsTerminal as _;
use std::path::Path;

use access::import::Taken;
use catalog::words::Words;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::lang::Lang;
use kernel::refusal::{Refusal, Text};
use serde::Serialize;
use serde_json::{Value, json};
use sheets::Format;

use crate::failure::Failure;
use crate::output;

/// Refused rows that a JSON answer lists; the rest is counted.
const LISTED: usize = 10_000;

/// One field that is wrong.
#[derive(Debug, Serialize)]
struct Wrong {
    field: String,
    code: String,
    reason: String,
}

/// Counts and tells.
pub struct Teller<'a> {
    words: &'a Words,
    lang: Lang,
    json: bool,
    bar: ProgressBar,
    new: u64,
    changed: u64,
    known: u64,
    refused: u64,
    listed: Vec<Value>,
    notes: Vec<String>,
}

impl<'a> Teller<'a> {
    /// A teller for a file; the bar is shown to people only.
    pub fn new(words: &'a Words, lang: Lang, json: bool, rows: Option<u64>) -> Self {
        let bar = match rows {
            _ if json || !std::io::stderr().is_terminal() => ProgressBar::hidden(),
            Some(rows) => ProgressBar::new(rows),
            None => ProgressBar::new_spinner(),
        };
        let look = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} {eta}");
        bar.set_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            words,
            lang,
            json,
            bar,
            new: 0,
            changed: 0,
            known: 0,
            refused: 0,
            listed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// One row more.
    pub fn row(&mut self, line: u64, row: Taken) {
        match row {
            Taken::New => self.new += 1,
            Taken::Changed => self.changed += 1,
            Taken::Known => self.known += 1,
            Taken::Refused(errors) => {
                let wrong: Vec<Wrong> = errors
                    .iter()
                    .map(|error| Wrong {
                        field: column(&error.pointer),
                        code: error.code.to_string(),
                        reason: self.said(&error.detail),
                    })
                    .collect();
                self.refuse(line, &wrong);
            }
        }
        self.bar.inc(1);
    }

    /// Rows that were judged together.
    pub fn many(&mut self, new: usize, known: usize) {
        self.new += new as u64;
        self.known += known as u64;
        self.bar.inc((new + known) as u64);
    }

    /// Something to know besides the counts.
    pub fn note(&mut self, said: &str) {
        if self.json {
            self.notes.push(said.to_owned());
        } else {
            self.bar.suspend(|| eprintln!("{said}"));
        }
    }

    /// A row that is refused as a whole.
    pub fn refusal(&mut self, line: u64, refusal: &Refusal) {
        if refusal.errors.is_empty() {
            let reason = self.said(&refusal.detail);
            self.refuse(line, &[Wrong { field: String::new(), code: refusal.code.to_string(), reason }]);
            self.bar.inc(1);
        } else {
            self.row(line, Taken::Refused(refusal.errors.clone()));
        }
    }

    /// A row that could not be read.
    pub fn unreadable(&mut self, line: u64, reason: String) {
        self.refuse(line, &[Wrong { field: String::new(), code: "unreadable".to_owned(), reason }]);
        self.bar.inc(1);
    }

    fn refuse(&mut self, line: u64, wrong: &[Wrong]) {
        self.refused += 1;
        if !self.json {
            for Wrong { field, reason, .. } in wrong {
                let at = if field.is_empty() { String::new() } else { format!("{field}: ") };
                self.bar.suspend(|| eprintln!("line {line}: {at}{reason}"));
            }
        } else if self.listed.len() < LISTED {
            self.listed.push(json!({ "line": line, "errors": wrong }));
        }
    }

    fn said(&self, text: &Text) -> String {
        self.words.say(self.lang, text)
    }

    /// Says how many, and ends with 1 when a row was refused.
    pub fn end(self, trial: bool) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        let Self { new, changed, known, refused, listed, notes, .. } = self;
        if self.json {
            output::json(&json!({
                "new": new, "changed": changed, "unchanged": known, "refused": refused,
                "dry_run": trial, "rows": listed, "notes": notes,
            }))?;
        } else {
            let would = if trial { " (tried only, nothing was written)" } else { "" };
            output::line(&format!(
                "{new} new, {changed} changed, {known} unchanged, {refused} refused{would}"
            ))?;
        }
        if refused == 0 { Ok(()) } else { Err(Failure::Faults) }
    }
}

/// `/form/income.monthly` as the column `form.income.monthly`, `/applicant/id_no` as `applicant_id_no`.
fn column(pointer: &str) -> String {
    let name = pointer.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
    match name.split_once('/') {
        Some(("form", fact)) => format!("form.{fact}"),
        Some(("applicant", field)) => format!("applicant_{}", field.replace('/', "_")),
        _ => name,
    }
}

/// How many rows a text file has, for the bar; a workbook does not say.
pub fn rows_of(file: &Path, format: Format) -> Option<u64> {
    if format == Format::Xlsx {
        return None;
    }
    let mut reader = std::io::BufReader::with_capacity(1 << 20, std::fs::File::open(file).ok()?);
    let mut lines = 0;
    loop {
        use std::io::BufRead as _;
        let bytes = reader.fill_buf().ok()?;
        if bytes.is_empty() {
            return Some(lines);
        }
        lines += bytes.split(|byte| *byte == b'\n').count() as u64 - 1;
        let read = bytes.len();
        reader.consume(read);
    }
}
