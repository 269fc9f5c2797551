//! Old matters in any number, through the register's `import`: the same checks, numbers, marks and events.

use std::sync::Arc;

use access::Principal;
use catalog::item::Item;
use fastrand::Rng;
use futures_util::StreamExt as _;
use jiff::SignedDuration;
use kernel::actor::Role;
use kernel::area::{AreaCode, Level};
use kernel::time::Instant;
use serde_json::{Value, json};

use super::people;
use crate::failure::Failure;
use crate::node::Node;

/// Rows handed over at once.
const BATCH: u32 = 2048;

/// Batches on their way at once.
const AT_ONCE: usize = 2;

/// One in so many was dealt with by the same person, as in a year's lists of a busy desk.
const ONE_HAND: u32 = 10;

/// Makes the city have so many old matters: rows that are there already change nothing.
pub async fn matters(node: &Node, count: u32) -> Result<(), Failure> {
    if count == 0 {
        return Ok(());
    }
    let items: Vec<Arc<Item>> = node.register.catalog().items().cloned().collect();
    let towns = super::towns(&node.access, node.register.now().date()).await?;
    let mut clerks = node.access.everybody().await.map_err(Failure::environment)?;
    clerks.retain(|who| who.has(Role::Clerk) && who.login.is_some());
    clerks.sort_by(|a, b| a.login.cmp(&b.login));
    if items.is_empty() || towns.is_empty() || clerks.is_empty() {
        return Ok(());
    }
    let now = node.register.now();
    let began = std::time::Instant::now();
    let batches = (0..count).step_by(BATCH as usize).map(|from| {
        let rows: Vec<Value> =
            (from..count.min(from + BATCH)).map(|nth| row(nth, &items, &towns, &clerks, now)).collect();
        let register = node.register.clone();
        // A task of its own, so that the next rows are read while these wait for the disk.
        async move { tokio::spawn(async move { register.import(rows, false).await }).await }
    });
    let mut answers = futures_util::stream::iter(batches).buffered(AT_ONCE);
    while let Some(answered) = answers.next().await {
        for answer in answered.map_err(Failure::environment)?.map_err(Failure::environment)? {
            answer.map_err(|refusal| {
                Failure::Environment(format!("old matter of the demo: {refusal} {:?}", refusal.errors))
            })?;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    tracing::info!(matters = count, seconds, a_second = f64::from(count) / seconds, "old matters");
    Ok(())
}

/// The n-th old matter: always the same one.
fn row(nth: u32, items: &[Arc<Item>], towns: &[AreaCode], clerks: &[Principal], now: Instant) -> Value {
    let mut chance = Rng::with_seed(u64::from(nth));
    let item = &items[chance.usize(..items.len())];
    let ends: Vec<&str> = item.steps.iter().filter(|step| step.final_).map(|step| step.id.as_str()).collect();
    let day = chance.i64(30..760);
    let opened = now.plus(SignedDuration::from_hours(-24 * day)).date();
    let closed = opened.saturating_add(jiff::Span::new().days(chance.i64(1..29)));
    let town = towns[chance.usize(..towns.len())];
    let serves = |who: &&Principal| who.grants.iter().any(|grant| grant.covers(town));
    let near: Vec<&Principal> = clerks.iter().filter(serves).collect();
    let busy =
        near.iter().position(|who| who.grants.iter().any(|grant| grant.area.level() == Level::Prefecture));
    let hand = match busy {
        Some(busy) if nth.is_multiple_of(ONE_HAND) => near.get(busy),
        _ => near.get(chance.usize(..near.len().max(1))),
    };
    let kind = item.applicant.kinds.first().map_or("person", String::as_str);
    let mut applicant = json!({ "kind": kind, "name": people::name(&mut chance) });
    if kind == "person" {
        applicant["id_no"] = json!(people::paper(&mut chance));
        applicant["phone"] = json!(people::phone(&mut chance));
    }
    json!({
        "source_id": format!("demo-{nth}"),
        "item": item.id,
        "area": town,
        "door": "window",
        "opened_at": opened,
        "closed_at": closed,
        "outcome": ends[chance.usize(..ends.len())],
        "handled_by": hand.and_then(|who| who.login.as_deref()).unwrap_or_default(),
        "applicant": applicant,
    })
}
