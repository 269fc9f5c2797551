//! How well kinds are found on questions that were not learned from.

use std::collections::BTreeMap;

use learn::{Spread, folds};
use serde::Serialize;

use crate::TriageError;
use crate::kinds::Kinds;
use crate::model::{Kept, SEED, Triage};
use crate::rows::Row;

/// Figures of some questions of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How many questions.
    pub questions: usize,
    /// Share whose first guess is right.
    pub accuracy: f64,
    /// Mean over kinds of the harmonic mean of precision and recall.
    pub macro_f1: f64,
    /// Share with the right kind among three.
    pub top3: f64,
    /// Share that was abstained from.
    pub abstained: f64,
    /// How far the stated chance of the first guess lies from how often it is right, over ten bands.
    pub calibration_error: f64,
}

/// A measurement.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Measured {
    /// Questions of a kind.
    pub all: Figures,
    /// By tier.
    pub by_tier: BTreeMap<String, Figures>,
    /// Questions of no kind.
    pub of_no_kind: usize,
    /// Share of those that was abstained from.
    pub no_kind_abstained: f64,
}

struct One {
    right: String,
    guesses: Vec<String>,
    p: f64,
    abstain: bool,
}

/// Measures on rows as they are; rows whose label is no kind count as questions of none.
pub fn measure(triage: &Triage, rows: &[&Row]) -> Measured {
    let mut by_tier: BTreeMap<String, Vec<One>> = BTreeMap::new();
    let (mut none, mut none_abstained) = (0_usize, 0_usize);
    for row in rows {
        let answer = triage.answer(&row.text, 3);
        let right = row.label.as_deref().filter(|label| triage.kinds().find(label).is_some());
        let Some(right) = right else {
            none += 1;
            none_abstained += usize::from(answer.abstain);
            continue;
        };
        by_tier.entry(row.tier.clone().unwrap_or_else(|| "-".to_owned())).or_default().push(One {
            right: right.to_owned(),
            p: answer.labels.first().map_or(0.0, |guess| guess.p),
            guesses: answer.labels.into_iter().map(|guess| guess.label).collect(),
            abstain: answer.abstain,
        });
    }
    let all: Vec<&One> = by_tier.values().flatten().collect();
    Measured {
        all: figures(&all),
        by_tier: by_tier
            .iter()
            .map(|(tier, ones)| (tier.clone(), figures(&ones.iter().collect::<Vec<_>>())))
            .collect(),
        of_no_kind: none,
        no_kind_abstained: none_abstained as f64 / (none as f64).max(1.0),
    }
}

fn figures(ones: &[&One]) -> Figures {
    let count = (ones.len() as f64).max(1.0);
    let share = |is: &dyn Fn(&One) -> bool| ones.iter().filter(|one| is(one)).count() as f64 / count;
    Figures {
        questions: ones.len(),
        accuracy: share(&|one| one.guesses.first() == Some(&one.right)),
        macro_f1: macro_f1(ones),
        top3: share(&|one| one.guesses.contains(&one.right)),
        abstained: share(&|one| one.abstain),
        calibration_error: calibration(ones),
    }
}

fn macro_f1(ones: &[&One]) -> f64 {
    // Right, guessed and both, by kind.
    let mut counts: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for one in ones {
        counts.entry(&one.right).or_default()[0] += 1.0;
        if let Some(guess) = one.guesses.first() {
            counts.entry(guess).or_default()[1] += 1.0;
            if *guess == one.right {
                counts.entry(guess).or_default()[2] += 1.0;
            }
        }
    }
    let all: f64 =
        counts.values().map(|[right, guessed, both]| 2.0 * both / (right + guessed).max(1.0)).sum();
    all / (counts.len() as f64).max(1.0)
}

fn calibration(ones: &[&One]) -> f64 {
    let mut bands = [[0.0_f64; 3]; 10];
    for one in ones {
        let band = &mut bands[((one.p * 10.0) as usize).min(9)];
        band[0] += 1.0;
        band[1] += one.p;
        band[2] += f64::from(u8::from(one.guesses.first() == Some(&one.right)));
    }
    bands.iter().map(|[_, said, was]| (said - was).abs()).sum::<f64>() / (ones.len() as f64).max(1.0)
}

/// Mean and spread over folds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Folded {
    /// How many folds.
    pub folds: usize,
    /// Seed of the deal.
    pub seed: u64,
    /// Questions of a kind.
    pub all: BTreeMap<&'static str, Spread>,
    /// By tier.
    pub by_tier: BTreeMap<String, BTreeMap<&'static str, Spread>>,
    /// Of questions of a kind that was left out of learning altogether, the share that was abstained from.
    pub unknown_kind_abstained: BTreeMap<String, f64>,
}

fn folded(figures: &[Figures]) -> BTreeMap<&'static str, Spread> {
    let spread = |of: fn(&Figures) -> f64| Spread::of(&figures.iter().map(of).collect::<Vec<_>>());
    BTreeMap::from([
        ("accuracy", spread(|one| one.accuracy)),
        ("macro_f1", spread(|one| one.macro_f1)),
        ("top3", spread(|one| one.top3)),
        ("abstained", spread(|one| one.abstained)),
        ("calibration_error", spread(|one| one.calibration_error)),
    ])
}

/// Learns on all folds but one and measures on that one, in turn.
pub fn across(
    rows: &[Row],
    start: &Kinds,
    count: usize,
    mut told: impl FnMut(&Measured),
) -> Result<Folded, TriageError> {
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let dealt = folds::deal(&folds::groups(&texts), count, SEED);
    let mut measured = Vec::with_capacity(count);
    for fold in 0..count {
        let (outside, inside) = folds::split(&dealt, fold);
        let learned: Vec<Row> = outside.iter().map(|at| rows[*at].clone()).collect();
        let triage = Triage::new(start.clone(), Some(Kept::learn(&learned, start)?));
        let one = measure(&triage, &inside.iter().map(|at| &rows[*at]).collect::<Vec<_>>());
        told(&one);
        measured.push(one);
    }
    let tiers: std::collections::BTreeSet<&String> =
        measured.iter().flat_map(|one| one.by_tier.keys()).collect();
    let by_tier = tiers.into_iter().map(|tier| {
        let figures: Vec<Figures> =
            measured.iter().filter_map(|one| one.by_tier.get(tier)).copied().collect();
        (tier.clone(), folded(&figures))
    });
    Ok(Folded {
        folds: count,
        seed: SEED,
        all: folded(&measured.iter().map(|one| one.all).collect::<Vec<_>>()),
        by_tier: by_tier.collect(),
        unknown_kind_abstained: BTreeMap::new(),
    })
}

/// Leaves each kind out of learning in turn, and tells how much of it is then abstained from: what happens to
/// questions of no kind, measured without having any.
pub fn left_out(rows: &[Row], start: &Kinds) -> Result<BTreeMap<String, f64>, TriageError> {
    let mut shares = BTreeMap::new();
    for kind in start.all() {
        let (own, others): (Vec<&Row>, Vec<&Row>) =
            rows.iter().partition(|row| row.label.as_deref() == Some(kind.label.as_str()));
        if own.is_empty() {
            continue;
        }
        let others: Vec<Row> = others.into_iter().cloned().collect();
        let triage = Triage::new(start.clone(), Some(Kept::learn(&others, start)?));
        let abstained = own.iter().filter(|row| triage.answer(&row.text, 3).abstain).count();
        shares.insert(kind.label.clone(), abstained as f64 / own.len() as f64);
    }
    Ok(shares)
}
