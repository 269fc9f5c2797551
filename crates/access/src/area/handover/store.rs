//! SQL of what hangs on divisions.

use store::{Reads, StoreError, sql};

/// A code, and the id and the name of what hangs there.
pub(super) type Hanging = (i64, String, String);

/// Bodies that are open, by the code they sit at; only codes without a standing row.
pub(super) async fn offices(reads: &mut impl Reads) -> Result<Vec<Hanging>, StoreError> {
    sql("SELECT area, id, name FROM organisation WHERE closed_on IS NULL")
        .then(" AND NOT EXISTS (SELECT 1 FROM area WHERE area.code = organisation.area AND area.valid_to IS NULL)")
        .then(" ORDER BY area, id")
        .all(reads)
        .await
}

/// Accounts that are open, by the code a role of theirs is held at; only codes without a standing row.
pub(super) async fn people(reads: &mut impl Reads) -> Result<Vec<Hanging>, StoreError> {
    sql("SELECT DISTINCT account_grant.area, account.login, account.name FROM account_grant")
        .then(" JOIN account ON account.id = account_grant.account")
        .then(" WHERE account.disabled_at IS NULL AND account.login IS NOT NULL AND account.name IS NOT NULL")
        .then(" AND NOT EXISTS (SELECT 1 FROM area WHERE area.code = account_grant.area AND area.valid_to IS NULL)")
        .then(" ORDER BY account_grant.area, account.login")
        .all(reads)
        .await
}
