//! Whole lives of matters by heart: learned once over the contract, then replayed with as few bytes and
//! allocations as a load generator can afford.

use crate::accounts::People;
use crate::client::{Client, Reply};
use crate::http::{Connection, Request};
use crate::views::{Item, Matter, Offer, Opened};
use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// One life: how to open the matter and what is done to it until it is rated.
#[derive(Debug, Clone)]
pub struct Script {
    /// Item id.
    pub item: String,
    body: Vec<u8>,
    commands: Vec<Command>,
}

#[derive(Debug, Clone)]
struct Command {
    action: String,
    input: String,
    /// Session of the account that acts; the applicant when none.
    token: Option<String>,
    with_task: bool,
}

/// A command the server acknowledged.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// Matter.
    pub number: String,
    /// Its query code, to ask for it again.
    pub query_code: String,
    /// Version after the command.
    pub version: i64,
    /// Place and hash of the event; an opening's receipt is known by its version alone.
    pub event: Option<(i64, String)>,
}

#[derive(Deserialize)]
struct OpenedLean {
    number: String,
    query_code: String,
    version: i64,
}

#[derive(Deserialize)]
struct TokenLean {
    token: String,
}

#[derive(Deserialize)]
struct ReceiptLean {
    seq: i64,
    version: i64,
    hash: String,
    waiting_for: Vec<TaskLean>,
}

#[derive(Deserialize)]
struct TaskLean {
    task: String,
    actions: Vec<String>,
}

impl Script {
    /// Durable commands of one life: the opening and every action.
    pub fn commands(&self) -> usize {
        self.commands.len() + 1
    }

    /// Names of what is done, in order.
    pub fn actions(&self) -> Vec<&str> {
        std::iter::once("submit").chain(self.commands.iter().map(|command| command.action.as_str())).collect()
    }

    /// Lives this life once over a connection. `key` makes idempotency keys; `told` hears of each command
    /// the server has acknowledged, at once.
    pub async fn live(
        &self,
        connection: &mut Connection,
        mut key: impl FnMut() -> String,
        mut told: impl FnMut(Acknowledged),
    ) -> Result<()> {
        let opening = key();
        let opened: OpenedLean =
            post(connection, "/api/v1/matters", None, Some(&opening), &self.body).await.context("submit")?;
        let ack = |version, event| Acknowledged {
            number: opened.number.clone(),
            query_code: opened.query_code.clone(),
            version,
            event,
        };
        told(ack(opened.version, None));
        let credentials = format!(r#"{{"number":"{}","query_code":"{}"}}"#, opened.number, opened.query_code);
        let guest: TokenLean = post(connection, "/api/v1/sessions", None, None, credentials.as_bytes())
            .await
            .context("guest")?;
        let mut version = opened.version;
        // The first task of a matter is told by the matter itself, later ones by each receipt.
        let mut waiting: Option<Vec<TaskLean>> = None;
        for command in &self.commands {
            let token = command.token.as_deref().unwrap_or(&guest.token);
            let mut body = format!(r#"{{"version":{version},"input":{}"#, command.input);
            if command.with_task {
                if waiting.is_none() {
                    waiting = Some(self.first_tasks(connection, &opened.number, &guest.token).await?);
                }
                let task = waiting
                    .iter()
                    .flatten()
                    .find(|task| task.actions.contains(&command.action))
                    .with_context(|| format!("{} waits for nobody", command.action))?;
                for part in [r#","task":""#, &task.task, "\""] {
                    body.push_str(part);
                }
            }
            body.push('}');
            let path = format!("/api/v1/matters/{}/actions/{}", opened.number, command.action);
            let fresh = key();
            let receipt: ReceiptLean = post(connection, &path, Some(token), Some(&fresh), body.as_bytes())
                .await
                .with_context(|| command.action.clone())?;
            version = receipt.version;
            told(ack(version, Some((receipt.seq, receipt.hash))));
            waiting = Some(receipt.waiting_for);
        }
        Ok(())
    }

    async fn first_tasks(
        &self,
        connection: &mut Connection,
        number: &str,
        token: &str,
    ) -> Result<Vec<TaskLean>> {
        #[derive(Deserialize)]
        struct MatterLean {
            waiting_for: Vec<TaskLean>,
        }
        let path = format!("/api/v1/matters/{number}");
        let request = Request { method: "GET", path: &path, token: Some(token), key: None, body: None };
        let answer = connection.send(request).await?;
        ensure!(answer.status == 200, "GET {path} answered {}", answer.status);
        Ok(serde_json::from_slice::<MatterLean>(&answer.body)?.waiting_for)
    }
}

async fn post<T: for<'de> Deserialize<'de>>(
    connection: &mut Connection,
    path: &str,
    token: Option<&str>,
    key: Option<&str>,
    body: &[u8],
) -> Result<T> {
    let request = Request { method: "POST", path, token, key, body: Some(("application/json", body)) };
    let answer = connection.send(request).await?;
    ensure!(matches!(answer.status, 200 | 201), "answered {}: {}", answer.status, answer.text());
    serde_json::from_slice(&answer.body).with_context(|| answer.text())
}

/// Keys are fresh each time: one that was used before would give the old matter back.
static TURN: AtomicU64 = AtomicU64::new(0);

/// Learns one life of this item in this county, by living it.
pub async fn learn(people: &People, item: &Item, county: &str) -> Result<Script> {
    let mut body = item.examples.first().context("no example")?.body.clone();
    body["door"] = json!("web");
    body["area"] = json!(county);
    if body["form"].get("case.organ_area").is_some() {
        body["form"]["case.organ_area"] = json!(county);
    }
    let mut nobody = people.anonymous();
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let key = format!("learn-{}-{county}-{}-{turn}", item.id, std::process::id());
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key)).await?.done()?;
    let mut applicant = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let mut commands = Vec::new();
    let mut road = road(item, &opened.step)?;
    road.push("rate".to_owned());
    for (place, action) in road.iter().enumerate() {
        let matter: Matter = applicant.get(&format!("/api/v1/matters/{}", opened.number.0)).await?.done()?;
        let (mut actor, token, offer) = somebody(people, &applicant, &matter, action)
            .await?
            .with_context(|| format!("nobody may {action} at {} of {}", matter.step, item.id))?;
        let mut command = json!({"version": matter.version, "input": offer.example});
        if let Some(task) = &offer.task {
            command["task"] = json!(task);
        }
        let path = format!("/api/v1/matters/{}/actions/{action}", opened.number.0);
        let done: Reply<Value> = actor.post(&path, &command, Some(&format!("{key}-{place}"))).await?;
        done.done().with_context(|| format!("learning {action}"))?;
        commands.push(Command {
            action: action.clone(),
            input: offer.example.to_string(),
            token,
            with_task: offer.task.is_some(),
        });
    }
    let matter: Matter = applicant.get(&format!("/api/v1/matters/{}", opened.number.0)).await?.done()?;
    ensure!(matter.is_final && matter.rated, "a life of {} ended at {}", item.id, matter.step);
    Ok(Script { item: item.id.clone(), body: serde_json::to_vec(&body)?, commands })
}

