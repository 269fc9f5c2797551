//! Questions as rows `{qid, query, relevant?, source?}`: to learn from, to search for, to measure with.

use std::io::BufRead as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::LawError;
use crate::corpus::Corpus;
use crate::read::Fault;

/// A question, with the articles that answer it where somebody has said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The caller's own name for it.
    #[serde(default)]
    pub qid: Value,
    /// What was asked.
    pub query: String,
    /// Ids of articles: those of imported rows, or `law#article`.
    #[serde(default)]
    pub relevant: Vec<Value>,
    /// Where it comes from; figures are told apart by it.
    #[serde(default)]
    pub source: Option<String>,
}

/// A question whose articles were found in the corpus.
#[derive(Debug, Clone)]
pub struct Example {
    /// What was asked.
    pub query: String,
    /// Articles, by their number in the corpus.
    pub articles: Vec<u32>,
    /// Where it comes from.
    pub source: String,
}

/// Reads a file; rows that are no questions are told.
pub fn read(path: &Path) -> Result<(Vec<Question>, Vec<Fault>), LawError> {
    let (mut questions, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(crate::read::lines(path)?.lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<Question>(&line) {
            Ok(question) => questions.push(question),
            Err(error) => faults.push(Fault {
                file: path.display().to_string(),
                line: Some(number),
                reason: error.to_string(),
            }),
        }
    }
    Ok((questions, faults))
}

/// Questions with articles that are kept here, and how many had none.
pub fn examples(corpus: &Corpus, questions: &[Question]) -> (Vec<Example>, usize) {
    let found: Vec<Example> = questions
        .iter()
        .map(|question| {
            let mut articles: Vec<u32> = question.relevant.iter().filter_map(|id| corpus.by_id(id)).collect();
            articles.sort_unstable();
            articles.dedup();
            Example {
                query: question.query.clone(),
                articles,
                source: question.source.clone().unwrap_or_else(|| "-".to_owned()),
            }
        })
        .filter(|example| !example.articles.is_empty())
        .collect();
    let lost = questions.len() - found.len();
    (found, lost)
}
