//! Which words of an article the question has too, so that people see why it was found.

use std::ops::Range;

use learn::grams::GramSet;

use crate::asked::Asked;
use crate::corpus::Corpus;

/// What stands in more than one of so many articles says nothing of any: 应当, 工作, 有关.
const COMMON: usize = 20;

/// The 2-grams of a question that say something.
pub(crate) fn telling(corpus: &Corpus, asked: &Asked) -> GramSet {
    let most = (corpus.len() / COMMON).max(2);
    asked.pairs.iter().copied().filter(|pair| corpus.postings.spread(*pair) <= most).collect()
}

/// Where they stand in a text: ranges of bytes, in order and apart.
pub(crate) fn marks(telling: &GramSet, text: &str) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = Vec::new();
    let mut before: Option<(Range<usize>, char)> = None;
    for (at, character) in text.char_indices() {
        let here = at..at + character.len_utf8();
        let letter = character.to_lowercase().next().unwrap_or(character);
        if let Some((first, earlier)) = before.take()
            && telling.contains(&((u64::from(u32::from(earlier)) << 21) | u64::from(u32::from(letter))))
        {
            match marks.last_mut().filter(|last| last.end >= first.start) {
                Some(last) => last.end = here.end,
                None => marks.push(first.start..here.end),
            }
        }
        before = Some((here, letter));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use learn::grams::{grams, letters};

    #[test]
    fn what_the_question_says_too_is_marked_and_nothing_across_a_stop() {
        let telling: GramSet = grams(&letters("辞退没给经济补偿APP"), 2).collect();
        let text = "辞退的，支付经济补偿；经济\n补偿。App";
        let shown: Vec<&str> = marks(&telling, text).into_iter().map(|mark| &text[mark]).collect();
        assert_eq!(shown, ["辞退", "经济补偿", "经济", "补偿", "App"]);
        assert!(marks(&GramSet::default(), text).is_empty());
    }
}
