//! Learning from answered questions.

use std::path::Path;

use laws::questions::examples;
use laws::ranker::Kept;
use serde_json::json;

use super::{corpus, failed, questions};
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Runs it.
pub fn run(file: &Path, context: &Context) -> Result<(), Failure> {
    let (questions, refused) = questions(file)?;
    let corpus = corpus(context)?;
    let (examples, lost) = examples(&corpus, &questions);
    let begun = std::time::Instant::now();
    let kept = Kept::learn(&corpus, &examples).map_err(failed)?;
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