/// The items whose lives are lived for measuring and for killing under load: one of three commands and one that
/// goes through five people's hands. The others ask for signatures and services that a script cannot foresee.
const LIVED: [&str; 2] = ["consultation.text", "legal-aid.civil"];

/// Those of the items that are lived.
pub fn lived(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter(|item| LIVED.contains(&item.id.as_str())).collect()
}

/// The main road of an item: at each step the first way its file offers that leads on to an end.
fn road(item: &Item, from: &str) -> Result<Vec<String>> {
    let mut way = Vec::new();
    let mut seen = HashSet::new();
    ensure!(ends(item, from, &mut way, &mut seen), "{} has no way from {from} to an end", item.id);
    Ok(way)
}

/// Walks on from a step; `false` when nothing new is reached from here.
fn ends(item: &Item, at: &str, way: &mut Vec<String>, seen: &mut HashSet<String>) -> bool {
    let Some(here) = item.steps.iter().find(|step| step.id == at) else { return false };
    if here.is_final {
        return true;
    }
    seen.insert(at.to_owned());
    for action in here.actions.iter().filter(|action| action.role != "system") {
        if seen.contains(&action.to) {
            continue;
        }
        way.push(action.action.clone());
        if ends(item, &action.to, way, seen) {
            return true;
        }
        way.pop();
    }
    false
}

/// Somebody who is offered this action now.
async fn somebody(
    people: &People,
    applicant: &Client,
    matter: &Matter,
    action: &str,
) -> Result<Option<(Client, Option<String>, Offer)>> {
    let path = format!("/api/v1/matters/{}/actions", matter.number.0);
    let mut callers = vec![(applicant.with_token(applicant.token().map(str::to_owned)), None)];
    for waiting in
        matter.waiting_for.iter().filter(|waiting| waiting.actions.iter().any(|name| name == action))
    {
        for account in people.who_may(waiting) {
            let caller = people.client(account).await?;
            let token = caller.token().map(str::to_owned);
            callers.push((caller, token));
        }
    }
    for (mut caller, token) in callers {
        match caller.get::<Vec<Offer>>(&path).await? {
            Reply::Done(offers) => {
                if let Some(offer) = offers.into_iter().find(|offer| offer.action == action) {
                    return Ok(Some((caller, token, offer)));
                }
            }
            Reply::Refused(problem) if matches!(problem.status, 403 | 404) => {}
            Reply::Refused(problem) => bail!("{}: {}", problem.code, problem.detail),
        }
    }
    Ok(None)
}

/// Counties somebody works in, at most `most` of them.
pub fn counties(people: &People, most: usize) -> Vec<String> {
    let mut found: Vec<String> = people
        .all()
        .iter()
        .flat_map(|account| &account.roles)
        .filter(|grant| grant.role == "aid_officer" && grant.area.stem().len() == 6)
        .map(|grant| grant.area.0.clone())
        .collect();
    found.sort();
    found.dedup();
    found.truncate(most);
    found
}
