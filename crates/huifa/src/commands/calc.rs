//! `huifa calc NAME --json '{…}'` and `huifa calc --batch FILE`.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kernel::calc::{self, CalcRefusal};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// A calculator by name, or a file of cases.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The calculator, e.g. deadline.natural; without it all names are listed.
    #[arg(conflicts_with = "batch")]
    name: Option<String>,
    /// Its inputs as a JSON object.
    #[arg(requires = "name")]
    inputs: Option<String>,
    /// A file {"cases":[{"id","calculator","inputs"}]}; one line of JSON a case is printed, in file order.
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Batch {
    cases: Vec<Value>,
}

/// One line of the answer.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Result(Value),
    Refusal(CalcRefusal),
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let today = context.clock().now().date();
    match (&args.batch, &args.name) {
        (Some(file), _) => batch(file, today),
        (None, Some(name)) => one(name, args.inputs.as_deref().or(context.json_inputs()), today),
        (None, None) => calc::names().try_for_each(output::line),
    }
}

fn one(name: &str, inputs: Option<&str>, today: Date) -> Result<(), Failure> {
    let inputs =
        inputs.ok_or_else(|| Failure::Usage(format!("calc {name} needs its inputs: --json '{{…}}'")))?;
    let inputs: Value = serde_json::from_str(inputs)
        .map_err(|fault| Failure::Usage(format!("the inputs are no JSON: {fault}")))?;
    match calc::run(name, &inputs, today) {
        Ok(result) => output::json(&Answer { id: None, outcome: Outcome::Result(result) }),
        Err(refusal) => {
            output::json(&Answer { id: None, outcome: Outcome::Refusal(refusal) })?;
            Err(Failure::Faults)
        }
    }
}

fn batch(file: &Path, today: Date) -> Result<(), Failure> {
    let fault = |why: String| Failure::Environment(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let batch: Batch = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for case in &batch.cases {
        let outcome = match case.get("calculator").and_then(Value::as_str) {
            Some(name) => calc::run(name, case.get("inputs").unwrap_or(&Value::Null), today),
            None => Err(CalcRefusal {
                code: "missing-field",
                field: "calculator".into(),
                reason: "every case names its calculator".into(),
            }),
        };
        let outcome = outcome.map_or_else(Outcome::Refusal, Outcome::Result);
        let answer = Answer { id: Some(case.get("id").unwrap_or(&Value::Null)), outcome };
        let line = serde_json::to_string(&answer).map_err(Failure::environment)?;
        output::written(writeln!(out, "{line}"))?;
    }
    output::written(out.flush())
}
