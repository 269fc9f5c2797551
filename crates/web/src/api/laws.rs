//! Statutes: which are kept, what they say, and what speaks to a question.

use axum::extract::{Path, State};
use jiff::civil::Date;
use kernel::refusal::{Code, Next, Refusal, Text};
use laws::numeral::anchor;
use laws::shelf::{Found, Wanted};
use laws::store::{self as rows, ArticleRow, Law};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::body::Query;
use crate::app::App;
use crate::problem::{Problem, Refused};

/// Longest question that is searched for, in characters.
const LONGEST: usize = 2000;

/// Answer of `GET /laws/{id}`.
#[derive(Serialize, ToSchema)]
pub struct LawText {
    /// The version: id, title, full_title, category, version, effective_from, effective_to, status, status_source,
    /// source, articles.
    pub law: Value,
    /// All versions that are kept, the newest first.
    pub versions: Vec<Value>,
    /// Articles in order: article, anchor, heading, text.
    pub articles: Vec<Value>,
}

/// Answer of `GET /laws/search`.
#[derive(Serialize, ToSchema)]
pub struct LawHits {
    /// Articles, the best first, each with its law.
    pub items: Vec<Value>,
    /// How many there are here.
    pub total: i64,
    /// `at_least`: more may speak to the question.
    pub total_is: String,
    /// Always null: ask with a larger limit.
    pub next: Option<String>,
    /// Whether the order was learned from answered questions.
    pub learned: bool,
}

/// Versions of laws, by id.
#[utoipa::path(
    get, path = "/api/v1/laws", tag = "laws",
    params(
        ("q" = Option<String>, Query, description = "Part of the title"),
        ("category" = Option<String>, Query, description = "Only laws of this category"),
        ("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Versions of laws", body = super::openapi::List),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let limit = u32::try_from(query.limit()?).unwrap_or(20);
    let word = query.get("q").unwrap_or_default();
    let mut reads = app.db().reader().await?;
    let (mut items, total) =
        rows::page(&mut reads, word, query.get("category"), query.get("cursor"), limit + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().map(|law| law.id.clone()).filter(|_| more);
    Ok(axum::Json(json!({ "items": items, "total": total, "total_is": "exact", "next": next })))
}

/// One version of a law with its articles: by its id, or by its title the one that holds on a day.
#[utoipa::path(
    get, path = "/api/v1/laws/{id}", tag = "laws",
    params(
        ("id" = String, Path, description = "title@version, or the title"),
        ("on" = Option<String>, Query, description = "the day it should hold on, with a title; today when left out"),
    ),
    responses(
        (status = 200, description = "A law", body = LawText),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    query: Query,
) -> Result<axum::Json<Value>, Refused> {
    let on = query.get("on").map(str::parse::<Date>).transpose();
    let on = on.map_err(|_| query.fault("on", "format", "error-date"))?.unwrap_or_else(|| app.now().date());
    let mut reads = app.db().reader().await?;
    let Some((law, versions)) = rows::holding(&mut reads, &id, on).await? else {
        let refusal = Refusal::new(Code::NotFound, Text::new("laws-unknown"));
        return Err(Refused::from(refusal.next(Next::say("laws-next-list"))));
    };
    let articles = rows::articles(&mut reads, &law.id).await?;
    let articles: Vec<Value> = articles.iter().map(article).collect();
    let versions: Vec<Value> = versions.iter().map(brief).collect();
    Ok(axum::Json(json!({ "law": law, "versions": versions, "articles": articles })))
}

/// The articles that speak to a question.
#[utoipa::path(
    get, path = "/api/v1/laws/search", tag = "laws",
    params(
        ("q" = String, Query, description = "In one's own words"),
        ("category" = Option<String>, Query, description = "Only laws of this category"),
        ("limit" = Option<i64>, Query),
    ),
    responses(
        (status = 200, description = "Articles, the best first", body = LawHits),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn search(State(app): State<App>, query: Query) -> Result<axum::Json<Value>, Refused> {
    let asked = query.get("q").ok_or_else(|| query.fault("q", "required", "error-required"))?;
    if asked.chars().count() > LONGEST {
        return Err(query.fault("q", "length", "laws-error-long"));
    }
    let wanted = Wanted {
        query: asked,
        chosen: &app.triage().topics().articles(asked),
        category: query.get("category"),
        most: usize::try_from(query.limit()?).unwrap_or(10),
    };
    let (found, learned) = app.shelf().search(&wanted, app.now().date()).await.map_err(refused)?;
    let items: Vec<Value> = found.iter().map(hit).collect();
    let total = items.len();
    Ok(axum::Json(
        json!({ "items": items, "total": total, "total_is": "at_least", "next": null, "learned": learned }),
    ))
}

/// An article that was found, with its law, and where its text has words of the question: from and to, in characters.
pub fn hit(found: &Found) -> Value {
    let mut item = article(&found.article);
    let characters =
        |bytes: usize| found.article.text.get(..bytes).map_or(0, |before| before.chars().count());
    let marks = found.marks.iter().map(|mark| json!([characters(mark.start), characters(mark.end)]));
    item["marks"] = marks.collect();
    item["law"] = brief(&found.law);
    item
}

fn article(row: &ArticleRow) -> Value {
    json!({
        "article": row.article, "anchor": anchor(&row.article), "heading": row.heading, "text": row.text,
    })
}

fn brief(law: &Law) -> Value {
    json!({
        "id": law.id, "title": law.title, "version": law.version, "effective_from": law.effective_from,
        "effective_to": law.effective_to, "status": law.status, "status_source": law.status_source,
        "source": law.source,
    })
}

/// What went wrong with the statutes; what is ours to mend goes to the log.
pub fn refused(error: laws::LawError) -> Refused {
    match error {
        laws::LawError::Store(error) => Refused::from(error),
        other => {
            tracing::error!(error = %other, "statutes");
            Refused::from(Refusal::new(Code::Internal, Text::new("refused-internal")))
        }
    }
}
