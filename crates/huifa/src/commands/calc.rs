//! `huifa calc NAME --json '{…}'` and `huifa calc --batch FILE`.

use std::io::Write;
use std::path::{Path, PathBuf};

use calculators::{CalcRefusal, Ground};
use catalog::parameters::{Parameters, ParametersFile};
use catalog::words::Words;
use kernel::lang::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// A calculator by name, or a file of cases.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The calculator, e.g. labour.severance; without it all names are listed.
    #[arg(conflicts_with = "batch")]
    name: Option<String>,
    /// Its inputs as a JSON object.
    #[arg(requires = "name")]
    inputs: Option<String>,
    /// A file {"cases":[{"id","calculator","inputs"}]}; one line of JSON a case is printed, in file order.
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// Batch: also the steps, rules and figures of every result.
    #[arg(long, requires = "batch")]
    explain: bool,
    /// What the calculator asks for: JSON Schema and an example.
    #[arg(long, requires = "name", conflicts_with = "inputs")]
    schema: bool,
    /// Further rows of parameters, such as figures of a city; the form of catalog/parameters/*.toml.
    #[arg(long, value_name = "FILE")]
    parameters: Vec<PathBuf>,
    /// Language of the steps: zh-CN or en.
    #[arg(long, default_value = "zh-CN")]
    lang: Lang,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    working: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Result(Value),
    Refusal(CalcRefusal),
}

/// What the calculators stand on, and the words to tell their steps in.
struct Desk {
    parameters: Parameters,
    words: Words,
    today: jiff::civil::Date,
    lang: Lang,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let Some(name) = &args.name else {
        return match &args.batch {
            Some(file) => batch(file, args.explain, &desk(args, context)?),
            None => calculators::all().try_for_each(|spec| output::line(spec.name)),
        };
    };
    if args.schema {
        return schema(name);
    }
    let inputs = args.inputs.as_deref().or(context.json_inputs());
    let inputs =
        inputs.ok_or_else(|| Failure::Usage(format!("calc {name} needs its inputs: --json '{{…}}'")))?;
    let inputs: Value = serde_json::from_str(inputs)
        .map_err(|fault| Failure::Usage(format!("the inputs are no JSON: {fault}")))?;
    output::json(&desk(args, context)?.answer(None, name, &inputs, true))
}

fn desk(args: &Args, context: &Context) -> Result<Desk, Failure> {
    let fault =
        |path: &Path, why: &dyn std::fmt::Display| Failure::Environment(format!("{}: {why}", path.display()));
    let files = context.sources()?;
    let broken = |_| Failure::Environment("the catalogue has faults; run `huifa catalog check`".to_owned());
    let mut rows = catalog::load::parameters(&files).map_err(broken)?.rows().to_vec();
    for path in &args.parameters {
        let text = std::fs::read_to_string(path).map_err(|error| fault(path, &error))?;
        let file: ParametersFile = toml::from_str(&text).map_err(|error| fault(path, &error))?;
        rows.extend(file.parameter);
    }
    Ok(Desk {
        parameters: Parameters::new(rows),
        words: Words::from_files(&files).map_err(broken)?,
        today: context.clock().now().date(),
        lang: args.lang,
    })
}

impl Desk {
    fn answer<'a>(&self, id: Option<&'a Value>, name: &str, inputs: &Value, explain: bool) -> Answer<'a> {
        let ground = Ground { parameters: &self.parameters, today: self.today };
        match calculators::run(name, inputs, ground) {
            Ok(answer) => Answer {
                id,
                working: explain.then(|| answer.working.told(&|text| self.words.say(self.lang, text))),
                outcome: Outcome::Result(Value::Object(answer.result)),
            },
            Err(refusal) => Answer { id, outcome: Outcome::Refusal(refusal), working: None },
        }
    }
}

fn schema(name: &str) -> Result<(), Failure> {
    let spec =
        calculators::find(name).ok_or_else(|| Failure::Usage(format!("there is no calculator {name}")))?;
    let example: Value = serde_json::from_str(spec.example).unwrap_or(Value::Null);
    output::json(&json!({
        "name": spec.name,
        "family": spec.family.as_str(),
        "inputs": calculators::object(spec.fields),
        "example": example,
    }))
}

fn batch(file: &Path, explain: bool, desk: &Desk) -> Result<(), Failure> {
    let fault = |why: String| Failure::Environment(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
    let batch: Batch = serde_json::from_str(&text).map_err(|error| fault(error.to_string()))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for case in &batch.cases {
        let id = Some(case.get("id").unwrap_or(&Value::Null));
        let answer = if let Some(name) = case.get("calculator").and_then(Value::as_str) {
            desk.answer(id, name, case.get("inputs").unwrap_or(&Value::Null), explain)
        } else {
            let reason = "every case names its calculator";
            let refusal = CalcRefusal::new("missing-field", "calculator", reason);
            Answer { id, outcome: Outcome::Refusal(refusal), working: None }
        };
        let line = serde_json::to_string(&answer).map_err(Failure::environment)?;
        output::written(writeln!(out, "{line}"))?;
    }
    output::written(out.flush())
}
