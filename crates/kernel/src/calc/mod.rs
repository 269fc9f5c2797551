//! Calculators by name: JSON in, JSON out, refusals that name the field. Nothing here panics on any input.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

mod deadlines;
mod identifiers;
mod inputs;

use inputs::Inputs;

/// Why a calculator gives no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct CalcRefusal {
    /// Kebab-case: `unknown-calculator unknown-field missing-field wrong-type malformed out-of-range
    /// no-such-date no-such-area wrong-check`, and of calculators of sums `missing-figure not-in-force
    /// no-table other-calculator`.
    pub code: &'static str,
    /// The input it is about.
    pub field: String,
    /// In words.
    pub reason: String,
}

impl CalcRefusal {
    /// A refusal about one input.
    pub fn new(code: &'static str, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code, field: field.into(), reason: reason.into() }
    }
}

type Outcome = Result<Map<String, Value>, CalcRefusal>;

/// A calculator: its name and what it does with its inputs on a given day.
type Calculator = (&'static str, fn(&Inputs<'_>, Date) -> Outcome);

const CALCULATORS: &[Calculator] = &[
    ("area12.parse", identifiers::area12),
    ("count_workdays_inclusive", deadlines::count_workdays),
    ("deadline.hours", deadlines::hours),
    ("deadline.month", deadlines::month),
    ("deadline.natural", deadlines::natural),
    ("deadline.working", deadlines::working),
    ("deadline.year", deadlines::year),
    ("id15_to_18", identifiers::id15_to_18),
    ("id18.check_digit", identifiers::id18_check_digit),
    ("id18.validate", identifiers::id18_validate),
    ("org_code.check", identifiers::org_code_check),
    ("uscc.check_digit", identifiers::uscc_check_digit),
    ("uscc.validate", identifiers::uscc_validate),
    ("workdays_in_year", deadlines::workdays_in_year),
];

/// Names of all calculators, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    CALCULATORS.iter().map(|(name, _)| *name)
}

/// Runs a calculator. `today` (Beijing) decides what lies in the future, e.g. a birth date.
pub fn run(name: &str, inputs: &Value, today: Date) -> Result<Value, CalcRefusal> {
    let (_, calculator) = CALCULATORS.iter().find(|(known, _)| *known == name).ok_or_else(|| {
        CalcRefusal::new("unknown-calculator", "calculator", format!("no calculator {name:?}"))
    })?;
    calculator(&Inputs::of(inputs)?, today).map(Value::Object)
}
