//! Titles by how they sound: `laodonghetongfa`, `ldhtf`, and what was typed with a wrong character.

use std::collections::HashSet;

use pinyin::ToPinyin as _;

use crate::store::Law;

/// Shortest run of letters that is looked for among sounds.
const SHORTEST: usize = 3;

/// How alike two titles must be to be offered for one another, from 0 to 1.
const ALIKE: f32 = 0.6;

/// The sounds of titles, by number of the law.
#[derive(Debug, Default)]
pub struct Names(Vec<Sound>);

#[derive(Debug)]
struct Sound {
    syllables: Vec<String>,
    whole: String,
    initials: String,
}

impl Sound {
    fn of(title: &str) -> Self {
        let syllables: Vec<String> = title.chars().filter(|c| c.is_alphanumeric()).map(syllable).collect();
        let initials = syllables.iter().filter_map(|one| one.chars().next()).collect();
        Self { whole: syllables.concat(), initials, syllables }
    }

    /// Pairs of syllables that follow one another; a single one stands for itself.
    fn pairs(&self) -> HashSet<(&str, &str)> {
        match &self.syllables[..] {
            [only] => HashSet::from([(only.as_str(), "")]),
            all => all.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect(),
        }
    }
}

fn syllable(letter: char) -> String {
    letter
        .to_pinyin()
        .map_or_else(|| letter.to_lowercase().collect(), |sound| sound.plain().replace('ü', "v"))
}

impl Names {
    /// Reads the titles.
    pub fn of(laws: &[Law]) -> Self {
        Self(laws.iter().map(|law| Sound::of(&law.title)).collect())
    }

    /// The numbers of laws that were probably meant, the likeliest first.
    pub fn near(&self, typed: &str, most: usize) -> Vec<usize> {
        let typed: String = typed.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let mut found: Vec<(f32, usize, usize)> = if typed.is_ascii() {
            if typed.len() < SHORTEST {
                return Vec::new();
            }
            let share = |sound: &Sound| {
                let length = typed.len() as f32;
                if sound.whole.contains(&typed) {
                    return Some(length / sound.whole.len() as f32);
                }
                sound.initials.contains(&typed).then(|| length / sound.initials.len() as f32)
            };
            self.found(share)
        } else {
            let asked = Sound::of(&typed);
            let pairs = asked.pairs();
            self.found(|sound| {
                let own = sound.pairs();
                let both = own.intersection(&pairs).count() as f32;
                let alike = 2.0 * both / (own.len() + pairs.len()) as f32;
                (alike >= ALIKE).then_some(alike)
            })
        };
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        found.into_iter().take(most).map(|(_, _, number)| number).collect()
    }

    /// Score, length and number of those that have a score.
    fn found(&self, score: impl Fn(&Sound) -> Option<f32>) -> Vec<(f32, usize, usize)> {
        let scored = self.0.iter().enumerate();
        scored.filter_map(|(number, sound)| Some((score(sound)?, sound.syllables.len(), number))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TITLES: [&str; 5] = ["劳动法", "劳动合同法", "劳动争议调解仲裁法", "民法典", "道路交通安全法"];

    fn near(typed: &str) -> Vec<&'static str> {
        let names = Names(TITLES.iter().map(|title| Sound::of(title)).collect());
        names.near(typed, 3).into_iter().map(|number| TITLES[number]).collect()
    }

    #[test]
    fn titles_are_found_by_sound_and_despite_a_wrong_character() {
        assert_eq!(near("laodonghetong").first(), Some(&"劳动合同法"));
        assert_eq!(near("ldhtf").first(), Some(&"劳动合同法"));
        assert_eq!(near("劳动和同法").first(), Some(&"劳动合同法"));
        assert_eq!(near("道路交通按全法").first(), Some(&"道路交通安全法"));
        assert_eq!(near("MFD"), ["民法典"]);
    }

    #[test]
    fn what_is_like_nothing_finds_nothing() {
        for typed in ["", "ld", "天气", "xyz"] {
            assert_eq!(near(typed), Vec::<&str>::new(), "{typed}");
        }
    }
}
