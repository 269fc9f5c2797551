//! A text as it is looked through: half width, capital letters, without what nobody sees; each character with its
//! place in what was typed.

use super::{Finding, Span};

pub(super) struct Folded {
    /// Characters that are looked at.
    pub chars: Vec<char>,
    at: Vec<usize>,
    typed: Vec<char>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let typed: Vec<char> = text.chars().collect();
        let (mut chars, mut at) = (Vec::with_capacity(typed.len()), Vec::with_capacity(typed.len()));
        for (index, letter) in typed.iter().enumerate() {
            if is_unseen(*letter) {
                continue;
            }
            chars.push(half(*letter).to_ascii_uppercase());
            at.push(index);
        }
        Self { chars, at, typed }
    }

    pub(super) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    /// Whether the text goes on like this from a place.
    pub(super) fn says(&self, index: usize, words: &str) -> bool {
        words.chars().enumerate().all(|(offset, letter)| self.get(index + offset) == Some(letter))
    }

    /// Places where words stand, compared the same way.
    pub(super) fn places<'a>(&'a self, words: &'a [char]) -> impl Iterator<Item = usize> + 'a {
        let found = self.chars.windows(words.len().max(1)).enumerate();
        found.filter(move |(_, window)| !words.is_empty() && *window == words).map(|(index, _)| index)
    }

    pub(super) fn finding(&self, span: Span) -> Finding {
        let from = self.at[span.from];
        let to = self.at[span.to - 1] + 1;
        let said = self.typed[from..to].iter().collect();
        Finding { sort: span.sort, weight: span.sort.weight(), from, to, said }
    }
}

/// What is written between letters to hide from a search, or by a phone without anybody's doing.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

fn half(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' => ' ',
        '①'..='⑨' => {
            char::from_u32(u32::from(letter) - u32::from('①') + u32::from('1')).unwrap_or(letter)
        }
        other => other,
    }
}

/// Whether a character is one of Chinese writing.
pub(super) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}')
}

/// Names in the same form.
pub(super) fn folded(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !is_unseen(*c) && !c.is_whitespace())
        .map(|c| half(c).to_ascii_uppercase())
        .collect()
}
