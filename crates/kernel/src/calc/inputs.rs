//! Reading inputs: every field is known, present and of its kind, or the refusal names it.

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};

use super::CalcRefusal;

/// The inputs of one case.
pub(super) struct Inputs<'a>(&'a Map<String, Value>);

impl<'a> Inputs<'a> {
    pub fn of(inputs: &'a Value) -> Result<Self, CalcRefusal> {
        inputs
            .as_object()
            .map(Self)
            .ok_or_else(|| CalcRefusal::new("wrong-type", "inputs", "inputs must be an object"))
    }

    /// Refuses fields the calculator does not know.
    pub fn only(&self, known: &[&str]) -> Result<(), CalcRefusal> {
        match self.0.keys().find(|field| !known.contains(&field.as_str())) {
            None => Ok(()),
            Some(field) => {
                let reason = format!("unknown field; known are {}", known.join(", "));
                Err(CalcRefusal::new("unknown-field", field, reason))
            }
        }
    }

    fn optional(&self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    fn required(&self, field: &str) -> Result<&'a Value, CalcRefusal> {
        self.optional(field).ok_or_else(|| CalcRefusal::new("missing-field", field, "required"))
    }

    pub fn text(&self, field: &str) -> Result<&'a str, CalcRefusal> {
        self.required(field)?
            .as_str()
            .ok_or_else(|| CalcRefusal::new("wrong-type", field, "must be a string"))
    }

    pub fn optional_text(&self, field: &str) -> Result<Option<&'a str>, CalcRefusal> {
        self.optional(field).map(|_| self.text(field)).transpose()
    }

    pub fn optional_bool(&self, field: &str) -> Result<Option<bool>, CalcRefusal> {
        let wrong = || CalcRefusal::new("wrong-type", field, "must be true or false");
        self.optional(field).map(|value| value.as_bool().ok_or_else(wrong)).transpose()
    }

    /// A whole number from 1 to `max`.
    pub fn count(&self, field: &str, max: u32) -> Result<u32, CalcRefusal> {
        let number = self.whole(field)?;
        u32::try_from(number)
            .ok()
            .filter(|count| (1..=max).contains(count))
            .ok_or_else(|| CalcRefusal::new("out-of-range", field, format!("must be 1 to {max}")))
    }

    pub fn whole(&self, field: &str) -> Result<i64, CalcRefusal> {
        let value = self.required(field)?;
        if value.is_u64() && value.as_i64().is_none() {
            return Err(CalcRefusal::new("out-of-range", field, "too large"));
        }
        value.as_i64().ok_or_else(|| CalcRefusal::new("wrong-type", field, "must be a whole number"))
    }

    /// A date, exactly `YYYY-MM-DD`.
    pub fn date(&self, field: &str) -> Result<Date, CalcRefusal> {
        date(field, self.text(field)?)
    }

    /// A wall-clock time `YYYY-MM-DDTHH:MM[:SS]` and whatever offset follows it, unread.
    pub fn wall(&self, field: &str) -> Result<Wall<'a>, CalcRefusal> {
        let text = self.text(field)?;
        let malformed = || {
            CalcRefusal::new("malformed", field, "must be YYYY-MM-DDTHH:MM, with seconds or +08:00 if wanted")
        };
        let (day, rest) = text.split_once('T').ok_or_else(malformed)?;
        let clock_end = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
        let (clock, offset) = rest.split_at(clock_end);
        if !shaped(clock, "99:99") && !shaped(clock, "99:99:99") {
            return Err(malformed());
        }
        let offset_fits =
            offset.is_empty() || offset == "Z" || (shaped(offset.get(1..).unwrap_or(""), "99:99"));
        if !offset_fits {
            return Err(malformed());
        }
        let day = date(field, day)?;
        let number = |at: usize| clock.get(at..at + 2).and_then(|part| part.parse::<i8>().ok());
        let (hour, minute, second) = (number(0), number(3), number(6).unwrap_or(0));
        let at = match (hour, minute) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) if second <= 59 => day.at(hour, minute, second, 0),
            _ => return Err(CalcRefusal::new("no-such-date", field, "no such time of day")),
        };
        Ok(Wall { at, seconds: clock.len() > 5, offset })
    }
}

/// A wall-clock time as it was written, so that the answer can be written alike.
pub(super) struct Wall<'a> {
    pub at: DateTime,
    pub seconds: bool,
    pub offset: &'a str,
}

impl Wall<'_> {
    pub fn write(&self, at: DateTime) -> String {
        let form = if self.seconds { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M" };
        format!("{}{}", at.strftime(form), self.offset)
    }
}

fn date(field: &str, text: &str) -> Result<Date, CalcRefusal> {
    if !shaped(text, "9999-99-99") {
        return Err(CalcRefusal::new("malformed", field, "must be a date YYYY-MM-DD"));
    }
    text.parse().map_err(|_| CalcRefusal::new("no-such-date", field, "no such date"))
}

/// Whether a text has a digit where the pattern has 9, and the pattern's own characters elsewhere.
fn shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, wanted)| if wanted == b'9' { byte.is_ascii_digit() } else { byte == wanted })
}
