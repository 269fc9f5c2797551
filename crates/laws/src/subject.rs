//! What the answers of similar questions speak of. An article nobody was led to yet is found by it, where its words
//! and those of the question differ: a question that is like others is answered by what reads like their answers.

use std::collections::HashMap;

use learn::grams::GramMap;
use learn::postings::best;

use crate::asked::once;
use crate::corpus::Corpus;

/// Answers that are read, those with most to say for them.
const READ: usize = 15;

/// 2-grams that articles are looked up by, those that say most.
const LOOKED_UP: usize = 60;

/// The 2-grams of some answers, by how much they say.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    weights: GramMap<f32>,
    /// What each of the answers adds to its own nearness; it counts by its votes, not by being like itself.
    own: HashMap<u32, f32>,
    length: f32,
}

impl Subject {
    /// From articles and how much speaks for each.
    pub fn of(corpus: &Corpus, answers: impl IntoIterator<Item = (u32, f32)>) -> Self {
        let mut answers: Vec<(u32, f32)> = answers.into_iter().filter(|(_, votes)| *votes > 0.0).collect();
        answers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        answers.truncate(READ);
        let mut subject = Self::default();
        for (article, votes) in answers {
            let pairs = once(pairs(corpus, article).collect());
            let share = votes / (pairs.len() as f32).max(1.0).sqrt();
            let mut own = 0.0;
            for pair in pairs {
                let rarity = corpus.postings.rarity(pair);
                *subject.weights.entry(pair).or_default() += share * rarity;
                own += share * rarity * rarity;
            }
            subject.own.insert(article, own);
        }
        subject.length = subject.weights.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-9);
        for (pair, weight) in &mut subject.weights {
            *weight *= corpus.postings.rarity(*pair);
        }
        subject
    }

    /// How near an article comes to it by its words.
    pub fn nearness(&self, corpus: &Corpus, article: u32) -> f32 {
        if self.weights.is_empty() {
            return 0.0;
        }
        let pairs = once(pairs(corpus, article).filter(|pair| self.weights.contains_key(pair)).collect());
        let sum: f32 = pairs.iter().filter_map(|pair| self.weights.get(pair)).sum();
        let own = self.own.get(&article).copied().unwrap_or(0.0);
        let length = (corpus.letters(article as usize).len() as f32).max(1.0).sqrt();
        (sum - own).max(0.0) / length / self.length
    }

    /// The articles that come nearest.
    pub fn nearest(&self, corpus: &Corpus, most: usize) -> Vec<u32> {
        let mut pairs: Vec<(u64, f32)> = self.weights.iter().map(|(pair, weight)| (*pair, *weight)).collect();
        let order = |a: &(u64, f32), b: &(u64, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if pairs.len() > LOOKED_UP {
            pairs.select_nth_unstable_by(LOOKED_UP, order);
            pairs.truncate(LOOKED_UP);
        }
        // Sums of floating point numbers depend on their order, and a map has none.
        pairs.sort_unstable_by(order);
        let mut scores = vec![0.0; corpus.len()];
        corpus.postings.score_weighted(pairs, &mut scores);
        best(&scores, most)
    }
}

/// The 2-grams of an article's own words.
fn pairs(corpus: &Corpus, article: u32) -> impl Iterator<Item = u64> {
    corpus
        .letters(article as usize)
        .array_windows()
        .map(|[one, next]| (u64::from(*one) << 21) | u64::from(*next))
}
