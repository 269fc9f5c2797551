//! Days so exact that they point to one case.

use super::folded::Folded;
use super::{Sort, Span};

/// What follows a day on which a law, not a case, began.
const OF_LAWS: [&str; 6] = ["起施行", "起实施", "施行", "起生效", "公布", "修正"];

pub(super) fn find(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        match day(text, at) {
            Some(to) => {
                let of_law = OF_LAWS.iter().any(|words| text.says(to, words));
                if !of_law {
                    spans.push(Span { sort: Sort::Day, from: at, to });
                }
                at = to;
            }
            None => at += 1,
        }
    }
    spans
}

fn is_number(letter: char) -> bool {
    letter.is_ascii_digit() || "〇○零一二三四五六七八九十廿".contains(letter)
}

/// Where a number of at most so many characters ends.
fn number(text: &Folded, from: usize, most: usize) -> Option<usize> {
    let length = (from..).take_while(|at| text.get(*at).is_some_and(is_number)).take(most + 1).count();
    ((1..=most).contains(&length)).then_some(from + length)
}

/// The end of a day that begins here: 2024年3月15日, 3月15日, 2024-03-15.
fn day(text: &Folded, from: usize) -> Option<usize> {
    let before = from.checked_sub(1).and_then(|at| text.get(at));
    if before.is_some_and(is_number) {
        return None;
    }
    let in_words = |from: usize| {
        let month = number(text, from, 3).filter(|at| text.get(*at) == Some('月'))?;
        let day = number(text, month + 1, 3)?;
        matches!(text.get(day), Some('日' | '号')).then_some(day + 1)
    };
    if let Some(year) = number(text, from, 4).filter(|at| text.get(*at) == Some('年'))
        && let Some(end) = in_words(year + 1)
    {
        return Some(end);
    }
    if let Some(end) = in_words(from) {
        return Some(end);
    }
    digits(text, from)
}

fn digits(text: &Folded, from: usize) -> Option<usize> {
    let part = |from: usize, most: usize| {
        let length = (from..)
            .take_while(|at| text.get(*at).is_some_and(|c| c.is_ascii_digit()))
            .take(most + 1)
            .count();
        if !(1..=most).contains(&length) {
            return None;
        }
        let value: u32 = text.chars[from..from + length].iter().collect::<String>().parse().ok()?;
        Some((from + length, value))
    };
    let (year, value) = part(from, 4)?;
    let sign = text.get(year).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (month, months) = part(year + 1, 2)?;
    if !(1900..2200).contains(&value) || text.get(month) != Some(sign) || !(1..=12).contains(&months) {
        return None;
    }
    let (day, days) = part(month + 1, 2)?;
    (1..=31).contains(&days).then_some(day)
}
