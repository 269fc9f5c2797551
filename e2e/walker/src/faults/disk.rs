//! The disk is full, or takes no writes.

use super::{Ask, Outcome, Scene, huifa, pause, run};
use crate::client::{self, Client};
use crate::load::{Bears, Load};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A data folder on a small disk that fills up under load.
pub async fn full(ask: &Ask) -> Result<Outcome> {
    let Some(disk) = Mount::small(ask.folder.join("data")).await? else {
        return Ok(Outcome::Skipped("mounting".into()));
    };
    let mut scene = Scene::begin(ask.setup(disk.at.clone()), ask.seed, &[]).await?;
    let load = scene.load(Bears::Trouble);
    for turn in 0..2 {
        load.goes_on(Duration::from_secs(10)).await?;
        pause(300).await;
        let ballast = disk.at.join("ballast");
        fill(&ballast)?;
        refuses(&load, &mut scene.people.anonymous()).await.with_context(|| format!("full, turn {turn}"))?;
        std::fs::remove_file(&ballast)?;
        load.goes_on(Duration::from_secs(20)).await.context("after there was room again")?;
    }
    let came = load.stop().await?;
    let matters = scene.settle().await?;
    Ok(Outcome::Borne(format!("filled twice; {came:?}; {matters} matters whole")))
}

/// Writes until nothing more fits.
fn fill(ballast: &Path) -> Result<()> {
    let mut file = std::fs::File::create(ballast)?;
    for size in [1 << 16, 1 << 12, 1 << 8, 1] {
        let block = vec![0_u8; size];
        while file.write_all(&block).is_ok() {}
    }
    Ok(())
}

/// Commands are refused with 503 and a reason, while reads go on.
async fn refuses(load: &Load, nobody: &mut Client) -> Result<()> {
    let (before, began) = (load.came().refused, Instant::now());
    while load.came().refused <= before + 5 {
        ensure!(began.elapsed() < Duration::from_mins(1), "nothing was refused: {:?}", load.came());
        pause(20).await;
    }
    let item: Value = nobody.get("/api/v1/items/consultation.text").await?.done()?;
    let mut body = item["examples"][0]["body"].clone();
    body["door"] = json!("web");
    let bytes = serde_json::to_vec(&body)?;
    for turn in 0..50 {
        let key = format!("no-room-{turn}-{}-{}", std::process::id(), began.elapsed().as_nanos());
        let request = crate::http::Request {
            method: "POST",
            path: "/api/v1/matters",
            token: None,
            key: Some(&key),
            body: Some(("application/json", &bytes)),
        };
        let answer = crate::http::Connection::new(nobody.address()).send(request).await?;
        if answer.status == 503 {
            let problem = client::problem(&answer)?;
            ensure!(!problem.detail.is_empty(), "a refusal without a reason");
            return Ok(());
        }
        // Space that was written before may be used again: a few commands still fit.
        ensure!(answer.status == 201, "answered {}: {}", answer.status, answer.text());
    }
    anyhow::bail!("fifty matters were opened where nothing fits")
}

/// A disk that takes no writes under load, and one that takes none from the start.
pub async fn read_only(ask: &Ask) -> Result<Outcome> {
    let data = ask.folder.join("data");
    let setup = ask.setup(data.clone());
    let mut scene = Scene::begin(setup.clone(), ask.seed, &[]).await?;
    let files: Vec<PathBuf> = ["huifa.db", "huifa.db-wal"].iter().map(|name| data.join(name)).collect();
    let load = scene.load(Bears::Trouble);
    load.goes_on(Duration::from_secs(10)).await?;
    let Some(held) = Held::hold(&files).await else {
        load.stop().await?;
        return Ok(Outcome::Skipped("chattr on this file system".into()));
    };
    let refused = refuses(&load, &mut scene.people.anonymous()).await;
    held.let_go().await?;
    refused?;
    load.goes_on(Duration::from_secs(20)).await.context("after the disk took writes again")?;
    let came = load.stop().await?;
    let matters = scene.settle().await?;

    let at = ask.folder.join("read-only");
    let Some(mount) = Mount::read_only(&data, at).await? else {
        return Ok(Outcome::Borne(format!("{came:?}; {matters} matters whole; no read-only mount here")));
    };
    let setup = crate::server::Setup { data: mount.at.clone(), ..setup };
    let mut serve = huifa(&setup);
    let done = serve.args(["serve", "--listen", "127.0.0.1:0"]).output();
    let done = tokio::time::timeout(Duration::from_secs(20), done).await.context("it started")??;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    ensure!(done.status.code() == Some(3), "ended with {}: {said}", done.status);
    ensure!(said.contains("huifa:") && !said.contains("panicked"), "said: {said}");
    Ok(Outcome::Borne(format!("{came:?}; {matters} matters whole; refuses to start: {}", said.trim())))
}

/// Files nobody may write, root neither.
struct Held(Vec<String>);

impl Held {
    async fn hold(files: &[PathBuf]) -> Option<Self> {
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let held = Self(names);
        if held.change("+i").await { Some(held) } else { None }
    }

    async fn change(&self, how: &str) -> bool {
        let mut arguments = vec![how];
        arguments.extend(self.0.iter().map(String::as_str));
        run("chattr", &arguments).await
    }

    async fn let_go(self) -> Result<()> {
        ensure!(self.change("-i").await, "chattr -i failed");
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = std::process::Command::new("chattr").arg("-i").args(&self.0).output();
    }
}

/// Something mounted; gone when dropped.
struct Mount {
    at: PathBuf,
}

impl Mount {
    /// A disk of 384 MiB (readiness asks for 256 free); none where this user may not mount.
    async fn small(at: PathBuf) -> Result<Option<Self>> {
        std::fs::create_dir_all(&at)?;
        let place = at.display().to_string();
        let mounted = run("mount", &["-t", "tmpfs", "-o", "size=384m,mode=700", "tmpfs", &place]).await;
        Ok(mounted.then_some(Self { at }))
    }

    /// A folder seen read-only.
    async fn read_only(of: &Path, at: PathBuf) -> Result<Option<Self>> {
        std::fs::create_dir_all(&at)?;
        let (of, place) = (of.display().to_string(), at.display().to_string());
        if !run("mount", &["--bind", &of, &place]).await {
            return Ok(None);
        }
        let mount = Self { at };
        Ok(run("mount", &["-o", "remount,bind,ro", &place]).await.then_some(mount))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.at).output();
    }
}
