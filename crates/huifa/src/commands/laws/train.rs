//! Learning from answered questions.

use std::path::Path;

use laws::citation::title;
use laws::questions::{Example, examples};
use laws::ranker::Kept;
use serde_json::json;

use super::{corpus, failed, questions};
use crate::context::Context;
use crate::failure::Failure;
use crate::{output, reviewed};

/// Runs it.
pub fn run(file: Option<&Path>, library: bool, context: &Context) -> Result<(), Failure> {
    let (questions, refused) = file.map(questions).transpose()?.unwrap_or_default();
    let corpus = corpus(context)?;
    let (mut examples, mut lost) = examples(&corpus, &questions);
    if library {
        if file.is_none() {
            // What was learned before stays, where no file says it again.
            let present = Kept::read(context.data()).map_err(failed)?;
            examples = present.map(|kept| kept.examples(&corpus)).unwrap_or_default();
        }
        for answer in reviewed::answers(context)? {
            let cites: Vec<String> =
                answer.cites.iter().map(|cite| format!("{}#{}", title(&cite.law), cite.article)).collect();
            let articles = corpus.all_cited(&cites.iter().map(String::as_str).collect::<Vec<_>>());
            if articles.is_empty() {
                lost += 1;
            } else if !examples.iter().any(|one| one.query == answer.question) {
                examples.push(Example { query: answer.question, articles, source: "library".to_owned() });
            }
        }
    }
    let room = context.triage()?;
    let topics = room.topics();
    let begun = std::time::Instant::now();
    let kept = Kept::learn(&corpus, &examples, &|text| topics.articles(text)).map_err(failed)?;
    kept.write(context.data()).map_err(failed)?;
    let seconds = begun.elapsed().as_secs_f64();
    if context.wants_json() {
        output::json(&json!({
            "questions": kept.len(), "without_article": lost, "refused": refused, "seconds": seconds,
        }))?;
    } else {
        output::line(&format!(
            "learned from {} questions, {lost} cite no article that was imported, {refused} refused; {seconds:.1} s",
            kept.len()
        ))?;
    }
    if refused == 0 { Ok(()) } else { Err(Failure::Faults) }
}
