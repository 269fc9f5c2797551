//! How names of places sound: pinyin without tones, as people type it.

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// At most so many readings of one name: each doubles with every character that is read in two ways.
const READINGS: usize = 4;

/// How places are read where the table of readings does not say so, or says it last.
const PLACES: &[(char, &str)] = &[
    ('单', "shan"),
    ('莘', "shen"),
    ('蚌', "beng"),
    ('六', "lu"),
    ('洪', "hong"),
    ('漯', "luo"),
    ('荥', "xing"),
];

/// The usual reading of each character run together; what is no Chinese character stays, in small letters.
pub fn usual(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    for letter in name.chars() {
        match letter.to_pinyin() {
            Some(sound) => out.push_str(&typed(sound.plain())),
            None => out.extend(letter.to_lowercase()),
        }
    }
    out
}

/// Every way a name is typed: full pinyin and initials, one pair for each reading.
pub fn readings(name: &str) -> Vec<(String, String)> {
    let mut found = vec![(String::new(), String::new())];
    for letter in name.chars() {
        let sounds = sounds_of(letter);
        let taken = if found.len() * sounds.len() <= READINGS { sounds.len() } else { 1 };
        found = found
            .iter()
            .flat_map(|(full, short)| {
                sounds.iter().take(taken).map(move |sound| {
                    let first = sound.chars().next().map(String::from).unwrap_or_default();
                    (format!("{full}{sound}"), format!("{short}{first}"))
                })
            })
            .collect();
    }
    found
}

fn sounds_of(letter: char) -> Vec<String> {
    let mut all: Vec<String> = letter.to_pinyin().map(|one| typed(one.plain())).into_iter().collect();
    all.extend(PLACES.iter().filter(|(own, _)| *own == letter).map(|(_, sound)| (*sound).to_owned()));
    for one in letter.to_pinyin_multi().into_iter().flatten() {
        let sound = typed(one.plain());
        if !all.contains(&sound) {
            all.push(sound);
        }
    }
    if all.is_empty() {
        all.push(letter.to_lowercase().collect());
    }
    all.dedup();
    all
}

/// ü is typed as v.
fn typed(sound: &str) -> String {
    sound.replace('ü', "v")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_the_sound_it_has_there() {
        for (name, full, short) in [
            ("东昌府区", "dongchangfuqu", "dcfq"),
            ("茌平区", "chipingqu", "cpq"),
            ("莘县", "shenxian", "sx"),
            ("单县", "shanxian", "sx"),
            ("六安市", "luanshi", "las"),
            ("吕陵镇", "lvlingzhen", "llz"),
        ] {
            let all = readings(name);
            assert!(all.iter().any(|(own, first)| own == full && first == short), "{name}: {all:?}");
        }
    }

    #[test]
    fn readings_do_not_explode() {
        assert!(readings("行行行行行行行行").len() <= READINGS);
        assert_eq!(usual("A区"), "aqu");
    }
}
