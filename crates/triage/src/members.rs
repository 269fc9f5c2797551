//! The members of the ensemble: each says for a text how much speaks for each kind.

use learn::grams::{GramMap, letters, up_to_three};
use learn::linear::{Effort, Lines};
use learn::postings::best;
use learn::sparse::{Near, Vector, Vocabulary};

use crate::kinds::Kinds;

/// How many members there are.
pub(crate) const MEMBERS: usize = 4;

const EFFORT: Effort = Effort { cost: 0.5, rounds: 60, seed: 20_261_130 };

/// Questions that are looked at to vote.
const NEIGHBOURS: usize = 20;

/// How much unseen grams count for a kind.
const SMOOTH: f32 = 0.1;

/// What one text looks like to every member.
#[derive(Debug, Clone)]
pub(crate) struct Voices {
    /// By member, a number a kind.
    pub by_member: [Vec<f64>; MEMBERS],
    /// How near the nearest question is that was learned from.
    pub nearest: f64,
    /// How many words speak for no kind, beyond those that speak for one.
    pub foreign: f64,
}

/// Members that have learned from texts with kinds.
#[derive(Debug, Default)]
pub(crate) struct Members {
    words: Vocabulary,
    lines: Lines,
    bayes: GramMap<Vec<f32>>,
    near: Near,
    kinds_of: Vec<usize>,
    count: usize,
}

impl Members {
    /// Learns.
    pub fn learn(texts: &[&str], kinds: &[usize], count: usize) -> Self {
        let words = Vocabulary::of(texts.iter().copied(), 1);
        let vectors: Vec<Vector> = texts.iter().map(|text| words.vector(text)).collect();
        Self {
            lines: Lines::learn(&vectors, kinds, count, words.len(), EFFORT),
            near: Near::of(&vectors, words.len()),
            bayes: bayes(texts, kinds, count),
            kinds_of: kinds.to_vec(),
            words,
            count,
        }
    }

    /// What the members say of a text.
    pub fn hear(&self, text: &str, start: &Kinds) -> Voices {
        let vector = self.words.vector(text);
        let sides = self.lines.sides(&vector).into_iter().map(f64::from).collect();
        let alike = self.near.scores(&vector);
        let mut votes = vec![0.0_f64; self.count];
        let neighbours = best(&alike, NEIGHBOURS);
        for number in &neighbours {
            let near = f64::from(alike[*number as usize]);
            votes[self.kinds_of[*number as usize]] += near * near;
        }
        let all: f64 = votes.iter().sum::<f64>().max(1e-9);
        for vote in &mut votes {
            *vote /= all;
        }
        let scores = start.scores(text);
        let foreign = start.foreign(text, &scores);
        let words = scores.iter().sum::<f64>().max(1.0);
        Voices {
            by_member: [
                sides,
                self.likelihood(text),
                votes,
                scores.into_iter().map(|score| score / words).collect(),
            ],
            foreign,
            nearest: neighbours.first().map_or(0.0, |number| f64::from(alike[*number as usize])),
        }
    }

    /// How much likelier the text is among questions of each kind, a gram, around zero.
    fn likelihood(&self, text: &str) -> Vec<f64> {
        let mut sums = vec![0.0_f64; self.count];
        let mut known = 0.0_f64;
        for gram in distinct(text) {
            let Some(logs) = self.bayes.get(&gram) else { continue };
            known += 1.0;
            for (sum, log) in sums.iter_mut().zip(logs) {
                *sum += f64::from(*log);
            }
        }
        let mean = sums.iter().sum::<f64>() / (self.count as f64).max(1.0);
        sums.into_iter().map(|sum| (sum - mean) / known.max(1.0).sqrt()).collect()
    }
}

fn distinct(text: &str) -> Vec<u64> {
    let mut grams = up_to_three(&letters(text));
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// For each gram that stands in two texts or more, the logarithm of its share in each kind.
fn bayes(texts: &[&str], kinds: &[usize], count: usize) -> GramMap<Vec<f32>> {
    let mut seen: GramMap<Vec<f32>> = GramMap::default();
    let mut all = vec![0.0_f32; count];
    for (text, kind) in texts.iter().zip(kinds) {
        for gram in distinct(text) {
            seen.entry(gram).or_insert_with(|| vec![0.0; count])[*kind] += 1.0;
        }
    }
    seen.retain(|_, by_kind| by_kind.iter().sum::<f32>() >= 2.0);
    for by_kind in seen.values() {
        for (sum, times) in all.iter_mut().zip(by_kind) {
            *sum += times;
        }
    }
    let grams = seen.len() as f32;
    for by_kind in seen.values_mut() {
        for (times, sum) in by_kind.iter_mut().zip(&all) {
            *times = ((*times + SMOOTH) / (sum + SMOOTH * grams)).ln();
        }
    }
    seen
}
