//! Numbers that name somebody or something: papers, telephones, cards, matters, cases, plates, accounts, mail.

use kernel::identity::{Id15, Uscc};
use kernel::number::MatterNumber;

use super::folded::{Folded, is_han};
use super::{Known, Sort, Span};

/// Fewer digits name nobody: 12348, 12333, 120.
const LEAST: usize = 7;

/// Most groups of digits that are read as one number: `138 0013 8000` has three.
const GROUPS: usize = 7;

pub(super) fn find(text: &Folded, known: &Known) -> Vec<Span> {
    let mut spans = codes(text);
    spans.extend(plates(text));
    spans.extend(mails_and_links(text));
    spans.extend(accounts(text));
    spans.extend(cases(text));
    spans.extend(spoken(text));
    let numbers: Vec<Vec<char>> = known.numbers.iter().map(|number| super::folded::folded(number)).collect();
    for run in runs(text) {
        spans.extend(of_run(text, &run));
    }
    for number in numbers.iter().filter(|number| number.len() >= 6) {
        let found = text.places(number);
        spans.extend(found.map(|from| Span { sort: Sort::Paper, from, to: from + number.len() }));
    }
    spans
}

/// Digits written together.
struct Group {
    from: usize,
    to: usize,
    digits: String,
}

/// Groups with no more than a blank, a dash or a dot between them.
fn runs(text: &Folded) -> Vec<Vec<Group>> {
    let is_digit = |at: usize| text.get(at).is_some_and(|c| c.is_ascii_digit() || c == '*');
    let (mut all, mut run): (Vec<Vec<Group>>, Vec<Group>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < text.chars.len() {
        if !text.chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        while is_digit(at) {
            at += 1;
        }
        let digits = text.chars[from..at].iter().collect();
        let joins = run.last().is_some_and(|last| from - last.to == 1 && is_joint(text.chars[last.to]));
        if !joins && !run.is_empty() {
            all.push(std::mem::take(&mut run));
        }
        run.push(Group { from, to: at, digits });
    }
    if !run.is_empty() {
        all.push(run);
    }
    all
}

fn is_joint(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '.' | '·' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\n')
}

fn of_run(text: &Folded, run: &[Group]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut first = 0;
    let mut rest: Option<usize> = None;
    while first < run.len() {
        let longest = (first + GROUPS).min(run.len());
        let found = (first..longest).rev().find_map(|last| {
            let joined: String = run[first..=last].iter().map(|group| group.digits.as_str()).collect();
            let to = run[last].to;
            let (sort, to) = hard(text, &joined, to)?;
            Some((Span { sort, from: run[first].from, to }, last))
        });
        if let Some((span, last)) = found {
            if let Some(from) = rest.take() {
                spans.extend(soft(text, &run[from..first]));
            }
            spans.push(span);
            first = last + 1;
        } else {
            rest.get_or_insert(first);
            first += 1;
        }
    }
    if let Some(from) = rest {
        spans.extend(soft(text, &run[from..]));
    }
    spans
}

/// What digits name beyond doubt, and where it ends.
fn hard(text: &Folded, digits: &str, to: usize) -> Option<(Sort, usize)> {
    if digits.contains('*') {
        return None;
    }
    let length = digits.len();
    if length == 17 && text.get(to) == Some('X') {
        return Some((Sort::Paper, to + 1));
    }
    let sort = match length {
        18 => Sort::Paper,
        16 if digits.parse::<MatterNumber>().is_ok() => Sort::Matter,
        15 if Id15::parse(digits).is_ok() => Sort::Paper,
        15..=19 if luhn(digits) => Sort::Card,
        _ if is_phone(digits) => Sort::Phone,
        _ => return None,
    };
    Some((sort, to))
}

fn is_phone(digits: &str) -> bool {
    let national = ["0086", "86"].iter().find_map(|prefix| digits.strip_prefix(prefix));
    let is_mobile = |digits: &str| {
        let bytes = digits.as_bytes();
        bytes.len() == 11 && bytes[0] == b'1' && bytes[1] >= b'3'
    };
    let is_landline =
        digits.starts_with('0') && !digits.starts_with("00") && (10..=12).contains(&digits.len());
    is_mobile(digits) || national.is_some_and(is_mobile) || is_landline
}

/// The check digit of bank cards.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 0 { digit } else { (digit * 2) / 10 + (digit * 2) % 10 }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|byte| byte != b'0')
}

/// Long numbers nobody can name, and exact sums.
fn soft(text: &Folded, run: &[Group]) -> Vec<Span> {
    let Some((first, last)) = run.first().zip(run.last()) else { return Vec::new() };
    if let Some(sum) = sum(text, run) {
        return sum.into_iter().collect();
    }
    let count: usize = run.iter().map(|group| group.digits.len()).sum();
    let named = run.iter().any(|group| group.digits.len() >= LEAST);
    // Parts of a day or of a list are no number, however many there are.
    if count >= LEAST && (named || run.iter().any(|group| group.digits.len() >= 4)) && !is_day(run) {
        return vec![Span { sort: Sort::LongNumber, from: first.from, to: last.to }];
    }
    Vec::new()
}

fn is_day(run: &[Group]) -> bool {
    let number = |group: &Group| group.digits.parse::<u32>().unwrap_or(0);
    run.len() == 3
        && (1900..2200).contains(&number(&run[0]))
        && number(&run[1]) <= 12
        && number(&run[2]) <= 31
}

