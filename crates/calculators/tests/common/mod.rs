//! The tables that come along, and a day to ask on.

use std::sync::LazyLock;

use calculators::{Answer, CalcRefusal, Ground};
use catalog::load::Files;
use catalog::parameters::Parameters;
use jiff::civil::{Date, date};
use serde_json::Value;

/// The day the cases were written.
pub const TODAY: Date = date(2026, 11, 21);

/// Rows of `catalog/parameters/`.
pub static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    catalog::load::parameters(&Files::embedded()).unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// Computes.
pub fn run(name: &str, inputs: &Value) -> Result<Answer, CalcRefusal> {
    calculators::run(name, inputs, Ground { parameters: &PARAMETERS, today: TODAY })
}
