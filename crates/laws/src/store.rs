//! SQL of statutes.

use std::collections::HashMap;

use jiff::civil::Date;
use kernel::time::Instant;
use serde::Serialize;
use store::{Changes, Reads, StoreError, sql};

use crate::model::{Draft, Status};

store::record! {
    /// A version of a law, without its articles.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Law {
        /// `title@version`.
        pub id: String,
        /// As it is cited.
        pub title: String,
        /// As it was published.
        pub full_title: String,
        /// Kind of law.
        pub category: String,
        /// Day of this version, or nothing.
        pub version: String,
        /// First day in force.
        pub effective_from: Option<Date>,
        /// Last day in force.
        pub effective_to: Option<Date>,
        /// Whether it is law.
        pub status: Status,
        /// Who says so.
        pub status_source: String,
        /// Which collection it comes from.
        pub source: String,
        /// How many articles it has.
        pub articles: i64,
    }
}

store::record! {
    /// An article as kept.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct ArticleRow {
        /// Its law.
        pub law: String,
        /// Its place, from 0.
        pub place: i64,
        /// As it is called.
        pub article: String,
        /// Chapter and section.
        pub heading: String,
        /// What it says.
        pub text: String,
        /// Its own id in the file it came from, as JSON.
        pub source_id: Option<String>,
    }
}

const LAW: &str = "SELECT id, title, full_title, category, version, effective_from, effective_to, status, \
    status_source, source, articles FROM law";

const ARTICLE: &str = "SELECT law, place, article, heading, text, source_id FROM law_article";

/// Digest and source of every version that is kept.
pub async fn known(reads: &mut impl Reads) -> Result<HashMap<String, (Vec<u8>, String)>, StoreError> {
    let rows: Vec<(String, Vec<u8>, String)> = sql("SELECT id, digest, source FROM law").all(reads).await?;
    Ok(rows.into_iter().map(|(id, digest, source)| (id, (digest, source))).collect())
}

/// How often the statutes were changed: an index made at another count is stale.
pub async fn edition(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (version,): (i64,) =
        sql("SELECT version FROM reference_version WHERE family = 'law'").one(reads).await?;
    Ok(version)
}

/// Every version that is kept, by title and day.
pub async fn laws(reads: &mut impl Reads) -> Result<Vec<Law>, StoreError> {
    sql(LAW).then(" ORDER BY title, version").all(reads).await
}

/// One version.
pub async fn law(reads: &mut impl Reads, id: &str) -> Result<Option<Law>, StoreError> {
    sql(LAW).then(" WHERE id = ?").bind(id).optional(reads).await
}

/// All versions under one title, the newest first.
pub async fn versions(reads: &mut impl Reads, title: &str) -> Result<Vec<Law>, StoreError> {
    sql(LAW).then(" WHERE title = ? ORDER BY version DESC").bind(title).all(reads).await
}

/// The version an id names, or of a title the one that holds on a day; with all versions, the newest first.
pub async fn holding(
    reads: &mut impl Reads,
    id: &str,
    on: Date,
) -> Result<Option<(Law, Vec<Law>)>, StoreError> {
    if let Some(exact) = law(reads, id).await?.filter(|law| !law.version.is_empty() || id != law.title) {
        let all = versions(reads, &exact.title).await?;
        return Ok(Some((exact, all)));
    }
    let all = versions(reads, id).await?;
    let chosen = held_on(&all, on).cloned();
    Ok(chosen.map(|law| (law, all)))
}

/// Of versions, the newest first, the one that holds on a day: it had begun and not ended. Where no source says when
/// it began, the day it was made stands in. When none had begun, the oldest is shown rather than nothing.
pub fn held_on(versions: &[Law], on: Date) -> Option<&Law> {
    let began =
        |law: &Law| law.effective_from.or_else(|| law.version.parse().ok()).is_none_or(|day| day <= on);
    let goes_on = |law: &Law| law.effective_to.is_none_or(|day| on <= day);
    versions
        .iter()
        .find(|law| began(law) && goes_on(law))
        .or_else(|| versions.iter().find(|law| began(law)))
        .or(versions.last())
}

