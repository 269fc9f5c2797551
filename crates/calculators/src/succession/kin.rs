//! How an heir is related to who died, read from the word people use.

/// Kin who inherit by law (民法典 1127, 1129).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    Spouse,
    Child,
    Parent,
    /// Widowed daughter- or son-in-law who mainly kept the parents-in-law.
    InLaw,
    Sibling,
    Grandparent,
}

/// Who comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Second,
}

/// Beginnings of words, the longer before the shorter.
const WORDS: &[(&str, Kin)] = &[
    ("丧偶儿媳", Kin::InLaw),
    ("丧偶女婿", Kin::InLaw),
    ("外祖", Kin::Grandparent),
    ("外公", Kin::Grandparent),
    ("外婆", Kin::Grandparent),
    ("祖", Kin::Grandparent),
    ("爷", Kin::Grandparent),
    ("奶奶", Kin::Grandparent),
    ("姥", Kin::Grandparent),
    ("配偶", Kin::Spouse),
    ("妻", Kin::Spouse),
    ("丈夫", Kin::Spouse),
    ("夫", Kin::Spouse),
    ("老公", Kin::Spouse),
    ("老婆", Kin::Spouse),
    ("兄", Kin::Sibling),
    ("弟", Kin::Sibling),
    ("姐", Kin::Sibling),
    ("妹", Kin::Sibling),
    ("哥", Kin::Sibling),
    ("姊", Kin::Sibling),
    ("养子", Kin::Child),
    ("养女", Kin::Child),
    ("继子", Kin::Child),
    ("继女", Kin::Child),
    ("儿子", Kin::Child),
    ("女儿", Kin::Child),
    ("子", Kin::Child),
    ("女", Kin::Child),
    ("长子", Kin::Child),
    ("长女", Kin::Child),
    ("次子", Kin::Child),
    ("次女", Kin::Child),
    ("独子", Kin::Child),
    ("独女", Kin::Child),
    ("孩", Kin::Child),
    ("父", Kin::Parent),
    ("母", Kin::Parent),
    ("爸", Kin::Parent),
    ("妈", Kin::Parent),
    ("养父", Kin::Parent),
    ("养母", Kin::Parent),
    ("继父", Kin::Parent),
    ("继母", Kin::Parent),
];

impl Kin {
    /// From a word such as `子1` or `母`; also the words of the API.
    pub(super) fn read(word: &str) -> Option<Self> {
        let word = word.trim();
        match word {
            "spouse" => return Some(Self::Spouse),
            "child" => return Some(Self::Child),
            "parent" => return Some(Self::Parent),
            "sibling" => return Some(Self::Sibling),
            "grandparent" => return Some(Self::Grandparent),
            _ => {}
        }
        // 女婿 and 儿媳 who are not widowed inherit nothing.
        if word.starts_with("女婿") || word.starts_with("儿媳") {
            return None;
        }
        WORDS.iter().find(|(begin, _)| word.starts_with(begin)).map(|(_, kin)| *kin)
    }

    pub(super) fn order(self) -> Order {
        match self {
            Self::Spouse | Self::Child | Self::Parent | Self::InLaw => Order::First,
            Self::Sibling | Self::Grandparent => Order::Second,
        }
    }
}

/// In whose place somebody comes, for words such as `孙1(代位子2)` and `侄（代位）`, and in which order.
pub(super) fn in_place_of(word: &str) -> Option<(&str, Order)> {
    let (who, rest) = word.split_once("代位")?;
    let begins = |words: &[&str]| words.iter().any(|begin| who.trim().starts_with(begin));
    let order = if begins(&["孙", "外孙", "曾", "外曾"]) {
        Order::First
    } else if begins(&["侄", "甥", "外甥"]) {
        Order::Second
    } else {
        return None;
    };
    let line =
        rest.trim_matches(|c: char| matches!(c, ')' | '）' | '(' | '（' | '：' | ':') || c.is_whitespace());
    // Without a name each is a line of its own.
    Some((if line.is_empty() { word } else { line }, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_kin() {
        for (word, kin) in [
            ("配偶", Some(Kin::Spouse)),
            ("子1", Some(Kin::Child)),
            ("次女", Some(Kin::Child)),
            ("母", Some(Kin::Parent)),
            ("外祖母", Some(Kin::Grandparent)),
            ("祖父", Some(Kin::Grandparent)),
            ("妹妹", Some(Kin::Sibling)),
            ("丧偶儿媳", Some(Kin::InLaw)),
            ("女婿", None),
            ("朋友", None),
            ("", None),
        ] {
            assert_eq!(Kin::read(word), kin, "{word}");
        }
    }
}
