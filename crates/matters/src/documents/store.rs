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

/// Writes down the documents of a command, numbers drawn in the transaction that makes them: one statement for
/// all without a number, two for each with one.
pub fn draw<'a>(changes: &mut Changes, matter: &Matter, papers: impl Iterator<Item = &'a Paper>) {
    let series = |paper: &Paper| matter.item.document(&paper.kind).and_then(|known| known.series.clone());
    let year = |paper: &Paper| i64::from(paper.at.date().year());
    let (numbered, plain): (Vec<&Paper>, Vec<&Paper>) = papers.partition(|paper| series(paper).is_some());
    if !plain.is_empty() {
        changes.push(
            sql("INSERT INTO document (number, doc, kind, seq, office, year, made_at) VALUES ").rows(
                plain,
                |row, paper| {
                    row.bind(matter.number)
                        .bind(&paper.id)
                        .bind(&paper.kind)
                        .bind(paper.seq)
                        .bind(&matter.office)
                        .bind(year(paper))
                        .bind(paper.at)
                },
            ),
        );
    }
    for paper in numbered {
        let series = series(paper);
        changes.push(
            sql("INSERT INTO document_series (office, series, year, n) VALUES (?, ?, ?, 1) \
                 ON CONFLICT (office, series, year) DO UPDATE SET n = document_series.n + 1")
            .bind(&matter.office)
            .bind(series.clone())
            .bind(year(paper)),
        );
        changes.push(
            sql("INSERT INTO document (number, doc, kind, seq, office, series, year, made_at, n) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, \
                 (SELECT n FROM document_series WHERE office = ? AND series = ? AND year = ?))")
            .bind(matter.number)
            .bind(&paper.id)
            .bind(&paper.kind)
            .bind(paper.seq)
            .bind(&matter.office)
            .bind(series.clone())
            .bind(year(paper))
            .bind(paper.at)
            .bind(&matter.office)
            .bind(series)
            .bind(year(paper)),
        );
    }
}
