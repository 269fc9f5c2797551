//! Searching: by the words of the articles alone before anything was learned, else in the order that trees give to
//! what words, earlier questions and the structure of the law speak for.

use std::fs;
use std::path::Path;

use learn::folds;
use learn::postings::best;
use learn::trees::{Forest, Growth, Table, logistic, ordered};
use serde::{Deserialize, Serialize};

use crate::LawError;
use crate::asked::Asked;
use crate::corpus::{Corpus, FOLDER};
use crate::features::{WIDTH, candidates};
use crate::learned::Learned;
use crate::questions::Example;

/// What was learned, within [`FOLDER`] of the data folder.
const FILE: &str = "learned.json";

/// The layout of that file; what trees decide by is part of it.
const FORMAT: u32 = 2;

/// Seed of everything that is dealt or drawn while learning.
pub const SEED: u64 = 20_261_130;

/// Folds within the examples: what trees learn from must not have seen its own answer.
const INNER: usize = 5;

/// Fewest questions worth learning from.
const FEWEST: usize = 20;

/// Wrong candidates a question keeps for the trees.
const WRONG: usize = 80;

const GROWTH: Growth = Growth { trees: 150, leaves: 15, rate: 0.06, least: 20, ridge: 5.0 };

/// The articles that people chose for what a question is about, cited `law#article`, best first.
pub type Chosen<'a> = dyn Fn(&str) -> Vec<&'a str> + Send + Sync + 'a;

/// What is kept of learning: the questions with their articles, and the trees.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    format: u32,
    examples: Vec<KeptExample>,
    forest: Forest,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptExample {
    query: String,
    articles: Vec<String>,
    source: String,
}

impl Kept {
    /// Learns from examples. What people chose is one of the signs that trees learn how far to trust.
    pub fn learn(corpus: &Corpus, examples: &[Example], chosen: &Chosen<'_>) -> Result<Self, LawError> {
        if examples.len() < FEWEST {
            return Err(LawError::Content(format!(
                "{} questions with an article that was imported are too few to learn from: {FEWEST} at least",
                examples.len()
            )));
        }
        let all: Vec<&Example> = examples.iter().collect();
        let forest = grow(corpus, &all, chosen);
        let examples = examples.iter().map(|example| KeptExample {
            query: example.query.clone(),
            articles: example.articles.iter().map(|article| corpus.key(*article)).collect(),
            source: example.source.clone(),
        });
        Ok(Self { format: FORMAT, examples: examples.collect(), forest })
    }

    /// Writes it into the data folder, whole or not at all.
    pub fn write(&self, data: &Path) -> Result<(), LawError> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let part = folder.join(format!("learned.{}.part", std::process::id()));
        fs::write(&part, serde_json::to_vec(self).map_err(|error| LawError::Content(error.to_string()))?)?;
        fs::rename(part, folder.join(FILE))?;
        Ok(())
    }

    /// What was learned in this data folder, if anything was.
    pub fn read(data: &Path) -> Result<Option<Self>, LawError> {
        let path = data.join(FOLDER).join(FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let wrong = |why: String| {
            LawError::Content(format!("{}: {why}; run `huifa laws train` again", path.display()))
        };
        let kept: Self = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        if kept.format == FORMAT { Ok(Some(kept)) } else { Err(wrong("another layout".to_owned())) }
    }

    /// When it was last learned in this data folder.
    pub fn changed(data: &Path) -> Option<std::time::SystemTime> {
        fs::metadata(data.join(FOLDER).join(FILE)).and_then(|found| found.modified()).ok()
    }

    /// The questions it learned from whose articles are still kept, to learn from them again beside others.
    pub fn examples(&self, corpus: &Corpus) -> Vec<Example> {
        let example = |one: &KeptExample| {
            let articles: Vec<u32> = one.articles.iter().filter_map(|key| corpus.by_key(key)).collect();
            let found = !articles.is_empty();
            found.then(|| Example { query: one.query.clone(), articles, source: one.source.clone() })
        };
        self.examples.iter().filter_map(example).collect()
    }

    /// How many questions it learned from.
    pub fn len(&self) -> usize {
        self.examples.len()
    }

    /// Whether it learned from none.
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// Whether this very question was learned from: a measurement on it would say nothing.
    pub fn knows(&self, query: &str) -> bool {
        self.examples.iter().any(|example| example.query == query)
    }
}

/// Everything a search needs beside the corpus.
#[derive(Debug, Default)]
pub struct Ranker {
    learned: Option<(Learned, Forest)>,
    /// Questions whose articles are no longer kept in that version.
    pub lost: usize,
}

/// An article that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Its number in the corpus.
    pub article: u32,
    /// What speaks for it; only the order means something.
    pub score: f32,
}

