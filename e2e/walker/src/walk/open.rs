//! Opening: any door the item has, with whoever that door asks for.

use super::Walked;
use crate::accounts::People;
use crate::client::{Client, Reply};
use crate::random::Random;
use crate::views::{Area, Item, Opened};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/matters";

/// Opens one matter of this item from one of its examples.
pub async fn open(
    people: &People,
    item: &Item,
    chance: &mut Random,
    job: usize,
    walked: &mut Walked,
) -> Result<Opened> {
    let example = item.examples.get(job % item.examples.len()).context("no example")?;
    let mut body = example.body.clone();
    let door = chance.pick(&item.doors).cloned().unwrap_or_else(|| "web".to_owned());
    body["door"] = json!(door);
    if chance.chance(40) {
        let areas = counties(people);
        if let Some(area) = chance.pick(&areas) {
            body["area"] = json!(area.0);
        }
    }
    let area: Area = serde_json::from_value(body["area"].clone()).context("the example's area")?;
    let key = chance.key();
    if chance.chance(10) {
        wrong(&mut people.anonymous(), &body, chance, walked).await.context("a wrong opening")?;
    }
    let mut callers = callers(people, &door, &area, chance).await?;
    for caller in &mut callers {
        let answer = caller.post_raw(PATH, &body, Some(&key)).await?;
        let opened: Opened = match crate::client::read(&answer)? {
            Reply::Done(opened) => opened,
            // Not everybody at a counter takes everything: the next one may.
            Reply::Refused(problem) if problem.status == 403 => continue,
            Reply::Refused(problem) => {
                bail!("{} through {door}: {} {:?}", example.body, problem.detail, problem.errors)
            }
        };
        ensure!(answer.status == 201, "opened with {}", answer.status);
        hold(&opened, item)?;
        if chance.chance(20) {
            replay(caller, &body, &key, &answer.body).await?;
            walked.refused += 1;
        }
        walked.commands += 1;
        return Ok(opened);
    }
    bail!("nobody may open {} through {door} in {}", item.id, area.0)
}

/// What must hold of an opened matter.
fn hold(opened: &Opened, item: &Item) -> Result<()> {
    let crockford = opened.query_code.len() == 8
        && opened.query_code.bytes().all(|b| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&b));
    ensure!(crockford, "no query code: {}", opened.query_code);
    ensure!(
        item.steps.iter().any(|step| step.id == opened.step),
        "opened at an unknown step {}",
        opened.step
    );
    ensure!(opened.owner.is_some(), "opened without an owner");
    ensure!(opened.due.is_none() || opened.due_reason.is_some(), "a due date that does not explain itself");
    Ok(())
}

/// The same key and body give the same answer; the same key with another body none.
async fn replay(caller: &mut Client, body: &Value, key: &str, first: &[u8]) -> Result<()> {
    let again = caller.post_raw(PATH, body, Some(key)).await?;
    ensure!(again.status == 201 && again.body == first, "a replay answered otherwise: {}", again.text());
    ensure!(again.header("idempotency-replayed") == Some("true"), "a replay that does not say so");
    let mut other = body.clone();
    other["applicant"]["name"] = json!("周口供");
    caller.post::<Value>(PATH, &other, Some(key)).await?.refused("idempotency-mismatch")?;
    Ok(())
}

/// Wrong openings; none may leave a trace.
async fn wrong(guest: &mut Client, body: &Value, chance: &mut Random, walked: &mut Walked) -> Result<()> {
    let mut web = body.clone();
    web["door"] = json!("web");
    guest.post::<Value>(PATH, &web, None).await?.refused("idempotency-key-missing")?;
    let mut unknown = web.clone();
    unknown["no_such_field"] = json!(1);
    let problem = guest.post::<Value>(PATH, &unknown, Some(&chance.key())).await?.refused("unknown-field")?;
    ensure!(
        problem.errors.iter().any(|error| error.pointer.contains("no_such_field")),
        "the unknown field is not named"
    );
    let mut window = web.clone();
    window["door"] = json!("window");
    guest.post::<Value>(PATH, &window, Some(&chance.key())).await?.refused("unauthenticated")?;
    let mut nowhere = web.clone();
    nowhere["area"] = json!("37150");
    let refused = match guest.post::<Value>(PATH, &nowhere, Some(&chance.key())).await? {
        Reply::Done(_) => bail!("opened in an area of five digits"),
        Reply::Refused(problem) => problem,
    };
    ensure!(
        refused.status == 422 || refused.status == 400,
        "an area of five digits answered {}",
        refused.status
    );
    let answer =
        guest.raw("POST", PATH, Some(("application/json", b"{\"item\":")), Some(&chance.key())).await?;
    ensure!(answer.status == 400, "half a body answered {}", answer.status);
    crate::client::problem(&answer)?;
    let answer = guest.raw("POST", PATH, Some(("text/plain", b"x")), Some(&chance.key())).await?;
    ensure!(answer.status == 415, "plain text answered {}", answer.status);
    crate::client::problem(&answer)?;
    walked.refused += 6;
    Ok(())
}

/// Who stands at a door: nobody signed in at `web` and `kiosk`, else staff of the place.
async fn callers(people: &People, door: &str, area: &Area, chance: &mut Random) -> Result<Vec<Client>> {
    let roles: &[&str] = match door {
        "web" | "kiosk" => return Ok(vec![people.anonymous()]),
        "window" => &["clerk", "aid_officer", "office_head"],
        "hotline" => &["hotline_agent", "clerk"],
        "village" => &["adviser", "legal_worker", "mediator", "clerk"],
        "partner" => &["organ"],
        other => bail!("a door the contract does not name: {other}"),
    };
    let mut found = Vec::new();
    for role in roles {
        let mut accounts: Vec<_> = people.with_role(role, area).collect();
        chance.shuffle(&mut accounts);
        for account in accounts.into_iter().take(2) {
            found.push(people.client(account).await?);
        }
    }
    ensure!(!found.is_empty(), "nobody of {roles:?} stands at the {door} of {}", area.0);
    Ok(found)
}

/// Counties somebody works in.
fn counties(people: &People) -> Vec<Area> {
    let mut areas: Vec<Area> = people
        .all()
        .iter()
        .flat_map(|account| account.roles.iter().map(|grant| grant.area.clone()))
        .filter(|area| area.stem().len() == 6)
        .collect();
    areas.sort();
    areas.dedup();
    areas
}