/// A page of titles that contain a word, of one category where one is named, and how many there are.
pub async fn page(
    reads: &mut impl Reads,
    word: &str,
    category: Option<&str>,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<Law>, u64), StoreError> {
    let like = format!("%{}%", word.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let (total,): (i64,) = sql("SELECT count(*) FROM law WHERE lower(title) LIKE ? ESCAPE '!'")
        .bind(&like)
        .when(" AND category = ?", category)
        .one(reads)
        .await?;
    let rows = sql(LAW)
        .then(" WHERE lower(title) LIKE ? ESCAPE '!'")
        .bind(like)
        .when(" AND category = ?", category)
        .when(" AND id > ?", after)
        .then(" ORDER BY id LIMIT ?")
        .bind(limit)
        .all(reads)
        .await?;
    Ok((rows, u64::try_from(total).unwrap_or(0)))
}

/// The categories of what is kept, each with the number of its versions, the largest first.
pub async fn categories(reads: &mut impl Reads) -> Result<Vec<(String, i64)>, StoreError> {
    sql("SELECT category, count(*) AS kept FROM law WHERE category <> '' GROUP BY category")
        .then(" ORDER BY kept DESC, category")
        .all(reads)
        .await
}

/// The articles of a version, in order.
pub async fn articles(reads: &mut impl Reads, law: &str) -> Result<Vec<ArticleRow>, StoreError> {
    sql(ARTICLE).then(" WHERE law = ? ORDER BY place").bind(law).all(reads).await
}

/// One article.
pub async fn article(
    reads: &mut impl Reads,
    law: &str,
    place: i64,
) -> Result<Option<ArticleRow>, StoreError> {
    sql(ARTICLE).then(" WHERE law = ? AND place = ?").bind(law).bind(place).optional(reads).await
}

/// Every article that is kept, law by law.
pub async fn all_articles(reads: &mut impl Reads) -> Result<Vec<ArticleRow>, StoreError> {
    sql(ARTICLE).then(" ORDER BY law, place").all(reads).await
}

/// Rows of articles in one statement: six values each, of which SQLite takes 32,766.
const ROWS: usize = 2000;

/// Statements that keep a version as given, in place of what was kept under its id.
pub(crate) fn put(changes: &mut Changes, law: &Draft, digest: &[u8], now: Instant) {
    let id = law.id();
    changes.push(sql("DELETE FROM law_article WHERE law = ?").bind(&id));
    changes.push(
        sql("INSERT INTO law (id, title, full_title, category, version, effective_from, effective_to, status,")
            .then(" status_source, source, digest, articles, taken_at) VALUES ")
            .then("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&id)
            .bind(&law.title)
            .bind(&law.full_title)
            .bind(&law.category)
            .bind(&law.version)
            .bind(law.effective_from)
            .bind(law.effective_to)
            .bind(law.status)
            .bind(&law.status_source)
            .bind(&law.source)
            .bind(digest)
            .bind(i64::try_from(law.articles.len()).unwrap_or(i64::MAX))
            .bind(now)
            .then(" ON CONFLICT (id) DO UPDATE SET title = excluded.title, full_title = excluded.full_title,")
            .then(" category = excluded.category, effective_from = excluded.effective_from,")
            .then(" effective_to = excluded.effective_to, status = excluded.status,")
            .then(" status_source = excluded.status_source, source = excluded.source,")
            .then(" digest = excluded.digest, articles = excluded.articles, taken_at = excluded.taken_at"),
    );
    let numbered: Vec<_> = (0_i64..).zip(&law.articles).collect();
    for rows in numbered.chunks(ROWS) {
        changes.push(
            sql("INSERT INTO law_article (law, place, article, heading, text, source_id) VALUES ").rows(
                rows,
                |row, (place, article)| {
                    row.bind(&id)
                        .bind(*place)
                        .bind(&article.article)
                        .bind(&article.heading)
                        .bind(&article.text)
                        .bind(article.source_id.as_deref())
                },
            ),
        );
    }
}

/// A statement that marks the statutes as changed.
pub(crate) fn mark(changes: &mut Changes) {
    changes.push(sql("UPDATE reference_version SET version = version + 1 WHERE family = 'law'"));
}
