//! The statutes as a running node holds them: loaded when first asked for, and again when rows or learning changed.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::civil::Date;
use store::Db;
use tokio::sync::Mutex;

use crate::LawError;
use crate::asked::Asked;
use crate::corpus::Corpus;
use crate::marks::{marks, telling};
use crate::names::Names;
use crate::ranker::{Kept, Ranker};
use crate::store as rows;
use crate::store::{ArticleRow, Law};

/// Corpus and ranker of one edition.
#[derive(Debug)]
pub struct Held {
    edition: i64,
    on: Date,
    learned_at: Option<SystemTime>,
    /// What is searched.
    pub corpus: Corpus,
    /// How.
    pub ranker: Ranker,
    names: Names,
}

/// Where a node asks for statutes. Cheap to share.
#[derive(Clone)]
pub struct Shelf {
    db: Db,
    data: PathBuf,
    held: Arc<Mutex<Option<Arc<Held>>>>,
}

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// A question in anybody's words.
    pub query: &'a str,
    /// The articles people chose for what it is about, cited `law#article`; see [`Ranker::search`].
    pub chosen: &'a [&'a str],
    /// Only laws of this category.
    pub category: Option<&'a str>,
    /// How many articles at most.
    pub most: usize,
}

/// An article that was found, as it is shown.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Found {
    /// Its law.
    pub law: Law,
    /// The article.
    pub article: ArticleRow,
    /// Where its text has words of the question: ranges of bytes, in order and apart.
    pub marks: Vec<Range<usize>>,
}

impl Shelf {
    /// A shelf over a database and a data folder.
    pub fn new(db: Db, data: PathBuf) -> Self {
        Self { db, data, held: Arc::default() }
    }

    /// What is held, loaded anew when it is no longer what is kept.
    pub async fn held(&self, on: Date) -> Result<Arc<Held>, LawError> {
        let edition = rows::edition(&mut self.db.reader().await?).await?;
        let learned_at = Kept::changed(&self.data);
        // Whoever comes while it is being loaded waits for the same.
        let mut place = self.held.lock().await;
        if let Some(held) = place
            .as_ref()
            .filter(|held| (held.edition, held.on, held.learned_at) == (edition, on, learned_at))
        {
            return Ok(Arc::clone(held));
        }
        let corpus = Corpus::open(&self.db, &self.data, on).await?;
        let data = self.data.clone();
        let held = tokio::task::spawn_blocking(move || {
            let kept = Kept::read(&data)?;
            let ranker = Ranker::new(&corpus, kept);
            let names = Names::of(&corpus.laws);
            Ok::<_, LawError>(Held { edition, on, learned_at, corpus, ranker, names })
        });
        let held = Arc::new(held.await.map_err(|error| LawError::Content(error.to_string()))??);
        *place = Some(Arc::clone(&held));
        Ok(held)
    }

    /// The best articles that hold on a day for a question, and whether their order was learned.
    pub async fn search(&self, wanted: &Wanted<'_>, on: Date) -> Result<(Vec<Found>, bool), LawError> {
        let held = self.held(on).await?;
        let (query, most, holder) = (wanted.query.to_owned(), wanted.most, Arc::clone(&held));
        let chosen: Vec<String> = wanted.chosen.iter().map(|cited| (*cited).to_owned()).collect();
        let category = wanted.category.map(str::to_owned);
        let searched = tokio::task::spawn_blocking(move || {
            let Held { corpus, ranker, .. } = &*holder;
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            let hits = ranker.search_in(corpus, &query, &chosen, category.as_deref(), most);
            (hits, telling(corpus, &Asked::new(&query, Vec::new())))
        });
        let (hits, telling) = searched.await.map_err(|error| LawError::Content(error.to_string()))?;
        let mut reads = self.db.reader().await?;
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let law = held.corpus.law_of(hit.article);
            let place = held.corpus.entries[hit.article as usize].place;
            // An import between the search and this reading may have taken the article away.
            if let Some(article) = rows::article(&mut reads, &law.id, place).await? {
                found.push(Found { law: law.clone(), marks: marks(&telling, &article.text), article });
            }
        }
        Ok((found, held.ranker.has_learned()))
    }

    /// The laws whose title was probably meant: by its sound, or with a wrong character in it.
    pub async fn near(&self, title: &str, most: usize, on: Date) -> Result<Vec<Law>, LawError> {
        let held = self.held(on).await?;
        let numbers = held.names.near(title, most);
        Ok(numbers.into_iter().filter_map(|number| held.corpus.laws.get(number).cloned()).collect())
    }

    /// The database of the rows.
    pub fn db(&self) -> &Db {
        &self.db
    }
}
