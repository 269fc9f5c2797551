//! One call of a stranger, and what its answer must be.

use super::city::{Caller, City};
use super::oracle::{Known, Sees, Who, by_area, leads, sees};
use crate::http::{Answer, Connection, Request};
use crate::random::Random;
use crate::views::{Area, Matter, Number, Page, WorkRow};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Mutex;

/// What was counted.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    /// Calls made.
    pub calls: u64,
    /// Matters, rows and papers shown to somebody who may see them.
    pub shown: u64,
    /// Matters and papers refused to strangers as if they did not exist.
    pub hidden: u64,
    /// Denials (403) with their rule and next step.
    pub denied: u64,
}

/// Answers that do not change while the strangers call: what is absent, and matters of others.
#[derive(Debug, Default)]
pub struct Memory {
    absent: Mutex<HashMap<&'static str, String>>,
    others: Mutex<HashMap<Number, Matter>>,
}

/// What is asked of one matter, and how its path ends.
const OF_A_MATTER: [(&str, &str); 8] = [
    ("view", ""),
    ("events", "/events"),
    ("actions", "/actions"),
    ("documents", "/documents"),
    ("document", "/documents/d1"),
    ("case file", "/documents/file"),
    ("receipt", "/documents/receipt.docx"),
    ("follow-ups", "/follow-ups"),
];
/// Actions strangers try.
const TRIED: [&str; 6] = ["take", "message", "withdraw", "reissue-code", "rate", "reveal"];
const VIEWS: [&str; 4] = ["todo", "doing", "watch", "done"];

/// Makes one call and holds its answer against what the contract says.
pub async fn call(
    city: &City,
    memory: &Memory,
    connection: &mut Connection,
    chance: &mut Random,
    counts: &mut Counts,
) -> Result<()> {
    let caller = chance.pick(&city.callers).context("nobody calls")?;
    let matter = chance.pick(&city.matters).context("nothing to ask for")?;
    counts.calls += 1;
    let done = match chance.below(20) {
        0..=8 => of_a_matter(city, memory, connection, caller, matter, chance, counts).await,
        9..=11 => worklist(city, memory, connection, caller, chance, counts).await,
        12..=13 => attempt(memory, connection, caller, matter, chance, counts).await,
        14 => paper(memory, connection, caller, matter, counts).await,
        15..=16 => progress(connection, caller, matter, chance).await,
        17 => similar(city, memory, connection, caller, matter, chance, counts).await,
        18 => public(connection, caller, "/api/v1/areas?parent=371500000000").await,
        _ => public(connection, caller, &format!("/api/v1/offices?area={}", matter.area.0)).await,
    };
    done.with_context(|| format!("{:?} and {} of {}", caller.who, matter.number.0, matter.area.0))
}

async fn of_a_matter(
    city: &City,
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    matter: &Known,
    chance: &mut Random,
    counts: &mut Counts,
) -> Result<()> {
    let (kind, rest) = OF_A_MATTER[chance.below(OF_A_MATTER.len())];
    let answer = get(connection, caller, &format!("/api/v1/matters/{}{rest}", matter.number.0)).await?;
    let expected = sees(&caller.who, matter);
    // A paper that is not there, or not addressed to this party, is as absent as one of a stranger.
    let may_lack = ["document", "case file", "receipt"].contains(&kind) && answer.status == 404;
    match (answer.status, expected) {
        (200, Sees::Must | Sees::May) => {
            counts.shown += 1;
            if kind == "view" {
                let seen: Matter = serde_json::from_slice(&answer.body)?;
                ensure!(seen.number == matter.number, "asked for one matter, got {}", seen.number.0);
                for link in &seen.links {
                    ensure!(
                        city.matters.iter().any(|known| known.number == link.number),
                        "a matter of this run is linked to {}",
                        link.number.0
                    );
                }
            }
            Ok(())
        }
        (200, Sees::Never) => bail!("FOREIGN ROW: {kind} shown: {}", answer.text()),
        (401, Sees::Never) if matches!(caller.who, Who::Nobody) => Ok(()),
        (404, Sees::Never | Sees::May) => {
            counts.hidden += 1;
            alike(memory, connection, caller, kind, &answer).await
        }
        (404, Sees::Must) if may_lack => Ok(()),
        (status, expected) => bail!("{kind} answered {status}, {expected:?} was due: {}", answer.text()),
    }
}

