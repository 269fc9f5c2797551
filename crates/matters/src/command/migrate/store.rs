//! The SQL of moving matters to another version, and only SQL.

use kernel::number::MatterNumber;
use store::{Reads, Sql, StoreError, sql};

/// Open matters of an item version, by number, after one.
pub(super) async fn open_matters(
    reads: &mut impl Reads,
    item: &str,
    version: u32,
    after: Option<MatterNumber>,
    limit: i64,
) -> Result<Vec<MatterNumber>, StoreError> {
    let rows: Vec<(MatterNumber,)> = sql("SELECT number FROM matter WHERE item = ?")
        .bind(item)
        .then(" AND item_version = ?")
        .bind(version)
        .then(" AND final = ?")
        .bind(false)
        .when(" AND number > ?", after)
        .then(" ORDER BY number LIMIT ?")
        .bind(limit)
        .all(reads)
        .await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// Gives a matter its new version, if it still has the old one.
pub(super) fn set_item_version(number: MatterNumber, from: u32, to: u32) -> Sql {
    sql("UPDATE matter SET item_version = ? WHERE number = ? AND item_version = ?")
        .bind(to)
        .bind(number)
        .bind(from)
}
