//! How well articles are found: recall and rank on questions that were not learned from, and the time it takes.

use std::collections::{BTreeMap, HashSet};
use std::time::Instant;

use learn::{Spread, folds};
use serde::Serialize;

use crate::corpus::Corpus;
use crate::questions::Example;
use crate::ranker::{Chosen, Ranker, SEED};

/// How deep is looked.
const DEPTH: usize = 10;

/// Figures of some questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How many questions.
    pub questions: usize,
    /// Share of the right articles among the first five.
    pub recall_at_5: f64,
    /// Share of the right articles among the first ten.
    pub recall_at_10: f64,
    /// Mean of one over the place of the first right article among ten.
    pub mrr_at_10: f64,
}

/// Milliseconds a question took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Times {
    /// Half took no longer.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
}

/// A measurement, over all and by source.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Measured {
    /// All questions.
    pub all: Figures,
    /// By where they come from.
    pub by_source: BTreeMap<String, Figures>,
    /// Time a question, on one core.
    pub ms: Times,
}

/// Measures on questions as they are.
pub fn measure(corpus: &Corpus, ranker: &Ranker, examples: &[&Example], chosen: &Chosen<'_>) -> Measured {
    let mut by_source: BTreeMap<String, Vec<[f64; 3]>> = BTreeMap::new();
    let mut all = Vec::with_capacity(examples.len());
    let mut took = Vec::with_capacity(examples.len());
    for example in examples {
        let begun = Instant::now();
        let hits = ranker.search(corpus, &example.query, &chosen(&example.query), DEPTH);
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
        let right: HashSet<u32> = example.articles.iter().copied().collect();
        let within = |depth: usize| {
            let found = hits.iter().take(depth).filter(|hit| right.contains(&hit.article)).count();
            found as f64 / right.len().max(1) as f64
        };
        let first = hits.iter().position(|hit| right.contains(&hit.article));
        let one = [within(5), within(DEPTH), first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0))];
        all.push(one);
        by_source.entry(example.source.clone()).or_default().push(one);
    }
    took.sort_unstable_by(f64::total_cmp);
    let at =
        |share: f64| took.get(((took.len() as f64 - 1.0).max(0.0) * share) as usize).copied().unwrap_or(0.0);
    Measured {
        all: figures(&all),
        by_source: by_source.into_iter().map(|(source, ones)| (source, figures(&ones))).collect(),
        ms: Times { p50: at(0.5), p99: at(0.99) },
    }
}

fn figures(ones: &[[f64; 3]]) -> Figures {
    let mean = |at: usize| ones.iter().map(|one| one[at]).sum::<f64>() / (ones.len() as f64).max(1.0);
    Figures { questions: ones.len(), recall_at_5: mean(0), recall_at_10: mean(1), mrr_at_10: mean(2) }
}

/// Mean and spread over folds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Folded {
    /// How many folds.
    pub folds: usize,
    /// Groups of near-duplicates, each in one fold.
    pub groups: usize,
    /// Seed of the deal.
    pub seed: u64,
    /// All questions, each measured in the fold that did not learn from it.
    pub all: FoldedFigures,
    /// By source.
    pub by_source: BTreeMap<String, FoldedFigures>,
    /// Times of the slowest fold.
    pub ms: Times,
}

/// Mean and spread of each figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct FoldedFigures {
    /// Recall among five.
    pub recall_at_5: Spread,
    /// Recall among ten.
    pub recall_at_10: Spread,
    /// Mean reciprocal rank.
    pub mrr_at_10: Spread,
}

/// Learns on all folds but one and measures on that one, in turn; `told` hears of each fold.
pub fn across(
    corpus: &Corpus,
    examples: &[Example],
    count: usize,
    chosen: &Chosen<'_>,
    mut told: impl FnMut(&Measured),
) -> Folded {
    let texts: Vec<&str> = examples.iter().map(|example| example.query.as_str()).collect();
    let groups = folds::groups(&texts);
    let dealt = folds::deal(&groups, count, SEED);
    let mut measured = Vec::with_capacity(count);
    for fold in 0..count {
        let (outside, inside) = folds::split(&dealt, fold);
        let pick = |members: &[usize]| members.iter().map(|at| &examples[*at]).collect::<Vec<_>>();
        let ranker = Ranker::learn(corpus, &pick(&outside), chosen);
        let one = measure(corpus, &ranker, &pick(&inside), chosen);
        told(&one);
        measured.push(one);
    }
    let sources: HashSet<&String> = measured.iter().flat_map(|one| one.by_source.keys()).collect();
    let by_source = sources.into_iter().map(|source| {
        let figures: Vec<Figures> =
            measured.iter().filter_map(|one| one.by_source.get(source)).copied().collect();
        (source.clone(), folded(&figures))
    });
    let slowest = measured.iter().map(|one| one.ms).max_by(|a, b| a.p99.total_cmp(&b.p99));
    Folded {
        folds: count,
        groups: groups.iter().collect::<HashSet<_>>().len(),
        seed: SEED,
        all: folded(&measured.iter().map(|one| one.all).collect::<Vec<_>>()),
        by_source: by_source.collect(),
        ms: slowest.unwrap_or_default(),
    }
}

fn folded(figures: &[Figures]) -> FoldedFigures {
    let spread = |of: fn(&Figures) -> f64| Spread::of(&figures.iter().map(of).collect::<Vec<_>>());
    FoldedFigures {
        recall_at_5: spread(|one| one.recall_at_5),
        recall_at_10: spread(|one| one.recall_at_10),
        mrr_at_10: spread(|one| one.mrr_at_10),
    }
}
