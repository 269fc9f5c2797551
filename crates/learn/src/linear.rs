//! Linear models over sparse vectors: one line a kind, found by coordinate descent in the dual (squared hinge loss).

use serde::{Deserialize, Serialize};

use crate::sparse::Vector;

/// How lines are found.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How much an example on the wrong side costs.
    pub cost: f32,
    /// How often all examples are looked at.
    pub rounds: usize,
    /// Order of looking.
    pub seed: u64,
}

/// A line for each kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    weights: Vec<Vec<f32>>,
    levels: Vec<f32>,
}

impl Lines {
    /// Learns one line a kind against all others. Kinds with few examples count as much as those with many.
    pub fn learn(vectors: &[Vector], kinds: &[usize], count: usize, width: usize, effort: Effort) -> Self {
        let mut lines = Self::default();
        for kind in 0..count {
            let own = kinds.iter().filter(|found| **found == kind).count();
            let (weights, level) = if own == 0 {
                (vec![0.0; width], -1.0)
            } else {
                line(vectors, kinds, kind, even_with(kinds.len(), count, own), width, effort)
            };
            lines.weights.push(weights);
            lines.levels.push(level);
        }
        lines
    }

    /// On which side of each line a vector lies, and how far.
    pub fn sides(&self, vector: &Vector) -> Vec<f32> {
        let side = |(weights, level): (&Vec<f32>, &f32)| {
            let sum: f32 = vector
                .0
                .iter()
                .map(|(term, weight)| weight * weights.get(*term as usize).copied().unwrap_or(0.0))
                .sum();
            sum + level
        };
        self.weights.iter().zip(&self.levels).map(side).collect()
    }
}

/// What an example of a kind counts, so that kinds with few of them count as much as those with many.
fn even_with(all: usize, kinds: usize, own: usize) -> f32 {
    all as f32 / (kinds as f32 * own.max(1) as f32)
}

fn line(
    vectors: &[Vector],
    kinds: &[usize],
    kind: usize,
    even: f32,
    width: usize,
    effort: Effort,
) -> (Vec<f32>, f32) {
    let costs = [effort.cost, effort.cost * even];
    let mut weights = vec![0.0_f32; width];
    let mut level = 0.0_f32;
    let mut share = vec![0.0_f32; vectors.len()];
    let squares: Vec<f32> =
        vectors.iter().map(|vector| vector.0.iter().map(|(_, w)| w * w).sum::<f32>() + 1.0).collect();
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    let mut random = fastrand::Rng::with_seed(effort.seed);
    for _ in 0..effort.rounds {
        random.shuffle(&mut order);
        let mut moved = 0.0_f32;
        for at in &order {
            let is_own = kinds[*at] == kind;
            let sign = if is_own { 1.0 } else { -1.0 };
            let soft = 1.0 / (2.0 * costs[usize::from(is_own)]);
            let side: f32 =
                vectors[*at].0.iter().map(|(term, w)| w * weights[*term as usize]).sum::<f32>() + level;
            let slope = sign * side - 1.0 + soft * share[*at];
            let new = (share[*at] - slope / (squares[*at] + soft)).max(0.0);
            let change = (new - share[*at]) * sign;
            if change.abs() < 1e-7 {
                continue;
            }
            share[*at] = new;
            moved = moved.max(change.abs());
            for (term, w) in &vectors[*at].0 {
                weights[*term as usize] += change * w;
            }
            level += change;
        }
        if moved < 1e-3 {
            break;
        }
    }
    (weights, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::Vocabulary;

    #[test]
    fn three_kinds_are_told_apart() {
        let texts =
            ["老板拖欠工资", "公司不发工资", "老公要离婚", "离婚孩子归谁", "撞车了赔多少", "车祸对方全责"];
        let kinds = [0, 0, 1, 1, 2, 2];
        let words = Vocabulary::of(texts, 1);
        let vectors: Vec<Vector> = texts.iter().map(|text| words.vector(text)).collect();
        let effort = Effort { cost: 1.0, rounds: 50, seed: 1 };
        let lines = Lines::learn(&vectors, &kinds, 3, words.len(), effort);
        let first = |text: &str| {
            let sides = lines.sides(&words.vector(text));
            (0..3).max_by(|a, b| sides[*a].total_cmp(&sides[*b]))
        };
        assert_eq!(first("拖欠工资怎么办"), Some(0));
        assert_eq!(first("我想离婚"), Some(1));
        assert_eq!(first("车祸赔偿"), Some(2));
    }
}
