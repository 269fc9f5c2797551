//! 公民身份号码, GB 11643-1999: 6 area + 8 birth + 3 sequence + check (ISO 7064 MOD 11-2).

use jiff::civil::Date;

use super::{IdentityFault, sealed_word, star};
use crate::area::PROVINCES;
use crate::text;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
/// Prefix of residence permits for people from Taiwan; not an area of GB/T 2260 but a valid number.
const TAIWAN_PERMIT: u8 = 83;

/// Sex as coded in the 17th digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Odd.
    Male,
    /// Even.
    Female,
}

impl Sex {
    /// 男 or 女.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// An eighteen-digit identity number that holds together.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id18(String);

sealed_word!(Id18);

impl Id18 {
    /// Reads what was typed: full width and blanks are mended, a lower-case x becomes X.
    pub fn parse(input: &str, today: Date) -> Result<Self, IdentityFault> {
        Self::strict(&text::compact(input).to_ascii_uppercase(), today)
    }

    /// Takes the number exactly as written in the standard: upper-case X, nothing around it.
    pub fn strict(number: &str, today: Date) -> Result<Self, IdentityFault> {
        let (body, check) = number.split_at_checked(17).ok_or(IdentityFault::Shape)?;
        let expected = resident_check_digit(body).ok_or(IdentityFault::Shape)?;
        if check.len() != 1 || !matches!(check.as_bytes()[0], b'0'..=b'9' | b'X') {
            return Err(IdentityFault::Shape);
        }
        area_exists(body)?;
        let birth = birth_of(&body[6..14]).ok_or(IdentityFault::Birth)?;
        if birth > today {
            return Err(IdentityFault::Birth);
        }
        if check != expected.to_string() {
            return Err(IdentityFault::Check);
        }
        Ok(Self(number.to_owned()))
    }

    /// Date of birth.
    pub fn birth(&self) -> Date {
        birth_of(&self.0[6..14]).unwrap_or(Date::ZERO)
    }

    /// Sex by the 17th digit.
    pub fn sex(&self) -> Sex {
        sex_of(self.0.as_bytes()[16])
    }

    /// The six area digits; historic codes occur, so it need not be a division of today.
    pub fn area6(&self) -> &str {
        &self.0[..6]
    }

    /// For screens: `110105********002X`.
    pub fn mask(&self) -> String {
        star(&self.0, 6, 4)
    }
}

/// A fifteen-digit number of before 1999: no longer valid, still in archives.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Id15(String);

sealed_word!(Id15);

impl Id15 {
    /// Reads what was typed.
    pub fn parse(input: &str) -> Result<Self, IdentityFault> {
        Self::strict(&text::compact(input))
    }

    /// Takes exactly fifteen digits with an existing date in 19YY.
    pub fn strict(number: &str) -> Result<Self, IdentityFault> {
        if number.len() != 15 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdentityFault::Shape);
        }
        area_exists(number)?;
        birth_of(&format!("19{}", &number[6..12])).ok_or(IdentityFault::Birth)?;
        Ok(Self(number.to_owned()))
    }

    /// The eighteen-digit number of the same person: 19 after the sixth digit, check appended.
    pub fn widen(&self) -> Id18 {
        let body = format!("{}19{}", &self.0[..6], &self.0[6..]);
        let check = resident_check_digit(&body).unwrap_or('0');
        Id18(format!("{body}{check}"))
    }

    /// For screens: `110105******002`.
    pub fn mask(&self) -> String {
        star(&self.0, 6, 3)
    }
}

/// The check character of seventeen digits; `None` when they are not seventeen digits.
pub fn resident_check_digit(first17: &str) -> Option<char> {
    if first17.len() != 17 || !first17.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = first17.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    Some(char::from(CHECKS[(sum % 11) as usize]))
}

/// Checks the area and date inside seventeen digits, for the calculator that appends the check.
pub(crate) fn inspect17(first17: &str, today: Date) -> Result<(Date, Sex), IdentityFault> {
    if resident_check_digit(first17).is_none() {
        return Err(IdentityFault::Shape);
    }
    area_exists(first17)?;
    let birth = birth_of(&first17[6..14]).filter(|birth| *birth <= today).ok_or(IdentityFault::Birth)?;
    Ok((birth, sex_of(first17.as_bytes()[16])))
}

fn area_exists(number: &str) -> Result<(), IdentityFault> {
    let province: u8 = number[..2].parse().map_err(|_| IdentityFault::Shape)?;
    if PROVINCES.contains(&province) || province == TAIWAN_PERMIT { Ok(()) } else { Err(IdentityFault::Area) }
}

fn birth_of(digits: &str) -> Option<Date> {
    let year: i16 = digits[..4].parse().ok()?;
    // Nobody alive or in our archives was born before 1800; a year 0000 is a blank that was filled with zeros.
    if year < 1800 {
        return None;
    }
    Date::new(year, digits[4..6].parse().ok()?, digits[6..8].parse().ok()?).ok()
}

const fn sex_of(digit: u8) -> Sex {
    if digit % 2 == 1 { Sex::Male } else { Sex::Female }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn the_standards_examples_hold() {
        for number in ["11010519491231002X", "440524188001010014", "110101188802290017"] {
            assert_eq!(Id18::strict(number, TODAY).unwrap().as_str(), number);
        }
    }

    #[test]
    fn each_fault_is_named() {
        let fault = |number: &str| Id18::strict(number, TODAY).unwrap_err();
        assert_eq!(fault("110105194912310021"), IdentityFault::Check);
        assert_eq!(fault("110105194913310025"), IdentityFault::Birth);
        assert_eq!(fault("110101190002290011"), IdentityFault::Birth);
        assert_eq!(fault("11010519491231002x"), IdentityFault::Shape);
        assert_eq!(fault("1101051949123100２X"), IdentityFault::Shape);
        assert_eq!(fault("11010519491231002"), IdentityFault::Shape);
        assert_eq!(fault(""), IdentityFault::Shape);
        let body = "00010519491231002";
        assert_eq!(fault(&format!("{body}{}", resident_check_digit(body).unwrap())), IdentityFault::Area);
        let body = "11010520261122001";
        let tomorrow = format!("{body}{}", resident_check_digit(body).unwrap());
        assert_eq!(fault(&tomorrow), IdentityFault::Birth);
        assert!(Id18::strict(&tomorrow, date(2026, 11, 22)).is_ok());
    }

    #[test]
    fn typed_numbers_are_mended() {
        let id = Id18::parse(" 110105 19491231 002ｘ", TODAY).unwrap();
        assert_eq!(id.as_str(), "11010519491231002X");
        assert_eq!(id.mask(), "110105********002X");
        assert_eq!(format!("{id:?}"), "Id18(110105********002X)");
        assert_eq!((id.birth(), id.sex()), (date(1949, 12, 31), Sex::Female));
    }

    #[test]
    fn old_numbers_are_widened() {
        assert_eq!(Id15::parse("110105491231002").unwrap().widen().as_str(), "11010519491231002X");
        assert_eq!(Id15::strict("110105490230002"), Err(IdentityFault::Birth));
        assert_eq!(Id15::strict("990105491231002"), Err(IdentityFault::Area));
        assert_eq!(Id15::strict("11010549123100"), Err(IdentityFault::Shape));
    }
}
