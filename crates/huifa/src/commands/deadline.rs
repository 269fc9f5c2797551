//! `huifa deadline --from DATE --count N --unit U`: the same answer as `GET /deadline`.

use jiff::civil::Date;
use kernel::calendar::Calendar;
use kernel::deadline::Deadline;
use kernel::lang::Lang;
use kernel::period::{Period, Roll, Start, Unit};
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
    #[arg(long)]
    count: u32,
    /// day, workday, month, year or hour.
    #[arg(long)]
    unit: Unit,
    /// Whether a last day that is a day off rolls on.
    #[arg(long, value_name = "true|false", action = clap::ArgAction::Set)]
    roll: Option<bool>,
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
    let usage = |fault: &dyn std::fmt::Display| Failure::Usage(fault.to_string());
    let mut period = Period::new(args.count, args.unit).map_err(|fault| usage(&fault))?;
    if let Some(roll) = args.roll {
        period = period.with_roll(if roll { Roll::OnToWorkday } else { Roll::Stay });
    }
    let answer = Deadline::of_period(period, args.from, Calendar::official(), args.lang)
        .map_err(|fault| usage(&fault))?;
    if context.wants_json() { output::json(&answer) } else { output::line(&answer.explain) }
}
