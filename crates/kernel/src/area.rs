//! Administrative area codes: GB/T 2260 (6 digits) + GB/T 10114 (3) + village (3), padded to twelve.

use std::fmt;
use std::str::FromStr;

use crate::string_form::string_form;

/// First two digits of GB/T 2260 that name a province, region, municipality or SAR.
pub const PROVINCES: [u8; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82,
];

/// A twelve-digit area code, zeros on the right for higher levels. Ordered so that a subtree is a range.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode(i64);

/// How far down the area tree a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省级: province, autonomous region, municipality.
    Province,
    /// 地级: prefecture, city.
    Prefecture,
    /// 县级: county, district, county-level city.
    County,
    /// 乡级: town, township, sub-district.
    Town,
    /// 村级: village or residents' committee.
    Village,
}

/// Why a text is no area code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AreaFault {
    /// Not 2, 4, 6, 9 or 12 digits.
    #[error("an area code has 2, 4, 6, 9 or 12 digits")]
    Length,
    /// Something other than a digit.
    #[error("an area code has digits only")]
    NotDigits,
    /// The first two digits name no province.
    #[error("the first two digits name no province")]
    UnknownProvince,
    /// A lower level is given while one between is zero, e.g. a village without a town.
    #[error("a level between is missing")]
    Gap,
}

impl Level {
    /// All levels, widest first.
    pub const ALL: [Self; 5] = [Self::Province, Self::Prefecture, Self::County, Self::Town, Self::Village];

    /// Stable ASCII word, also the serde form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Town => "town",
            Self::Village => "village",
        }
    }

    /// The Chinese word used in registers: 省级, 地级, 县级, 乡级, 村级.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Province => "省级",
            Self::Prefecture => "地级",
            Self::County => "县级",
            Self::Town => "乡级",
            Self::Village => "村级",
        }
    }

    /// Significant digits of a code at this level.
    pub const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Prefecture => 4,
            Self::County => 6,
            Self::Town => 9,
            Self::Village => 12,
        }
    }

    const fn span(self) -> i64 {
        match self {
            Self::Province => 10_000_000_000,
            Self::Prefecture => 100_000_000,
            Self::County => 1_000_000,
            Self::Town => 1_000,
            Self::Village => 1,
        }
    }
}

impl FromStr for Level {
    type Err = AreaFault;

    fn from_str(text: &str) -> Result<Self, AreaFault> {
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(AreaFault::Length)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AreaCode {
    /// Checks the number of a stored twelve-digit code.
    pub fn from_i64(code: i64) -> Result<Self, AreaFault> {
        if !(100_000_000_000..1_000_000_000_000).contains(&code) {
            return Err(AreaFault::Length);
        }
        let province = u8::try_from(code / 10_000_000_000).map_err(|_| AreaFault::UnknownProvince)?;
        if !PROVINCES.contains(&province) {
            return Err(AreaFault::UnknownProvince);
        }
        let (prefecture, county) = (code / 100_000_000 % 100, code / 1_000_000 % 100);
        let (town, village) = (code / 1_000 % 1_000, code % 1_000);
        // County digits 00 above a town are real (东莞 441900103000); other holes name no place.
        if (prefecture == 0 && (county != 0 || town != 0)) || (town == 0 && village != 0) {
            return Err(AreaFault::Gap);
        }
        Ok(Self(code))
    }

    /// The code as the number kept in `BIGINT` columns.
    pub const fn as_i64(self) -> i64 {
        self.0
    }

    /// The level, decided by the zeros on the right.
    pub const fn level(self) -> Level {
        if self.0 % Level::Town.span() != 0 {
            Level::Village
        } else if self.0 % Level::County.span() != 0 {
            Level::Town
        } else if self.0 % Level::Prefecture.span() != 0 {
            Level::County
        } else if self.0 % Level::Province.span() != 0 {
            Level::Prefecture
        } else {
            Level::Province
        }
    }

    /// The area directly above; towns of a prefecture without counties hang under the prefecture.
    pub const fn parent(self) -> Option<Self> {
        let cut = match self.level() {
            Level::Province => return None,
            Level::Prefecture => Level::Province.span(),
            Level::County => Level::Prefecture.span(),
            Level::Town => Level::County.span(),
            Level::Village => Level::Town.span(),
        };
        Some(Self(self.0 / cut * cut))
    }

    /// The area itself and everything above it, nearest first.
    pub fn upwards(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |area| area.parent())
    }

    /// First and last code (inclusive) of the subtree under this area.
    pub const fn range(self) -> (i64, i64) {
        (self.0, self.0 + self.level().span() - 1)
    }

    /// Whether `other` is this area or lies under it.
    pub const fn contains(self, other: Self) -> bool {
        let (first, last) = self.range();
        first <= other.0 && other.0 <= last
    }

    /// The six GB/T 2260 digits, as they begin a matter number.
    pub fn county6(self) -> u32 {
        u32::try_from(self.0 / 1_000_000).unwrap_or_default()
    }
}

impl FromStr for AreaCode {
    type Err = AreaFault;

    fn from_str(text: &str) -> Result<Self, AreaFault> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AreaFault::NotDigits);
        }
        if !matches!(text.len(), 2 | 4 | 6 | 9 | 12) {
            return Err(AreaFault::Length);
        }
        format!("{text:0<12}").parse().map_err(|_| AreaFault::NotDigits).and_then(Self::from_i64)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AreaCode({self})")
    }
}

string_form!(AreaCode);

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn short_codes_are_padded() {
        for text in ["37", "3715", "371502", "371502001", "371502001001"] {
            assert_eq!(area(text).to_string(), format!("{text:0<12}"));
        }
    }

    #[test]
    fn level_and_parent_follow_the_zeros() {
        assert_eq!(area("37").parent(), None);
        assert_eq!(area("3715").parent(), Some(area("37")));
        assert_eq!(area("371502").level(), Level::County);
        assert_eq!(area("371502001001").parent(), Some(area("371502001")));
        assert_eq!(area("371502001001").upwards().count(), 5);
    }

    #[test]
    fn towns_of_a_prefecture_without_counties_hang_under_it() {
        assert_eq!(area("441900103").parent(), Some(area("4419")));
        assert_eq!(area("441900103").level(), Level::Town);
        assert!(area("4419").contains(area("441900103001")));
    }

    #[test]
    fn holes_and_unknown_provinces_are_refused() {
        assert_eq!("990000".parse::<AreaCode>(), Err(AreaFault::UnknownProvince));
        assert_eq!("370002".parse::<AreaCode>(), Err(AreaFault::Gap));
        assert_eq!("371502000001".parse::<AreaCode>(), Err(AreaFault::Gap));
        assert_eq!("37150".parse::<AreaCode>(), Err(AreaFault::Length));
        assert_eq!("37150a".parse::<AreaCode>(), Err(AreaFault::NotDigits));
        assert_eq!("".parse::<AreaCode>(), Err(AreaFault::NotDigits));
    }

    #[test]
    fn a_subtree_is_a_range() {
        let (first, last) = area("3715").range();
        assert_eq!((first, last), (371_500_000_000, 371_599_999_999));
        assert!(area("3715").contains(area("371502")) && !area("3715").contains(area("3716")));
        assert!(!area("371502").contains(area("3715")));
    }
}
