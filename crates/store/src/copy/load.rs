//! Putting lines back into a table.

use super::side::Side;
use super::source::{listed, quoted};
use super::{Table, line};
use crate::error::StoreError;
use crate::value::Arg;

/// Values of one statement at most; SQLite takes 32,766.
const VALUES: usize = 30_000;
/// Rows of one statement at most.
const ROWS: usize = 500;

/// Inserts lines in one transaction; gives how many.
pub(super) async fn lines(side: &mut Side, table: &Table, lines: &[u8]) -> Result<u64, StoreError> {
    let width = table.columns.len().max(1);
    let most = (VALUES / width).clamp(1, ROWS);
    side.run("BEGIN").await?;
    let mut total = 0;
    let mut args: Vec<Arg> = Vec::new();
    let mut rows = 0;
    for text in lines.split(|byte| *byte == b'\n').filter(|text| !text.is_empty()) {
        args.extend(line::read(table, text)?);
        rows += 1;
        if rows == most {
            insert(side, table, rows, std::mem::take(&mut args)).await?;
            total += rows as u64;
            rows = 0;
        }
    }
    if rows > 0 {
        insert(side, table, rows, args).await?;
        total += rows as u64;
    }
    side.run("COMMIT").await?;
    Ok(total)
}

async fn insert(side: &mut Side, table: &Table, rows: usize, args: Vec<Arg>) -> Result<(), StoreError> {
    let columns = listed(table.columns.iter().map(|column| &column.name));
    let row = format!("({})", vec!["?"; table.columns.len()].join(", "));
    let values = vec![row.as_str(); rows].join(", ");
    let text = format!("INSERT INTO {} ({columns}) VALUES {values}", quoted(&table.name));
    side.execute(text, args).await.map(|_| ())
}
