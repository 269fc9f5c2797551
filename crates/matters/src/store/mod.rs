//! The SQL of the register, and only SQL.

mod handed;
mod keys;
mod links;
pub mod several;

pub use handed::{
    HandedRow, handed_by, handed_from, insert_handed, insert_order, mark_undone, order, sight_until,
    work_like, work_of,
};
pub use keys::{
    forget_action_keys, forget_code_tries, forget_intake_keys, insert_action_key, insert_intake_key,
    intake_key,
};
pub use links::{forget_link_due, insert_link, insert_link_due, links, links_due};

use access::policy::Relation;
use jiff::civil::Date;
use kernel::actor::Door;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::time::{Instant, end_of_day, start_of_day};
use serde_json::Value;
use store::{Changes, Json, Reads, Sql, StoreError, sql};

use crate::engine::matter::Matter;
use crate::engine::state::{Owner, State, Task};
use crate::event::Event;

store::record! {
    /// One row of `matter`, as stored.
    #[derive(Debug, Clone)]
    pub struct MatterRow {
        /// Number.
        pub number: MatterNumber,
        /// Service item.
        pub item: String,
        /// Its version.
        pub item_version: u32,
        /// Where it belongs.
        pub area: AreaCode,
        /// Organisation that answers for it.
        pub office: String,
        /// Door.
        pub door: String,
        /// Step.
        pub step: String,
        /// Whether it ended.
        pub r#final: bool,
        /// What it came to.
        pub outcome: Option<String>,
        /// Version.
        pub version: i64,
        /// Hash of the last event.
        pub head: Vec<u8>,
        /// When opened.
        pub opened_at: Instant,
        /// Day periods run from.
        pub received_on: Date,
        /// When ended.
        pub closed_at: Option<Instant>,
        /// Issue of the query code.
        pub issue: u32,
        /// Working state.
        pub state: Json<State>,
        /// Wrapped key.
        pub data_key: Option<Vec<u8>>,
        /// Sealed facts.
        pub facts: Option<Vec<u8>>,
        /// Digest kept for the idempotency key.
        pub key_digest: Option<Vec<u8>>,
        /// Answer kept for it.
        pub key_body: Option<Json<Value>>,
    }
}

store::record! {
    /// One row of `party`.
    #[derive(Debug, Clone)]
    pub struct PartyRow {
        /// Position; 0 is the applicant.
        pub pos: u32,
        /// Role.
        pub role: String,
        /// Sealed part.
        pub sealed: Vec<u8>,
    }
}

store::record! {
    /// One row of `event`.
    #[derive(Debug, Clone)]
    pub struct EventRow {
        /// Number.
        pub number: MatterNumber,
        /// Sequence.
        pub seq: i64,
        /// When.
        pub at: Instant,
        /// Opaque id of whoever acted.
        pub actor: String,
        /// Action.
        pub action: String,
        /// Public part.
        pub public: Json<Value>,
        /// Sealed part.
        pub sealed: Option<Vec<u8>>,
        /// Hash of the event before.
        pub prev: Vec<u8>,
        /// Hash.
        pub hash: Vec<u8>,
    }
}

const MATTER: &str = "SELECT m.number, m.item, m.item_version, m.area, m.office, m.door, m.step, m.final, m.outcome, m.version, \
     m.head, m.opened_at, m.received_on, m.closed_at, m.issue, m.state, m.data_key, m.facts, \
     k.digest AS key_digest, k.body AS key_body \
     FROM matter m LEFT JOIN action_key k ON k.number = m.number AND k.key = ?";

/// A matter with the answer kept for an idempotency key, in one statement.
pub async fn matter(
    reads: &mut impl Reads,
    number: MatterNumber,
    key: Option<&str>,
) -> Result<Option<MatterRow>, StoreError> {
    sql(MATTER).bind(key.unwrap_or("")).then(" WHERE m.number = ?").bind(number).optional(reads).await
}

