//! A question as it is searched with.

use learn::grams::{GramSet, grams, letters};

/// Characters of a question that are looked at.
const LONGEST: usize = 500;

/// A question, taken apart once.
pub(crate) struct Asked {
    /// What was asked, the beginning of it.
    pub text: String,
    /// How many letters that has.
    pub length: usize,
    /// Its letters, each once, in order of their number.
    pub letters: Vec<u16>,
    /// Its 2-grams, each once.
    pub pairs: Vec<u64>,
    /// Its 3-grams.
    pub triples: GramSet,
    /// The articles that people chose for what it is about, best first.
    pub chosen: Vec<u32>,
}

impl Asked {
    pub fn new(query: &str, chosen: Vec<u32>) -> Self {
        // A story of ten pages is searched by its first; nobody waits longer for more.
        let text: String = query.chars().take(LONGEST).collect();
        let found = letters(&text);
        let distinct: Vec<u16> =
            found.iter().filter_map(|letter| u16::try_from(u32::from(*letter)).ok()).collect();
        Self {
            length: found.len(),
            letters: once(distinct),
            pairs: once(grams(&found, 2).collect()),
            triples: grams(&found, 3).collect(),
            text,
            chosen,
        }
    }
}

/// Each once, in order.
pub(crate) fn once<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    all
}
