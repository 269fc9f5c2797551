//! What is known of a question and an article together: the numbers the trees decide by.

use std::collections::{BTreeSet, HashMap, HashSet};

use learn::grams::GramSet;
use learn::postings::{Postings, best};

use crate::asked::Asked;
use crate::corpus::Corpus;
use crate::learned::Learned;
use crate::subject::Subject;

/// How many numbers a candidate has.
pub(crate) const WIDTH: usize = 43;

/// Articles whose own words are nearest are looked at, this many of them.
const BY_WORDS: usize = 100;

/// Of those that questions lead to, this many each way.
const BY_QUESTIONS: usize = 60;

/// Of those that read like the answers of similar questions, this many.
const BY_SUBJECT: usize = 40;

/// Questions asked before that are looked at.
const NEIGHBOURS: usize = 30;

/// How far before and behind an article others of its law count.
const AROUND: u32 = 12;

/// How an article was met among the nearest questions.
#[derive(Default, Clone, Copy)]
struct Votes {
    sum: f32,
    nearest: f32,
    squares: f32,
    first: f32,
}

/// Candidates for a question, each with its numbers. `words` is what the articles' own words score, one an article.
pub(crate) fn candidates(
    corpus: &Corpus,
    learned: &Learned,
    asked: &Asked,
    words: &[f32],
) -> Vec<(u32, [f32; WIDTH])> {
    let evidence = Evidence::gather(corpus, learned, asked, words);
    let articles = evidence.articles();
    let rows = evidence.rows(&articles);
    articles.into_iter().zip(rows).collect()
}

/// All that speaks for any article.
struct Evidence<'a> {
    corpus: &'a Corpus,
    learned: &'a Learned,
    asked: &'a Asked,
    words: &'a [f32],
    /// How alike the most similar question is.
    nearest: f32,
    /// By answer.
    votes: HashMap<u32, Votes>,
    /// The answers of the nearest questions and what speaks for each, in the order of articles.
    answered: Vec<(u32, f32)>,
    /// By law, and of all.
    by_law: HashMap<u32, f32>,
    all: f32,
    /// By answer: words of its questions, those and its own, the middle of its questions.
    by_asked: Vec<f32>,
    by_whole: Vec<f32>,
    by_middle: Vec<f32>,
    /// By law: words of its title; by law that was an answer: the middle and the words of its questions.
    titles: Vec<f32>,
    laws_by_middle: Vec<f32>,
    laws_by_asked: Vec<f32>,
    subject: Subject,
}

