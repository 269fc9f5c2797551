//! What answered questions teach: which articles people's own words lead to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use learn::grams::{grams, letters};
use learn::postings::{Bm25, Builder, Postings};
use learn::sparse::{Near, Vector, Vocabulary, middle};

use crate::corpus::Corpus;
use crate::questions::Example;

/// Answered questions, prepared to be looked up.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    pub words: Vocabulary,
    /// The questions.
    pub near: Near,
    /// Of each question, the numbers of its answers.
    pub answers: Vec<Vec<u32>>,
    /// The article of each answer.
    pub articles: Vec<u32>,
    /// The answer of an article.
    pub of_article: HashMap<u32, u32>,
    /// Of each answer its article and how often it was given; in the order of articles.
    pub asked_for: Vec<(u32, f32)>,
    /// Answers by the words of all questions they were given to.
    pub asked: Postings,
    /// The same with the words of the article itself.
    pub whole: Postings,
    /// The middle of the questions of each answer.
    pub middles: Near,
    /// Of each law that was an answer, its number among those.
    pub of_law: HashMap<u32, u32>,
    /// The middle of the questions of each of those laws.
    pub law_middles: Near,
    /// Those laws by the words of all their questions.
    pub law_asked: Postings,
    /// How often each law was an answer.
    pub by_law: HashMap<u32, f32>,
    /// How often each category was.
    pub by_category: HashMap<u32, f32>,
}

impl Learned {
    /// Learns from examples.
    pub fn of(corpus: &Corpus, examples: &[&Example]) -> Self {
        let words = Vocabulary::of(examples.iter().map(|example| example.query.as_str()), 1);
        let vectors: Vec<Vector> = examples.iter().map(|example| words.vector(&example.query)).collect();
        let mut questions: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (number, example) in examples.iter().enumerate() {
            for article in &example.articles {
                questions.entry(*article).or_default().push(number);
            }
        }
        let articles: Vec<u32> = questions.keys().copied().collect();
        let of_article: HashMap<u32, u32> = articles.iter().copied().zip(0..).collect();
        let mut learned = Self {
            near: Near::of(&vectors, words.len()),
            answers: examples
                .iter()
                .map(|example| example.articles.iter().map(|article| of_article[article]).collect())
                .collect(),
            asked_for: questions.iter().map(|(article, numbers)| (*article, numbers.len() as f32)).collect(),
            words,
            articles,
            of_article,
            ..Self::default()
        };
        let pairs: Vec<Vec<u64>> =
            examples.iter().map(|example| grams(&letters(&example.query), 2).collect()).collect();
        let (mut asked, mut whole, mut middles) = (Builder::default(), Builder::default(), Vec::new());
        for (article, numbers) in &questions {
            let of_questions: Vec<u64> = numbers.iter().flat_map(|number| pairs[*number].clone()).collect();
            let title = letters(&corpus.law_of(*article).title);
            let text =
                corpus.letters(*article as usize).iter().filter_map(|unit| char::from_u32(u32::from(*unit)));
            let text: Vec<char> = title.into_iter().chain(text).collect();
            whole.add(grams(&text, 2).chain(of_questions.iter().copied()).collect());
            asked.add(of_questions);
            middles.push(middle(numbers.iter().map(|number| &vectors[*number])));
            let law = corpus.entries[*article as usize].law;
            *learned.by_law.entry(law).or_default() += numbers.len() as f32;
            *learned.by_category.entry(corpus.categories[law as usize]).or_default() += numbers.len() as f32;
        }
        learned.read_laws(corpus, examples, &vectors, &pairs);
        learned.asked = asked.finish(Bm25::default());
        learned.whole = whole.finish(Bm25::default());
        learned.middles = Near::of(&middles, learned.words.len());
        learned
    }

    /// What is asked about each law, whichever of its articles answers.
    fn read_laws(&mut self, corpus: &Corpus, examples: &[&Example], vectors: &[Vector], pairs: &[Vec<u64>]) {
        let mut questions: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (number, example) in examples.iter().enumerate() {
            let laws: BTreeSet<u32> =
                example.articles.iter().map(|article| corpus.entries[*article as usize].law).collect();
            for law in laws {
                questions.entry(law).or_default().push(number);
            }
        }
        let (mut asked, mut middles) = (Builder::default(), Vec::new());
        for numbers in questions.values() {
            asked.add(numbers.iter().flat_map(|number| pairs[*number].clone()).collect());
            middles.push(middle(numbers.iter().map(|number| &vectors[*number])));
        }
        self.of_law = questions.into_keys().zip(0..).collect();
        self.law_asked = asked.finish(Bm25::default());
        self.law_middles = Near::of(&middles, self.words.len());
    }
}
