//! Exact numbers: fractions without a limit of size, so that nothing is rounded before the end.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

/// Digits a formula shows behind the point of a number that does not end.
const SHOWN: u32 = 6;

/// An exact number, and how many places it was written with.
#[derive(Debug, Clone)]
pub struct Num {
    value: BigRational,
    places: Option<u32>,
}

impl Num {
    /// Nothing.
    pub fn zero() -> Self {
        Self::whole(0)
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { value: BigRational::from_integer(number.into()), places: Some(0) }
    }

    /// Reads a plain decimal: digits with an optional sign and point, nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').map_or((digits, None), |(a, b)| (a, Some(b)));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !part.is_none_or(all_digits) || digits.len() > 40 {
            return None;
        }
        let part = part.unwrap_or_default();
        let places = u32::try_from(part.len()).ok()?;
        let number: BigInt = format!("{whole}{part}").parse().ok()?;
        let number = if negative { -number } else { number };
        let value = BigRational::new(number, BigInt::from(10).pow(places));
        Some(Self { value, places: Some(places) })
    }

    /// Divides; `None` by nothing.
    pub fn over(&self, other: &Self) -> Option<Self> {
        (!other.is_zero()).then(|| Self { value: &self.value / &other.value, places: None })
    }

    /// So many percent of it.
    #[must_use]
    pub fn percent(&self, percent: &Self) -> Self {
        let hundred = BigRational::from_integer(100.into());
        Self { value: &self.value * &percent.value / hundred, places: None }
    }

    /// The smaller; of equals this one.
    #[must_use]
    pub fn least(&self, other: &Self) -> Self {
        if self <= other { self.clone() } else { other.clone() }
    }

    /// The larger; of equals this one.
    #[must_use]
    pub fn most(&self, other: &Self) -> Self {
        if self >= other { self.clone() } else { other.clone() }
    }

    /// What is left over nothing: never below it.
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Self {
        if self > other { self - other } else { Self::zero() }
    }

    /// The whole number below or at it, when it fits.
    pub fn floor(&self) -> Option<i64> {
        i64::try_from(self.value.floor().to_integer()).ok()
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.value.numer().sign() == Sign::NoSign
    }

    /// Whether it is less than nothing.
    pub fn is_negative(&self) -> bool {
        self.value.numer().sign() == Sign::Minus
    }

    /// Whether it has no part behind the point.
    pub fn is_whole(&self) -> bool {
        self.value.is_integer()
    }

    /// How many places it was written with; `None` for a result.
    pub fn places(&self) -> Option<u32> {
        self.places
    }

    /// Rounded half up (away from nothing) to so many places.
    pub fn rounded(&self, places: u32) -> String {
        let scale = BigInt::from(10).pow(places);
        let scaled = (&self.value * BigRational::from_integer(scale)).round().to_integer();
        let negative = scaled.sign() == Sign::Minus;
        let digits = scaled.magnitude().to_string();
        let width = usize::try_from(places).unwrap_or(0);
        let digits = format!("{digits:0>width$}", width = width + 1);
        let (whole, part) = digits.split_at(digits.len() - width);
        let sign = if negative { "-" } else { "" };
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }

    /// An amount of money: two places, half up.
    pub fn money(&self) -> String {
        self.rounded(2)
    }

    /// As a fraction in lowest terms: `1/4`, and `1` for the whole.
    pub fn fraction(&self) -> String {
        if self.is_whole() {
            return self.value.numer().to_string();
        }
        format!("{}/{}", self.value.numer(), self.value.denom())
    }

    /// As it was written, or without needless zeros.
    pub fn written(&self) -> String {
        match self.places {
            Some(places) => self.rounded(places),
            None => self.short(),
        }
    }

    /// As few digits as say it, at most six behind the point.
    pub fn short(&self) -> String {
        let text = self.rounded(SHOWN);
        match text.split_once('.') {
            Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            None => text,
        }
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Num {}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

/// Sums and differences keep the places of the longer one, products add them, so that `4.20 × 4` is 16.80.
fn wider(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.zip(b).map(|(a, b)| a.max(b))
}

fn both(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.zip(b).map(|(a, b)| a + b)
}

impl Add for &Num {
    type Output = Num;

    fn add(self, other: Self) -> Num {
        Num { value: &self.value + &other.value, places: wider(self.places, other.places) }
    }
}

impl Sub for &Num {
    type Output = Num;

    fn sub(self, other: Self) -> Num {
        Num { value: &self.value - &other.value, places: wider(self.places, other.places) }
    }
}

impl Mul for &Num {
    type Output = Num;

    fn mul(self, other: Self) -> Num {
        Num { value: &self.value * &other.value, places: both(self.places, other.places) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(text: &str) -> Num {
        Num::parse(text).unwrap()
    }

    #[test]
    fn halves_go_up_and_only_at_the_end() {
        for (text, money) in
            [("50.025", "50.03"), ("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("7", "7.00")]
        {
            assert_eq!(num(text).money(), money);
        }
        let third = num("2300").over(&num("3")).unwrap();
        assert_eq!((third.money(), (&third * &num("3")).money()), ("766.67".into(), "2300.00".into()));
    }

    #[test]
    fn what_was_written_is_written_again() {
        assert_eq!((&num("4.20") * &num("4")).written(), "16.80");
        assert_eq!(num("24").written(), "24");
        assert_eq!(num("6.50").short(), "6.5");
        assert_eq!(num("1").over(&num("3")).unwrap().written(), "0.333333");
        assert_eq!(num("0.05").rounded(0), "0");
        assert_eq!(num("1").over(&Num::zero()), None);
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for wrong in ["", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1,0", "--1", "１"] {
            assert_eq!(Num::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Num::parse(&"9".repeat(41)), None);
    }
}
