//! SQL of practitioners.

use store::{Reads, Sql, StoreError, sql};

use super::model::{Practitioner, PractitionerQuery};

store::record! {
    struct Line {
        id: String,
        name: String,
        kind: String,
        licence_no: Option<String>,
        organisation: String,
        phone: Option<String>,
    }
}

const COLUMNS: &str = "SELECT p.id, p.name, p.kind, p.licence_no, p.organisation, p.phone";

/// Practitioners of these ids.
pub async fn of_ids(reads: &mut impl Reads, ids: &[&str]) -> Result<Vec<Practitioner>, StoreError> {
    let lines: Vec<Line> = sql(COLUMNS)
        .then(" FROM practitioner p WHERE ")
        .list("p.id IN (", ids.iter().copied(), ") ORDER BY p.id")
        .all(reads)
        .await?;
    with_words(reads, lines).await
}

/// A page by id, and the count of the whole.
pub async fn search(
    reads: &mut impl Reads,
    query: &PractitionerQuery,
) -> Result<(Vec<Practitioner>, u64), StoreError> {
    let (total,): (i64,) = narrowed(sql("SELECT count(*)"), query).one(reads).await?;
    let lines: Vec<Line> = narrowed(sql(COLUMNS), query)
        .when(" AND p.id > ?", query.after.clone())
        .then(" ORDER BY p.id LIMIT ?")
        .bind(query.limit)
        .all(reads)
        .await?;
    Ok((with_words(reads, lines).await?, u64::try_from(total).unwrap_or(0)))
}

fn narrowed(head: Sql, query: &PractitionerQuery) -> Sql {
    let mut statement = head
        .then(" FROM practitioner p JOIN organisation o ON o.id = p.organisation WHERE o.closed_on IS NULL")
        .when(" AND p.kind = ?", query.kind.clone())
        .when(" AND p.organisation = ?", query.organisation.clone());
    if let Some(area) = query.area {
        let (low, high) = area.range();
        statement = statement.then(" AND o.area BETWEEN ? AND ?").bind(low).bind(high);
    }
    for (kind, word) in [("skill", &query.skill), ("language", &query.language)] {
        if let Some(word) = word {
            statement = statement
                .then(" AND EXISTS (SELECT 1 FROM practitioner_word w WHERE w.practitioner = p.id")
                .then(" AND w.kind = ? AND w.word = ?)")
                .bind(kind)
                .bind(word);
        }
    }
    match &query.text {
        Some(text) => {
            statement.then(" AND lower(p.name) LIKE ? ESCAPE '!'").bind(crate::area::store::contains(text))
        }
        None => statement,
    }
}

async fn with_words(reads: &mut impl Reads, lines: Vec<Line>) -> Result<Vec<Practitioner>, StoreError> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let words: Vec<(String, String, String)> =
        sql("SELECT practitioner, kind, word FROM practitioner_word WHERE ")
            .list("practitioner IN (", lines.iter().map(|line| line.id.as_str()), ")")
            .then(" ORDER BY practitioner, kind, word")
            .all(reads)
            .await?;
    let of = |id: &str, kind: &str| -> Vec<String> {
        words.iter().filter(|(who, of, _)| who == id && of == kind).map(|(_, _, word)| word.clone()).collect()
    };
    Ok(lines
        .into_iter()
        .map(|line| Practitioner {
            skills: of(&line.id, "skill"),
            languages: of(&line.id, "language"),
            id: line.id,
            name: line.name,
            kind: line.kind,
            licence_no: line.licence_no,
            organisation: line.organisation,
            phone: line.phone,
        })
        .collect())
}
