//! SQL of divisions.

use std::collections::HashSet;

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use store::{Reads, Sql, StoreError, sql};

use super::heirs::Heirs;
use super::model::{Area, AreaQuery};
use super::succession::{Link, Source};

const COLUMNS: &str = "SELECT code, name, level, parent, valid_from, valid_to FROM area WHERE ";

type Line = (i64, String, i64, Option<i64>, Date, Option<Date>);

fn area(line: Line) -> Result<Area, StoreError> {
    let (code, name, level, parent, valid_from, valid_to) = line;
    let read = |code: i64| AreaCode::from_i64(code).map_err(|fault| StoreError::column("code", fault));
    let level = usize::try_from(level - 1)
        .ok()
        .and_then(|index| Level::ALL.get(index).copied())
        .ok_or_else(|| StoreError::column("level", level))?;
    Ok(Area { code: read(code)?, name, level, parent: parent.map(read).transpose()?, valid_from, valid_to })
}

/// The division of this code on this day; a code that stands no longer is found as it last stood.
pub async fn find(reads: &mut impl Reads, code: AreaCode, on: Date) -> Result<Option<Area>, StoreError> {
    let line: Option<Line> = sql(COLUMNS)
        .then("code = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1")
        .bind(code.as_i64())
        .bind(on)
        .optional(reads)
        .await?;
    line.map(area).transpose()
}

/// Divisions that stand on the day, by code, and how many there are in all.
pub async fn search(reads: &mut impl Reads, query: &AreaQuery) -> Result<(Vec<Area>, u64), StoreError> {
    let (total,): (i64,) = narrowed(sql("SELECT count(*) FROM area WHERE "), query).one(reads).await?;
    let lines: Vec<Line> = narrowed(sql(COLUMNS), query)
        .when(" AND code > ?", query.after.map(AreaCode::as_i64))
        .then(" ORDER BY code LIMIT ?")
        .bind(query.limit)
        .all(reads)
        .await?;
    Ok((lines.into_iter().map(area).collect::<Result<_, _>>()?, u64::try_from(total).unwrap_or(0)))
}

fn narrowed(head: Sql, query: &AreaQuery) -> Sql {
    let mut statement =
        head.then("valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)").bind(query.on).bind(query.on);
    match (&query.text, query.parent) {
        (None, Some(parent)) => statement = statement.then(" AND parent = ?").bind(parent.as_i64()),
        (Some(_), Some(parent)) => {
            let (low, high) = parent.range();
            statement = statement.then(" AND code BETWEEN ? AND ?").bind(low).bind(high);
        }
        (None, None) => statement = statement.then(" AND parent IS NULL"),
        (Some(_), None) => {}
    }
    let Some(text) = query.text.as_deref() else { return statement };
    match code_prefix(text) {
        Some((low, high)) => statement.then(" AND code BETWEEN ? AND ?").bind(low).bind(high),
        None => statement.then(" AND lower(name) LIKE ? ESCAPE '!'").bind(contains(text)),
    }
}

/// `3715` as the codes that begin with it.
fn code_prefix(text: &str) -> Option<(i64, i64)> {
    if text.is_empty() || text.len() > 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((format!("{text:0<12}").parse().ok()?, format!("{text:9<12}").parse().ok()?))
}

/// A pattern for `LIKE … ESCAPE '!'` that finds the text anywhere.
pub(crate) fn contains(text: &str) -> String {
    let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

/// Which of these codes stand on the day.
pub async fn standing(
    reads: &mut impl Reads,
    codes: &std::collections::BTreeSet<i64>,
    on: Date,
) -> Result<std::collections::BTreeSet<i64>, StoreError> {
    if codes.is_empty() {
        return Ok(std::collections::BTreeSet::new());
    }
    let rows: Vec<(i64,)> =
        sql("SELECT code FROM area WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)")
            .bind(on)
            .bind(on)
            .list(" AND code IN (", codes.iter().copied(), ")")
            .all(reads)
            .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// Codes of the towns within a division that stand on the day.
pub async fn towns(reads: &mut impl Reads, within: AreaCode, on: Date) -> Result<Vec<AreaCode>, StoreError> {
    let (low, high) = within.range();
    let rows: Vec<(AreaCode,)> = sql("SELECT code FROM area WHERE level = 4 AND code BETWEEN ? AND ?")
        .bind(low)
        .bind(high)
        .then(" AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY code")
        .bind(on)
        .bind(on)
        .all(reads)
        .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// All links from a former division to what took it over.
pub(crate) async fn links(reads: &mut impl Reads) -> Result<Vec<Link>, StoreError> {
    let lines: Vec<(i64, i64, Date, String)> =
        sql("SELECT code, successor, changed_on, source FROM area_link ORDER BY code, changed_on, successor")
            .all(reads)
            .await?;
    let read = |code: i64| AreaCode::from_i64(code).map_err(|fault| StoreError::column("code", fault));
    lines
        .into_iter()
        .map(|(from, to, changed_on, source)| {
            let source = Source::of(&source).ok_or_else(|| StoreError::column("source", &source))?;
            Ok(Link { from: read(from)?, to: read(to)?, changed_on, source })
        })
        .collect()
}

/// The links of codes that stand no longer: what asks for such a code asks for what took it over.
pub(crate) async fn former(reads: &mut impl Reads) -> Result<Heirs, StoreError> {
    let standing: Vec<(i64,)> = sql("SELECT DISTINCT area_link.code FROM area_link")
        .then(" JOIN area ON area.code = area_link.code WHERE area.valid_to IS NULL")
        .all(reads)
        .await?;
    let standing: HashSet<i64> = standing.into_iter().map(|(code,)| code).collect();
    let links = links(reads).await?;
    Ok(Heirs::new(links.into_iter().filter(|link| !standing.contains(&link.from.as_i64()))))
}
