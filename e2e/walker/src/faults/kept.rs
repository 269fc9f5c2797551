//! A backup taken under load, brought back elsewhere.

use super::{Ask, Outcome, Scene, evidence, huifa, pause, share};
use crate::accounts::People;
use crate::load::{Bears, Ledger, Load, verify};
use crate::server::{Server, Setup, accounts_file};
use crate::walk;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Everything acknowledged before the backup began is in it, each matter whole, and a service started on what was
/// restored goes on working.
pub async fn restored(ask: &Ask) -> Result<Outcome> {
    let setup = ask.setup(ask.folder.join("data"));
    let mut scene = Scene::begin(setup.clone(), ask.seed, &[]).await?;
    let load = scene.load(Bears::Nothing);
    load.goes_on(Duration::from_secs(10)).await?;
    pause(2000).await;
    let before: Ledger = {
        let told = scene.ledger.lock().map_err(|_| anyhow::anyhow!("the ledger is poisoned"))?;
        Arc::new(Mutex::new(told.clone()))
    };
    let file = ask.folder.join("huifa.tar.zst");
    let began = Instant::now();
    let done = huifa(&setup).args(["--json", "backup"]).arg(&file).output().await?;
    let took = began.elapsed();
    ensure!(done.status.success(), "backup: {}", String::from_utf8_lossy(&done.stderr));
    let made: Value = serde_json::from_slice(&done.stdout)?;
    load.goes_on(Duration::from_secs(10)).await?;
    let came = load.stop().await?;
    scene.settle().await.context("the service that was backed up")?;

    let place =
        Setup { data: ask.folder.join("restored"), database: ask.other_database.clone(), ..setup.clone() };
    let began = Instant::now();
    let done = huifa(&place).arg("restore").arg(&file).output().await?;
    let back = began.elapsed();
    ensure!(done.status.success(), "restore: {}", String::from_utf8_lossy(&done.stderr));
    share(&setup.data, &place.data)?;
    evidence(&place).await?;
    let again = huifa(&place).arg("restore").arg(&file).output().await?;
    ensure!(again.status.code() == Some(1), "a second restore ended with {}", again.status);

    let server = Server::start(&place).await?;
    let people = People::load(&accounts_file(&place.data), server.address())?;
    let matters =
        verify(&people.anonymous(), &before).await.context("acknowledged before the backup began")?;
    walk::counts_equal_lists(&people).await.context("counts and lists")?;
    // The sessions of before are gone: the lives are learned anew.
    let scripts = Arc::new(crate::load::scripts(&people, 1).await?);
    let load = Load::start(server.address(), &scripts, 4, ask.seed, &before, Bears::Nothing);
    load.goes_on(Duration::from_secs(20)).await.context("the restored service goes on")?;
    load.stop().await?;
    verify(&people.anonymous(), &before).await?;
    server.stop().await?;
    evidence(&place).await?;
    Ok(Outcome::Borne(format!(
        "{} rows in {} ms under load ({came:?}), back and proved in {} ms; {matters} matters whole",
        made["rows"],
        took.as_millis(),
        back.as_millis()
    )))
}
