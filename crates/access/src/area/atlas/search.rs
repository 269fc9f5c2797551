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
    /// How many of them, from the first, are meant exactly.
    pub exact: usize,
}

/// What a text that should name one division names.
#[derive(Debug)]
pub enum Named<'a> {
    /// This one. A code is taken as it is: whether it stands is for others to say.
    One(AreaCode),
    /// One of these, the best first.
    Several(Vec<&'a Place>),
    /// Nothing known.
    Nothing,
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
            let sounds = known.entry(&place.name).or_insert_with(|| sounding(&place.name));
            all.push(sounds.clone());
        }
        Self(all)
    }
}

/// The lines of one name.
pub(super) fn sounding(name: &str) -> Box<str> {
    let mut lines = String::new();
    for (full, short) in sound::readings(name) {
        lines.extend([full.as_str(), "\t", short.as_str(), "\n"]);
    }
    lines.into_boxed_str()
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
            Self::Digits(digits) => coded(place.code, digits).or_else(|| named(&place.name, digits)),
            Self::Letters(_) | Self::Name(_) => self.says(&place.name, sounds),
        }
    }

    /// How well a name fits, whatever bears it.
    fn says(&self, name: &str, sounds: &str) -> Option<Rank> {
        match self {
            Self::Digits(digits) => named(name, digits),
            // Most sound otherwise altogether: the lines are looked at only where the letters are.
            Self::Letters(letters) if !sounds.contains(letters.as_str()) => None,
            Self::Letters(letters) => sounds.lines().filter_map(|line| heard(line, letters)).min(),
            Self::Name(asked) => named(name, asked),
        }
    }
}

/// Compares digits without writing the code out: this runs for every division.
fn coded(code: AreaCode, digits: &str) -> Option<Rank> {
    let length = u32::try_from(digits.len()).ok().filter(|length| *length <= 12)?;
    let begun = digits.parse::<i64>().ok()?;
    let rest = 10_i64.pow(12 - length);
    (code.as_i64() / rest == begun).then(|| {
        // 3715 and 371500000000 both mean 聊城.
        if code.as_i64() % rest == 0 && digits.len() >= code.level().digits() { EXACT } else { BEGINS }
    })
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

fn heard(line: &str, asked: &str) -> Option<Rank> {
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
    /// wider ones. An area that is no division is found as the divisions it is made of.
    pub fn search(&self, asked: &Asked<'_>) -> Found<'_> {
        let words: Vec<&str> = asked.text.split_whitespace().collect();
        let Some((last, before)) = words.split_last() else { return Found { places: Vec::new(), exact: 0 } };
        let last = Word::of(last);
        let before: Vec<Word<'_>> = before.iter().copied().map(Word::of).collect();
        let zones = self.zones(&last);
        let mut found: Vec<Ordered<'_>> = self
            .candidates(asked)
            .filter_map(|(place, sounds)| {
                let zone = zones.iter().find(|(member, _)| *member == place.code).map(|(_, rank)| *rank);
                let rank = last.rank(place, sounds).into_iter().chain(zone).min()?;
                before.iter().all(|word| self.stands_above(word, place)).then_some((rank, place))
            })
            .map(|(rank, place)| order(rank, place, asked.near))
            .collect();
        if found.is_empty() && before.is_empty() && matches!(last, Word::Name(_)) {
            found = self.run_together(asked);
        }
        found.sort_unstable_by_key(|(rank, nearness, level, code, _)| (*rank, *nearness, *level, *code));
        let exact = found.iter().take_while(|(rank, ..)| *rank == EXACT).count();
        Found { places: found.into_iter().map(|(.., place)| place).collect(), exact }
    }

    /// What a text that should name one division names: a code, or a name (also in letters) that only one bears.
    pub fn named(&self, asked: &Asked<'_>) -> Named<'_> {
        let text = asked.text.trim();
        if let Ok(code) = text.parse::<AreaCode>() {
            return Named::One(code);
        }
        let found = self.search(asked);
        match (found.places.as_slice(), found.exact) {
            ([], _) => Named::Nothing,
            ([only], _) => Named::One(only.code),
            ([first, ..], 1) => Named::One(first.code),
            _ => Named::Several(found.places),
        }
    }

    /// Members of the areas that are no division and fit.
    fn zones(&self, word: &Word<'_>) -> Vec<(AreaCode, Rank)> {
        let services = self.services().iter().zip(&self.service_sounds);
        services
            .filter_map(|(service, sounds)| Some((service, word.says(&service.name, sounds)?)))
            // The zone may be meant exactly; which of its divisions is not said.
            .flat_map(|(service, rank)| service.members.iter().map(move |code| (*code, rank.max(BEGINS))))
            .collect()
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
    fn run_together(&self, asked: &Asked<'_>) -> Vec<Ordered<'_>> {
        self.candidates(asked)
            // Its own name stands within what was typed; the whole path need not be written out.
            .filter(|(place, _)| asked.text.contains(stem(&place.name).as_str()))
            .filter_map(|(place, _)| {
                let path = self.full_name(place.code, asked.on);
                let rank = if path.ends_with(asked.text) { EXACT } else { HOLDS };
                path.contains(asked.text).then(|| order(rank, place, asked.near))
            })
            .collect()
    }
}

/// What divisions are sorted by: how well the text fits, how near they are, how wide, and their code.
type Ordered<'a> = (Rank, Reverse<Level>, Level, AreaCode, &'a Place);

fn order(rank: Rank, place: &Place, near: Option<AreaCode>) -> Ordered<'_> {
    // The lowest division both lie in: the deeper, the nearer. Without one, all of China alike.
    let shared = near.and_then(|near| near.upwards().find(|above| above.contains(place.code)));
    let nearness = shared.map_or(Level::Province, |above| match above.level() {
        Level::Province => Level::Prefecture,
        Level::Prefecture => Level::County,
        _ => Level::Town,
    });
    (rank, Reverse(nearness), place.code.level(), place.code, place)
}