/// What is foreign and what is absent must answer alike, in body and headers.
async fn alike(
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    kind: &'static str,
    foreign: &Answer,
) -> Result<()> {
    let found = plain(foreign)?;
    let known = memory.absent.lock().map_err(|_| anyhow::anyhow!("a thread failed"))?.get(kind).cloned();
    let absent = if let Some(absent) = known {
        absent
    } else {
        let answer = match kind {
            "file" => get(connection, caller, "/api/v1/files/019376a2-0000-7000-8000-000000000000").await?,
            "act" => {
                act(connection, caller, &nowhere(), "message", 1, &json!({}), "absent-absent-absent-").await?
            }
            _ => {
                let rest = OF_A_MATTER.iter().find(|(name, _)| *name == kind).map_or("", |(_, rest)| rest);
                get(connection, caller, &format!("/api/v1/matters/{}{rest}", nowhere())).await?
            }
        };
        let absent = plain(&answer)?;
        let mut all = memory.absent.lock().map_err(|_| anyhow::anyhow!("a thread failed"))?;
        all.insert(kind, absent.clone());
        absent
    };
    ensure!(found == absent, "{kind}: what is foreign answers\n{found}\nand what is absent\n{absent}");
    Ok(())
}

/// A number nobody has.
fn nowhere() -> String {
    let stem = "371502269999998";
    format!("{stem}{}", char::from(Number::check_digit(stem)))
}

/// An answer without what differs from call to call.
fn plain(answer: &Answer) -> Result<String> {
    let mut body = answer.json()?;
    if let Some(object) = body.as_object_mut() {
        object.remove("trace_id");
    }
    let headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-trace-id" | "date" | "content-length"))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    Ok(format!("{} {body}\n{}", answer.status, headers.join("\n")))
}

async fn worklist(
    city: &City,
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    chance: &mut Random,
    counts: &mut Counts,
) -> Result<()> {
    let view = VIEWS[chance.below(VIEWS.len())];
    let mut path = format!("/api/v1/worklist?view={view}&limit=50");
    for _ in 0..4 {
        let answer = get(connection, caller, &path).await?;
        if matches!(caller.who, Who::Nobody) {
            ensure!(answer.status == 401, "a list for nobody: {}", answer.text());
            return Ok(());
        }
        ensure!(answer.status == 200, "{view} answered {}: {}", answer.status, answer.text());
        let page: Page<WorkRow> = serde_json::from_slice(&answer.body).context("a page of work")?;
        for row in &page.items {
            row_fits(city, memory, connection, caller, view, row).await?;
            counts.shown += 1;
        }
        let Some(next) = page.next else { break };
        path = format!("/api/v1/worklist?view={view}&limit=50&cursor={next}");
    }
    Ok(())
}

/// A row is of a matter the caller may see; for matters of others, told by what the eye reads of them.
async fn row_fits(
    city: &City,
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    view: &str,
    row: &WorkRow,
) -> Result<()> {
    if let Some(known) = city.matters.iter().find(|known| known.number == row.number) {
        ensure!(sees(&caller.who, known) != Sees::Never, "FOREIGN ROW in {view}: {row:?}");
        return Ok(());
    }
    let Who::Staff(account) = &caller.who else {
        bail!("FOREIGN ROW in {view} of somebody who has no such matter: {row:?}");
    };
    if view == "done" {
        // Whoever acted keeps it there: told by the row itself.
        return Ok(());
    }
    let seen = other(city, memory, connection, &row.number).await?;
    let owned = seen.owner.as_ref().and_then(|owner| owner.login.as_ref()) == Some(&account.login);
    let concerned = seen.waiting_for.iter().any(|waiting| {
        waiting.login.as_ref() == Some(&account.login)
            || account.roles.iter().any(|grant| {
                grant.role == waiting.role
                    && (grant.organisation.is_some() && grant.organisation == waiting.organisation
                        || grant.organisation.is_none() && grant.area.holds(&waiting.area))
            })
    });
    let fits = match view {
        // A head watches what the office has; whether that is so is told by whether they may read it.
        "watch" => {
            by_area(account, &seen.area)
                || leads(account)
                    && get(connection, caller, &format!("/api/v1/matters/{}", row.number.0)).await?.status
                        == 200
        }
        "doing" => owned,
        _ => concerned,
    };
    ensure!(fits, "FOREIGN ROW in {view} of {}: {row:?} of {seen:?}", account.login);
    Ok(())
}

