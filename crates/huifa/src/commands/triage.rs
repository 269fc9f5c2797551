//! `huifa triage train|predict|eval`: what kind of problem somebody has, from their own words.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use triage::kinds::Kinds;
use triage::measure::{Measured, across, left_out, measure};
use triage::model::{Kept, Triage};
use triage::rows::Row;
use triage::{Guess, TriageError};

use crate::context::Context;
use crate::failure::Failure;
use crate::{output, reviewed};

/// What to do.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Learns from questions whose kind is known: rows {text, label}. Writes to the data folder only.
    Train {
        /// A .jsonl file.
        #[arg(required_unless_present = "library")]
        file: Option<PathBuf>,
        /// Also from published answers, whose kind a second person confirmed; and tells how well kinds were found
        /// before, and are found now on five folds that were not learned from.
        #[arg(long)]
        library: bool,
    },
    /// The likeliest kinds of a text, or of each row of a file.
    Predict {
        /// A text.
        #[arg(required_unless_present = "batch", conflicts_with = "batch")]
        text: Option<String>,
        /// A .jsonl file of rows {id, text}; prints one line a row.
        #[arg(long, value_name = "FILE")]
        batch: Option<PathBuf>,
        /// How many kinds.
        #[arg(short, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
        k: u16,
    },
    /// How well kinds are found, on questions that were not learned from.
    Eval {
        /// A .jsonl file of rows {text, label, tier?}; rows without a known label count as questions of no kind.
        file: PathBuf,
        /// Learns on all folds of the file but one and measures on that one, in turn; near-duplicates stay together.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=20))]
        folds: Option<u16>,
        /// Also leaves each kind out of learning in turn, and tells how much of it is then abstained from.
        #[arg(long, requires = "folds")]
        leave_out: bool,
    },
}

/// Folds on which a new state is measured.
const FOLDS: usize = 5;

#[derive(serde::Serialize)]
struct Line<'a> {
    id: &'a Value,
    labels: Vec<Guess>,
    abstain: bool,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.what {
        What::Train { file, library } => train(file.as_deref(), *library, context),
        What::Predict { text, batch, k } => {
            predict(text.as_deref(), batch.as_deref(), usize::from(*k), context)
        }
        What::Eval { file, folds: None, .. } => eval(file, context),
        What::Eval { file, folds: Some(folds), leave_out } => {
            folded(file, usize::from(*folds), *leave_out, context)
        }
    }
}

fn failed(error: TriageError) -> Failure {
    match error {
        TriageError::Content(why) => Failure::Fault(why),
        TriageError::Io(error) => Failure::environment(error),
    }
}

/// The kinds of the catalogue.
fn start(context: &Context) -> Result<Kinds, Failure> {
    Ok(context.triage()?.kinds().clone())
}

fn rows(file: &Path) -> Result<(Vec<Row>, usize), Failure> {
    let (rows, faults) = triage::rows::read(file)
        .map_err(|error| Failure::Environment(format!("{}: {error}", file.display())))?;
    for fault in &faults {
        eprintln!("line {}: {}", fault.line, fault.reason);
    }
    Ok((rows, faults.len()))
}

fn done(refused: usize) -> Result<(), Failure> {
    if refused == 0 { Ok(()) } else { Err(Failure::Faults) }
}

/// What answers in this data folder; says so when it is the start.
fn triage_of(context: &Context) -> Result<Triage, Failure> {
    let triage = Triage::new(start(context)?, Kept::read(context.data()).map_err(failed)?);
    if !triage.has_learned() {
        eprintln!("huifa: nothing was learned yet, the hand-written start answers (huifa triage train FILE)");
    }
    Ok(triage)
}

