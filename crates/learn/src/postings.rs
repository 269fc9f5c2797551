//! An inverted index over n-grams with BM25 weights, small enough to be held in memory and quick to build.

use std::io::{self, Read, Write};
use std::ops::Range;

use crate::grams::GramMap;

/// How strongly repetition and length count.
#[derive(Debug, Clone, Copy)]
pub struct Bm25 {
    /// Saturation of repetition.
    pub k1: f32,
    /// How much long documents are held back.
    pub b: f32,
}

impl Default for Bm25 {
    fn default() -> Self {
        Self { k1: 1.2, b: 0.75 }
    }
}

/// The index. Documents are numbered from 0 in the order they were added.
#[derive(Debug, Default, Clone)]
pub struct Postings {
    terms: GramMap<u32>,
    /// Of each term, where its postings begin; one more at the end.
    starts: Vec<u32>,
    documents: Vec<u32>,
    counts: Vec<u8>,
    lengths: Vec<u32>,
    weights: Vec<f32>,
}

/// Collects documents for [`Postings`].
#[derive(Debug, Default)]
pub struct Builder {
    terms: GramMap<u32>,
    entries: Vec<(u32, u32, u8)>,
    lengths: Vec<u32>,
}

impl Builder {
    /// Adds the next document by its n-grams, repetitions included.
    pub fn add(&mut self, mut grams: Vec<u64>) {
        let document = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        self.lengths.push(u32::try_from(grams.len()).unwrap_or(u32::MAX));
        grams.sort_unstable();
        for same in grams.chunk_by(|a, b| a == b) {
            let next = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
            let term = *self.terms.entry(same[0]).or_insert(next);
            self.entries.push((term, document, u8::try_from(same.len()).unwrap_or(u8::MAX)));
        }
    }

    /// The finished index.
    pub fn finish(self, bm25: Bm25) -> Postings {
        let mut starts = vec![0_u32; self.terms.len() + 1];
        for (term, ..) in &self.entries {
            starts[*term as usize + 1] += 1;
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }
        let mut next = starts.clone();
        let mut documents = vec![0; self.entries.len()];
        let mut counts = vec![0; self.entries.len()];
        for (term, document, count) in self.entries {
            let at = next[term as usize] as usize;
            next[term as usize] += 1;
            documents[at] = document;
            counts[at] = count;
        }
        let mut postings = Postings {
            terms: self.terms,
            starts,
            documents,
            counts,
            lengths: self.lengths,
            weights: Vec::new(),
        };
        postings.weigh(bm25);
        postings
    }
}

impl Postings {
    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    fn weigh(&mut self, Bm25 { k1, b }: Bm25) {
        let count = self.lengths.len() as f32;
        let total: u64 = self.lengths.iter().map(|length| u64::from(*length)).sum();
        let mean = (total as f32 / count.max(1.0)).max(1.0);
        self.weights = vec![0.0; self.documents.len()];
        for ends in self.starts.windows(2) {
            let own = ends[0] as usize..ends[1] as usize;
            let rarity = rarity(count, own.len() as f32);
            let entries = self.counts[own.clone()].iter().zip(&self.documents[own.clone()]);
            for ((times, document), weight) in entries.zip(&mut self.weights[own]) {
                let times = f32::from(*times);
                let length = self.lengths[*document as usize] as f32;
                *weight = rarity * times * (k1 + 1.0) / (times + k1 * (1.0 - b + b * length / mean));
            }
        }
    }

    /// Adds what the documents score for the distinct n-grams of a query to `scores` (one a document).
    pub fn score(&self, query: &[u64], scores: &mut [f32]) {
        self.score_weighted(query.iter().map(|gram| (*gram, 1.0)), scores);
    }

    /// The same for n-grams that count more or less.
    pub fn score_weighted(&self, query: impl IntoIterator<Item = (u64, f32)>, scores: &mut [f32]) {
        for (gram, share) in query {
            let Some(own) = self.entries_of(gram) else { continue };
            for (document, weight) in self.documents[own.clone()].iter().zip(&self.weights[own]) {
                scores[*document as usize] += weight * share;
            }
        }
    }

    /// How rare an n-gram is; one that stands nowhere says nothing.
    pub fn rarity(&self, gram: u64) -> f32 {
        self.entries_of(gram).map_or(0.0, |own| rarity(self.len() as f32, own.len() as f32))
    }

    /// In how many documents an n-gram stands.
    pub fn spread(&self, gram: u64) -> usize {
        self.entries_of(gram).map_or(0, |own| own.len())
    }

    fn entries_of(&self, gram: u64) -> Option<Range<usize>> {
        let term = *self.terms.get(&gram)? as usize;
        Some(self.starts[term] as usize..self.starts[term + 1] as usize)
    }

