//! Text as people type it, in one form.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// NFKC (full width to half width), control characters out, blanks at the ends trimmed.
///
/// Line feeds and tabs inside stay: they are part of a story.
pub fn normalise(input: &str) -> String {
    let text: String = input.nfkc().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// Prose in one form: letters and digits half width, line ends `\n`, control characters out, trimmed.
///
/// Unlike [`normalise`] it leaves Chinese punctuation as it was written.
pub fn prose(input: &str) -> String {
    let half = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => c.nfkc().next().unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    let text: String =
        input.nfc().map(half).filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// [`normalise`], and without blanks, dashes and dots anywhere: for numbers and codes.
pub fn compact(input: &str) -> String {
    input.nfkc().filter(|c| !c.is_whitespace() && !c.is_control() && !is_dash(*c)).collect()
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200B}' | '\u{FEFF}')
}

/// A name with only its first character shown: 张三丰 → 张**.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    let Some(first) = chars.next() else { return String::new() };
    std::iter::once(first).chain(chars.map(|_| '*')).collect()
}

/// A cell for CSV or a spreadsheet that nothing takes for a formula: what begins with `= + - @`, a tab or a
/// return (also in full width, which some programs read alike) gets an apostrophe in front, the sign for text.
/// Numbers of our own making are written as numbers and do not go through here.
pub fn disarmed(cell: &str) -> Cow<'_, str> {
    let first = cell.trim_start_matches([' ', '\u{3000}', '\u{feff}']).chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{cell}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_keeps_its_punctuation() {
        let typed = "　他说：“欠薪１８０００元，（三个月）！”\r\nＯＫ？\u{7}";
        assert_eq!(prose(typed), "他说：“欠薪18000元，（三个月）！”\nOK？");
    }

    #[test]
    fn full_width_becomes_half_width() {
        assert_eq!(normalise("　Ｈｕｉｆａ　１２\u{7}\n"), "Huifa 12");
        assert_eq!(normalise("a\nb\tc"), "a\nb\tc");
        assert_eq!(compact(" 3715－0226—00 ０0"), "371502260000");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in [
            "=1+1",
            "+86 138",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{feff}=cmd|' /C calc'!A0",
            "＝1",
        ] {
            assert_eq!(disarmed(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "张三", "3715 0226", "a=b", "（-1）", "'=1"] {
            assert_eq!(disarmed(cell), cell);
        }
    }

    #[test]
    fn names_are_masked_by_character() {
        assert_eq!(mask_name("张三丰"), "张**");
        assert_eq!(mask_name(""), "");
    }
}
