//! A value of a table, with what a spreadsheet must know to leave it as it is.

use std::borrow::Cow;

use jiff::civil::Date;
use kernel::text::disarmed;
use kernel::time::Instant;
use serde_json::{Value, json};

/// Longest whole number every spreadsheet keeps: they count with fifteen digits.
const DIGITS_KEPT: usize = 15;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Words, codes, numbers of papers: stays text whatever it looks like.
    Text(Cow<'a, str>),
    /// A whole number one may add up.
    Int(i64),
    /// Money in fen, shown in yuan.
    Money(i64),
    /// A day.
    Date(Date),
    /// A moment, shown in Beijing time to the second.
    At(Instant),
    /// Yes or no.
    Bool(bool),
}

impl<'a> Cell<'a> {
    /// Text, or nothing where there is none.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// As CSV shows it.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => guarded(text),
            Self::Int(number) => number.to_string().into(),
            Self::Money(fen) => yuan(*fen).into(),
            Self::Date(day) => day.to_string().into(),
            Self::At(at) => local(*at).into(),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        }
    }

    /// As JSON has it, in the forms of the API.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Text(text) => json!(text),
            Self::Int(number) => json!(number),
            Self::Money(fen) => json!(yuan(*fen)),
            Self::Date(day) => json!(day.to_string()),
            Self::At(at) => json!(at.to_string()),
            Self::Bool(yes) => json!(yes),
        }
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Date> for Cell<'_> {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

impl From<Instant> for Cell<'_> {
    fn from(at: Instant) -> Self {
        Self::At(at)
    }
}

/// Text for CSV, where a program guesses: formulas are disarmed; digits that would lose a leading zero or their
/// end get a tab in front, which makes them text and goes away again when read.
fn guarded(text: &str) -> Cow<'_, str> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (text.len() > 1 && text.starts_with('0') || text.len() > DIGITS_KEPT) {
        return Cow::Owned(format!("\t{text}"));
    }
    match disarmed(text) {
        Cow::Borrowed(text) if text.starts_with('\'') => Cow::Owned(format!("'{text}")),
        safe => safe,
    }
}

/// What [`guarded`] put in front goes away again.
pub(crate) fn unguarded(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with('\'') || disarmed(rest) == text => rest.trim(),
        _ => text,
    }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// `2026-11-30 09:15:00`, the form spreadsheets take for a moment.
fn local(at: Instant) -> String {
    at.civil().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_that_a_spreadsheet_would_spoil_stay_text() {
        assert_eq!(Cell::from("0635").plain(), "\t0635");
        assert_eq!(Cell::from("3715022600000427").plain(), "\t3715022600000427");
        assert_eq!(Cell::from("371502000000").plain(), "371502000000");
        assert_eq!(Cell::from("0").plain(), "0");
        assert_eq!(Cell::from("=1+1").plain(), "'=1+1");
        assert_eq!(Cell::from("'=1").plain(), "''=1", "an apostrophe of their own stays");
        assert_eq!(unguarded("'90s"), "'90s", "and so does one in a foreign file");
        assert_eq!(Cell::Money(-5).plain(), "-0.05");
        assert_eq!(Cell::Money(123_450).plain(), "1234.50");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "[ -~=+@\t中文０-９]{0,12}") {
            let cell = Cell::text(text.trim());
            let written = cell.plain().into_owned();
            prop_assert_eq!(unguarded(&written), text.trim());
        }
    }
}
