//! Numbers, areas, instants, dates, hashes and pages of lists: parsed, so that a wrong shape is an error.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A field that may be `null` but must be there.
pub type Nullable<T> = Option<T>;

/// Reads a nullable field whose absence is an error (serde alone would take absence for `null`).
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Option::<T>::deserialize(from)
}

/// `{"items":[],"total":n,"total_is":…,"next":…}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    /// Rows of this page.
    pub items: Vec<T>,
    /// How many the filter holds.
    pub total: u64,
    /// Whether `total` was counted to its end.
    pub total_is: TotalIs,
    /// Cursor of the next page.
    #[serde(deserialize_with = "present")]
    pub next: Nullable<String>,
}

/// Whether a total is the whole truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalIs {
    /// Counted to the end.
    Exact,
    /// There are more.
    AtLeast,
}

/// RFC 3339 text that says `+08:00`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub String);

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let shape = text.len() >= 25 && text.as_bytes()[10] == b'T' && text.ends_with("+08:00");
        if shape { Ok(Self(text)) } else { Err(D::Error::custom(format!("no instant in +08:00: {text}"))) }
    }
}

/// `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub String);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let shape = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
        if shape { Ok(Self(text)) } else { Err(D::Error::custom(format!("no date: {text}"))) }
    }
}

/// Twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area(pub String);

impl Area {
    /// The digits that say something: trailing zero groups belong to the level above.
    pub fn stem(&self) -> &str {
        for (cut, zeros) in [(2, "0000000000"), (4, "00000000"), (6, "000000"), (9, "000")] {
            if &self.0[cut..] == zeros {
                return &self.0[..cut];
            }
        }
        &self.0
    }

    /// Whether `other` is this area or lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(self.stem())
    }
}

impl<'de> Deserialize<'de> for Area {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let shape = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if shape { Ok(Self(text)) } else { Err(D::Error::custom(format!("no area of 12 digits: {text}"))) }
    }
}

/// Sixteen digits whose last is right by ISO 7064 MOD 11,10.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(pub String);

impl Number {
    /// The check digit of fifteen digits.
    pub fn check_digit(digits: &str) -> u8 {
        let mut p = 10_u32;
        for digit in digits.bytes() {
            let s = (p + u32::from(digit - b'0')) % 10;
            p = (if s == 0 { 10 } else { s }) * 2 % 11;
        }
        b'0' + u8::try_from((11 - p) % 10).unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && Self::check_digit(&text[..15]) == text.as_bytes()[15] {
            Ok(Self(text))
        } else {
            Err(D::Error::custom(format!("no matter number: {text}")))
        }
    }
}

/// 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hash(pub String);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let shape = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if shape { Ok(Self(text)) } else { Err(D::Error::custom(format!("no SHA-256 in hex: {text}"))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn an_area_holds_what_lies_in_it() {
        let area = |code: &str| Area(code.to_owned());
        assert!(area("371500000000").holds(&area("371502000000")));
        assert!(area("371502000000").holds(&area("371502001002")));
        assert!(!area("371502000000").holds(&area("371503000000")));
        assert!(!area("371502001000").holds(&area("371502000000")));
    }

    #[test]
    fn the_check_digit_is_that_of_iso_7064() {
        // The standard's own example for MOD 11,10: 0794 takes 5.
        assert_eq!(Number::check_digit("0794"), b'5');
    }

    #[test]
    fn a_field_too_many_or_too_few_is_refused() {
        let whole = serde_json::json!({"items": [], "total": 0, "total_is": "exact", "next": null});
        assert!(serde_json::from_value::<Page<String>>(whole.clone()).is_ok());
        let mut more = whole.clone();
        more["extra"] = Value::Bool(true);
        assert!(serde_json::from_value::<Page<String>>(more).is_err());
        let mut less = whole;
        less.as_object_mut().unwrap().remove("next");
        assert!(serde_json::from_value::<Page<String>>(less).is_err());
    }
}
