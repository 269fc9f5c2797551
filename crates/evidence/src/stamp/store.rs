//! SQL of stamps.

use kernel::time::Instant;
use store::{Changes, Reads, StoreError, record, sql};

record! {
    /// A stamp as kept.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StampRow {
        /// The head, by its number.
        pub checkpoint: i64,
        /// Address of the authority.
        pub authority: String,
        /// The time it tells.
        pub at: Instant,
        /// Nonce of the request.
        pub nonce: Vec<u8>,
        /// The token, DER.
        pub token: Vec<u8>,
    }
}

/// The stamps of a head.
pub(crate) async fn of_checkpoint(reads: &mut impl Reads, seq: i64) -> Result<Vec<StampRow>, StoreError> {
    sql("SELECT checkpoint, authority, at, nonce, token FROM log_stamp WHERE checkpoint = ? ORDER BY authority")
        .bind(seq)
        .all(reads)
        .await
}

/// Of two nodes that asked at once the first is kept.
pub(super) fn add(changes: &mut Changes, row: &StampRow) {
    changes.push(
        sql("INSERT INTO log_stamp (checkpoint, authority, at, nonce, token) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (checkpoint, authority) DO NOTHING")
        .bind(row.checkpoint)
        .bind(&row.authority)
        .bind(row.at)
        .bind(row.nonce.clone())
        .bind(row.token.clone()),
    );
}
