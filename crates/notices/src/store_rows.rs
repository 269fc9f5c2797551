//! The SQL of notices, and only SQL.

use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::time::Instant;
use store::{Reads, Sql, StoreError, sql};

use crate::model::{Channel, Kind, State};

store::record! {
    /// A notice that waits to be sent.
    #[derive(Debug, Clone)]
    pub(crate) struct Waiting {
        pub(crate) number: MatterNumber,
        pub(crate) id: String,
        pub(crate) once: String,
        pub(crate) kind: Kind,
        pub(crate) channel: Channel,
        pub(crate) due: Option<Date>,
        pub(crate) sealed: Option<Vec<u8>>,
        pub(crate) state: State,
        pub(crate) tries: i64,
        pub(crate) next_try_at: Option<Instant>,
    }
}

/// A notice to be written.
pub(crate) struct New {
    pub(crate) number: MatterNumber,
    pub(crate) id: String,
    pub(crate) once: String,
    pub(crate) kind: Kind,
    pub(crate) channel: Channel,
    pub(crate) audience: Option<String>,
    pub(crate) due: Option<Date>,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) state: State,
    pub(crate) reason: Option<&'static str>,
    pub(crate) next_try_at: Option<Instant>,
    pub(crate) call: bool,
    pub(crate) at: Instant,
}

/// Writes a notice; one that stands already for the same cause, person and channel stays as it is.
pub(crate) fn insert(new: New) -> Sql {
    sql("INSERT INTO notice (number, id, once, kind, channel, audience, due, sealed, state, reason, tries, \
         next_try_at, call, created_at, changed_at) VALUES ")
    .rows([new], |row, new| {
        row.bind(new.number)
            .bind(new.id)
            .bind(new.once)
            .bind(new.kind)
            .bind(new.channel)
            .bind(new.audience)
            .bind(new.due)
            .bind(new.sealed)
            .bind(new.state)
            .bind(new.reason)
            .bind(0_i64)
            .bind(new.next_try_at)
            .bind(new.call.then_some("open"))
            .bind(new.at)
            .bind(new.at)
    })
    .then(" ON CONFLICT (number, once) DO NOTHING")
}

const WAITING: &str =
    "SELECT number, id, once, kind, channel, due, sealed, state, tries, next_try_at FROM notice WHERE ";

/// What is due to be sent, or whose sender has not come back.
pub(crate) async fn waiting(
    reads: &mut impl Reads,
    now: Instant,
    most: u32,
) -> Result<Vec<Waiting>, StoreError> {
    sql(WAITING)
        .then("next_try_at IS NOT NULL AND next_try_at <= ? ORDER BY next_try_at LIMIT ?")
        .bind(now)
        .bind(most)
        .all(reads)
        .await
}

/// One notice by its delivery id.
pub(crate) async fn by_id(reads: &mut impl Reads, id: &str) -> Result<Option<Waiting>, StoreError> {
    sql(WAITING).then("id = ?").bind(id).optional(reads).await
}

/// Claims a notice as it was read; touches no row when somebody else was first.
pub(crate) fn claim(notice: &Waiting, claim: &str, until: Instant, now: Instant) -> Sql {
    sql("UPDATE notice SET state = 'sending', claim = ?, tries = tries + 1, next_try_at = ?, changed_at = ? \
         WHERE number = ? AND id = ? AND next_try_at = ? AND tries = ?")
    .bind(claim)
    .bind(until)
    .bind(now)
    .bind(notice.number)
    .bind(&notice.id)
    .bind(notice.next_try_at)
    .bind(notice.tries)
}

/// Puts a waiting notice off without counting a try.
pub(crate) fn put_off(notice: &Waiting, to: Instant) -> Sql {
    sql("UPDATE notice SET state = 'queued', claim = NULL, next_try_at = ? \
         WHERE number = ? AND id = ? AND next_try_at = ? AND tries = ?")
    .bind(to)
    .bind(notice.number)
    .bind(&notice.id)
    .bind(notice.next_try_at)
    .bind(notice.tries)
}

/// What came of a try, if the claim still holds and no receipt has told more.
pub(crate) struct Outcome<'a> {
    pub(crate) state: State,
    pub(crate) reason: Option<&'static str>,
    pub(crate) provider: Option<&'a str>,
    pub(crate) next_try_at: Option<Instant>,
}

pub(crate) fn outcome(notice: &Waiting, claim: &str, what: &Outcome<'_>, now: Instant) -> Sql {
    sql("UPDATE notice SET state = ?, reason = ?, provider_id = ?, next_try_at = ?, claim = NULL, changed_at = ? \
         WHERE number = ? AND id = ? AND claim = ? AND state = 'sending'")
    .bind(what.state)
    .bind(what.reason)
    .bind(what.provider)
    .bind(what.next_try_at)
    .bind(now)
    .bind(notice.number)
    .bind(&notice.id)
    .bind(claim)
}

/// What a receipt says; only from a state that it can follow, so that repeats and latecomers change nothing.
pub(crate) fn receipt(notice: &Waiting, state: State, reason: Option<&'static str>, now: Instant) -> Sql {
    let from: &[&str] = match state {
        // That it arrived is proof against everything said before.
        State::Delivered => &["queued", "sending", "sent", "failed"],
        _ => &["sending", "sent"],
    };
    sql("UPDATE notice SET state = ?, reason = ?, next_try_at = NULL, claim = NULL, changed_at = ?")
        .bind(state)
        .bind(reason)
        .bind(now)
        .then(" WHERE number = ? AND id = ?")
        .bind(notice.number)
        .bind(&notice.id)
        .list(" AND state IN (", from.iter().copied(), ")")
}

/// How many other messages of the same cause and person may still arrive.
pub(crate) async fn others_alive(reads: &mut impl Reads, notice: &Waiting) -> Result<i64, StoreError> {
    let stem = notice.once.rsplit_once(':').map_or("", |(stem, _)| stem);
    let siblings = [Channel::Sms, Channel::Mail]
        .into_iter()
        .filter(|channel| *channel != notice.channel)
        .map(|channel| format!("{stem}:{channel}"));
    let (count,): (i64,) = sql("SELECT count(*) FROM notice WHERE number = ?")
        .bind(notice.number)
        .then(" AND state IN ('queued', 'sending', 'sent', 'delivered')")
        .list(" AND once IN (", siblings, ")")
        .one(reads)
        .await?;
    Ok(count)
}

/// The office must call, because of this notice.
pub(crate) fn open_call(number: MatterNumber, id: &str) -> Sql {
    sql("UPDATE notice SET call = 'open' WHERE number = ? AND id = ? AND call IS NULL").bind(number).bind(id)
}

/// The office need not call any more: the message arrived after all.
pub(crate) fn drop_call(number: MatterNumber, id: &str) -> Sql {
    sql("UPDATE notice SET call = NULL WHERE number = ? AND id = ? AND call = 'open'").bind(number).bind(id)
}

/// The office called.
pub(crate) fn called(number: MatterNumber, id: &str, by: &str, now: Instant) -> Sql {
    sql("UPDATE notice SET call = 'done', called_by = ?, changed_at = ? \
         WHERE number = ? AND id = ? AND call = 'open'")
    .bind(by)
    .bind(now)
    .bind(number)
    .bind(id)
}