/// A matter this run did not open, as the eye sees it.
async fn other(city: &City, memory: &Memory, connection: &mut Connection, number: &Number) -> Result<Matter> {
    let known = memory.others.lock().map_err(|_| anyhow::anyhow!("a thread failed"))?.get(number).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let path = format!("/api/v1/matters/{}", number.0);
    let request = Request { method: "GET", path: &path, token: Some(&city.eye), key: None, body: None };
    let answer = connection.send(request).await?;
    ensure!(answer.status == 200, "the supervisor of the city does not see {}", number.0);
    let seen: Matter = serde_json::from_slice(&answer.body)?;
    let mut others = memory.others.lock().map_err(|_| anyhow::anyhow!("a thread failed"))?;
    others.insert(number.clone(), seen.clone());
    Ok(seen)
}

/// Tries to act or to look in full. Whoever may see the matter asks for a version that never was, so that nothing
/// moves while the others look on.
async fn attempt(
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    matter: &Known,
    chance: &mut Random,
    counts: &mut Counts,
) -> Result<()> {
    let action = TRIED[chance.below(TRIED.len())];
    let stranger = sees(&caller.who, matter) == Sees::Never;
    let version = if stranger { matter.version } else { 0 };
    let input = match action {
        "reveal" => json!({"facts": ["applicant.name"], "reason": "核对"}),
        "message" => json!({"text": "请问"}),
        _ => json!({}),
    };
    let answer = act(connection, caller, &matter.number.0, action, version, &input, &chance.key()).await?;
    match answer.status {
        401 if matches!(caller.who, Who::Nobody) => Ok(()),
        404 => {
            counts.hidden += 1;
            ensure!(sees(&caller.who, matter) != Sees::Must, "{action}: a matter in sight is absent");
            alike(memory, connection, caller, "act", &answer).await
        }
        403 if !stranger => {
            counts.denied += 1;
            denial(&answer)
        }
        409 if !stranger => crate::client::problem(&answer).map(|_| ()),
        status => {
            bail!("FOREIGN ACT: {action} of a stranger={stranger} answered {status}: {}", answer.text())
        }
    }
}

/// A denial says by which rule and what to do now.
fn denial(answer: &Answer) -> Result<()> {
    let problem = crate::client::problem(answer)?;
    ensure!(answer.json()?["rule"]["id"].is_string(), "a denial without a rule: {}", answer.text());
    ensure!(!problem.next.is_empty(), "a denial without a next step: {}", answer.text());
    Ok(())
}

async fn paper(
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    matter: &Known,
    counts: &mut Counts,
) -> Result<()> {
    let Some(file) = matter.files.first() else { return Ok(()) };
    let answer = get(connection, caller, &format!("/api/v1/files/{file}")).await?;
    match (answer.status, sees(&caller.who, matter)) {
        (200, Sees::Must | Sees::May) => counts.shown += 1,
        (404, Sees::Never | Sees::May) => {
            counts.hidden += 1;
            return alike(memory, connection, caller, "file", &answer).await;
        }
        (401, Sees::Never) if matches!(caller.who, Who::Nobody) => {}
        (200, Sees::Never) => bail!("FOREIGN PAPER: {file} was handed out"),
        (status, expected) => bail!("a paper answered {status}, {expected:?} was due"),
    }
    Ok(())
}

