//! Numbers as people write them: 8000, 8,000, 1.2万, 八千, 一万二, 8k, 半.

use kernel::numeral;

/// A number in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Its value.
    pub value: f64,
    /// Where it begins and ends, in characters.
    pub from: usize,
    /// The character after it.
    pub to: usize,
    /// Whether it holds 百, 千, 万, 亿 or k.
    pub has_unit: bool,
}

fn digit(c: char) -> Option<f64> {
    numeral::digit(c).map(f64::from)
}

fn unit(c: char) -> Option<f64> {
    match c {
        '十' => Some(10.0),
        '百' => Some(100.0),
        '千' | 'k' | 'K' => Some(1000.0),
        '万' | 'w' | 'W' => Some(10_000.0),
        '亿' => Some(100_000_000.0),
        _ => None,
    }
}

/// The numbers of a text, in order.
pub fn counts(text: &[char]) -> Vec<Count> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match read(text, at) {
            Some(count) => {
                at = count.to;
                found.push(count);
            }
            None => at += 1,
        }
    }
    found
}

/// The number that begins here.
fn read(text: &[char], from: usize) -> Option<Count> {
    let is_ascii = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    if text[from].is_ascii_digit() {
        let mut to = from;
        while to < text.len() && is_ascii(text[to]) {
            to += 1;
        }
        while to > from && !text[to - 1].is_ascii_digit() {
            to -= 1;
        }
        let digits: String = text[from..to].iter().filter(|c| **c != ',').collect();
        let value: f64 = digits.parse().ok()?;
        let times = text.get(to).copied().filter(|c| *c != '十').and_then(unit);
        return Some(Count {
            value: value * times.unwrap_or(1.0),
            from,
            to: to + usize::from(times.is_some()),
            has_unit: times.is_some(),
        });
    }
    if text[from] == '半' && text.get(from + 1) == Some(&'年') {
        return Some(Count { value: 0.5, from, to: from + 1, has_unit: false });
    }
    let mut to = from;
    while to < text.len()
        && (digit(text[to]).is_some() || unit(text[to]).is_some_and(|_| !text[to].is_ascii()))
    {
        to += 1;
    }
    let words = &text[from..to];
    // 万一, 千万不要, 百般: a unit alone is no number, but 十 is.
    let starts = words.first().is_some_and(|c| digit(*c).is_some() || *c == '十');
    starts.then(|| value(words)).flatten().map(|value| {
        let has_unit = words.iter().any(|c| unit(*c).is_some_and(|unit| unit >= 100.0));
        Count { value, from, to, has_unit }
    })
}

/// The value of Chinese digits and units; the last digit after a unit counts for the next lower one (一万二).
fn value(words: &[char]) -> Option<f64> {
    if words.iter().all(|c| digit(*c).is_some()) {
        return (words.len() <= 12)
            .then(|| words.iter().filter_map(|c| digit(*c)).fold(0.0, |sum, one| sum * 10.0 + one));
    }
    let (mut all, mut part, mut last) = (0.0, 0.0, None::<f64>);
    let mut lowest = 1.0;
    for c in words {
        if let Some(found) = digit(*c) {
            last = Some(found);
            continue;
        }
        lowest = unit(*c)?;
        let count = last.take();
        if lowest < 10_000.0 {
            part += count.unwrap_or(1.0) * lowest;
        } else if lowest < 100_000_000.0 {
            all += (part + count.unwrap_or(0.0)) * lowest;
            part = 0.0;
        } else {
            all = (all + part + count.unwrap_or(0.0)) * lowest;
            part = 0.0;
        }
    }
    let short = lowest >= 100.0 && !follows_zero(words);
    Some(all + part + last.unwrap_or(0.0) * if short { lowest / 10.0 } else { 1.0 })
}

/// Whether a zero stands before the last digit: 一千零二 is 1002, 一千二 is 1200.
fn follows_zero(words: &[char]) -> bool {
    words.len() >= 2 && matches!(words[words.len() - 2], '零' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_of(text: &str) -> Option<f64> {
        let text: Vec<char> = text.chars().collect();
        counts(&text).first().map(|count| count.value)
    }

    #[test]
    fn numbers_are_read_as_people_say_them() {
        for (text, value) in [
            ("八千", 8000.0),
            ("一万二", 12_000.0),
            ("三千五", 3500.0),
            ("两百五", 250.0),
            ("一千零二", 1002.0),
            ("十五", 15.0),
            ("二十", 20.0),
            ("三十五万", 350_000.0),
            ("一百二十万", 1_200_000.0),
            ("一亿三千万", 130_000_000.0),
            ("8,000.50", 8000.5),
            ("1.2万", 12_000.0),
            ("8k", 8000.0),
            ("六", 6.0),
            ("二〇二三", 2023.0),
            ("两万三千四百五十六", 23_456.0),
        ] {
            assert_eq!(value_of(text), Some(value), "{text}");
        }
        for text in ["千万", "百般", "半夜", "没有"] {
            assert_eq!(value_of(text), None, "{text}");
        }
    }
}
