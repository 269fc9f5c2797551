//! Data of earlier schemas opens with today's code: it is brought to this version, verifies, and people go on
//! working with it. `cargo xtask fixture` keeps the next one.

use crate::support::{act, offers, path, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use walker::accounts::People;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::views::{Page, WorkRow};
use walker::walk;

/// The backups of earlier schemas, with their keys and the passwords of their people.
fn fixtures() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".tar.zst"))
        .collect();
    found.sort();
    ensure!(!found.is_empty(), "{} holds no fixture", folder.display());
    Ok(found)
}

fn huifa(data: &Path, arguments: &[&str]) -> Result<Value> {
    let done = Command::new(program()).args(["--json", "--data"]).arg(data).args(arguments).output()?;
    ensure!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(serde_json::from_slice(&done.stdout)?)
}

#[tokio::test]
async fn data_of_earlier_schemas_is_read_and_worked_with() -> Result<()> {
    for fixture in fixtures()? {
        one(&fixture).await.with_context(|| fixture.display().to_string())?;
    }
    Ok(())
}

async fn one(fixture: &Path) -> Result<()> {
    let data = tempfile::tempdir()?;
    let restored = huifa(data.path(), &["restore", "--quiet", &fixture.to_string_lossy()])?;
    ensure!(restored["key"] == "inside", "{restored}");
    let evidence = huifa(data.path(), &["evidence", "verify"])?;
    ensure!(
        evidence["events"].as_u64() > Some(100) && evidence["faults"] == serde_json::json!([]),
        "{evidence}"
    );
    let name = fixture.to_string_lossy().replace(".tar.zst", ".accounts.json");
    std::fs::copy(name, accounts_file(data.path()))?;

    let setup =
        Setup { program: program(), data: data.path().to_owned(), database: None, limits: Limits::Off };
    let server = Server::start(&setup).await?;
    let people = People::load(&accounts_file(data.path()), server.address())?;
    walk::counts_equal_lists(&people).await.context("worklists")?;
    let acted = work(&people).await?;
    ensure!(acted >= 5, "only {acted} matters could be worked on");
    server.stop().await?;
    let after = huifa(data.path(), &["evidence", "verify"])?;
    ensure!(after["faults"] == serde_json::json!([]), "{after}");
    ensure!(after["events"].as_u64() >= evidence["events"].as_u64().map(|events| events + acted), "{after}");
    Ok(())
}

/// Everybody who has something to do does one thing of it; gives how many did.
async fn work(people: &People) -> Result<u64> {
    let mut acted = 0;
    for account in people.staff() {
        let mut caller = people.client(account).await?;
        let todo: Page<WorkRow> = caller.get("/api/v1/worklist?view=todo&limit=5").await?.done()?;
        for row in todo.items {
            let number = row.number.0.as_str();
            let seen: walker::views::Matter = caller.get(&path(number, "")).await?.done()?;
            let offered = offers(&mut caller, number).await?;
            let Some(offer) = offered
                .iter()
                .find(|offer| offer.task.is_some() && offer.task == row.task && offer.action != "co-handle")
            else {
                continue;
            };
            act(&mut caller, number, offer, seen.version).await.with_context(|| offer.action.clone())?;
            acted += 1;
            break;
        }
        if acted == 12 {
            break;
        }
    }
    Ok(acted)
}
