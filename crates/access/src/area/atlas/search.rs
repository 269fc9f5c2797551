//! Finding divisions by name, by sound and by code. Pure: one pass over all of them, no index to keep in step.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};

use super::model::{Atlas, Place};
use crate::area::names::stem;
use crate::area::sound;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Part of a name, of its sound (full pinyin or initials), or the beginning of a code; words before the last
    /// name what is above (`聊城 古楼`).
    pub text: &'a str,
    /// Only below this division.
    pub within: Option<AreaCode>,
    /// What is nearer to this division comes first among equals.
    pub near: Option<AreaCode>,
    /// No lower level than this.
    pub deepest: Level,
    /// Only what stands on this day.
    pub on: Date,
}

/// Divisions that fit, the best first.
#[derive(Debug)]
pub struct Found<'a> {
    /// In order.
    pub places: Vec<&'a Place>,
}

/// How each division is typed in letters, in the order of the places: readings between line feeds, full pinyin
/// first, then initials after a tab.
#[derive(Debug, Default)]
pub(super) struct Sounds(Vec<Box<str>>);

impl Sounds {
    pub(super) fn of(places: &[Place]) -> Self {
        // Names repeat (城关镇, 中心社区), and their sounds with them.
        let mut known: HashMap<&str, Box<str>> = HashMap::new();
        let mut all = Vec::with_capacity(places.len());
        for place in places {
            let sounds = known.entry(&place.name).or_insert_with(|| {
                let mut lines = String::new();
                for (full, short) in sound::readings(&place.name) {
                    lines.extend([full.as_str(), "\t", short.as_str(), "\n"]);
                }
                lines.into_boxed_str()
            });
            all.push(sounds.clone());
        }
        Self(all)
    }
}

/// How well a text fits; less is better.
type Rank = u8;
const EXACT: Rank = 0;
const BEGINS: Rank = 1;
const HOLDS: Rank = 2;

/// What one word is compared with.
enum Word<'a> {
    Digits(&'a str),
    Letters(String),
    Name(&'a str),
}

impl<'a> Word<'a> {
    fn of(text: &'a str) -> Self {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Digits(text)
        } else if text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'\'') {
            // The apostrophe parts syllables (`dong'e`) and is not part of a sound; u with dots is typed as v.
            Self::Letters(text.replace('\'', "").to_ascii_lowercase())
        } else {
            Self::Name(text)
        }
    }

    fn rank(&self, place: &Place, sounds: &str) -> Option<Rank> {
        match self {
            Self::Digits(digits) => {
                let code = place.code.to_string();
                let own = &code[..place.code.level().digits()];
                if own == *digits || code == *digits {
                    Some(EXACT)
                } else {
                    code.starts_with(digits).then_some(BEGINS).or_else(|| named(&place.name, digits))
                }
            }
            Self::Letters(letters) => sounds.lines().filter_map(|line| sounding(line, letters)).min(),
            Self::Name(name) => named(&place.name, name),
        }
    }
}

fn named(own: &str, asked: &str) -> Option<Rank> {
    if own == asked {
        Some(EXACT)
    } else if own.starts_with(asked) {
        // 聊城 means 聊城市 as well as 聊城市 does.
        Some(if stem(own) == asked { EXACT } else { BEGINS })
    } else {
        own.contains(asked).then_some(HOLDS)
    }
}

fn sounding(line: &str, asked: &str) -> Option<Rank> {
    let (full, short) = line.split_once('\t')?;
    if full == asked || short == asked {
        Some(EXACT)
    } else if full.starts_with(asked) || short.starts_with(asked) {
        Some(BEGINS)
    } else {
        // Two letters are in nearly every name.
        (asked.len() > 2 && (full.contains(asked) || short.contains(asked))).then_some(HOLDS)
    }
}

impl Atlas {
    /// Divisions that fit what was typed: exact before beginning before holding it, then what is nearer, then the
    /// wider ones.
    pub fn search(&self, asked: &Asked<'_>) -> Found<'_> {
        let words: Vec<&str> = asked.text.split_whitespace().collect();
        let Some((last, before)) = words.split_last() else { return Found { places: Vec::new() } };
        let last = Word::of(last);
        let before: Vec<Word<'_>> = before.iter().copied().map(Word::of).collect();
        let mut found: Vec<(Rank, Reverse<Level>, Level, AreaCode, &Place)> = self
            .candidates(asked)
            .filter_map(|(place, sounds)| {
                let rank = last.rank(place, sounds)?;
                before.iter().all(|word| self.stands_above(word, place)).then_some((rank, place))
            })
            .map(|(rank, place)| order(rank, place, asked.near))
            .collect();
        if found.is_empty() && before.is_empty() && matches!(last, Word::Name(_)) {
            found = self.run_together(asked);
        }
        found.sort_unstable_by_key(|(rank, nearness, level, code, _)| (*rank, *nearness, *level, *code));
        Found { places: found.into_iter().map(|(.., place)| place).collect() }
    }

    fn candidates<'a>(&'a self, asked: &Asked<'_>) -> impl Iterator<Item = (&'a Place, &'a str)> {
        let (low, high) = asked.within.map_or((0, i64::MAX), AreaCode::range);
        let first = self.places.partition_point(|place| place.code.as_i64() < low);
        let end = self.places.partition_point(|place| place.code.as_i64() <= high);
        let (on, deepest, within) = (asked.on, asked.deepest, asked.within);
        self.places[first..end].iter().zip(&self.sounds.0[first..end]).filter_map(move |(place, sounds)| {
            let fits = place.stands(on) && place.code.level() <= deepest && Some(place.code) != within;
            fits.then_some((place, &**sounds))
        })
    }

    fn stands_above(&self, word: &Word<'_>, place: &Place) -> bool {
        place.code.upwards().skip(1).any(|above| {
            let rows = self.rows(above);
            let Some(last) = rows.last() else { return false };
            let at = self.places.partition_point(|place| place.code <= above) - 1;
            word.rank(last, &self.sounds.0[at]).is_some()
        })
    }

    /// `东昌府区古楼` in one go: names from above run together.
    fn run_together(&self, asked: &Asked<'_>) -> Vec<(Rank, Reverse<Level>, Level, AreaCode, &Place)> {
        self.candidates(asked)
            .filter(|(place, _)| {
                // Its own name begins within what was typed, else the whole path need not be written out.
                asked.text.contains(stem(&place.name).as_str())
                    && self.full_name(place.code, asked.on).contains(asked.text)
            })
            .map(|(place, _)| order(HOLDS, place, asked.near))
            .collect()
    }
}

fn order(
    rank: Rank,
    place: &Place,
    near: Option<AreaCode>,
) -> (Rank, Reverse<Level>, Level, AreaCode, &Place) {
    // The lowest division both lie in: the deeper, the nearer. Without one, all of China alike.
    let shared = near.and_then(|near| near.upwards().find(|above| above.contains(place.code)));
    let nearness = shared.map_or(Level::Province, |above| match above.level() {
        Level::Province => Level::Prefecture,
        Level::Prefecture => Level::County,
        _ => Level::Town,
    });
    (rank, Reverse(nearness), place.code.level(), place.code, place)
}
