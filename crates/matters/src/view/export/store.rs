//! SQL of the table.

use std::collections::{BTreeSet, HashMap};

use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::{Instant, end_of_day, start_of_day};
use store::{Reads, StoreError, sql};

use super::Filter;

store::record! {
    /// A matter with its applicant.
    #[derive(Debug)]
    pub(super) struct Row {
        pub number: MatterNumber,
        pub item: String,
        pub item_version: u32,
        pub area: AreaCode,
        pub office: String,
        pub door: String,
        pub step: String,
        pub r#final: bool,
        pub outcome: Option<String>,
        pub opened_at: Instant,
        pub closed_at: Option<Instant>,
        pub owner_account: Option<String>,
        pub owner_office: Option<String>,
        pub data_key: Option<Vec<u8>>,
        pub facts: Option<Vec<u8>>,
        pub sealed: Option<Vec<u8>>,
    }
}

/// Matters after a number that the filter finds.
pub(super) async fn page(
    reads: &mut impl Reads,
    filter: &Filter,
    after: Option<MatterNumber>,
    most: i64,
    with_facts: bool,
) -> Result<Vec<Row>, StoreError> {
    let from = after.map_or(0, MatterNumber::as_i64);
    let mut statement = sql(
        "SELECT m.number, m.item, m.item_version, m.area, m.office, m.door, m.step, m.final, \
         m.outcome, m.opened_at, m.closed_at, m.owner_account, m.owner_office, m.data_key, ",
    )
    .then(if with_facts { "m.facts" } else { "CAST(NULL AS BYTEA) AS facts" })
    // The second bound of the same number keeps a merge of the two from reading all people before this page again.
    .then(
        ", p.sealed FROM matter m LEFT JOIN party p ON p.number = m.number AND p.pos = 0 AND p.number > ? \
         WHERE m.number > ?",
    )
    .bind(from)
    .bind(from)
    .when(" AND m.item = ?", filter.item.clone())
    .when(" AND m.office = ?", filter.office.clone())
    .when(" AND m.final = ?", filter.ended)
    .when(" AND m.opened_at >= ?", filter.opened_from.map(start_of_day))
    .when(" AND m.opened_at <= ?", filter.opened_to.map(end_of_day))
    .when(" AND m.closed_at >= ?", filter.closed_from.map(start_of_day))
    .when(" AND m.closed_at <= ?", filter.closed_to.map(end_of_day));
    if let Some(area) = filter.area {
        let (low, high) = area.range();
        statement = statement.then(" AND m.area BETWEEN ? AND ?").bind(low).bind(high);
    }
    statement.then(" ORDER BY m.number LIMIT ?").bind(most).all(reads).await
}

/// Names of the divisions of a page, as they were called last.
pub(super) async fn area_names(
    reads: &mut impl Reads,
    page: &[Row],
) -> Result<HashMap<i64, String>, StoreError> {
    let codes: BTreeSet<i64> = page.iter().map(|row| row.area.as_i64()).collect();
    let names: Vec<(i64, String)> = sql("SELECT code, name FROM area WHERE ")
        .list("code IN (", codes, ") ORDER BY code, valid_from")
        .all(reads)
        .await?;
    Ok(names.into_iter().collect())
}

/// Names of the people who own matters of a page.
pub(super) async fn owners(
    reads: &mut impl Reads,
    page: &[Row],
) -> Result<HashMap<String, String>, StoreError> {
    let ids: BTreeSet<&String> = page.iter().filter_map(|row| row.owner_account.as_ref()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let names: Vec<(String, Option<String>)> =
        sql("SELECT id, name FROM account WHERE ").list("id IN (", ids, ")").all(reads).await?;
    Ok(names.into_iter().filter_map(|(id, name)| Some((id, name?))).collect())
}

/// The earliest day something is due, of the open matters of a page.
pub(super) async fn due(
    reads: &mut impl Reads,
    page: &[Row],
) -> Result<HashMap<MatterNumber, String>, StoreError> {
    let open: Vec<MatterNumber> = page.iter().filter(|row| !row.r#final).map(|row| row.number).collect();
    if open.is_empty() {
        return Ok(HashMap::new());
    }
    let days: Vec<(MatterNumber, String)> = sql("SELECT number, min(due) FROM open_task WHERE ")
        .list("number IN (", open, ") GROUP BY number")
        .all(reads)
        .await?;
    Ok(days.into_iter().filter(|(_, day)| !day.starts_with("9999")).collect())
}
