//! SQL of links between divisions.

use std::collections::HashSet;

use jiff::civil::Date;
use kernel::area::AreaCode;
use store::{Reads, StoreError, sql};

use super::heirs::Heirs;
use super::succession::{Link, Source};

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
