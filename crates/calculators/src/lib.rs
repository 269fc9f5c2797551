//! Calculators of sums people ask about: pure functions over dated tables, with every step shown.
//!
//! Numbers are exact fractions; amounts are rounded half up to the fen, and only at the end. No constant of the law
//! stands in the code: rates, scales and articles are rows of `catalog/parameters/calc-*.toml`, chosen by the day of
//! the event and the place. A figure nobody entered is asked for, or taken from the nearest year and said so.

mod aid;
mod exact;
mod execution;
mod fees;
mod given;
mod harm;
mod injury;
mod labour;
mod lending;
mod limitation;
mod plain;
mod spec;
mod succession;
mod traffic;
mod work;

pub use kernel::calc::CalcRefusal;
pub use spec::{Family, Field, Kind, Need, Spec, object};
pub use work::{Answer, Ground, Step, Working, label_key, row_told};

use serde_json::Value;

/// All calculators, by family and in the order they are shown.
pub fn all() -> impl Iterator<Item = &'static Spec> {
    [
        labour::SPECS,
        injury::SPECS,
        harm::SPECS,
        traffic::SPECS,
        lending::SPECS,
        execution::SPECS,
        succession::SPECS,
        fees::SPECS,
        aid::SPECS,
        limitation::SPECS,
        plain::SPECS,
    ]
    .into_iter()
    .flatten()
}

/// A calculator by its name.
pub fn find(name: &str) -> Option<&'static Spec> {
    all().find(|spec| spec.name == name)
}

/// Computes. What is impossible is refused with the field and the reason.
pub fn run(name: &str, inputs: &Value, ground: Ground<'_>) -> Result<Answer, CalcRefusal> {
    let spec = find(name).ok_or_else(|| {
        CalcRefusal::new("unknown-calculator", "calculator", format!("no calculator {name:?}"))
    })?;
    let given = given::Given::of(spec, inputs)?;
    let mut work = work::Work::begin(&given, ground)?;
    (spec.run)(&given, &mut work)?;
    Ok(work.done())
}
