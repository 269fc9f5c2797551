//! Callers who hang up in the middle.

use super::{Ask, Outcome, Scene, pause};
use crate::client;
use crate::http::{Connection, Request};
use crate::load::Bears;
use crate::views::{Item, Opened};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Callers who hang up.
const CALLERS: usize = 150;

/// Requests that end in the middle, and whole ones whose callers do not wait for the answer: the first do nothing,
/// the second are done once, and a repeat with the same key tells what became of them.
pub async fn hang_up(ask: &Ask) -> Result<Outcome> {
    let mut scene = Scene::begin(ask.setup(ask.folder.join("data")), ask.seed, &[]).await?;
    let address = scene.server.address().to_owned();
    let pid = scene.server.pid().context("no server")?;
    let item: Item = scene.people.anonymous().get("/api/v1/items/consultation.text").await?.done()?;
    let mut body = item.examples.first().context("no example")?.body.clone();
    body["door"] = json!("web");
    let body = serde_json::to_vec(&body)?;
    let load = scene.load(Bears::Nothing);
    load.goes_on(Duration::from_secs(10)).await?;
    let before = open_files(pid);
    let key = |turn: usize| format!("hang-up-{}-{turn:04}", std::process::id());
    for turn in 0..CALLERS {
        let head = format!(
            "POST /api/v1/matters HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             idempotency-key: {}\r\ncontent-length: {}\r\n\r\n",
            key(turn),
            body.len()
        );
        let mut stream = TcpStream::connect(&address).await?;
        stream.write_all(head.as_bytes()).await?;
        let sent = if turn % 3 == 0 { &body[..body.len() / 2] } else { &body[..] };
        stream.write_all(sent).await?;
        if turn % 3 == 2 {
            pause(turn as u64 % 7).await;
        }
        // Dropped with the answer unread: the other side sees a reset.
    }
    pause(1000).await;
    load.goes_on(Duration::from_secs(10)).await?;
    let mut done_before = 0;
    for turn in 0..CALLERS {
        let key = key(turn);
        let request = Request {
            method: "POST",
            path: "/api/v1/matters",
            token: None,
            key: Some(&key),
            body: Some(("application/json", &body)),
        };
        let first = Connection::new(&*address).send(request).await?;
        let replayed = first.header("idempotency-replayed").is_some();
        ensure!(!replayed || turn % 3 != 0, "half a request opened a matter");
        done_before += usize::from(replayed);
        let again = Connection::new(&*address).send(request).await?;
        let (first, again): (Opened, Opened) = (client::read(&first)?.done()?, client::read(&again)?.done()?);
        ensure!(first.number == again.number, "one key opened two matters");
    }
    ensure!(done_before > 0, "no request of a caller who hung up was done: the trial tried nothing");
    let came = load.stop().await?;
    pause(1000).await;
    let after = open_files(pid);
    ensure!(after <= before + 30, "{before} open files before, {after} after");
    let matters = scene.settle().await?;
    Ok(Outcome::Borne(format!(
        "{CALLERS} callers hung up, {done_before} of their requests were done, once each; {came:?}; {matters} matters whole"
    )))
}

fn open_files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}
