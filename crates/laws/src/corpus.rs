//! What is searched: the articles of the newest version of each law, in memory, with their index.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use jiff::civil::Date;
use learn::grams::{grams, letters};
use learn::postings::{Bm25, Builder, Postings};
use store::Db;

use crate::LawError;
use crate::citation::number;
use crate::numeral;
use crate::store as rows;
use crate::store::{ArticleRow, Law};

/// The folder of what is derived, within the data folder.
pub const FOLDER: &str = "laws";

/// The index file within it.
const INDEX: &str = "index.bin";

/// What an index file begins with; another layout has another number.
const MAGIC: &[u8; 8] = b"HFLAWS01";

/// An article, as searching needs it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Number of its law.
    pub law: u32,
    /// Its place in its law.
    pub place: i64,
    /// As it is called.
    pub article: String,
    /// Its id for callers, as JSON: the row's own, or `"law#article"`.
    pub id: String,
}

/// The articles that are searched, numbered from 0.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Articles.
    pub entries: Vec<Entry>,
    /// Laws, by number.
    pub laws: Vec<Law>,
    /// Number of the category of each law.
    pub categories: Vec<u32>,
    /// Articles by 2-grams of the law's title and their own text.
    pub postings: Postings,
    /// Laws by 2-grams of their title.
    pub titles: Postings,
    /// Letters of each article, one after the other, and where each begins.
    text: Vec<u16>,
    starts: Vec<u32>,
    /// In how many articles a letter stands.
    spread: HashMap<u16, u32>,
    by_id: HashMap<String, u32>,
    by_key: HashMap<String, u32>,
    by_number: HashMap<(u32, (u32, u32)), u32>,
}

impl Corpus {
    /// Loads what is kept and holds on a day. The index is read from the data folder when it belongs to this
    /// edition, else made and written there.
    pub async fn open(db: &Db, data: &Path, on: Date) -> Result<Self, LawError> {
        let mut reads = db.snapshot().await?;
        let edition = rows::edition(&mut reads).await?;
        let laws = rows::laws(&mut reads).await?;
        let articles = rows::all_articles(&mut reads).await?;
        drop(reads);
        let folder = data.join(FOLDER);
        let made = tokio::task::spawn_blocking(move || Self::new(laws, articles, on, &folder, edition));
        made.await.map_err(|error| LawError::Content(error.to_string()))
    }

    fn new(laws: Vec<Law>, articles: Vec<ArticleRow>, on: Date, folder: &Path, edition: i64) -> Self {
        let mut corpus = Self::default();
        let numbers = corpus.choose(laws, on);
        let of = Edition { count: edition, chosen: chosen(&corpus.laws) };
        let mut titles = Builder::default();
        let names: Vec<Vec<char>> = corpus.laws.iter().map(|law| letters(&law.title)).collect();
        for name in &names {
            titles.add(grams(name, 2).collect());
        }
        corpus.titles = titles.finish(Bm25 { k1: 1.2, b: 0.5 });
        let stored = read(&folder.join(INDEX), of);
        let mut builder = stored.is_none().then(Builder::default);
        for row in articles {
            let Some(law) = numbers.get(&row.law).copied() else { continue };
            let text = letters(&row.text);
            if let Some(builder) = &mut builder {
                // As a reader sees it: the name of the law before the words of the article.
                let whole: Vec<char> = names[law as usize].iter().chain(&text).copied().collect();
                builder.add(grams(&whole, 2).collect());
            }
            corpus.add(law, row, &text);
        }
        corpus.starts.push(u32::try_from(corpus.text.len()).unwrap_or(u32::MAX));
        corpus.postings = match (builder, stored) {
            (None, Some(stored)) if stored.len() == corpus.entries.len() => stored,
            (Some(builder), _) => {
                let made = builder.finish(Bm25::default());
                // Without the file the next start makes the index again; it is no reason to answer nothing.
                let _ = write(folder, of, &made);
                made
            }
            _ => corpus.rebuilt(&names),
        };
        corpus
    }

    /// Of each law the version that holds on a day; where none is said to hold, the one that did last.
    fn choose(&mut self, laws: Vec<Law>, on: Date) -> HashMap<String, u32> {
        let mut by_title: BTreeMap<String, Vec<Law>> = BTreeMap::new();
        for law in laws {
            by_title.entry(law.title.clone()).or_default().push(law);
        }
        let mut categories: BTreeMap<String, u32> = BTreeMap::new();
        let mut numbers = HashMap::new();
        let chosen = by_title.into_values().filter_map(|mut versions| {
            versions.sort_by(|a, b| b.version.cmp(&a.version));
            let may: Vec<Law> = versions.iter().filter(|law| law.status.may_hold()).cloned().collect();
            rows::held_on(if may.is_empty() { &versions } else { &may }, on).cloned()
        });
        for (number, law) in (0_u32..).zip(chosen) {
            let next = u32::try_from(categories.len()).unwrap_or(u32::MAX);
            self.categories.push(*categories.entry(law.category.clone()).or_insert(next));
            numbers.insert(law.id.clone(), number);
            self.laws.push(law);
        }
        numbers
    }

