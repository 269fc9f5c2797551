//! SQL of taking divisions in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use store::{Changes, Reads, StoreError, sql};

use crate::area::succession::{Link, Span};

/// Rows of one statement; seven values each stay far below SQLite's 32,766.
const ROWS: usize = 500;

/// All rows of codes within a range, by code and first day.
pub(crate) async fn spans(
    reads: &mut impl Reads,
    (low, high): (i64, i64),
) -> Result<BTreeMap<AreaCode, Vec<Span>>, StoreError> {
    let rows: Vec<(i64, String, Date, Option<Date>)> =
        sql("SELECT code, name, valid_from, valid_to FROM area WHERE code BETWEEN ? AND ?")
            .bind(low)
            .bind(high)
            .then(" ORDER BY code, valid_from")
            .all(reads)
            .await?;
    let mut all: BTreeMap<AreaCode, Vec<Span>> = BTreeMap::new();
    for (code, name, valid_from, valid_to) in rows {
        let code = AreaCode::from_i64(code).map_err(|fault| StoreError::column("code", fault))?;
        all.entry(code).or_default().push(Span { code, name, valid_from, valid_to });
    }
    Ok(all)
}

/// Statements that write rows; one of the same code and first day is written over.
pub(crate) fn put<'a>(changes: &mut Changes, spans: impl IntoIterator<Item = &'a Span>, origin: &str) {
    let all: Vec<&Span> = spans.into_iter().collect();
    for chunk in all.chunks(ROWS) {
        changes.push(
            sql("INSERT INTO area (code, valid_from, valid_to, name, level, parent, origin) VALUES ")
                .rows(chunk, |row, span| {
                    row.bind(span.code.as_i64())
                        .bind(span.valid_from)
                        .bind(span.valid_to)
                        .bind(&span.name)
                        .bind(number(span.code.level()))
                        .bind(span.code.parent().map(AreaCode::as_i64))
                        .bind(origin)
                })
                .then(" ON CONFLICT (code, valid_from) DO UPDATE SET valid_to = excluded.valid_to,")
                .then(" name = excluded.name, origin = excluded.origin"),
        );
    }
}

/// 1 for a province … 5 for a village.
fn number(level: Level) -> i64 {
    Level::ALL.into_iter().zip(1..).find_map(|(own, number)| (own == level).then_some(number)).unwrap_or(5)
}

/// Statements that close what stands under these codes.
pub(crate) fn close(changes: &mut Changes, codes: &[AreaCode], on: Date) {
    for chunk in codes.chunks(ROWS) {
        changes.push(sql("UPDATE area SET valid_to = ? WHERE valid_to IS NULL").bind(on).list(
            " AND code IN (",
            chunk.iter().map(|code| code.as_i64()),
            ")",
        ));
    }
}

/// Statements that link former divisions with what took them over.
pub(crate) fn link(changes: &mut Changes, links: &[Link]) {
    for chunk in links.chunks(ROWS) {
        changes.push(
            sql("INSERT INTO area_link (code, successor, changed_on, source) VALUES ")
                .rows(chunk, |row, link| {
                    row.bind(link.from.as_i64())
                        .bind(link.to.as_i64())
                        .bind(link.changed_on)
                        .bind(link.source.as_str())
                })
                .then(" ON CONFLICT (code, successor) DO UPDATE SET changed_on = excluded.changed_on,")
                .then(" source = excluded.source"),
        );
    }
}
