//! The chain of a matter as it lies in its rows, recomputed without the register.

use kernel::chain::{self, Digest, EventParts};
use kernel::number::MatterNumber;
use kernel::time::Instant;
use serde_json::Value;
use store::{Db, Json, sql};

/// A count of rows of a matter.
pub async fn count(db: &Db, text: &'static str, number: MatterNumber) -> i64 {
    let (n,): (i64,) = sql(text).bind(number).one(&mut db.reader().await.unwrap()).await.unwrap();
    n
}

store::record! {
    /// One event as it lies in its table.
    #[derive(Debug, Clone)]
    pub struct Row {
        pub seq: i64,
        pub at: Instant,
        pub actor: String,
        pub action: String,
        pub public: Json<Value>,
        pub sealed: Option<Vec<u8>>,
        pub commitment: Vec<u8>,
        pub prev: Vec<u8>,
        pub hash: Vec<u8>,
    }
}

/// The events of a matter as they lie in their table.
pub async fn events(db: &Db, number: MatterNumber) -> Vec<Row> {
    sql("SELECT seq, at, actor, action, public, sealed, commitment, prev, hash FROM event WHERE number = ? ORDER BY seq")
        .bind(number)
        .all(&mut db.reader().await.unwrap())
        .await
        .unwrap()
}

/// Recomputes every hash and link from what lies in the rows.
pub fn verify(number: MatterNumber, rows: &[Row]) {
    let mut prev = Digest::ZERO;
    for row in rows {
        let parts = EventParts {
            number,
            seq: row.seq,
            at: row.at,
            actor: &row.actor,
            action: &row.action,
            public: &row.public.0,
            commit: Digest::from_slice(&row.commitment).unwrap(),
            prev,
        };
        assert_eq!(Digest::from_slice(&row.prev).unwrap(), prev, "link of {}", row.seq);
        prev = chain::event_hash(&parts).unwrap();
        assert_eq!(Digest::from_slice(&row.hash).unwrap(), prev, "hash of {}", row.seq);
    }
}
