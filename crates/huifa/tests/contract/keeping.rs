//! §5 backup and restore: made while serving, proved when they come back, and what `doctor` asks for.

use crate::support::{AID, City, matter, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};
use walker::server::{Limits, Server, Setup, accounts_file};

fn run(data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(program()).args(["--json", "--data"]).arg(data).args(arguments).output()?)
}

fn told(done: &Output) -> Result<Value> {
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(serde_json::from_slice(&done.stdout)?)
}

fn finding(data: &Path, check: &str) -> Result<Value> {
    let done = run(data, &["doctor"])?;
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout)?;
    findings.into_iter().find(|finding| finding["check"] == check).with_context(|| check.to_owned())
}

#[tokio::test]
async fn a_backup_made_while_serving_comes_back_with_everything() -> Result<()> {
    let city = City::start().await?;
    let (opened, _) = city.open(AID).await?;
    ensure!(finding(city.data(), "backup")?["state"] == "warn");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("huifa.tar.zst");
    let name = file.to_string_lossy().into_owned();
    let made = told(&run(city.data(), &["backup", "--quiet", &name])?)?;
    ensure!(
        made["with_keys"] == false && made["key_saved"] == false && made["rows"].as_u64() > Some(100),
        "{made}"
    );
    ensure!(finding(city.data(), "backup")?["state"] == "ok");
    ensure!(run(city.data(), &["backup", "--quiet", &name])?.status.code() == Some(1), "written over");

    // Whoever runs it by hand is told about the key, loudly.
    let other = folder.path().join("other.tar.zst");
    let done = Command::new(program()).arg("--data").arg(city.data()).arg("backup").arg(&other).output()?;
    ensure!(String::from_utf8_lossy(&done.stdout).contains("NOT inside"));

    // A folder in use is refused; an empty one is filled, and the same matter is there.
    let refused = run(city.data(), &["restore", "--quiet", &name])?;
    ensure!(refused.status.code() == Some(1), "{}", String::from_utf8_lossy(&refused.stderr));
    let place = folder.path().join("restored");
    let restored = told(&run(&place, &["restore", "--quiet", &name])?)?;
    ensure!(
        restored["key"] == "missing" && restored["evidence"]["faults"] == serde_json::json!([]),
        "{restored}"
    );
    let without = Command::new(program())
        .arg("--data")
        .arg(&place)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .output()?;
    ensure!(without.status.code() == Some(3), "it started without its key");
    for part in ["master.key", "demo-accounts.json"] {
        std::fs::copy(city.data().join(part), place.join(part))?;
    }
    let setup = Setup { program: program(), data: place.clone(), database: None, limits: Limits::Off };
    let server = Server::start(&setup).await?;
    let people = walker::accounts::People::load(&accounts_file(&place), server.address())?;
    let mut guest = people.anonymous().guest(&opened.number.0, &opened.query_code).await?;
    ensure!(matter(&mut guest, &opened.number.0).await?.version == opened.version);
    server.stop().await
}

#[tokio::test]
async fn a_file_that_is_not_whole_ends_with_four_and_leaves_nothing() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("huifa.tar.zst");
    told(&run(city.data(), &["backup", "--quiet", &file.to_string_lossy()])?)?;
    told(&run(city.data(), &["restore", "--check", &file.to_string_lossy()])?)?;
    let bytes = std::fs::read(&file)?;
    std::fs::write(&file, &bytes[..bytes.len() - 100])?;
    let place = folder.path().join("restored");
    let refused = run(&place, &["restore", "--quiet", &file.to_string_lossy()])?;
    ensure!(refused.status.code() == Some(4), "{:?}", refused.status);
    ensure!(String::from_utf8_lossy(&refused.stderr).contains("not whole"));
    ensure!(!place.join("huifa.db").exists() && !place.join("files").exists());
    Ok(())
}

#[tokio::test]
async fn a_copy_of_the_key_is_noted_and_asked_for_until_then() -> Result<()> {
    let city = City::start().await?;
    ensure!(finding(city.data(), "key copy")?["state"] == "warn");
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.key");
    std::fs::write(&copy, "0".repeat(64))?;
    let wrong = run(city.data(), &["keys", "saved", "--where", "保险柜", "--copy", &copy.to_string_lossy()])?;
    ensure!(wrong.status.code() == Some(1), "another key passed for a copy");
    std::fs::copy(city.data().join("master.key"), &copy)?;
    let noted =
        told(&run(city.data(), &["keys", "saved", "--where", "保险柜", "--copy", &copy.to_string_lossy()])?)?;
    ensure!(noted["compared"] == true && noted["fingerprint"].as_str().map(str::len) == Some(16), "{noted}");
    let found = finding(city.data(), "key copy")?;
    ensure!(
        found["state"] == "ok" && found["found"].as_str().is_some_and(|text| text.contains("保险柜")),
        "{found}"
    );

    // Another master key has no copy yet.
    let next = folder.path().join("next.key");
    told(&run(city.data(), &["keys", "rotate-master", "--new-file", &next.to_string_lossy()])?)?;
    ensure!(finding(city.data(), "key copy")?["state"] == "warn");
    Ok(())
}

#[tokio::test]
async fn a_folder_of_backups_keeps_the_newest() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let into = folder.path().to_string_lossy().into_owned();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(told(&run(city.data(), &["backup", "--quiet", "--into", &into, "--keep", "2"])?)?);
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    }
    ensure!(made[2]["removed"].as_array().map(Vec::len) == Some(1), "{}", made[2]);
    for (place, backup) in made.iter().enumerate() {
        let file = Path::new(backup["file"].as_str().context("file")?);
        ensure!(file.exists() == (place > 0), "{}", file.display());
    }
    Ok(())
}
