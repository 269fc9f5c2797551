//! What a person is found by, in one form: papers, phones, names, parts of names, and how a name sounds.

use kernel::text::compact;
use pinyin::{ToPinyin as _, ToPinyinMulti as _};
use unicode_normalization::UnicodeNormalization as _;

use crate::party::PartyFacts;

/// Pairs of letters kept of one name: names of people have three, names of companies more.
const PAIRS: usize = 24;
/// Readings kept of one name; those of the surname go first.
const READINGS: usize = 16;
/// Digits at the end of a phone that are an index of their own.
const TAIL: usize = 4;

/// A kind of index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Number of a paper or credit code, whole.
    Paper,
    /// Phone, whole.
    Phone,
    /// Last four digits of a phone.
    Tail,
    /// Name, whole.
    Name,
    /// Two neighbouring letters of a name.
    Pair,
    /// The name in pinyin without tones, one row a reading; also without its first character.
    Sound,
    /// Number of the case at a court or other organ; it belongs to no side.
    Case,
}

impl Kind {
    /// Its word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Phone => "phone",
            Self::Tail => "tail",
            Self::Name => "name",
            Self::Pair => "pair",
            Self::Sound => "sound",
            Self::Case => "case",
        }
    }

    /// Name of its key.
    pub(super) const fn purpose(self) -> &'static str {
        match self {
            Self::Paper => "blind-paper",
            Self::Phone => "blind-phone",
            Self::Tail => "blind-tail",
            Self::Name => "blind-name",
            Self::Pair => "blind-pair",
            Self::Sound => "blind-sound",
            Self::Case => "blind-case",
        }
    }
}

/// All marks of a party and of those who stand beside it: side, kind, value.
pub fn marks<'s>(party: &PartyFacts, side: &'s str) -> Vec<(&'s str, Kind, String)> {
    let mut all: Vec<(&str, Kind, String)> =
        own_marks(party).into_iter().map(|(kind, value)| (side, kind, value)).collect();
    for one in [&party.guardian, &party.helper].into_iter().flatten() {
        let marks = of(&one.name, true, one.id_no.as_deref(), one.phone.as_deref());
        all.extend(marks.into_iter().map(|(kind, value)| ("beside", kind, value)));
    }
    all
}

/// The marks of a party itself.
pub fn own_marks(party: &PartyFacts) -> Vec<(Kind, String)> {
    let paper = party.id_no.as_deref().or(party.uscc.as_deref());
    of(&party.name, party.kind == "person", paper, party.phone.as_deref())
}

fn of(name: &str, person: bool, paper: Option<&str>, phone: Option<&str>) -> Vec<(Kind, String)> {
    let mut all = Vec::new();
    if let Some(paper) = paper.map(self::paper).filter(|paper| !paper.is_empty()) {
        all.push((Kind::Paper, paper));
    }
    if let Some(phone) = phone.map(compact).filter(|phone| !phone.is_empty()) {
        all.extend(tail(&phone).map(|tail| (Kind::Tail, tail)));
        all.push((Kind::Phone, phone));
    }
    let name = self::name(name);
    if !name.is_empty() {
        all.extend(pairs(&name).into_iter().map(|pair| (Kind::Pair, pair)));
        let sounds = if person { sounds(&name) } else { sound_of_house(&name) };
        all.extend(sounds.into_iter().map(|sound| (Kind::Sound, sound)));
        all.push((Kind::Name, name));
    }
    all
}

/// The number of a paper in one form: half width, no blanks, a large X.
pub fn paper(text: &str) -> String {
    compact(text).to_uppercase()
}

/// The number of a case in one form: its letters and digits, whatever brackets and blanks stand between.
pub fn case(text: &str) -> String {
    compact(text).to_uppercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The last digits of a phone, when it has more than that.
pub fn tail(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    (digits.len() > TAIL).then(|| digits[digits.len() - TAIL..].iter().collect())
}

/// A name in one form: half width, small letters, without blanks and the dot between parts of a name.
pub fn name(text: &str) -> String {
    compact(text).to_lowercase().chars().filter(|c| !matches!(c, '·' | '•' | '・' | '\'' | '’')).collect()
}

/// Neighbouring letters of a name, in their order.
pub fn pairs(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    letters.windows(2).take(PAIRS).map(|pair| pair.iter().collect()).collect()
}

/// Whether the text holds a Chinese character.
pub fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| c.to_pinyin().is_some())
}