impl<'a> Evidence<'a> {
    fn gather(corpus: &'a Corpus, learned: &'a Learned, asked: &'a Asked, words: &'a [f32]) -> Self {
        let vector = learned.words.vector(&asked.text);
        let alike = learned.near.scores(&vector);
        let mut votes: HashMap<u32, Votes> = HashMap::new();
        let mut by_law: HashMap<u32, f32> = HashMap::new();
        let mut all = 1e-9;
        for (place, number) in best(&alike, NEIGHBOURS).into_iter().enumerate() {
            let near = alike[number as usize];
            let answers = &learned.answers[number as usize];
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
        let weigh = |postings: &Postings| {
            let mut scores = vec![0.0; postings.len()];
            postings.score(&asked.pairs, &mut scores);
            scores
        };
        let mut answered: Vec<(u32, f32)> =
            votes.iter().map(|(answer, vote)| (learned.articles[*answer as usize], vote.sum)).collect();
        answered.sort_unstable_by_key(|(article, _)| *article);
        Self {
            corpus,
            learned,
            asked,
            words,
            nearest: alike.iter().copied().fold(0.0, f32::max),
            by_law,
            all,
            by_asked: weigh(&learned.asked),
            by_whole: weigh(&learned.whole),
            by_middle: learned.middles.scores(&vector),
            titles: weigh(&corpus.titles),
            laws_by_middle: learned.law_middles.scores(&vector),
            laws_by_asked: weigh(&learned.law_asked),
            subject: Subject::of(corpus, answered.iter().copied()),
            votes,
            answered,
        }
    }

    /// The articles worth looking at, in their order.
    fn articles(&self) -> Vec<u32> {
        let mut answers: HashSet<u32> = self.votes.keys().copied().collect();
        for scores in [&self.by_asked, &self.by_whole, &self.by_middle] {
            answers.extend(best(scores, BY_QUESTIONS));
        }
        let mut articles: BTreeSet<u32> = best(self.words, BY_WORDS).into_iter().collect();
        articles.extend(answers.iter().map(|answer| self.learned.articles[*answer as usize]));
        articles.extend(self.subject.nearest(self.corpus, BY_SUBJECT));
        articles.extend(&self.asked.chosen);
        articles.into_iter().collect()
    }

    fn rows(&self, articles: &[u32]) -> Vec<[f32; WIDTH]> {
        let Self { corpus, learned, asked, words, .. } = self;
        let answers: Vec<Option<u32>> =
            articles.iter().map(|article| learned.of_article.get(article).copied()).collect();
        let of = |from: &[f32]| {
            Column::of(answers.iter().map(|answer| answer.map_or(0.0, |at| from[at as usize])).collect())
        };
        let votes: Vec<Votes> = answers
            .iter()
            .map(|answer| answer.and_then(|at| self.votes.get(&at)).copied().unwrap_or_default())
            .collect();
        let own = Column::of(articles.iter().map(|article| words[*article as usize]).collect());
        let (by_asked, by_whole) = (of(&self.by_asked), of(&self.by_whole));
        let by_middle = of(&self.by_middle);
        let sums = Column::of(votes.iter().map(|vote| vote.sum).collect());
        let near = articles.iter().map(|article| self.subject.nearness(corpus, *article));
        let subject = Column::of(near.collect());
        let all_letters: f32 =
            asked.letters.iter().map(|letter| corpus.rarity(*letter)).sum::<f32>().max(1e-9);
        let all_triples = (asked.triples.len() as f32).max(1.0);
        let (middle_top, asked_top) = (top(&self.laws_by_middle), top(&self.laws_by_asked));

        let row = |at: usize| -> [f32; WIDTH] {
            let article = articles[at];
            let law = corpus.entries[article as usize].law;
            let (vote, shared) = (votes[at], shared(corpus, asked, article));
            let given = answers[at].map_or(0.0, |at| learned.asked_for[at as usize].1);
            let count = |from: &HashMap<u32, f32>, key: u32| from.get(&key).copied().unwrap_or(0.0);
            let of_law = |from: &[f32]| learned.of_law.get(&law).map_or(0.0, |at| from[*at as usize]);
            let around = Around { corpus, article, law };
            let chosen = around.nearest(&asked.chosen);
            [
                own.values[at],
                own.share(at),
                own.places[at],
                shared.letters,
                shared.letters / all_letters,
                shared.triples,
                shared.triples / all_triples,
                shared.run,
                self.titles[law as usize],
                by_asked.values[at],
                by_asked.share(at),
                by_asked.places[at],
                by_whole.values[at],
                by_whole.share(at),
                by_whole.places[at],
                by_middle.values[at],
                by_middle.places[at],
                vote.sum,
                sums.share(at),
                sums.places[at],
                vote.nearest,
                vote.squares,
                vote.first,
                given.ln_1p(),
                around.sum(2, &self.answered, |step| 1.0 / step),
                around.sum(AROUND, &self.answered, fading),
                around.sum(AROUND, &learned.asked_for, fading).ln_1p(),
                around.words(words) / own.top,
                count(&self.by_law, law) / self.all,
                count(&learned.by_law, law).ln_1p(),
                count(&learned.by_category, corpus.categories[law as usize]).ln_1p(),
                of_law(&self.laws_by_middle),
                of_law(&self.laws_by_middle) / middle_top,
                of_law(&self.laws_by_asked),
                of_law(&self.laws_by_asked) / asked_top,
                subject.values[at],
                subject.places[at],
                asked.chosen.iter().position(|one| *one == article).map_or(0.0, |at| 1.0 / (at as f32 + 1.0)),
                chosen.map_or(0.0, |_| 1.0),
                chosen.map_or(0.0, |steps| 1.0 / (steps as f32 + 1.0)),
                (corpus.letters(article as usize).len() as f32).ln_1p(),
                asked.length as f32,
                self.nearest,
            ]
        };
        (0..articles.len()).map(row).collect()
    }
}

/// A number of each candidate, and how it stands among the others.
struct Column {
    values: Vec<f32>,
    top: f32,
    /// How many stand before each one, by value.
    places: Vec<f32>,
}

impl Column {
    fn of(values: Vec<f32>) -> Self {
        let mut sorted = values.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let before = |value: &f32| sorted.partition_point(|other| other > value) as f32;
        Self { top: top(&values), places: values.iter().map(before).collect(), values }
    }

    fn share(&self, at: usize) -> f32 {
        self.values[at] / self.top
    }
}

fn top(values: &[f32]) -> f32 {
    values.iter().copied().fold(1e-9, f32::max)
}

/// How much an article so many steps away counts.
fn fading(steps: f32) -> f32 {
    1.0 / (1.0 + steps / 4.0)
}

/// The other articles of the same law, by how far they stand from one.
struct Around<'a> {
    corpus: &'a Corpus,
    article: u32,
    law: u32,
}

impl Around<'_> {
    fn is_beside(&self, other: u32) -> bool {
        other != self.article
            && self.corpus.entries.get(other as usize).is_some_and(|entry| entry.law == self.law)
    }

    /// What speaks for the articles within reach; `of` stands in their order.
    fn sum(&self, reach: u32, of: &[(u32, f32)], counts: impl Fn(f32) -> f32) -> f32 {
        let from = of.partition_point(|(other, _)| *other < self.article.saturating_sub(reach));
        let within = of[from..].iter().take_while(|(other, _)| *other <= self.article.saturating_add(reach));
        within
            .filter(|(other, _)| self.is_beside(*other))
            .map(|(other, value)| value * counts(other.abs_diff(self.article) as f32))
            .sum()
    }

    /// What the own words of the articles right before and behind score.
    fn words(&self, words: &[f32]) -> f32 {
        let within = self.article.saturating_sub(3)..=self.article.saturating_add(3);
        let beside = within.filter(|other| self.is_beside(*other));
        beside.map(|other| words[other as usize] * fading(other.abs_diff(self.article) as f32)).sum()
    }

    /// How far the nearest of some articles stands, where one is of this law.
    fn nearest(&self, of: &[u32]) -> Option<u32> {
        let here = of.iter().filter(|other| **other == self.article || self.is_beside(**other));
        here.map(|other| other.abs_diff(self.article)).min()
    }
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
