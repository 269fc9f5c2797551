//! Published answers in memory, with the same kind of index as the statutes.

use std::collections::HashMap;

use learn::grams::{grams, letters};
use learn::postings::{Bm25, Builder, Postings};

use crate::model::Published;

/// How much the question counts beside the answer.
const QUESTION: usize = 3;

/// Of the best score, what another answer must reach to be shown: what shares one word with the question is no help.
const LEAST: f32 = 0.3;

/// Answers and their index, of one edition.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) edition: i64,
    entries: Vec<Published>,
    postings: Postings,
    by_id: HashMap<String, usize>,
}

impl Held {
    pub(crate) fn new(edition: i64, entries: Vec<Published>) -> Self {
        let mut builder = Builder::default();
        for entry in &entries {
            let question = letters(&format!("{}{}", entry.kind, entry.question));
            let mut all = Vec::new();
            for _ in 0..QUESTION {
                all.extend(grams(&question, 2));
            }
            all.extend(grams(&letters(&entry.answer), 2));
            builder.add(all);
        }
        let by_id = entries.iter().enumerate().map(|(at, entry)| (entry.id.clone(), at)).collect();
        Self { edition, postings: builder.finish(Bm25::default()), entries, by_id }
    }

    pub(crate) fn all(&self) -> &[Published] {
        &self.entries
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Published> {
        self.by_id.get(id).map(|at| &self.entries[*at])
    }

    /// The best answers for a question, the best first.
    pub(crate) fn search(&self, query: &str, kind: Option<&str>, most: usize) -> Vec<&Published> {
        let mut pairs: Vec<u64> = grams(&letters(query), 2).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut scores = vec![0.0; self.entries.len()];
        self.postings.score(&pairs, &mut scores);
        let fits = |at: &usize| kind.is_none_or(|kind| self.entries[*at].kind == kind);
        let mut order: Vec<usize> = (0..self.entries.len()).filter(fits).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        let best = order.first().map_or(0.0, |at| scores[*at]);
        let shown = order.into_iter().filter(|at| scores[*at] > 0.0 && scores[*at] >= best * LEAST);
        shown.take(most).map(|at| &self.entries[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(id: &str, kind: &str, question: &str, answer: &str) -> Published {
        let day = "2026-11-01".parse().expect("a day");
        Published {
            id: id.into(),
            version: 1,
            kind: kind.into(),
            question: question.into(),
            answer: answer.into(),
            cites: Vec::new(),
            office: None,
            reviewed_on: day,
            due_on: day,
        }
    }

    #[test]
    fn a_question_in_other_words_finds_its_answer() {
        let held = Held::new(
            0,
            vec![
                published("a", "劳动争议", "单位拖欠工资怎么办", "先投诉，再仲裁。"),
                published("b", "债权债务", "借钱给朋友没有借条怎么办", "转账记录也是证据。"),
                published("c", "婚姻家庭", "想离婚，孩子归谁抚养", "按最有利于未成年子女的原则。"),
            ],
        );
        let ids = |query: &str, kind: Option<&str>| -> Vec<String> {
            held.search(query, kind, 3).into_iter().map(|one| one.id.clone()).collect()
        };
        assert_eq!(ids("老板三个月没发工资", None), ["a"]);
        assert_eq!(ids("朋友借钱不还，没写借条", None)[0], "b");
        assert_eq!(ids("离婚后孩子跟谁", None)[0], "c");
        assert_eq!(ids("怎么办", Some("债权债务")), ["b"]);
        assert!(ids("weather", None).is_empty() && ids("", None).is_empty());
        assert_eq!(held.find("b").map(|one| one.kind.as_str()), Some("债权债务"));
    }
}