/// Whether the digits are a sum of money: none when they are no sum, an empty one when it is a round one.
#[expect(clippy::option_option, reason = "no sum, a round sum and an exact sum are three things")]
fn sum(text: &Folded, run: &[Group]) -> Option<Option<Span>> {
    let (first, last) = (run.first()?, run.last()?);
    let unit = text.get(last.to)?;
    if !matches!(unit, '元' | '块' | '万' | '亿' | '%' | '倍') {
        return None;
    }
    let whole: u64 = first.digits.parse().ok()?;
    let parts = run.get(1).map_or("", |group| group.digits.as_str());
    let exact = match unit {
        '元' | '块' => {
            whole >= 1000 && (!whole.is_multiple_of(100) || (!parts.is_empty() && parts != "00"))
        }
        '万' => parts.len() >= 3,
        _ => false,
    };
    Some(exact.then_some(Span { sort: Sort::Sum, from: first.from, to: last.to + 1 }))
}

/// Credit codes: eighteen letters and digits whose check digit fits; what is as long and mixed is a number of some kind.
fn codes(text: &Folded) -> Vec<Span> {
    let is_part = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        let from = at;
        while text.get(at).is_some_and(is_part) {
            at += 1;
        }
        let code: String = text.chars[from..at].iter().collect();
        let digits = code.bytes().filter(u8::is_ascii_digit).count();
        if Uscc::parse(&code).is_ok() {
            spans.push(Span { sort: Sort::Paper, from, to: at });
        } else if digits >= LEAST && digits < code.len() {
            spans.push(Span { sort: Sort::LongNumber, from, to: at });
        }
        at = at.max(from + 1);
    }
    spans
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// 鲁P12345, 鲁P·D12345.
fn plates(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    for from in 0..text.chars.len().saturating_sub(6) {
        if !PROVINCES.contains(text.chars[from]) || !text.chars[from + 1].is_ascii_uppercase() {
            continue;
        }
        let mut at = from + 2;
        while text.get(at).is_some_and(is_joint) {
            at += 1;
        }
        let begin = at;
        while at - begin < 6 && text.get(at).is_some_and(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            at += 1;
        }
        if at - begin == 4 && text.get(at).is_some_and(|c| "挂学警港澳".contains(c)) {
            at += 1;
        }
        let has_digit = text.chars[begin..at].iter().any(char::is_ascii_digit);
        if (5..=6).contains(&(at - begin)) && has_digit {
            spans.push(Span { sort: Sort::Plate, from, to: at });
        }
    }
    spans
}

fn mails_and_links(text: &Folded) -> Vec<Span> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._%+-/:?=&#~".contains(c);
    let mut spans = Vec::new();
    for (at, letter) in text.chars.iter().enumerate() {
        if *letter == '@' {
            let from = (0..at).rev().take_while(|before| is_part(text.chars[*before])).last().unwrap_or(at);
            let to = (at + 1..text.chars.len())
                .take_while(|after| is_part(text.chars[*after]))
                .last()
                .unwrap_or(at)
                + 1;
            let has_dot = text.chars[at..to].contains(&'.');
            if from < at && has_dot {
                spans.push(Span { sort: Sort::Mail, from, to });
            }
        }
        let begins = ["HTTP://", "HTTPS://", "WWW."].iter().any(|word| text.says(at, word));
        if begins {
            let to =
                (at..text.chars.len()).take_while(|after| is_part(text.chars[*after])).last().unwrap_or(at)
                    + 1;
            spans.push(Span { sort: Sort::Link, from: at, to });
        }
    }
    spans
}

const ACCOUNTS: [&str; 6] = ["微信", "QQ", "支付宝", "抖音", "快手", "账号"];

/// 微信号：abc_123
fn accounts(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    for at in 0..text.chars.len() {
        let Some(word) = ACCOUNTS.iter().find(|word| text.says(at, word)) else { continue };
        let mut from = at + word.chars().count();
        while text.get(from).is_some_and(|c| "号账户码:为是 群".contains(c)) && from - at < 9 {
            from += 1;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let length = (from..text.chars.len()).take_while(|after| is_part(text.chars[*after])).count();
        let has_digit = text.chars[from..from + length].iter().any(char::is_ascii_digit);
        if length >= 5 && (has_digit || length >= 6) {
            spans.push(Span { sort: Sort::Account, from, to: from + length });
        }
    }
    spans
}

/// （2024）鲁1502民初123号. Numbers of documents, 司发〔2023〕12号, stand in other brackets.
fn cases(text: &Folded) -> Vec<Span> {
    let mut spans = Vec::new();
    for from in 0..text.chars.len().saturating_sub(8) {
        let year = text.chars[from] == '('
            && text.chars[from + 1..from + 5].iter().all(char::is_ascii_digit)
            && text.chars[from + 5] == ')';
        if !year {
            continue;
        }
        let end = (from + 6..text.chars.len().min(from + 32)).find(|at| text.chars[*at] == '号');
        if let Some(end) = end {
            let between = &text.chars[from + 6..end];
            let plain = between.iter().all(|c| is_han(*c) || c.is_ascii_digit() || *c == '-');
            if plain && between.iter().any(|c| "民刑执行破仲知".contains(*c)) {
                spans.push(Span { sort: Sort::Case, from, to: end + 1 });
            }
        }
    }
    spans
}

/// Digits in words: 一三八零零一三八零零零.
fn spoken(text: &Folded) -> Vec<Span> {
    let is_digit = |c: char| "零〇○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖".contains(c);
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        let from = at;
        while text.get(at).is_some_and(is_digit) {
            at += 1;
        }
        if at - from >= LEAST {
            spans.push(Span { sort: Sort::LongNumber, from, to: at });
        }
        at = at.max(from + 1);
    }
    spans
}