/// How a Chinese name sounds, without tones and blanks: every reading of its first character (a surname is often
/// read otherwise than the word), those of the others as far as there is room; and the same without the surname.
pub fn sounds(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    if !is_chinese(name) {
        return Vec::new();
    }
    let mut all = readings(&letters);
    if letters.len() > 2 {
        all.extend(readings(&letters[1..]));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// How the name of a company or an organ sounds, in the usual reading only: it has no surname, and every reading of
/// a long name would be dozens of rows for each matter against it.
pub fn sound_of_house(name: &str) -> Vec<String> {
    let usual = |letter| sounds_of(letter).into_iter().next().unwrap_or_default();
    is_chinese(name).then(|| name.chars().map(usual).collect()).into_iter().collect()
}

fn readings(letters: &[char]) -> Vec<String> {
    let mut found = vec![String::new()];
    for letter in letters {
        let sounds = sounds_of(*letter);
        let taken = if found.len() * sounds.len() <= READINGS { sounds.len() } else { 1 };
        found = found
            .iter()
            .flat_map(|begun| sounds.iter().take(taken).map(move |sound| format!("{begun}{sound}")))
            .collect();
    }
    found
}

/// The readings of one character, the usual one first; a letter sounds as itself.
fn sounds_of(letter: char) -> Vec<String> {
    let mut all: Vec<String> = letter.to_pinyin().map(|one| plain(one.plain())).into_iter().collect();
    for one in letter.to_pinyin_multi().into_iter().flatten() {
        all.push(plain(one.plain()));
    }
    // Readings of surnames that the table of readings does not have.
    if let Some((_, more)) = SURNAMES.iter().find(|(surname, _)| *surname == letter) {
        all.push((*more).to_owned());
    }
    let mut seen = Vec::new();
    all.retain(|sound| {
        let new = !seen.contains(sound);
        if new {
            seen.push(sound.clone());
        }
        new
    });
    if all.is_empty() { vec![letter.to_string()] } else { all }
}

/// Surnames and how they are read as such.
const SURNAMES: &[(char, &str)] = &[
    ('仇', "qiu"),
    ('区', "ou"),
    ('单', "shan"),
    ('查', "zha"),
    ('解', "xie"),
    ('曾', "zeng"),
    ('任', "ren"),
    ('盖', "ge"),
    ('朴', "piao"),
    ('尉', "yu"),
    ('种', "chong"),
    ('折', "she"),
    ('员', "yun"),
    ('秘', "bi"),
    ('洗', "xian"),
    ('冼', "xian"),
    ('缪', "miao"),
    ('覃', "qin"),
    ('翟', "zhai"),
    ('乐', "yue"),
    ('燕', "yan"),
    ('葛', "ge"),
    ('逄', "pang"),
    ('召', "shao"),
    ('繁', "po"),
    ('黑', "he"),
    ('盛', "sheng"),
    ('宓', "mi"),
];

/// Pinyin as it is typed: small letters, no tones, ü as v.
pub fn plain(text: &str) -> String {
    let text: String = text.to_lowercase().nfc().collect();
    let marked = text.replace(['ü', 'ǖ', 'ǘ', 'ǚ', 'ǜ'], "v");
    marked.nfd().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> PartyFacts {
        PartyFacts { kind: "person".into(), name: name.into(), ..PartyFacts::default() }
    }

    #[test]
    fn a_surname_of_several_readings_is_found_by_each() {
        for (name, typed) in [
            ("单雄信", ["shanxiongxin", "danxiongxin"]),
            ("曾小明", ["zengxiaoming", "cengxiaoming"]),
            ("仇英", ["qiuying", "chouying"]),
            ("解缙", ["xiejin", "jiejin"]),
            ("朴志勇", ["piaozhiyong", "puzhiyong"]),
            ("尉迟恭", ["yuchigong", "weichigong"]),
            ("吕布", ["lvbu", "lvbu"]),
        ] {
            let sounds = sounds(&super::name(name));
            for typed in typed {
                assert!(sounds.contains(&plain(typed)), "{name}: {typed} not in {sounds:?}");
            }
        }
        assert!(sounds("张三丰").contains(&"sanfeng".to_owned()), "without the surname too");
        assert!(sounds("john").is_empty());
        assert!(readings(&"行行行行行行".chars().collect::<Vec<_>>()).len() <= READINGS);
    }

    #[test]
    fn a_company_sounds_one_way_and_is_found_by_it() {
        let mut house = person("聊城长乐建筑行");
        house.kind = "company".into();
        let sounds: Vec<String> = own_marks(&house)
            .into_iter()
            .filter(|(kind, _)| *kind == Kind::Sound)
            .map(|(_, sound)| sound)
            .collect();
        assert_eq!(sounds.len(), 1, "{sounds:?}");
        assert!(sounds[0].starts_with("liaocheng"), "{sounds:?}");
    }

    #[test]
    fn whatever_the_width_and_the_blanks_the_mark_is_one() {
        assert_eq!(paper("１１０１０５１９４９１２３１００２x"), "11010519491231002X");
        assert_eq!(name("阿依古丽 · 买买提"), name("阿依古丽·买买提"));
        assert_eq!(plain("Lǚ Bù"), "lvbu");
        assert_eq!(case("（2026）鲁1502刑初 12 号"), case("(2026)鲁1502刑初12号"));
        assert_eq!(tail("13800001234").as_deref(), Some("1234"));
        assert_eq!(tail("110"), None);
    }

    #[test]
    fn companions_are_found_but_never_as_a_side() {
        let mut party = person("王芳");
        party.helper = Some(crate::party::Companion { name: "李强".into(), ..Default::default() });
        let found = marks(&party, "own");
        assert!(found.contains(&("own", Kind::Name, "王芳".into())));
        assert!(found.contains(&("beside", Kind::Name, "李强".into())));
        assert!(!found.iter().any(|(side, _, value)| *side == "own" && value == "李强"));
    }
}
