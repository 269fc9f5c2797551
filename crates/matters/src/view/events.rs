//! Events as they are read: what happened, by whom, with masked values.

use access::Principal;
use access::policy::Sight;
use catalog::item::Item;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::{Map, Value, json};
use store::seal::DataKey;

use super::facts;
use crate::command::authorise::is_party;
use crate::command::contact;
use crate::engine::matter::Matter;
use crate::engine::standing::ANSWER;
use crate::event;
use crate::register::{Register, broken, fault, not_found};
use crate::store::{self as table, EventRow};

/// Acts of the office that are said to the people of the matter as they were written.
const ANSWERS: [&str; 3] = [ANSWER, "accept-correction", "refuse-correction"];

/// Most events one answer holds.
const MOST: i64 = 100;

impl Register {
    /// Events of a matter after a sequence number, oldest first: `{items, total, total_is, next}`.
    pub async fn events(
        &self,
        who: &Principal,
        number: MatterNumber,
        after: i64,
        limit: i64,
    ) -> Result<Value, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        let limit = limit.clamp(1, MOST);
        let rows = self.event_rows(number, after, limit + 1).await?;
        let key = self.key_of(&seen.matter).ok().filter(|_| seen.sight == Sight::Full);
        let mut items = Vec::new();
        for row in rows.iter().take(usize::try_from(limit).unwrap_or(0)) {
            items.push(shown(&self.item_at(&seen.matter, row.seq), row, key.as_ref(), who.is_staff())?);
        }
        let more = rows.len() > items.len();
        let last = rows.get(items.len().wrapping_sub(1)).map(|row| row.seq.to_string());
        Ok(json!({
            "items": items,
            "total": seen.matter.version,
            "total_is": "exact",
            "next": last.filter(|_| more),
        }))
    }

    /// Whether somebody may have the proof of an event: whoever may see the matter, but for the act of rating,
    /// which names who rated and is hidden from the office.
    pub async fn may_have_receipt(
        &self,
        who: &Principal,
        number: MatterNumber,
        seq: i64,
    ) -> Result<(), Refusal> {
        self.load(who, number, None, self.now()).await?;
        let rows = self.event_rows(number, seq.saturating_sub(1).max(0), 1).await?;
        let found = rows.first().filter(|row| row.seq == seq);
        let hidden = |row: &&EventRow| row.action == "rate" && who.is_staff();
        match found.filter(|row| !hidden(row)) {
            Some(_) => Ok(()),
            None => Err(not_found()),
        }
    }

    pub(crate) async fn event_rows(
        &self,
        number: MatterNumber,
        after: i64,
        limit: i64,
    ) -> Result<Vec<EventRow>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        table::events(&mut reader, number, after, limit).await.map_err(|error| broken("events", &error))
    }
}

/// What changed after a version, for a stale caller: no values, only what happened.
pub(crate) async fn since(register: &Register, matter: &Matter, seen: i64) -> Result<Vec<Value>, Refusal> {
    let rows = register.event_rows(matter.number, seen.max(0), MOST).await?;
    rows.iter().map(|row| shown(&register.item_at(matter, row.seq), row, None, true)).collect()
}

pub(crate) fn shown(
    item: &Item,
    row: &EventRow,
    key: Option<&DataKey>,
    to_staff: bool,
) -> Result<Value, Refusal> {
    let public: event::Public =
        serde_json::from_value(row.public.0.clone()).map_err(|error| fault("event public part", &error))?;
    let sealed = match (key, &row.sealed) {
        (Some(key), Some(ciphertext)) => event::open(row.number, row.seq, ciphertext, key)
            .map_err(|error| fault("event sealed part", &error))?,
        _ => event::Sealed::default(),
    };
    // Who rated stays hidden from those who were rated, and so do the marks of a single rating.
    let rating = row.action == "rate" && to_staff;
    // How a person may be reached is told in one place, masked: an event could be read by whom it names.
    let hidden = rating || row.action == contact::CHANGE;
    let mut values = if hidden { Map::new() } else { facts::masked(item, &sealed.facts) };
    // What the office wrote for itself (a report to the police, a reviewer's opinion) is not for the parties.
    if !to_staff && !is_party(public.role) {
        let step = public.from.as_deref().unwrap_or(&public.to);
        let asked = item.action(step, &row.action).map(|action| action.input.as_slice()).unwrap_or_default();
        let told = |name: &String| {
            ANSWERS.contains(&row.action.as_str())
                || asked.iter().any(|question| question.fact == *name && question.told)
        };
        values.retain(|name, _| told(name));
    }
    let reason = values.get("reason").cloned().unwrap_or(Value::Null);
    Ok(json!({
        "number": row.number,
        "seq": row.seq,
        "at": row.at,
        "actor": if rating { "hidden" } else { row.actor.as_str() },
        "role": public.role,
        "door": public.door,
        "action": row.action,
        "from": public.from,
        "to": public.to,
        "facts": values,
        "reason": reason,
        "prev": hex::encode(&row.prev),
        "hash": hex::encode(&row.hash),
    }))
}
