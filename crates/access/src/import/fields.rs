//! The cells of a row, read by what their column is.

use kernel::area::AreaCode;
use kernel::identity::Uscc;
use kernel::refusal::{FieldError, Text};
use kernel::text::normalise;

/// Reads cells and collects what is wrong.
pub struct Fields<'a> {
    cell: super::Cells<'a>,
    /// What was found wrong so far.
    pub errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    /// A row, by a function that gives the text under a column's name.
    pub fn new(cell: super::Cells<'a>) -> Self {
        Self { cell, errors: Vec::new() }
    }

    pub(super) fn fault(&mut self, name: &str, code: &'static str, why: impl Into<Text>) {
        self.errors.push(FieldError::new(format!("/{name}"), code, why));
    }

    /// Text of at most `most` characters; nothing is nothing.
    pub(super) fn optional(&mut self, name: &str, most: usize) -> Option<String> {
        let text = normalise(&(self.cell)(name)?);
        if text.chars().count() > most {
            self.fault(name, "too-long", Text::new("error-too-long").arg("max", most));
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, name: &str, most: usize) -> String {
        let before = self.errors.len();
        let text = self.optional(name, most);
        if text.is_none() && self.errors.len() == before {
            self.fault(name, "required", "error-required");
        }
        text.unwrap_or_default()
    }

    /// A readable id: small letters, digits, dots and dashes.
    pub(super) fn id(&mut self, name: &str) -> String {
        let id = self.text(name, 64);
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
        let well = id.starts_with(|c: char| c.is_ascii_alphanumeric()) && id.chars().all(fits);
        if !id.is_empty() && !well {
            self.fault(name, "format", "error-import-id");
        }
        id
    }

    /// One of the words.
    pub(super) fn word(&mut self, name: &str, words: &[&str]) -> String {
        let word = self.text(name, 64);
        if !word.is_empty() && !words.contains(&word.as_str()) {
            self.fault(name, "choice", Text::new("error-import-word").arg("words", words.join(", ")));
        }
        word
    }

    /// A division.
    pub(super) fn area(&mut self, name: &str) -> Option<AreaCode> {
        let text = self.text(name, 20);
        let area = text.parse().ok();
        if area.is_none() && !text.is_empty() {
            self.fault(name, "format", "error-area");
        }
        area
    }

    /// A unified social credit code, where there is one.
    pub(super) fn uscc(&mut self, name: &str) -> Option<String> {
        let text = self.optional(name, 40)?;
        let code = Uscc::parse(&text).ok();
        if code.is_none() {
            self.fault(name, "format", "error-uscc");
        }
        code.map(|code| code.as_str().to_owned())
    }

    /// Words in one cell, set apart by blanks, commas or semicolons; sorted, each once.
    pub(super) fn words(&mut self, name: &str) -> Vec<String> {
        let text = self.optional(name, 2000).unwrap_or_default();
        let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | ';' | '；' | '、');
        let mut words: Vec<String> =
            text.split(apart).filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}
