//! Blocks of matter numbers: nodes draw from their own block, so that all the matters a county opens in
//! a day do not queue for one row.

use std::collections::HashMap;

use tokio::sync::Mutex;

use crate::db::Db;
use crate::error::StoreError;
use crate::sql::sql;

/// Numbers drawn from the database at a time.
pub const BLOCK: u32 = 64;

/// Leases the next `size` sequences of a county (six digits) and year: the first and the last of them.
///
/// Sequences begin at 1. A block not used up before the node stops is lost, which the numbers allow:
/// they are unique and rising, not gapless.
pub async fn lease_block(db: &Db, county: u32, year: i16, size: u32) -> Result<(u32, u32), StoreError> {
    let (next,): (i64,) = db
        .write("lease numbers", move |tx| {
            Box::pin(async move {
                sql("INSERT INTO number_block (county, year, next) VALUES (?, ?, ?) \
                     ON CONFLICT (county, year) DO UPDATE SET next = number_block.next + ? RETURNING next")
                .bind(county)
                .bind(i64::from(year))
                .bind(i64::from(size) + 1)
                .bind(size)
                .one(tx)
                .await
            })
        })
        .await?;
    let first = next - i64::from(size);
    match (u32::try_from(first), u32::try_from(next - 1)) {
        (Ok(first), Ok(last)) => Ok((first, last)),
        _ => Err(StoreError::Statement(format!("numbers of {county} in {year} are used up"))),
    }
}

/// The blocks of this node.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Next and last sequence per county and year.
    open: Mutex<HashMap<(u32, i16), (u32, u32)>>,
}

impl Numbers {
    /// No blocks yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next sequence of a county and year, from the open block or a new one.
    pub async fn next(&self, db: &Db, county: u32, year: i16) -> Result<u32, StoreError> {
        let mut open = self.open.lock().await;
        let block = match open.get(&(county, year)) {
            Some(block) if block.0 <= block.1 => *block,
            _ => lease_block(db, county, year, BLOCK).await?,
        };
        open.insert((county, year), (block.0 + 1, block.1));
        Ok(block.0)
    }
}
