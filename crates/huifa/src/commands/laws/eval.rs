//! Measuring the search: with what was learned here, or on folds of the file itself.

use std::path::PathBuf;

use laws::measure::{Measured, across, measure};
use laws::questions::{Example, examples};
use laws::ranker::Kept;
use serde_json::json;

use super::{corpus, failed, questions, ranker};
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to measure on.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A .jsonl file of rows {qid, query, relevant, source?}.
    file: PathBuf,
    /// Learns on all folds of the file but one and measures on that one, in turn; near-duplicates stay together, and
    /// what was learned in the data folder is left alone.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=20))]
    folds: Option<u16>,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let (questions, refused) = questions(&args.file)?;
    let corpus = corpus(context)?;
    let (found, lost) = examples(&corpus, &questions);
    if found.is_empty() {
        return Err(Failure::Fault(format!(
            "{}: none of {} questions cites an article that was imported",
            args.file.display(),
            questions.len()
        )));
    }
    let room = context.triage()?;
    let chosen = |text: &str| room.topics().articles(text);
    if let Some(folds) = args.folds {
        let folded = across(&corpus, &found, usize::from(folds), &chosen, |one| {
            eprintln!("fold: {}", told(one));
        });
        return output::json(&json!({
            "questions": found.len(), "without_article": lost, "refused": refused, "folds": folded,
        }));
    }
    let kept = Kept::read(context.data()).map_err(failed)?;
    let seen =
        kept.as_ref().map_or(0, |kept| found.iter().filter(|example| kept.knows(&example.query)).count());
    if seen > 0 {
        eprintln!("huifa: {seen} of these questions were learned from; on them the figures say nothing");
    }
    let ranker = ranker(context, &corpus)?;
    let measured = measure(&corpus, &ranker, &found.iter().collect::<Vec<&Example>>(), &chosen);
    if context.wants_json() {
        return output::json(&json!({
            "learned": ranker.has_learned(), "learned_from": seen, "without_article": lost, "refused": refused,
            "measured": measured,
        }));
    }
    output::line(&told(&measured))?;
    for (source, figures) in &measured.by_source {
        output::line(&format!(
            "  {source}: {} questions, recall@10 {:.3}, MRR@10 {:.3}",
            figures.questions, figures.recall_at_10, figures.mrr_at_10
        ))?;
    }
    Ok(())
}

fn told(one: &Measured) -> String {
    format!(
        "{} questions, recall@5 {:.3}, recall@10 {:.3}, MRR@10 {:.3}; {:.1} ms a question, 99 of 100 within {:.1}",
        one.all.questions,
        one.all.recall_at_5,
        one.all.recall_at_10,
        one.all.mrr_at_10,
        one.ms.p50,
        one.ms.p99
    )
}
