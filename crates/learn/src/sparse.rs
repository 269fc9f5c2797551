//! Texts as sparse vectors of weighted n-grams, and how alike two are.

use crate::grams::{GramMap, letters, up_to_three};

/// A vector by ascending term, of length one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector(pub Vec<(u32, f32)>);

impl Vector {
    /// The product of two vectors: how alike two texts are, from 0 to 1.
    pub fn dot(&self, other: &Self) -> f32 {
        let (mut at, mut sum) = (0, 0.0);
        for (term, weight) in &self.0 {
            while other.0.get(at).is_some_and(|(found, _)| found < term) {
                at += 1;
            }
            match other.0.get(at) {
                Some((found, with)) if found == term => sum += weight * with,
                Some(_) => {}
                None => break,
            }
        }
        sum
    }

    fn of_length_one(mut self) -> Self {
        let length = self.0.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        if length > 0.0 {
            self.0.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        self
    }
}

/// The n-grams of some texts and how rare each is: turns further texts into vectors.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    terms: GramMap<u32>,
    rarity: Vec<f32>,
}

impl Vocabulary {
    /// Learns the n-grams of texts that stand in at least `least` of them.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>, least: u32) -> Self {
        let mut seen: GramMap<u32> = GramMap::default();
        let mut count = 0.0_f32;
        for text in texts {
            let mut grams = up_to_three(&letters(text));
            grams.sort_unstable();
            grams.dedup();
            for gram in grams {
                *seen.entry(gram).or_default() += 1;
            }
            count += 1.0;
        }
        let mut kept: Vec<(u64, u32)> = seen.into_iter().filter(|(_, times)| *times >= least).collect();
        kept.sort_unstable();
        let rarity =
            kept.iter().map(|(_, times)| ((1.0 + count) / (1.0 + *times as f32)).ln() + 1.0).collect();
        let terms = kept.into_iter().map(|(gram, _)| gram).zip(0..).collect();
        Self { terms, rarity }
    }

    /// How many n-grams are known.
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.rarity.is_empty()
    }

    /// A text as a vector.
    pub fn vector(&self, text: &str) -> Vector {
        let grams = up_to_three(&letters(text));
        let mut found: Vec<u32> = grams.iter().filter_map(|gram| self.terms.get(gram).copied()).collect();
        found.sort_unstable();
        let entries = found.chunk_by(|a, b| a == b).map(|same| {
            let weight = (1.0 + (same.len() as f32).ln()) * self.rarity[same[0] as usize];
            (same[0], weight)
        });
        Vector(entries.collect()).of_length_one()
    }
}

/// Vectors turned round, to find what is near a given one without looking at all.
#[derive(Debug, Clone, Default)]
pub struct Near {
    by_term: Vec<Vec<(u32, f32)>>,
    count: usize,
}

impl Near {
    /// From the vectors of one vocabulary.
    pub fn of(vectors: &[Vector], vocabulary: usize) -> Self {
        let mut by_term = vec![Vec::new(); vocabulary];
        for (number, vector) in (0..).zip(vectors) {
            for (term, weight) in &vector.0 {
                by_term[*term as usize].push((number, *weight));
            }
        }
        Self { by_term, count: vectors.len() }
    }

    /// How alike each vector is to this one.
    pub fn scores(&self, to: &Vector) -> Vec<f32> {
        let mut scores = vec![0.0; self.count];
        for (term, weight) in &to.0 {
            for (number, with) in self.by_term.get(*term as usize).into_iter().flatten() {
                scores[*number as usize] += weight * with;
            }
        }
        scores
    }
}

/// The sum of vectors, of length one: the middle of what they say.
pub fn middle<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Vector {
    let mut sum = std::collections::BTreeMap::<u32, f32>::new();
    for vector in vectors {
        for (term, weight) in &vector.0 {
            *sum.entry(*term).or_default() += weight;
        }
    }
    Vector(sum.into_iter().collect()).of_length_one()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_like_itself_and_a_little_like_its_neighbours() {
        let texts = ["公司拖欠工资怎么办", "拖欠工资三个月", "离婚财产怎么分"];
        let words = Vocabulary::of(texts, 1);
        let vectors: Vec<Vector> = texts.iter().map(|text| words.vector(text)).collect();
        assert!((vectors[0].dot(&vectors[0]) - 1.0).abs() < 1e-5);
        assert!(vectors[0].dot(&vectors[1]) > vectors[0].dot(&vectors[2]));
        let near = Near::of(&vectors, words.len()).scores(&vectors[0]);
        assert!((near[1] - vectors[0].dot(&vectors[1])).abs() < 1e-5);
        assert!(middle(&vectors[..2]).dot(&vectors[0]) > 0.7);
    }
}