impl Ranker {
    /// From what was learned; without it the words of the articles alone decide.
    pub fn new(corpus: &Corpus, kept: Option<Kept>) -> Self {
        let Some(kept) = kept else { return Self::default() };
        let all = kept.len();
        let examples = kept.examples(corpus);
        let lost = all - examples.len();
        if examples.is_empty() {
            return Self { learned: None, lost };
        }
        let found: Vec<&Example> = examples.iter().collect();
        Self { learned: Some((Learned::of(corpus, &found), kept.forest)), lost }
    }

    /// Learns from examples without keeping anything; for measuring.
    pub fn learn(corpus: &Corpus, examples: &[&Example], chosen: &Chosen<'_>) -> Self {
        Self { learned: Some((Learned::of(corpus, examples), grow(corpus, examples, chosen))), lost: 0 }
    }

    /// Whether it has learned from questions.
    pub fn has_learned(&self) -> bool {
        self.learned.is_some()
    }

    /// The best `most` articles for a question. Before anything was learned, the articles that people chose for what
    /// it is about (cited `law#article`) stand before what the words find; to trees they are a sign among others.
    pub fn search(&self, corpus: &Corpus, query: &str, chosen: &[&str], most: usize) -> Vec<Hit> {
        self.search_in(corpus, query, chosen, None, most)
    }

    /// The same among the laws of one category, where one is named.
    pub fn search_in(
        &self,
        corpus: &Corpus,
        query: &str,
        chosen: &[&str],
        category: Option<&str>,
        most: usize,
    ) -> Vec<Hit> {
        let asked = Asked::new(query, corpus.all_cited(chosen));
        let is_within =
            |article: u32| category.is_none_or(|category| corpus.law_of(article).category == category);
        let mut scores = by_words(corpus, &asked);
        if category.is_some() {
            for (article, score) in (0..).zip(&mut scores) {
                *score = if is_within(article) { *score } else { 0.0 };
            }
        }
        let Some((learned, forest)) = &self.learned else {
            let mut articles: Vec<u32> = asked.chosen.into_iter().filter(|one| is_within(*one)).collect();
            for article in best(&scores, most) {
                if !articles.contains(&article) {
                    articles.push(article);
                }
            }
            articles.truncate(most);
            return articles
                .into_iter()
                .map(|article| Hit { article, score: scores[article as usize] })
                .collect();
        };
        let mut hits: Vec<Hit> = candidates(corpus, learned, &asked, &scores)
            .into_iter()
            .filter(|(article, _)| is_within(*article))
            .map(|(article, row)| Hit { article, score: forest.score(&row) })
            .collect();
        // Where trees see no difference, the words of the articles decide.
        let words = |hit: &Hit| scores[hit.article as usize];
        hits.sort_by(|a, b| {
            let order = b.score.total_cmp(&a.score).then(words(b).total_cmp(&words(a)));
            order.then(a.article.cmp(&b.article))
        });
        hits.truncate(most);
        hits
    }
}

fn by_words(corpus: &Corpus, asked: &Asked) -> Vec<f32> {
    let mut scores = vec![0.0; corpus.len()];
    corpus.postings.score(&asked.pairs, &mut scores);
    scores
}

/// Grows trees on examples that were each looked up among the others.
fn grow(corpus: &Corpus, examples: &[&Example], chosen: &Chosen<'_>) -> Forest {
    let texts: Vec<&str> = examples.iter().map(|example| example.query.as_str()).collect();
    let folds = folds::deal(&folds::groups(&texts), INNER, SEED ^ 1);
    let mut random = fastrand::Rng::with_seed(SEED ^ 2);
    let (mut table, mut right, mut ends) = (Table::new(WIDTH), Vec::new(), Vec::new());
    for fold in 0..INNER {
        let (outside, inside) = folds::split(&folds, fold);
        let others: Vec<&Example> = outside.iter().map(|at| examples[*at]).collect();
        let learned = Learned::of(corpus, &others);
        for example in inside.iter().map(|at| examples[*at]) {
            let asked = Asked::new(&example.query, corpus.all_cited(&chosen(&example.query)));
            let mut found = candidates(corpus, &learned, &asked, &by_words(corpus, &asked));
            random.shuffle(&mut found);
            let mut wrong = 0;
            for (article, row) in found {
                let is_right = example.articles.contains(&article);
                wrong += usize::from(!is_right);
                if is_right || wrong <= WRONG {
                    table.push(&row);
                    right.push(is_right);
                }
            }
            ends.push(right.len());
        }
    }
    let share = right.iter().filter(|is| **is).count() as f32 / (right.len() as f32).max(1.0);
    let begin = (share / (1.0 - share).max(1e-6)).max(1e-6).ln();
    // One half learns which articles are right, the other which of two should stand first.
    let single = Forest::learn(&table, GROWTH, begin, logistic(&right));
    single.and(Forest::learn(&table, GROWTH, 0.0, ordered(&right, &ends)))
}