/// Number and code open the progress to whoever knows both; a wrong code never does.
async fn progress(
    connection: &mut Connection,
    caller: &Caller,
    matter: &Known,
    chance: &mut Random,
) -> Result<()> {
    let right = chance.chance(80);
    let code = if right { matter.code.as_str() } else { "00000000" };
    let body = serde_json::to_vec(&json!({"number": matter.number.0, "code": code}))?;
    let answer = post(connection, caller, "/api/v1/progress", None, &body).await?;
    match answer.status {
        200 => {
            ensure!(right, "FOREIGN ROW: progress for a wrong code");
            let number = answer.json()?["number"].as_str().map(str::to_owned);
            ensure!(number.as_deref() == Some(&matter.number.0), "progress of another matter: {number:?}");
        }
        404 => ensure!(!right, "the right code opens nothing: {}", answer.text()),
        // Five wrong tries rest a number for a while.
        429 => {}
        status => bail!("progress answered {status}: {}", answer.text()),
    }
    Ok(())
}

/// The warning of matters that look alike names only matters the caller may see.
async fn similar(
    city: &City,
    memory: &Memory,
    connection: &mut Connection,
    caller: &Caller,
    matter: &Known,
    chance: &mut Random,
    counts: &mut Counts,
) -> Result<()> {
    let mut body = matter.body.clone();
    body["door"] = json!("window");
    if let Some(object) = body.as_object_mut() {
        object.remove("materials");
    }
    let bytes = serde_json::to_vec(&body)?;
    let answer = post(connection, caller, "/api/v1/matters/similar", Some(&chance.key()), &bytes).await?;
    match (answer.status, &caller.who) {
        (401, Who::Nobody) => Ok(()),
        (403, _) => {
            counts.denied += 1;
            denial(&answer)
        }
        (200, Who::Staff(account)) => {
            let page: Page<Value> = serde_json::from_slice(&answer.body)?;
            for row in &page.items {
                let number = Number(row["number"].as_str().unwrap_or_default().to_owned());
                let known = city.matters.iter().find(|known| known.number == number);
                let fits = if let Some(known) = known {
                    sees(&caller.who, known) != Sees::Never
                } else {
                    let seen = other(city, memory, connection, &number).await?;
                    let organisations: Vec<Option<String>> =
                        account.roles.iter().map(|grant| grant.organisation.clone()).collect();
                    by_area(account, &seen.area) || organisations.iter().any(Option::is_some)
                };
                ensure!(fits, "FOREIGN ROW among similar matters: {row}");
                counts.shown += 1;
            }
            Ok(())
        }
        (status, _) => bail!("similar answered {status}: {}", answer.text()),
    }
}

/// What everybody may read.
async fn public(connection: &mut Connection, caller: &Caller, path: &str) -> Result<()> {
    let answer = get(connection, caller, path).await?;
    ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.text());
    let page: Page<Value> = serde_json::from_slice(&answer.body)?;
    for row in &page.items {
        if let Some(code) = row.get("code") {
            serde_json::from_value::<Area>(code.clone())?;
        }
    }
    Ok(())
}

async fn get(connection: &mut Connection, caller: &Caller, path: &str) -> Result<Answer> {
    let request = Request { method: "GET", path, token: caller.token.as_deref(), key: None, body: None };
    fault_free(connection.send(request).await?, path)
}

async fn post(
    connection: &mut Connection,
    caller: &Caller,
    path: &str,
    key: Option<&str>,
    body: &[u8],
) -> Result<Answer> {
    let body = Some(("application/json", body));
    let request = Request { method: "POST", path, token: caller.token.as_deref(), key, body };
    fault_free(connection.send(request).await?, path)
}

async fn act(
    connection: &mut Connection,
    caller: &Caller,
    number: &str,
    action: &str,
    version: i64,
    input: &Value,
    key: &str,
) -> Result<Answer> {
    let body = serde_json::to_vec(&json!({"version": version, "input": input}))?;
    post(connection, caller, &format!("/api/v1/matters/{number}/actions/{action}"), Some(key), &body).await
}

fn fault_free(answer: Answer, path: &str) -> Result<Answer> {
    ensure!(answer.status < 500, "{path} answered {}: {}", answer.status, answer.text());
    Ok(answer)
}
