//! The machine's clock is set back.

use super::{Ask, Outcome, Scene, huifa, pause, verify};
use crate::load::Bears;
use crate::server::Server;
use crate::views::{Event, Page};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// Answers `clock_gettime` with an offset of seconds read from a file, for the program it is loaded into.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static int (*real)(clockid_t, struct timespec *);
int clock_gettime(clockid_t id, struct timespec *at) {
    static _Thread_local long offset, looked = -1;
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int done = real(id, at);
    if (done != 0 || id != CLOCK_REALTIME) return done;
    struct timespec now;
    real(CLOCK_MONOTONIC, &now);
    long tick = now.tv_sec * 50 + now.tv_nsec / 20000000;
    if (tick != looked) {
        looked = tick;
        FILE *file = fopen(getenv("CLOCK_OFFSET_FILE"), "r");
        if (file) { if (fscanf(file, "%ld", &offset) != 1) offset = 0; fclose(file); }
    }
    at->tv_sec += offset;
    return 0;
}
"#;

/// An hour back under load: no event is older than those before. Started like that, the service refuses; half a minute
/// back it starts and stands still until the machine catches up.
pub async fn set_back(ask: &Ask) -> Result<Outcome> {
    let Some(shim) = shim(&ask.folder).await? else { return Ok(Outcome::Skipped("a C compiler".into())) };
    let file = ask.folder.join("offset");
    let set = |seconds: i64| std::fs::write(&file, seconds.to_string());
    set(0)?;
    let (shim, offset) = (shim.display().to_string(), file.display().to_string());
    let variables = [("LD_PRELOAD", shim.as_str()), ("CLOCK_OFFSET_FILE", offset.as_str())];
    let setup = ask.setup(ask.folder.join("data"));
    let mut scene = Scene::begin(setup.clone(), ask.seed, &variables).await?;
    let load = scene.load(Bears::Nothing);
    load.goes_on(Duration::from_secs(10)).await?;
    pause(500).await;
    set(-3600)?;
    pause(200).await;
    load.goes_on(Duration::from_secs(10)).await.context("after the clock went back")?;
    pause(500).await;
    let came = load.stop().await?;
    let newest = in_order(&scene).await?;
    verify(&scene.people.anonymous(), &scene.ledger).await?;
    scene.server.stop().await?;

    let mut serve = huifa(&setup);
    serve.args(["serve", "--listen", "127.0.0.1:0"]).envs(variables);
    let done = tokio::time::timeout(Duration::from_secs(20), serve.output());
    let done = done.await.context("it started an hour before its newest event")??;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    ensure!(done.status.code() == Some(3) && said.contains("clock"), "ended with {}: {said}", done.status);

    set(-30)?;
    let server = Server::start_with(&setup, &[], &variables).await.context("half a minute back")?;
    let mut nobody = crate::client::Client::new(server.address());
    let item: serde_json::Value = nobody.get("/api/v1/items/consultation.text").await?.done()?;
    let mut body = item["examples"][0]["body"].clone();
    body["door"] = serde_json::json!("web");
    let opened: crate::views::Opened =
        nobody.post("/api/v1/matters", &body, Some("after-the-clock-went-back")).await?.done()?;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let first = events(&mut guest, &opened.number.0).await?.remove(0);
    ensure!(stamp(&first.at.0) >= newest, "an event at {} after one at {newest}", first.at.0);
    set(0)?;
    server.stop().await?;
    Ok(Outcome::Borne(format!(
        "{came:?}; no event older than the one before; refuses to start: {}",
        said.trim()
    )))
}

/// Moments in one form: micros always written out.
fn stamp(at: &str) -> String {
    let (moment, zone) = at.split_at(at.len().saturating_sub(6));
    let (whole, part) = moment.split_once('.').unwrap_or((moment, ""));
    format!("{whole}.{part:0<6}{zone}")
}

/// Each matter's events rise in time. Gives the newest moment of all.
async fn in_order(scene: &Scene) -> Result<String> {
    let told = scene.ledger.lock().map_err(|_| anyhow::anyhow!("the ledger is poisoned"))?.clone();
    let nobody = scene.people.anonymous();
    let mut newest = String::new();
    for last in told.values().filter_map(|told| told.last()) {
        let mut guest = nobody.guest(&last.number, &last.query_code).await?;
        let mut events = events(&mut guest, &last.number).await?;
        events.sort_by_key(|event| event.seq);
        for pair in events.windows(2) {
            ensure!(
                stamp(&pair[0].at.0) <= stamp(&pair[1].at.0),
                "matter {}: event {} at {} after {}",
                last.number,
                pair[1].seq,
                pair[1].at.0,
                pair[0].at.0
            );
        }
        newest = events.iter().map(|event| stamp(&event.at.0)).chain([newest]).max().unwrap_or_default();
    }
    Ok(newest)
}

async fn events(guest: &mut crate::client::Client, number: &str) -> Result<Vec<Event>> {
    let page: Page<Event> = guest.get(&format!("/api/v1/matters/{number}/events?limit=100")).await?.done()?;
    Ok(page.items)
}

async fn shim(folder: &Path) -> Result<Option<PathBuf>> {
    let (source, shim) = (folder.join("clock.c"), folder.join("clock.so"));
    std::fs::write(&source, SHIM)?;
    let mut compile = Command::new("cc");
    compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&shim).arg(&source).arg("-ldl");
    match compile.output().await {
        Ok(done) if done.status.success() => Ok(Some(shim)),
        _ => Ok(None),
    }
}
