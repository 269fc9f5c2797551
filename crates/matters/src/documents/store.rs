//! The SQL of documents, and only SQL.

use kernel::number::MatterNumber;
use store::{Changes, Reads, StoreError, sql};

use crate::engine::matter::Matter;
use crate::engine::state::Paper;

store::record! {
    /// One row of `document`.
    #[derive(Debug, Clone)]
    pub struct DocumentRow {
        /// `d1` within the matter.
        pub doc: String,
        /// Organisation that issued it.
        pub office: String,
        /// Word of its number.
        pub series: Option<String>,
        /// Year of its number.
        pub year: i64,
        /// Its number in the series.
        pub n: Option<i64>,
    }
}

impl DocumentRow {
    /// Its number as it is written: `〔2026〕援决字第1号`.
    pub fn no(&self) -> Option<String> {
        let (series, n) = self.series.as_ref().zip(self.n)?;
        Some(format!("〔{}〕{series}字第{n}号", self.year))
    }
}

/// The documents of a matter.
pub async fn of_matter(reads: &mut impl Reads, number: MatterNumber) -> Result<Vec<DocumentRow>, StoreError> {
    sql("SELECT doc, office, series, year, n FROM document WHERE number = ? ORDER BY seq, doc")
        .bind(number)
        .all(reads)
        .await
}

/// Gives a document its number in the transaction that makes it: two statements for a numbered one, one for
/// another.
pub fn draw(changes: &mut Changes, matter: &Matter, paper: &Paper) {
    let series = matter.item.document(&paper.kind).and_then(|document| document.series.clone());
    let year = i64::from(paper.at.date().year());
    if let Some(series) = &series {
        changes.push(
            sql("INSERT INTO document_series (office, series, year, n) VALUES (?, ?, ?, 1) \
                 ON CONFLICT (office, series, year) DO UPDATE SET n = document_series.n + 1")
            .bind(&matter.office)
            .bind(series)
            .bind(year),
        );
    }
    let statement = sql("INSERT INTO document (number, doc, kind, seq, office, series, year, made_at, n) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ")
    .bind(matter.number)
    .bind(&paper.id)
    .bind(&paper.kind)
    .bind(paper.seq)
    .bind(&matter.office)
    .bind(series.clone())
    .bind(year)
    .bind(paper.at);
    changes.push(match series {
        None => statement.then("NULL)"),
        Some(series) => statement
            .then("(SELECT n FROM document_series WHERE office = ? AND series = ? AND year = ?))")
            .bind(&matter.office)
            .bind(series)
            .bind(year),
    });
}