/// Why some principals have to do with a matter beyond office and area.
pub async fn relations(
    reads: &mut impl Reads,
    number: MatterNumber,
    principals: &[String],
) -> Result<Vec<Relation>, StoreError> {
    if principals.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, String, Option<Instant>)> =
        sql("SELECT principal, reason, until FROM access WHERE number = ?")
            .bind(number)
            .list(" AND principal IN (", principals, ")")
            .all(reads)
            .await?;
    Ok(rows.into_iter().map(|(principal, reason, until)| Relation { principal, reason, until }).collect())
}

/// Parties of a matter in order.
pub async fn parties(reads: &mut impl Reads, number: MatterNumber) -> Result<Vec<PartyRow>, StoreError> {
    sql("SELECT pos, role, sealed FROM party WHERE number = ? ORDER BY pos").bind(number).all(reads).await
}

/// Events after a sequence number, oldest first.
pub async fn events(
    reads: &mut impl Reads,
    number: MatterNumber,
    after: i64,
    limit: i64,
) -> Result<Vec<EventRow>, StoreError> {
    sql("SELECT number, seq, at, actor, action, public, sealed, prev, hash \
         FROM event WHERE number = ? AND seq > ? ORDER BY seq LIMIT ?")
    .bind(number)
    .bind(after)
    .bind(limit)
    .all(reads)
    .await
}

