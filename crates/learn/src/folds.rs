//! Folds for honest measurement: texts that nearly repeat each other always lie in the same one.

use std::collections::HashMap;

use crate::grams::{GramMap, grams, letters};

/// Share of common 2-grams from which two texts count as nearly the same.
const SAME: f32 = 0.5;

/// For each text the number of its group of near-duplicates.
pub fn groups(texts: &[&str]) -> Vec<usize> {
    let sets: Vec<Vec<u64>> = texts
        .iter()
        .map(|text| {
            let mut set: Vec<u64> = grams(&letters(text), 2).collect();
            set.sort_unstable();
            set.dedup();
            set
        })
        .collect();
    let mut head: Vec<usize> = (0..texts.len()).collect();
    let mut holders: GramMap<Vec<usize>> = GramMap::default();
    for (number, set) in sets.iter().enumerate() {
        let mut common: HashMap<usize, usize> = HashMap::new();
        for gram in set {
            for other in holders.get(gram).into_iter().flatten() {
                *common.entry(*other).or_default() += 1;
            }
        }
        for (other, count) in common {
            let all = set.len() + sets[other].len() - count;
            if count as f32 >= SAME * all as f32 {
                let (a, b) = (root(&mut head, number), root(&mut head, other));
                head[a.max(b)] = a.min(b);
            }
        }
        for gram in set {
            holders.entry(*gram).or_default().push(number);
        }
    }
    (0..texts.len()).map(|number| root(&mut head, number)).collect()
}

fn root(head: &mut [usize], mut at: usize) -> usize {
    while head[at] != at {
        head[at] = head[head[at]];
        at = head[at];
    }
    at
}

/// Deals groups onto folds; the fold of each member.
pub fn deal(groups: &[usize], folds: usize, seed: u64) -> Vec<usize> {
    let mut distinct: Vec<usize> = groups.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    fastrand::Rng::with_seed(seed).shuffle(&mut distinct);
    let fold: HashMap<usize, usize> =
        distinct.into_iter().enumerate().map(|(at, group)| (group, at % folds.max(1))).collect();
    groups.iter().map(|group| fold[group]).collect()
}

/// Members outside a fold, and those in it.
pub fn split(folds: &[usize], fold: usize) -> (Vec<usize>, Vec<usize>) {
    (0..folds.len()).partition(|member| folds[*member] != fold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_duplicates_stay_together_and_every_text_has_one_fold() {
        let texts = ["公司拖欠工资怎么办", "离婚孩子归谁", "公司拖欠工资怎么办？", "交通事故赔偿标准"];
        let groups = groups(&texts);
        assert_eq!(groups, [0, 1, 0, 3]);
        let folds = deal(&groups, 3, 7);
        assert_eq!(folds[0], folds[2]);
        assert_eq!(folds, deal(&groups, 3, 7));
        let (outside, inside) = split(&folds, folds[0]);
        assert_eq!(outside.len() + inside.len(), 4);
    }
}
