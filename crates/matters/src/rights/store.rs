//! SQL of keeping and erasing.

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Changes, Reads, Sql, StoreError, sql};

use super::model::Erasure;

store::record! {
    /// An ended matter whose content is still there.
    #[derive(Debug, Clone)]
    pub(super) struct Retained {
        pub(super) number: MatterNumber,
        pub(super) area: AreaCode,
        pub(super) closed_at: Instant,
        pub(super) held_until: Option<Date>,
    }
}

/// Where a page of ended matters ended.
pub(super) type Place = (Instant, MatterNumber);

/// Matters of an item that ended before a moment, hold their content and wait for nobody; oldest first.
pub(super) async fn retained(
    reads: &mut impl Reads,
    item: &str,
    before: Instant,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Retained>, StoreError> {
    let statement = sql("SELECT m.number, m.area, m.closed_at, m.held_until FROM matter m \
         WHERE m.closed_at IS NOT NULL AND m.data_key IS NOT NULL AND m.item = ? AND m.closed_at < ? \
         AND NOT EXISTS (SELECT 1 FROM open_task t WHERE t.number = m.number)")
    .bind(item)
    .bind(before);
    let statement = match after {
        Some((at, number)) => statement.then(" AND (m.closed_at, m.number) > (?, ?)").bind(at).bind(number),
        None => statement,
    };
    statement.then(" ORDER BY m.closed_at, m.number LIMIT ?").bind(limit).all(reads).await
}

/// Everything of a matter that is personal, outside its files: the key first, for without it the rest is noise.
/// The sealed parts of its events go too, though the key alone would do; their commitments stay.
pub(super) fn forget_content(number: MatterNumber) -> Changes {
    let mut changes = Changes::new();
    changes.push(sql("UPDATE matter SET data_key = NULL, facts = NULL WHERE number = ?").bind(number));
    changes.push(sql("UPDATE event SET sealed = NULL WHERE number = ?").bind(number));
    changes.push(sql("DELETE FROM party WHERE number = ?").bind(number));
    changes.push(sql("DELETE FROM blind WHERE number = ?").bind(number));
    changes.push(sql("DELETE FROM action_key WHERE number = ?").bind(number));
    changes.push(sql("DELETE FROM intake_key WHERE number = ?").bind(number));
    changes.push(sql("DELETE FROM code_try WHERE number = ?").bind(number));
    changes
        .push(sql("UPDATE access_log SET reason = ? WHERE number = ?").bind(Vec::<u8>::new()).bind(number));
    changes
}

/// The line in the list of erasures.
pub(super) fn insert(erasure: &Erasure) -> Sql {
    sql("INSERT INTO erasure (number, seq, at, class, basis, rule, kept_until) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(erasure.number)
        .bind(erasure.seq)
        .bind(erasure.at)
        .bind(&erasure.class)
        .bind(&erasure.basis)
        .bind(&erasure.rule)
        .bind(erasure.kept_until)
}

/// Erasures after a place, oldest first.
pub(super) async fn erasures(
    reads: &mut impl Reads,
    from: Instant,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Erasure>, StoreError> {
    let statement =
        sql("SELECT number, seq, at, class, basis, rule, kept_until FROM erasure WHERE at >= ?").bind(from);
    let statement = match after {
        Some((at, number)) => statement.then(" AND (at, number) > (?, ?)").bind(at).bind(number),
        None => statement,
    };
    statement.then(" ORDER BY at, number LIMIT ?").bind(limit).all(reads).await
}

/// Sets or ends a legal hold.
pub(super) fn hold(number: MatterNumber, until: Option<Date>) -> Sql {
    sql("UPDATE matter SET held_until = ? WHERE number = ?").bind(until).bind(number)
}

/// Removes lines of the access log older than a moment, so many at once.
pub(super) fn forget_log(before: Instant, limit: i64) -> Sql {
    sql("DELETE FROM access_log WHERE (number, id) IN \
         (SELECT number, id FROM access_log WHERE at < ? ORDER BY at LIMIT ?) RETURNING id")
    .bind(before)
    .bind(limit)
}

/// A page of the matters an account is applicant or party of, in the order of their numbers.
pub(super) async fn own_matters(
    reads: &mut impl Reads,
    account: &str,
    now: Instant,
    after: Option<MatterNumber>,
    limit: i64,
) -> Result<Vec<MatterNumber>, StoreError> {
    let rows: Vec<(MatterNumber,)> = sql("SELECT DISTINCT number FROM access WHERE principal = ? \
         AND reason IN ('applicant', 'party') AND (until IS NULL OR until > ?) AND number > ? \
         ORDER BY number LIMIT ?")
    .bind(account)
    .bind(now)
    .bind(after.map_or(0, MatterNumber::as_i64))
    .bind(limit)
    .all(reads)
    .await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// Positions of the parties of a matter who are this account.
pub(super) async fn positions(
    reads: &mut impl Reads,
    number: MatterNumber,
    account: &str,
) -> Result<Vec<u32>, StoreError> {
    let rows: Vec<(u32,)> = sql("SELECT pos FROM party WHERE number = ? AND account = ?")
        .bind(number)
        .bind(account)
        .all(reads)
        .await?;
    Ok(rows.into_iter().map(|(pos,)| pos).collect())
}

/// Removes the drafts saved for a phone.
pub(super) fn drop_drafts(phone: &[u8; 32]) -> Sql {
    sql("DELETE FROM draft WHERE phone = ? RETURNING id").bind(phone)
}

/// Unties an account from its erased matters.
pub(super) fn forget_account(account: &str) -> Changes {
    let mut changes = Changes::new();
    changes.push(sql("DELETE FROM access WHERE principal = ?").bind(account));
    changes
}

/// The sealed values of one party.
pub(super) fn set_party(number: MatterNumber, pos: u32, sealed: Vec<u8>) -> Sql {
    sql("UPDATE party SET sealed = ? WHERE number = ? AND pos = ?").bind(sealed).bind(number).bind(pos)
}

/// The sealed facts of a matter.
pub(super) fn set_facts(number: MatterNumber, sealed: Option<Vec<u8>>) -> Sql {
    sql("UPDATE matter SET facts = ? WHERE number = ?").bind(sealed).bind(number)
}

/// The keyed hashes of a matter's people, before new ones are made.
pub(super) fn forget_people(number: MatterNumber) -> Sql {
    sql("DELETE FROM blind WHERE number = ? AND kind <> 'case'").bind(number)
}

/// The keyed hashes of a matter's cases, before new ones are made.
pub(super) fn forget_cases(number: MatterNumber) -> Sql {
    sql("DELETE FROM blind WHERE number = ? AND kind = 'case'").bind(number)
}

/// Sealed parts of the events of one name after a sequence, newest first.
pub(super) async fn events_of(
    reads: &mut impl Reads,
    number: MatterNumber,
    action: &str,
    after: i64,
) -> Result<Vec<(i64, Option<Vec<u8>>)>, StoreError> {
    sql("SELECT seq, sealed FROM event WHERE number = ? AND seq > ? AND action = ? ORDER BY seq DESC")
        .bind(number)
        .bind(after)
        .bind(action)
        .all(reads)
        .await
}