/// Matters whose earliest timer has run out, for `tick`.
pub async fn timers_due(
    reads: &mut impl Reads,
    now: Instant,
    limit: i64,
) -> Result<Vec<MatterNumber>, StoreError> {
    let rows: Vec<(MatterNumber,)> =
        sql("SELECT number FROM matter WHERE next_timer IS NOT NULL AND next_timer <= ? ORDER BY next_timer LIMIT ?")
            .bind(now)
            .bind(limit)
            .all(reads)
            .await?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

/// The row of a new matter.
pub fn insert_matter(matter: &Matter, next_timer: Option<Instant>) -> Sql {
    let owner = matter.state.owner.as_ref();
    sql("INSERT INTO matter (number, item, item_version, duty, area, office, door, step, final, outcome, version, \
         head, opened_at, received_on, closed_at, owner_account, owner_office, issue, next_timer, state, data_key, \
         facts) VALUES ")
    .rows([matter], |row, matter| {
        row.bind(matter.number)
            .bind(&matter.item.id)
            .bind(matter.item.version)
            .bind(&matter.item.duty)
            .bind(matter.area)
            .bind(&matter.office)
            .bind(matter.door.as_str())
            .bind(&matter.step)
            .bind(matter.final_)
            .bind(matter.outcome.clone())
            .bind(matter.version)
            .bind(matter.head.as_bytes().to_vec())
            .bind(matter.opened_at)
            .bind(matter.received_on)
            .bind(matter.closed_at)
            .bind(owner.and_then(Owner::account).map(ToOwned::to_owned))
            .bind(owner.and_then(Owner::office).map(ToOwned::to_owned))
            .bind(matter.issue)
            .bind(next_timer)
            .bind(Json(&matter.state))
            .bind(matter.data_key.clone())
            .bind(matter.facts.clone())
    })
}

/// Saves a matter if nobody saved it since version `from`: the compare-and-set every command begins with.
pub fn update_matter(matter: &Matter, from: i64, next_timer: Option<Instant>, facts_changed: bool) -> Sql {
    let owner = matter.state.owner.as_ref();
    sql("UPDATE matter SET version = ?, area = ?, office = ?, step = ?, final = ?, outcome = ?, head = ?, closed_at = ?, \
         owner_account = ?, owner_office = ?, issue = ?, next_timer = ?, state = ?")
    .bind(matter.version)
    .bind(matter.area)
    .bind(&matter.office)
    .bind(&matter.step)
    .bind(matter.final_)
    .bind(matter.outcome.clone())
    .bind(matter.head.as_bytes().to_vec())
    .bind(matter.closed_at)
    .bind(owner.and_then(Owner::account).map(ToOwned::to_owned))
    .bind(owner.and_then(Owner::office).map(ToOwned::to_owned))
    .bind(matter.issue)
    .bind(next_timer)
    .bind(Json(&matter.state))
    .when(", facts = ?", matter.facts.clone().filter(|_| facts_changed))
    .then(" WHERE number = ? AND version = ?")
    .bind(matter.number)
    .bind(from)
}

/// One party.
pub fn insert_parties(number: MatterNumber, parties: Vec<NewParty>) -> Sql {
    sql("INSERT INTO party (number, pos, role, side, kind, account, sealed) VALUES ").rows(
        parties,
        |row, party| {
            row.bind(number)
                .bind(party.pos)
                .bind(party.role)
                .bind(party.side)
                .bind(party.kind)
                .bind(party.account)
                .bind(party.sealed)
        },
    )
}

/// Puts other sealed values in the place of a party's.
pub fn reseal_party(number: MatterNumber, pos: u32, sealed: Vec<u8>) -> Sql {
    sql("UPDATE party SET sealed = ? WHERE number = ? AND pos = ?").bind(sealed).bind(number).bind(pos)
}

/// A party to be stored.
#[derive(Debug, Clone)]
pub struct NewParty {
    /// Position; 0 is the applicant.
    pub pos: u32,
    /// Role.
    pub role: String,
    /// Side.
    pub side: Option<String>,
    /// Kind.
    pub kind: String,
    /// Citizen account, when known.
    pub account: Option<String>,
    /// Sealed values.
    pub sealed: Vec<u8>,
}

/// One event and its place in the outbox, from where the feed takes it.
pub fn insert_event(changes: &mut Changes, event: &Event) {
    changes.push(
        sql("INSERT INTO event (number, seq, at, actor, action, alg, public, sealed, commitment, prev, hash) VALUES ")
        .rows([event], |row, event| {
            row.bind(event.number)
                .bind(event.seq)
                .bind(event.at)
                .bind(event.actor.as_str())
                .bind(&event.action)
                .bind(kernel::chain::ALGORITHM)
                .bind(&event.public)
                .bind(event.sealed.clone())
                .bind(event.commitment.as_bytes().to_vec())
                .bind(event.prev.as_bytes().to_vec())
                .bind(event.hash.as_bytes().to_vec())
        }),
    );
    changes.announce(event.number, event.seq);
}

/// Replaces the open tasks of a matter by those of its state.
pub fn replace_tasks(changes: &mut Changes, matter: &Matter, lamps: &Lamps, existed: bool) {
    if existed {
        changes.push(sql("DELETE FROM open_task WHERE number = ?").bind(matter.number));
    }
    let owner = matter.state.owner.as_ref().and_then(Owner::account).map(ToOwned::to_owned);
    changes.push(
        sql("INSERT INTO open_task (number, task, name, item, item_version, duty, step, role, area, home, \
             home_office, office, pool, assignee, owner_account, due, yellow_at, red_at, paused, since) VALUES ")
        .rows(&matter.state.tasks, |row, task| {
            row.bind(matter.number)
                .bind(&task.id)
                .bind(&task.name)
                .bind(&matter.item.id)
                .bind(matter.item.version)
                .bind(crate::command::authorise::work_of(matter, task).map_or("", |(duty, _)| duty))
                .bind(&task.step)
                .bind(task.role.as_str())
                .bind(task.area.unwrap_or(matter.area))
                .bind(matter.area)
                .bind(&matter.office)
                .bind(task.office.clone())
                .bind(pool(matter.number, task))
                .bind(assignee(matter, task))
                .bind(owner.clone())
                .bind(task.due.map_or_else(|| lamps.due.clone(), |due| due.to_string()))
                .bind(if task.due.is_some() { task.due.map(start_of_day) } else { lamps.yellow_at })
                .bind(if task.due.is_some() { task.due.map(end_of_day) } else { lamps.red_at })
                .bind(lamps.paused && task.due.is_none())
                .bind(task.since)
        }),
    );
}

/// What the worklist needs of the clocks: instants, never colours, so that nothing is rewritten as time passes.
#[derive(Debug, Clone, Default)]
pub struct Lamps {
    /// Earliest due day, `9999-12-31` without a limit.
    pub due: String,
    /// When the lamp turns yellow.
    pub yellow_at: Option<Instant>,
    /// When it turns red.
    pub red_at: Option<Instant>,
    /// All clocks stand still.
    pub paused: bool,
}

/// Key of the pool a task lies in.
pub fn pool(number: MatterNumber, task: &Task) -> String {
    match &task.office {
        Some(office) => format!("{}@{office}", task.role.as_str()),
        None => format!("{}@{number}", task.role.as_str()),
    }
}

fn assignee(matter: &Matter, task: &Task) -> Option<String> {
    task.assignee
        .as_ref()
        .map(|person| person.account.clone())
        .or_else(|| matter.state.applicant.clone().filter(|_| task.office.is_none()))
}

/// Personal scopes to be remembered; repeated ones are kept as they are.
pub fn insert_access(number: MatterNumber, rows: Vec<(String, &'static str)>) -> Sql {
    let statement = sql("INSERT INTO access (number, principal, reason, until) VALUES ");
    if rows.is_empty() {
        return statement.rows(rows, |row, _| row);
    }
    statement
        .rows(rows, |row, (principal, reason)| {
            row.bind(number).bind(principal).bind(reason).bind(None::<Instant>)
        })
        .then(" ON CONFLICT (number, principal, reason) DO UPDATE SET until = excluded.until")
}

/// Lets a helper see a matter until the moment the applicant named.
pub fn let_help(number: MatterNumber, account: &str, reason: &str, until: Instant) -> Sql {
    sql("INSERT INTO access (number, principal, reason, until) VALUES (?, ?, ?, ?) \
         ON CONFLICT (number, principal, reason) DO UPDATE SET until = excluded.until")
    .bind(number)
    .bind(account)
    .bind(reason)
    .bind(until)
}

/// Ends what a helper sees.
pub fn end_help(number: MatterNumber, account: &str, at: Instant) -> Sql {
    sql("UPDATE access SET until = ? WHERE reason IN ('helper', 'helper-reads') AND number = ? AND principal = ?")
        .bind(at)
        .bind(number)
        .bind(account)
}

/// Ends the sight of people who hold a matter no more.
pub fn end_assignment(number: MatterNumber, accounts: &[String], at: Instant) -> Sql {
    sql("UPDATE access SET until = ? WHERE reason = 'assigned' AND number = ?").bind(at).bind(number).list(
        " AND principal IN (",
        accounts,
        ")",
    )
}

/// Puts an ended matter into the "done" list of everybody who acted, and counts it there.
pub fn insert_done(changes: &mut Changes, number: MatterNumber, principals: &[String], due: Date) {
    if principals.is_empty() {
        return;
    }
    let slot = number.as_i64().rem_euclid(16);
    changes.push(
        sql("INSERT INTO done (number, principal, due) VALUES ")
            .rows(principals, |row, principal| row.bind(number).bind(principal).bind(due)),
    );
    changes.push(
        sql("INSERT INTO tally (scope, view, slot, n) VALUES ")
            .rows(principals, |row, principal| row.bind(principal).bind("done").bind(slot).bind(1_i64))
            .then(" ON CONFLICT (scope, view, slot) DO UPDATE SET n = tally.n + excluded.n"),
    );
}

/// Takes a reopened matter out of the "done" lists it stands in, and out of their counts.
pub fn remove_done(changes: &mut Changes, number: MatterNumber, principals: &[String]) {
    if principals.is_empty() {
        return;
    }
    changes.push(sql("DELETE FROM done WHERE number = ?").bind(number));
    changes.push(
        sql("UPDATE tally SET n = n - 1 WHERE view = 'done' AND slot = ?")
            .bind(number.as_i64().rem_euclid(16))
            .list(" AND scope IN (", principals, ")"),
    );
}

/// The door of a stored row; what cannot be read is the web.
pub fn door(text: &str) -> Door {
    text.parse().unwrap_or(Door::Web)
}