    /// Writes the index, without what can be computed again.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut keys = vec![0_u64; self.terms.len()];
        for (key, term) in &self.terms {
            keys[*term as usize] = *key;
        }
        for size in [keys.len(), self.documents.len(), self.lengths.len()] {
            out.write_all(&(size as u64).to_le_bytes())?;
        }
        let words = |list: &[u32]| -> Vec<u8> { list.iter().flat_map(|word| word.to_le_bytes()).collect() };
        out.write_all(&keys.iter().flat_map(|key| key.to_le_bytes()).collect::<Vec<u8>>())?;
        out.write_all(&words(&self.starts))?;
        out.write_all(&words(&self.documents))?;
        out.write_all(&self.counts)?;
        out.write_all(&words(&self.lengths))
    }

    /// Reads what [`Postings::write`] wrote; anything else is an error, never a wrong index.
    pub fn read(from: &mut impl Read, bm25: Bm25) -> io::Result<Self> {
        let mut sizes = [0_usize; 3];
        for size in &mut sizes {
            let mut word = [0; 8];
            from.read_exact(&mut word)?;
            *size = usize::try_from(u64::from_le_bytes(word)).map_err(|_| damaged())?;
            if *size > LARGEST {
                return Err(damaged());
            }
        }
        let [terms, entries, documents] = sizes;
        let keys = bytes(from, terms * 8)?;
        let keys = keys.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
        let terms_of: GramMap<u32> = keys.zip(0..).collect();
        let starts = words(from, terms + 1)?;
        let postings = Self {
            terms: terms_of,
            documents: words(from, entries)?,
            counts: bytes(from, entries)?,
            lengths: words(from, documents)?,
            starts,
            weights: Vec::new(),
        };
        let sound = postings.terms.len() == terms
            && postings.starts.is_sorted()
            && postings.starts.first() == Some(&0)
            && postings.starts.last().is_some_and(|last| *last as usize == entries)
            && postings.documents.iter().all(|document| (*document as usize) < documents);
        if !sound {
            return Err(damaged());
        }
        let mut postings = postings;
        postings.weigh(bm25);
        Ok(postings)
    }
}

/// How much it says that a document has what so many of all have.
fn rarity(all: f32, having: f32) -> f32 {
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// More entries than this are no index of ours: a damaged file must not ask for all memory.
const LARGEST: usize = 1 << 30;

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the index is damaged")
}

fn bytes(from: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut found = Vec::new();
    from.take(count as u64).read_to_end(&mut found)?;
    if found.len() == count { Ok(found) } else { Err(damaged()) }
}

fn words(from: &mut impl Read, count: usize) -> io::Result<Vec<u32>> {
    let bytes = bytes(from, count * 4)?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

/// The best `most` of scores above nothing, best first; of equals the one added first.
pub fn best(scores: &[f32], most: usize) -> Vec<u32> {
    let mut found: Vec<u32> =
        (0..).zip(scores).filter(|(_, score)| **score > 0.0).map(|(document, _)| document).collect();
    let order = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
    if found.len() > most && most > 0 {
        found.select_nth_unstable_by(most - 1, order);
        found.truncate(most);
    }
    found.sort_unstable_by(order);
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grams::{grams, letters};

    fn index() -> Postings {
        let mut builder = Builder::default();
        for text in ["工资应当按月支付", "夫妻共同财产", "拖欠工资的加付赔偿金"] {
            builder.add(grams(&letters(text), 2).collect());
        }
        builder.finish(Bm25::default())
    }

    fn hits(index: &Postings, query: &str) -> Vec<u32> {
        let mut scores = vec![0.0; index.len()];
        index.score(&grams(&letters(query), 2).collect::<Vec<_>>(), &mut scores);
        best(&scores, 10)
    }

    #[test]
    fn what_shares_rare_grams_comes_first() {
        assert_eq!(hits(&index(), "老板拖欠工资"), [2, 0]);
        assert_eq!(hits(&index(), "知识产权"), []);
        let rarity = |pair: &str| grams(&letters(pair), 2).map(|gram| index().rarity(gram)).sum::<f32>();
        assert!(rarity("夫妻") > rarity("工资") && rarity("工资") > rarity("知识"));
    }

    #[test]
    fn an_index_is_the_same_after_reading_and_a_damaged_one_is_refused() {
        let mut file = Vec::new();
        index().write(&mut file).unwrap();
        let read = Postings::read(&mut &file[..], Bm25::default()).unwrap();
        assert_eq!(hits(&read, "老板拖欠工资"), [2, 0]);
        for end in 0..file.len() {
            assert!(Postings::read(&mut &file[..end], Bm25::default()).is_err(), "{end}");
        }
    }
}
