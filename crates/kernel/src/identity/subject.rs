//! 统一社会信用代码 (GB 32100-2015) and 组织机构代码 (GB 11714-1997).

use super::{IdentityFault, sealed_word, star};
use crate::area::PROVINCES;
use crate::text;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const DEPARTMENTS: &[u8; 12] = b"123456789ANY";
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code that holds together.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uscc(String);

sealed_word!(Uscc);

impl Uscc {
    /// Reads what was typed: full width, blanks and lower case are mended.
    pub fn parse(input: &str) -> Result<Self, IdentityFault> {
        Self::strict(&text::compact(input).to_ascii_uppercase())
    }

    /// Takes the code exactly as the standard writes it.
    pub fn strict(code: &str) -> Result<Self, IdentityFault> {
        let (body, check) = code.split_at_checked(17).ok_or(IdentityFault::Shape)?;
        inspect17(body)?;
        if check.len() != 1 || value(check.as_bytes()[0]).is_none() {
            return Err(IdentityFault::Shape);
        }
        match uscc_check_digit(body) {
            Some(expected) if check.as_bytes()[0] == expected as u8 => Ok(Self(code.to_owned())),
            _ => Err(IdentityFault::Check),
        }
    }

    /// For screens: `91350100********43`.
    pub fn mask(&self) -> String {
        star(&self.0, 8, 2)
    }
}

/// Checks shape, department and area of the first seventeen characters.
pub(crate) fn inspect17(first17: &str) -> Result<(), IdentityFault> {
    if first17.len() != 17 || first17.bytes().any(|byte| value(byte).is_none()) {
        return Err(IdentityFault::Shape);
    }
    if !first17[2..8].bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IdentityFault::Shape);
    }
    let department = first17.as_bytes()[0];
    if !DEPARTMENTS.contains(&department) {
        return Err(IdentityFault::Department);
    }
    // 10xxxx is the nation (registered with a central department); everything else is GB/T 2260.
    let province: u8 = first17[2..4].parse().map_err(|_| IdentityFault::Shape)?;
    if province == 10 || PROVINCES.contains(&province) { Ok(()) } else { Err(IdentityFault::Area) }
}

/// The check character of seventeen characters; `None` when one is outside the standard's alphabet.
pub fn uscc_check_digit(first17: &str) -> Option<char> {
    if first17.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in first17.bytes().zip(WEIGHTS) {
        sum += value(byte)? * weight;
    }
    Some(char::from(ALPHABET[((31 - sum % 31) % 31) as usize]))
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|symbol| *symbol == byte).and_then(|at| u32::try_from(at).ok())
}

/// A nine-character organisation code, kept as `M000100Y4`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OrgCode(String);

sealed_word!(OrgCode);

impl OrgCode {
    /// Reads what was typed; the dash before the check is optional.
    pub fn parse(input: &str) -> Result<Self, IdentityFault> {
        let code = text::compact(input).to_ascii_uppercase();
        let (body, check) = code.split_at_checked(8).ok_or(IdentityFault::Shape)?;
        let expected = org_check_digit(body).ok_or(IdentityFault::Shape)?;
        if check.len() != 1 || !matches!(check.as_bytes()[0], b'0'..=b'9' | b'X') {
            return Err(IdentityFault::Shape);
        }
        if check != expected.to_string() {
            return Err(IdentityFault::Check);
        }
        Ok(Self(code))
    }

    /// For screens.
    pub fn mask(&self) -> String {
        star(&self.0, 2, 2)
    }
}

/// The check character of an eight-character body (digits and upper-case letters); `None` for any other text.
pub fn org_check_digit(body: &str) -> Option<char> {
    if body.len() != 8 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in body.bytes().zip(ORG_WEIGHTS) {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return None,
        };
        sum += u32::from(value) * weight;
    }
    Some(match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_examples_hold() {
        assert!(Uscc::strict("91350100M000100Y43").is_ok());
        assert!(Uscc::strict("31370000MD0123456A").is_ok());
        assert_eq!(uscc_check_digit("32330100MD7654321"), Some('A'));
        assert_eq!(uscc_check_digit("52110000500012345"), Some('3'));
        assert_eq!(OrgCode::parse("M000100Y-4").unwrap().as_str(), "M000100Y4");
        assert_eq!(org_check_digit("D2143569"), Some('X'));
    }

    #[test]
    fn letters_outside_the_alphabet_are_refused() {
        for letter in ['I', 'O', 'S', 'V', 'Z'] {
            let code = format!("91350100M00010{letter}Y43");
            assert_eq!(Uscc::strict(&code), Err(IdentityFault::Shape), "{code}");
        }
        assert_eq!(Uscc::strict("91350100m000100y43"), Err(IdentityFault::Shape));
        assert!(Uscc::parse("91350100m000100y43").is_ok());
        assert_eq!(Uscc::strict("91350100M000100Y44"), Err(IdentityFault::Check));
        assert_eq!(Uscc::strict("91350100M000100Y4"), Err(IdentityFault::Shape));
    }

    #[test]
    fn departments_and_areas_are_those_of_the_standard() {
        let with_check = |body: &str| format!("{body}{}", uscc_check_digit(body).unwrap());
        assert_eq!(Uscc::strict(&with_check("B1350100M000100Y4")), Err(IdentityFault::Department));
        assert_eq!(Uscc::strict(&with_check("91990100M000100Y4")), Err(IdentityFault::Area));
        assert!(Uscc::strict(&with_check("Y1350100M000100Y4")).is_ok());
        assert!(Uscc::strict(&with_check("12100000400012345")).is_ok());
    }
}
