//! Learning from answered questions, by plain means: character n-grams, an inverted index, linear models, boosted
//! trees, and folds that keep near-duplicates together. Pure functions over numbers and text; chance has a seed.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts and scores become floating point numbers and places in lists; none is near a limit"
)]

pub mod folds;
pub mod grams;
pub mod linear;
pub mod postings;
pub mod sparse;
pub mod trees;

/// What a measurement of one fold, or of all, came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Spread {
    /// Mean over the folds.
    pub mean: f64,
    /// Standard deviation over the folds.
    pub sd: f64,
}

impl Spread {
    /// Mean and standard deviation (of a sample) of the figures of folds.
    pub fn of(figures: &[f64]) -> Self {
        let count = figures.len() as f64;
        if figures.is_empty() {
            return Self::default();
        }
        let mean = figures.iter().sum::<f64>() / count;
        let square = figures.iter().map(|one| (one - mean).powi(2)).sum::<f64>();
        Self { mean, sd: if figures.len() > 1 { (square / (count - 1.0)).sqrt() } else { 0.0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_spread_is_mean_and_deviation() {
        let spread = Spread::of(&[1.0, 2.0, 3.0]);
        assert!((spread.mean - 2.0).abs() < 1e-12 && (spread.sd - 1.0).abs() < 1e-12);
        assert_eq!(Spread::of(&[]), Spread::default());
    }
}
