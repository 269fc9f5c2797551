//! Articles for one question, or for a file of them.

use std::path::PathBuf;

use serde_json::Value;

use super::{corpus, questions, ranker};
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// What to search for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A question.
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    query: Option<String>,
    /// A .jsonl file of rows {qid, query}; prints one line a question.
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// How many articles.
    #[arg(short, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    k: u16,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    qid: &'a Value,
    hits: Vec<Value>,
}

/// Runs it.
pub fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let asked = args.batch.as_deref().map(questions).transpose()?;
    let corpus = corpus(context)?;
    let ranker = ranker(context, &corpus)?;
    let most = usize::from(args.k);
    let room = context.triage()?;
    let topics = room.topics();
    if let Some((questions, refused)) = asked {
        for question in &questions {
            let hits = ranker.search(&corpus, &question.query, &topics.articles(&question.query), most);
            let ids = hits.iter().map(|hit| serde_json::from_str(&corpus.entries[hit.article as usize].id));
            let hits = ids.collect::<Result<Vec<Value>, _>>().map_err(Failure::environment)?;
            output::json(&Line { qid: &question.qid, hits })?;
        }
        return if refused == 0 { Ok(()) } else { Err(Failure::Faults) };
    }
    let query = args.query.as_deref().unwrap_or_default();
    for hit in ranker.search(&corpus, query, &topics.articles(query), most) {
        let entry = &corpus.entries[hit.article as usize];
        let law = corpus.law_of(hit.article);
        if context.wants_json() {
            output::json(&serde_json::json!({
                "law": law.title, "version": law.version, "status": law.status, "article": entry.article,
            }))?;
        } else {
            output::line(&format!("{}\t{}\t{}", law.title, entry.article, law.version))?;
        }
    }
    Ok(())
}