fn train(file: Option<&Path>, library: bool, context: &Context) -> Result<(), Failure> {
    let (mut rows, refused) = file.map(rows).transpose()?.unwrap_or_default();
    let start = start(context)?;
    let before = if library { Some(with_library(&mut rows, file.is_none(), &start, context)?) } else { None };
    let begun = std::time::Instant::now();
    let kept = Kept::learn(&rows, &start).map_err(failed)?;
    let seconds = begun.elapsed().as_secs_f64();
    // Too few questions for folds are no reason not to learn from them.
    let after = before.as_ref().and_then(|_| across(&rows, &start, FOLDS, |_| ()).ok());
    kept.write(context.data()).map_err(failed)?;
    if context.wants_json() {
        output::json(&json!({
            "questions": kept.len(), "refused": refused, "seconds": seconds, "before": before, "after": after,
        }))?;
    } else {
        output::line(&format!("learned from {} questions, {refused} refused; {seconds:.1} s", kept.len()))?;
        if let (Some(before), Some(after)) = (&before, &after) {
            output::line(&format!(
                "before: accuracy {:.3} on {} questions that were not learned from; now: {:.3} (± {:.3}) on {FOLDS} folds",
                before.all.accuracy,
                before.all.questions,
                after.all["accuracy"].mean,
                after.all["accuracy"].sd
            ))?;
        }
    }
    done(refused)
}

/// Adds published answers, and what was learned before where no file says it again; gives how well the present state
/// finds the kinds of those it has not seen.
fn with_library(
    rows: &mut Vec<Row>,
    alone: bool,
    start: &Kinds,
    context: &Context,
) -> Result<Measured, Failure> {
    let present = Kept::read(context.data()).map_err(failed)?;
    rows.extend(present.iter().filter(|_| alone).flat_map(Kept::rows));
    let answers = reviewed::answers(context)?.into_iter().map(|answer| Row {
        id: Value::from(answer.id),
        text: answer.question,
        label: Some(answer.kind),
        tier: Some("library".to_owned()),
    });
    for answer in answers {
        if !rows.iter().any(|row| row.text == answer.text) {
            rows.push(answer);
        }
    }
    // What the present state has learned from says nothing about it.
    let knows = |row: &Row| present.as_ref().is_some_and(|kept| kept.knows(&row.text));
    let unseen: Vec<Row> = rows.iter().filter(|row| !knows(row)).cloned().collect();
    Ok(measure(&Triage::new(start.clone(), present), &unseen.iter().collect::<Vec<_>>()))
}

fn predict(text: Option<&str>, batch: Option<&Path>, most: usize, context: &Context) -> Result<(), Failure> {
    let asked = batch.map(rows).transpose()?;
    let triage = triage_of(context)?;
    let (rows, refused) = asked.unwrap_or_else(|| {
        let text = text.unwrap_or_default().to_owned();
        (vec![Row { id: Value::Null, text, label: None, tier: None }], 0)
    });
    for row in &rows {
        let answer = triage.answer(&row.text, most);
        output::json(&Line { id: &row.id, labels: answer.labels, abstain: answer.abstain })?;
    }
    done(refused)
}

fn eval(file: &Path, context: &Context) -> Result<(), Failure> {
    let (rows, refused) = rows(file)?;
    let kept = Kept::read(context.data()).map_err(failed)?;
    let seen = kept.as_ref().map_or(0, |kept| rows.iter().filter(|row| kept.knows(&row.text)).count());
    if seen > 0 {
        eprintln!("huifa: {seen} of these questions were learned from; on them the figures say nothing");
    }
    let triage = triage_of(context)?;
    let measured = measure(&triage, &rows.iter().collect::<Vec<_>>());
    output::json(&json!({
        "learned": triage.has_learned(), "learned_from": seen, "refused": refused, "measured": measured,
    }))?;
    done(refused)
}

fn folded(file: &Path, folds: usize, leave_out: bool, context: &Context) -> Result<(), Failure> {
    let (rows, refused) = rows(file)?;
    let start = start(context)?;
    let mut folded = across(&rows, &start, folds, |one| {
        eprintln!(
            "fold: accuracy {:.3}, macro-F1 {:.3}, top-3 {:.3}, abstained {:.3}",
            one.all.accuracy, one.all.macro_f1, one.all.top3, one.all.abstained
        );
    })
    .map_err(failed)?;
    if leave_out {
        folded.unknown_kind_abstained = left_out(&rows, &start).map_err(failed)?;
    }
    output::json(&json!({ "questions": rows.len(), "refused": refused, "folds": folded }))?;
    done(refused)
}
