//! Matter numbers people can speak, and the query codes that open them.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::area::AreaCode;
use crate::string_form::string_form;
use crate::text;

/// 办件编号: 6 digits area, 2 digits year, 7 digits sequence, 1 check digit (ISO 7064 MOD 11,10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatterNumber(i64);

/// Why a text is no matter number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// Not sixteen digits once spaces and dashes are gone.
    #[error("a matter number has 16 digits")]
    Shape,
    /// The check digit does not fit: mistyped.
    #[error("the check digit does not fit")]
    Check,
    /// The area has no six-digit code, or the sequence is used up (more than 9,999,999 in a year).
    #[error("area, year or sequence out of range")]
    Range,
}

impl MatterNumber {
    /// Highest sequence of an area and year.
    pub const MAX_SEQ: u32 = 9_999_999;

    /// Builds the number of the `seq`-th matter of an area's six digits and a year (2026 or 26).
    pub fn new(area: AreaCode, year: i16, seq: u32) -> Result<Self, NumberFault> {
        if seq > Self::MAX_SEQ || year < 0 {
            return Err(NumberFault::Range);
        }
        let body = (i64::from(area.county6()) * 100 + i64::from(year % 100)) * 10_000_000 + i64::from(seq);
        Ok(Self(body * 10 + check_digit(body)))
    }

    /// Takes a stored number, checking its digit.
    pub fn from_i64(number: i64) -> Result<Self, NumberFault> {
        if !(1_000_000_000_000_000..10_000_000_000_000_000).contains(&number) {
            return Err(NumberFault::Shape);
        }
        if check_digit(number / 10) != number % 10 {
            return Err(NumberFault::Check);
        }
        Ok(Self(number))
    }

    /// The number as kept in `BIGINT` columns.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// The six area digits it begins with.
    pub fn county6(self) -> u32 {
        u32::try_from(self.0 / 10_000_000_000).unwrap_or_default()
    }

    /// Sequence within area and year.
    pub fn seq(self) -> u32 {
        u32::try_from(self.0 / 10 % 10_000_000).unwrap_or_default()
    }

    /// In fours, as shown and spoken: `3715 0226 0000 0427`.
    pub fn grouped(self) -> String {
        let n = self.0;
        format!(
            "{:04} {:04} {:04} {:04}",
            n / 1_000_000_000_000,
            n / 100_000_000 % 10_000,
            n / 10_000 % 10_000,
            n % 10_000
        )
    }
}

/// ISO 7064 MOD 11,10 over the fifteen digits of `body`.
fn check_digit(body: i64) -> i64 {
    let mut product = 10;
    let mut divisor = 100_000_000_000_000;
    while divisor > 0 {
        let mut sum = (product + body / divisor % 10) % 10;
        if sum == 0 {
            sum = 10;
        }
        product = sum * 2 % 11;
        divisor /= 10;
    }
    (11 - product) % 10
}

impl FromStr for MatterNumber {
    type Err = NumberFault;

    /// Spaces, dashes and full-width digits are accepted; anything else is not.
    fn from_str(input: &str) -> Result<Self, NumberFault> {
        let digits = text::compact(input);
        if digits.len() != 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberFault::Shape);
        }
        digits.parse().map_err(|_| NumberFault::Shape).and_then(Self::from_i64)
    }
}

impl fmt::Display for MatterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016}", self.0)
    }
}

impl fmt::Debug for MatterNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MatterNumber({self})")
    }
}

/// 查询码: eight Crockford base32 characters derived from number and issue; nothing is stored.
///
/// Compare codes in constant time (the web room does); `PartialEq` is for tests and tables.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QueryCode(String);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl QueryCode {
    /// First forty bits of `HMAC-SHA-256(key, number || issue)`; raising `issue` kills the old code.
    pub fn derive(key: &[u8], number: MatterNumber, issue: u32) -> Self {
        // HMAC takes a key of any length, so the error cannot happen; an empty key hashes as such.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Self(String::new()) };
        mac.update(number.to_string().as_bytes());
        mac.update(&issue.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        let bits = tag.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        Self((0..8).rev().map(|place| char::from(CROCKFORD[(bits >> (5 * place) & 31) as usize])).collect())
    }

    /// What a person typed, in the form of [`Self::derive`]: upper case, O→0, I and L→1, no spaces or dashes.
    /// `None` when it cannot be a code at all.
    pub fn normalise(input: &str) -> Option<Self> {
        let typed: String = text::compact(input)
            .chars()
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        (typed.len() == 8 && typed.bytes().all(|byte| CROCKFORD.contains(&byte))).then_some(Self(typed))
    }

    /// The eight characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for QueryCode {
    type Err = NumberFault;

    fn from_str(input: &str) -> Result<Self, NumberFault> {
        Self::normalise(input).ok_or(NumberFault::Shape)
    }
}

impl fmt::Display for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(…)")
    }
}

string_form!(MatterNumber, QueryCode);

#[cfg(test)]
mod tests {
    use super::*;

    fn area() -> AreaCode {
        "371502".parse().unwrap()
    }

    #[test]
    fn a_number_reads_back_however_it_is_typed() {
        let number = MatterNumber::new(area(), 2026, 42).unwrap();
        assert_eq!(number.to_string().len(), 16);
        assert_eq!((number.county6(), number.seq()), (371_502, 42));
        let wide: String = number
            .grouped()
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
                _ => '\u{3000}',
            })
            .collect();
        for typed in [number.to_string(), number.grouped(), number.grouped().replace(' ', "-"), wide] {
            assert_eq!(typed.parse(), Ok(number), "{typed}");
        }
        assert_eq!(serde_json::to_string(&number).unwrap(), format!("\"{number}\""));
    }

    #[test]
    fn the_standards_own_example_checks() {
        // ISO 7064 MOD 11,10 worked example: 0794 has check digit 5.
        assert_eq!(check_digit(794), check_digit_slow("000000000000794"));
        assert_eq!(check_digit_slow("0794"), 5);
    }

    fn check_digit_slow(digits: &str) -> i64 {
        let mut p = 10;
        for c in digits.chars() {
            let s = (p + i64::from(c.to_digit(10).unwrap())) % 10;
            p = (if s == 0 { 10 } else { s }) * 2 % 11;
        }
        (1..=10).find(|check| (p + check) % 10 == 1).unwrap() % 10
    }

    #[test]
    fn every_single_wrong_digit_is_caught() {
        let number = MatterNumber::new(area(), 2026, 1_234_567).unwrap().to_string();
        for place in 0..16 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = number.chars().collect();
                wrong[place] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(wrong.parse::<MatterNumber>().is_ok(), wrong == number, "{wrong}");
            }
        }
    }

    #[test]
    fn out_of_range_is_refused() {
        assert_eq!(MatterNumber::new(area(), 2026, 10_000_000), Err(NumberFault::Range));
        assert_eq!("37150226000".parse::<MatterNumber>(), Err(NumberFault::Shape));
    }

    #[test]
    fn codes_repeat_and_die_with_the_issue() {
        let number = MatterNumber::new(area(), 2026, 42).unwrap();
        let code = QueryCode::derive(b"key", number, 0);
        assert_eq!(code, QueryCode::derive(b"key", number, 0));
        assert_ne!(code, QueryCode::derive(b"key", number, 1));
        assert_ne!(code, QueryCode::derive(b"other", number, 0));
        assert_eq!(QueryCode::normalise(&code.as_str().to_lowercase()), Some(code));
        assert_eq!(QueryCode::normalise("oil0-1234").unwrap().as_str(), "01101234");
        assert_eq!(QueryCode::normalise("ABCDEFGU"), None);
    }
}
