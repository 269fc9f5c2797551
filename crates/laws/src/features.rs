//! What is known of a question and an article together: the numbers the trees decide by.

use std::collections::{BTreeSet, HashMap, HashSet};

use learn::grams::{GramSet, grams, letters};
use learn::postings::best;

use crate::corpus::Corpus;
use crate::learned::Learned;

/// How many numbers a candidate has.
pub(crate) const WIDTH: usize = 31;

/// Articles whose own words are nearest are looked at, this many of them.
const BY_WORDS: usize = 100;

/// Of those that questions lead to, this many each way.
const BY_QUESTIONS: usize = 60;

/// Questions asked before that are looked at.
const NEIGHBOURS: usize = 30;

/// A question as it is searched with.
pub(crate) struct Asked {
    text: String,
    length: usize,
    letters: Vec<u16>,
    pairs: Vec<u64>,
    triples: GramSet,
}

impl Asked {
    pub(crate) fn new(query: &str) -> Self {
        // A story of ten pages is searched by its first; nobody waits longer for more.
        let text: String = query.chars().take(LONGEST).collect();
        let found = letters(&text);
        let mut pairs: Vec<u64> = grams(&found, 2).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut distinct: Vec<u16> =
            found.iter().filter_map(|letter| u16::try_from(u32::from(*letter)).ok()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let triples = grams(&found, 3).collect();
        Self { length: found.len(), text, letters: distinct, pairs, triples }
    }

    pub(crate) fn pairs(&self) -> &[u64] {
        &self.pairs
    }
}

/// Characters of a question that are looked at.
const LONGEST: usize = 500;

/// How an article was met.
#[derive(Default, Clone, Copy)]
struct Votes {
    sum: f32,
    nearest: f32,
    squares: f32,
    first: f32,
}

/// Candidates for a question, each with its numbers. `scores` is what the articles' own words score, one an article.
pub(crate) fn candidates(
    corpus: &Corpus,
    learned: &Learned,
    asked: &Asked,
    scores: &[f32],
) -> Vec<(u32, [f32; WIDTH])> {
    let vector = learned.words.vector(&asked.text);
    let alike = learned.near.scores(&vector);
    let neighbours = best(&alike, NEIGHBOURS);
    let mut votes: HashMap<u32, Votes> = HashMap::new();
    let mut by_law: HashMap<u32, f32> = HashMap::new();
    let mut all = 1e-9;
    for (place, number) in neighbours.iter().enumerate() {
        let near = alike[*number as usize];
        let answers = &learned.answers[*number as usize];
        for answer in answers {
            let vote = votes.entry(*answer).or_default();
            vote.squares += near * near;
            vote.nearest = vote.nearest.max(near);
            vote.sum += if place < 15 { near } else { 0.0 };
            vote.first += if place < 5 { near } else { 0.0 };
            let law = corpus.entries[learned.articles[*answer as usize] as usize].law;
            let share = near / answers.len() as f32;
            *by_law.entry(law).or_default() += share;
            all += share;
        }
    }
    let weigh = |postings: &learn::postings::Postings| {
        let mut scores = vec![0.0; postings.len()];
        postings.score(asked.pairs(), &mut scores);
        scores
    };
    let (by_asked, by_whole) = (weigh(&learned.asked), weigh(&learned.whole));
    let by_middle = learned.middles.scores(&vector);
    let titles = {
        let mut scores = vec![0.0; corpus.titles.len()];
        corpus.titles.score(asked.pairs(), &mut scores);
        scores
    };
    let mut answers: HashSet<u32> = votes.keys().copied().collect();
    for scores in [&by_asked, &by_whole, &by_middle] {
        answers.extend(best(scores, BY_QUESTIONS));
    }
    let mut articles: BTreeSet<u32> = best(scores, BY_WORDS).into_iter().collect();
    articles.extend(answers.iter().map(|answer| learned.articles[*answer as usize]));
    let articles: Vec<u32> = articles.into_iter().collect();

    let answer = |article: u32| learned.of_article.get(&article).copied();
    let of = |from: &[f32]| -> Vec<f32> {
        articles.iter().map(|article| answer(*article).map_or(0.0, |at| from[at as usize])).collect()
    };
    let vote = |article: u32| answer(article).and_then(|at| votes.get(&at)).copied().unwrap_or_default();
    let own: Vec<f32> = articles.iter().map(|article| scores[*article as usize]).collect();
    let (asked_by, whole_by, middle_by) = (of(&by_asked), of(&by_whole), of(&by_middle));
    let sums: Vec<f32> = articles.iter().map(|article| vote(*article).sum).collect();
    let shared: Vec<Shared> = articles.iter().map(|article| shared(corpus, asked, *article)).collect();
    let top = |from: &[f32]| from.iter().copied().fold(1e-9, f32::max);
    let (own_top, asked_top, whole_top, sum_top) = (top(&own), top(&asked_by), top(&whole_by), top(&sums));
    let (own_place, asked_place, whole_place) = (places(&own), places(&asked_by), places(&whole_by));
    let (middle_place, sum_place) = (places(&middle_by), places(&sums));
    let nearest = alike.iter().copied().fold(0.0, f32::max);
    let all_letters: f32 = asked.letters.iter().map(|letter| corpus.rarity(*letter)).sum::<f32>().max(1e-9);

    let row = |at: usize, article: u32| -> [f32; WIDTH] {
        let entry = &corpus.entries[article as usize];
        let vote = vote(article);
        let given = answer(article).map_or(0.0, |at| learned.given[at as usize]);
        let count = |from: &HashMap<u32, f32>, key: u32| from.get(&key).copied().unwrap_or(0.0);
        [
            own[at],
            own[at] / own_top,
            own_place[at],
            shared[at].letters,
            shared[at].letters / all_letters,
            shared[at].triples,
            shared[at].triples / (asked.triples.len() as f32).max(1.0),
            shared[at].run,
            titles[entry.law as usize],
            asked_by[at],
            asked_by[at] / asked_top,
            asked_place[at],
            whole_by[at],
            whole_by[at] / whole_top,
            whole_place[at],
            middle_by[at],
            middle_place[at],
            vote.sum,
            vote.sum / sum_top,
            sum_place[at],
            vote.nearest,
            vote.squares,
            vote.first,
            given.ln_1p(),
            beside(corpus, article, |article| self::answer_sum(learned, &votes, article)),
            count(&by_law, entry.law) / all,
            count(&learned.by_law, entry.law).ln_1p(),
            count(&learned.by_category, corpus.categories[entry.law as usize]).ln_1p(),
            (corpus.letters(article as usize).len() as f32).ln_1p(),
            asked.length as f32,
            nearest,
        ]
    };
    articles.iter().enumerate().map(|(at, article)| (*article, row(at, *article))).collect()
}

fn answer_sum(learned: &Learned, votes: &HashMap<u32, Votes>, article: u32) -> f32 {
    learned.of_article.get(&article).and_then(|answer| votes.get(answer)).map_or(0.0, |vote| vote.sum)
}

/// What speaks for the articles right before and after this one in its law.
fn beside(corpus: &Corpus, article: u32, sum: impl Fn(u32) -> f32) -> f32 {
    let law = corpus.entries[article as usize].law;
    [-2_i64, -1, 1, 2]
        .into_iter()
        .filter_map(|step| {
            let other = u32::try_from(i64::from(article) + step).ok()?;
            let is_same = corpus.entries.get(other as usize).is_some_and(|entry| entry.law == law);
            is_same.then(|| sum(other) / step.unsigned_abs() as f32)
        })
        .sum()
}

/// How many stand before each one, by value.
fn places(values: &[f32]) -> Vec<f32> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    values.iter().map(|value| sorted.partition_point(|other| other > value) as f32).collect()
}

/// What a question and an article have in common, letter by letter.
struct Shared {
    /// Rarity of the letters both have.
    letters: f32,
    /// How many of the question's 3-grams the article has.
    triples: f32,
    /// The longest run of 3-grams the article shares without a break.
    run: f32,
}

fn shared(corpus: &Corpus, asked: &Asked, article: u32) -> Shared {
    let text = corpus.letters(article as usize);
    let mut present = vec![false; asked.letters.len()];
    for letter in text {
        if let Ok(at) = asked.letters.binary_search(letter) {
            present[at] = true;
        }
    }
    let letters = asked.letters.iter().zip(&present).filter(|(_, is)| **is);
    let letters = letters.map(|(letter, _)| corpus.rarity(*letter)).sum();
    let mut seen = GramSet::default();
    let (mut run, mut longest) = (0_u32, 0_u32);
    for triple in text.windows(3) {
        let key = triple.iter().fold(0_u64, |key, unit| (key << 21) | u64::from(*unit));
        if asked.triples.contains(&key) {
            seen.insert(key);
            run += 1;
            longest = longest.max(run);
        } else {
            run = 0;
        }
    }
    Shared { letters, triples: seen.len() as f32, run: longest as f32 }
}
