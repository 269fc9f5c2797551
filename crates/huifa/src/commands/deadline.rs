//! `huifa deadline --from DATE --count N --unit U` or `--rule ID --area CODE`: the same answer as `GET /deadline`.

use catalog::Catalog;
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::calendar::Calendar;
use kernel::deadline::Deadline;
use kernel::lang::Lang;
use kernel::period::{Period, PeriodFault, Roll, Start, Unit};
use kernel::time::Instant;

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// From when, how many of what.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A date, or for hours an instant.
    #[arg(long, value_name = "DATE|INSTANT", value_parser = start)]
    from: Start,
    /// How many.
    #[arg(long, requires = "unit", required_unless_present = "rule")]
    count: Option<u32>,
    /// day, workday, month, year or hour.
    #[arg(long, requires = "count")]
    unit: Option<Unit>,
    /// Whether a last day that is a day off rolls on.
    #[arg(long, value_name = "true|false", action = clap::ArgAction::Set)]
    roll: Option<bool>,
    /// A parameter of the catalogue instead, e.g. legal-aid.decide; the earliest limit binds.
    #[arg(long, value_name = "ID", conflicts_with_all = ["count", "unit", "roll"])]
    rule: Option<String>,
    /// Where the rule is asked for; without it only what holds in the whole country.
    #[arg(long, requires = "rule")]
    area: Option<AreaCode>,
    /// Language of the sentence: zh-CN or en.
    #[arg(long, default_value = "zh-CN")]
    lang: Lang,
}

fn start(text: &str) -> Result<Start, String> {
    if let Ok(date) = text.parse::<Date>()
        && date.to_string() == text
    {
        return Ok(Start::Day(date));
    }
    text.parse::<Instant>()
        .map(Start::At)
        .map_err(|_| "neither YYYY-MM-DD nor an instant with offset".to_owned())
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let answer = match (&args.rule, args.count, args.unit) {
        (Some(rule), ..) => by_rule(rule, args, context)?,
        (None, Some(count), Some(unit)) => by_count(count, unit, args)?,
        (None, ..) => return Err(Failure::Usage("either --rule, or --count and --unit".into())),
    };
    if context.wants_json() { output::json(&answer) } else { output::line(&answer.explain) }
}

fn by_count(count: u32, unit: Unit, args: &Args) -> Result<Deadline, Failure> {
    let usage = |fault: PeriodFault| Failure::Usage(fault.to_string());
    let mut period = Period::new(count, unit).map_err(usage)?;
    if let Some(roll) = args.roll {
        period = period.with_roll(if roll { Roll::OnToWorkday } else { Roll::Stay });
    }
    Deadline::of_period(period, args.from, Calendar::official(), args.lang).map_err(usage)
}

fn by_rule(rule: &str, args: &Args, context: &Context) -> Result<Deadline, Failure> {
    let files = context.sources()?;
    let catalog = Catalog::from_files(&files).map_err(|faults| {
        let first =
            faults.first().map(|fault| format!("{}: {}", fault.file, fault.message)).unwrap_or_default();
        Failure::Fault(format!("the catalogue has {} faults; the first: {first}", faults.len()))
    })?;
    let limits = catalog.parameters().limits(rule, args.area, args.from.date());
    if limits.is_empty() {
        return Err(Failure::Fault(format!("no limit {rule:?} holds there on {}", args.from.date())));
    }
    Deadline::of_limits(&limits, args.from, Calendar::official(), args.lang)
        .map_err(|fault| Failure::Usage(fault.to_string()))
}
