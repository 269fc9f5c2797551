//! 我的消息: what a person finds when they come in.

use access::Principal;
use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Changes, StoreError, sql};

use crate::model::Kind;
use crate::room::Notices;

/// Most messages on a page.
const MOST: u32 = 100;

store::record! {
    /// One message.
    #[derive(Debug, Clone)]
    pub struct Line {
        /// The matter it is about.
        pub number: MatterNumber,
        /// What it says.
        pub kind: Kind,
        /// The day it speaks of.
        pub due: Option<Date>,
        /// When it came.
        pub created_at: Instant,
        /// When it was read.
        pub read_at: Option<Instant>,
    }
}

impl Notices {
    /// The newest messages of somebody: their own, and those to pools and bodies they act for.
    pub async fn inbox(&self, who: &Principal) -> Result<Vec<Line>, StoreError> {
        let mine = who.principals();
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        sql("SELECT number, kind, due, created_at, read_at FROM notice")
            .list(" WHERE audience IN (", mine, ")")
            .then(" ORDER BY created_at DESC, id DESC LIMIT ?")
            .bind(MOST)
            .all(&mut self.db().reader().await?)
            .await
    }

    /// How many of them were not read, counted to a hundred.
    pub async fn unread(&self, who: &Principal) -> Result<i64, StoreError> {
        let mine = who.principals();
        if mine.is_empty() {
            return Ok(0);
        }
        let (count,): (i64,) = sql("SELECT count(*) FROM (SELECT id FROM notice")
            .list(" WHERE audience IN (", mine, ")")
            .then(" AND read_at IS NULL LIMIT ?) AS unread")
            .bind(MOST)
            .one(&mut self.db().reader().await?)
            .await?;
        Ok(count)
    }

    /// Everything that had come by then counts as read.
    pub async fn read_all(&self, who: &Principal, upto: Instant) -> Result<(), StoreError> {
        let mine = who.principals();
        if mine.is_empty() {
            return Ok(());
        }
        let mut changes = Changes::new();
        changes.push(
            sql("UPDATE notice SET read_at = ? WHERE read_at IS NULL AND created_at <= ?")
                .bind(self.now())
                .bind(upto)
                .list(" AND audience IN (", mine, ")"),
        );
        self.db().apply("read messages", changes).await
    }
}