    fn add(&mut self, law: u32, row: ArticleRow, text: &[char]) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let units = text.iter().filter_map(|letter| u16::try_from(u32::from(*letter)).ok());
        let from = self.text.len();
        self.text.extend(units);
        let mut distinct: Vec<u16> = self.text[from..].to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        for letter in distinct {
            *self.spread.entry(letter).or_default() += 1;
        }
        let of = &self.laws[law as usize];
        let cited = format!("{}#{}", of.title, row.article);
        let id = row.source_id.unwrap_or_else(|| serde_json::Value::from(cited.clone()).to_string());
        self.by_key.entry(format!("{}#{}", of.id, row.article)).or_insert(number);
        if let Some(numbered) = numeral::article(&row.article) {
            self.by_number.entry((law, numbered)).or_insert(number);
        }
        self.by_id.entry(id.clone()).or_insert(number);
        self.by_id.entry(serde_json::Value::from(cited).to_string()).or_insert(number);
        self.entries.push(Entry { law, place: row.place, article: row.article, id });
    }

    fn rebuilt(&self, names: &[Vec<char>]) -> Postings {
        let mut builder = Builder::default();
        for number in 0..self.entries.len() {
            let name = names[self.entries[number].law as usize].iter().copied();
            let text = self.letters(number).iter().filter_map(|unit| char::from_u32(u32::from(*unit)));
            let whole: Vec<char> = name.chain(text).collect();
            builder.add(grams(&whole, 2).collect());
        }
        builder.finish(Bm25::default())
    }

    /// How many articles are searched.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was imported.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The letters of an article.
    pub fn letters(&self, number: usize) -> &[u16] {
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// How rare a letter is.
    pub fn rarity(&self, letter: u16) -> f32 {
        let stands = self.spread.get(&letter).copied().unwrap_or(0) as f32;
        (1.0 + (self.len() as f32 - stands + 0.5) / (stands + 0.5)).ln()
    }

    /// The law of an article.
    pub fn law_of(&self, number: u32) -> &Law {
        &self.laws[self.entries[number as usize].law as usize]
    }

    /// How an article is remembered: `title@version#article`, so that another version is another article.
    pub fn key(&self, number: u32) -> String {
        format!("{}#{}", self.law_of(number).id, self.entries[number as usize].article)
    }

    /// The article remembered under a key.
    pub fn by_key(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }

    /// The article that is cited, `law#article`, in the version that is searched.
    pub fn cited(&self, citation: &str) -> Option<u32> {
        let (law, article) = citation.split_once('#')?;
        let law = self.laws.binary_search_by(|known| known.title.as_str().cmp(law)).ok()?;
        let law = u32::try_from(law).ok()?;
        self.by_number.get(&(law, number(article)?)).copied()
    }

    /// The articles that are cited, those that are kept, each once.
    pub fn all_cited(&self, citations: &[&str]) -> Vec<u32> {
        let mut found = Vec::new();
        for number in citations.iter().filter_map(|citation| self.cited(citation)) {
            if !found.contains(&number) {
                found.push(number);
            }
        }
        found
    }

    /// The article a row of questions means: its own id, or `law#article`.
    pub fn by_id(&self, id: &serde_json::Value) -> Option<u32> {
        self.by_id.get(&id.to_string()).copied()
    }
}

/// What an index was made of: how often the statutes had changed, and which versions held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Edition {
    count: i64,
    chosen: u64,
}

/// A number for a choice of versions (FNV-1a over their ids).
fn chosen(laws: &[Law]) -> u64 {
    let bytes = laws.iter().flat_map(|law| law.id.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Makes the index of the present edition anew, whatever lies there.
pub async fn rebuild(db: &Db, data: &Path, on: Date) -> Result<Corpus, LawError> {
    match fs::remove_file(data.join(FOLDER).join(INDEX)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Corpus::open(db, data, on).await
}

fn write(folder: &Path, of: Edition, index: &Postings) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    // Another name first, so that a reader never meets half a file.
    let part = folder.join(format!("index.{}.part", std::process::id()));
    let mut out = BufWriter::new(File::create(&part)?);
    out.write_all(MAGIC)?;
    out.write_all(&of.count.to_le_bytes())?;
    out.write_all(&of.chosen.to_le_bytes())?;
    index.write(&mut out)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(part, folder.join(INDEX))
}

fn read(path: &Path, of: Edition) -> Option<Postings> {
    let mut from = BufReader::with_capacity(1 << 20, File::open(path).ok()?);
    let (mut magic, mut count, mut chosen) = ([0; 8], [0; 8], [0; 8]);
    for word in [&mut magic, &mut count, &mut chosen] {
        from.read_exact(word).ok()?;
    }
    let found = Edition { count: i64::from_le_bytes(count), chosen: u64::from_le_bytes(chosen) };
    if magic == *MAGIC && found == of { Postings::read(&mut from, Bm25::default()).ok() } else { None }
}
