//! Money in whole fen.

use std::fmt;
use std::str::FromStr;

use crate::string_form::string_form;

/// An amount of money in fen (1/100 yuan). Text form: a decimal string in yuan with two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(pub i64);

/// A text that is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("money is a decimal number of yuan with at most two places")]
pub struct MoneyFault;

impl Fen {
    /// Sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Difference, or `None` when it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl FromStr for Fen {
    type Err = MoneyFault;

    fn from_str(text: &str) -> Result<Self, MoneyFault> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (yuan, fen) = digits.split_once('.').map_or((digits, "0"), |(yuan, fen)| (yuan, fen));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(yuan) || !all_digits(fen) || fen.len() > 2 {
            return Err(MoneyFault);
        }
        let fen: i64 = format!("{fen:0<2}").parse().map_err(|_| MoneyFault)?;
        let yuan: i64 = yuan.parse().map_err(|_| MoneyFault)?;
        let amount = yuan.checked_mul(100).and_then(|yuan| yuan.checked_add(fen)).ok_or(MoneyFault)?;
        Ok(Self(if negative { -amount } else { amount }))
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", amount / 100, amount % 100)
    }
}

string_form!(Fen);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_yuan() {
        for (text, fen) in [("0", 0), ("12", 1200), ("12.5", 1250), ("12.05", 1205), ("-0.01", -1)] {
            assert_eq!(text.parse(), Ok(Fen(fen)));
        }
        assert_eq!(Fen(-1205).to_string(), "-12.05");
        for wrong in ["", "-", ".", "1.", ".5", "1.234", "1,000", "9223372036854775807", "1e3", "+1", " 1"] {
            assert_eq!(wrong.parse::<Fen>(), Err(MoneyFault), "{wrong}");
        }
    }
}
