//! Telephone numbers of people and offices in mainland China.

use super::{IdentityFault, sealed_word, star};
use crate::text;

/// A mobile number (11 digits from 1) or a landline with area prefix (10-12 digits from 0).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

sealed_word!(Phone);

impl Phone {
    /// Reads what was typed: blanks, dashes, brackets and `+86` are taken away.
    pub fn parse(input: &str) -> Result<Self, IdentityFault> {
        let compact: String = text::compact(input).chars().filter(|c| !matches!(c, '(' | ')')).collect();
        let digits = compact.strip_prefix("+86").or_else(|| compact.strip_prefix("0086")).unwrap_or(&compact);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdentityFault::Shape);
        }
        let second = digits.as_bytes().get(1).copied().unwrap_or(b'0');
        let fits = match digits.as_bytes().first() {
            Some(b'1') => digits.len() == 11 && second >= b'3',
            Some(b'0') => (10..=12).contains(&digits.len()) && second != b'0',
            _ => false,
        };
        if fits { Ok(Self(digits.to_owned())) } else { Err(IdentityFault::Shape) }
    }

    /// Whether a code can be sent to it.
    pub fn is_mobile(&self) -> bool {
        self.0.starts_with('1')
    }

    /// The last four digits, for look-up.
    pub fn last4(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// For screens: `138****5678`.
    pub fn mask(&self) -> String {
        star(&self.0, 3, 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_and_landline_are_taken() {
        for (typed, kept) in [
            ("138 0013-8000", "13800138000"),
            ("+86 13800138000", "13800138000"),
            ("(0635) 8412345", "06358412345"),
        ] {
            assert_eq!(Phone::parse(typed).unwrap().as_str(), kept);
        }
        let phone = Phone::parse("１３８００１３８０００").unwrap();
        assert_eq!((phone.mask().as_str(), phone.last4(), phone.is_mobile()), ("138****8000", "8000", true));
        for wrong in ["", "12800138000", "1380013800", "138001380000", "abc", "00123456789", "2345678"] {
            assert_eq!(Phone::parse(wrong), Err(IdentityFault::Shape), "{wrong}");
        }
    }
}
