//! §4 catalogue files.

use crate::support::{ADVICE, AID, City, program};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn json(arguments: &[&str]) -> Result<(i32, Value)> {
    let done = Command::new(program()).args(arguments).output()?;
    let printed = serde_json::from_slice(&done.stdout)?;
    Ok((done.status.code().unwrap_or(-1), printed))
}

#[tokio::test]
async fn the_command_line_and_the_api_show_the_same_catalogue() -> Result<()> {
    let (code, faults) = json(&["catalog", "check", "--json"])?;
    ensure!(code == 0 && faults == serde_json::json!([]), "{code} {faults}");
    let (code, list) = json(&["catalog", "list", "--json"])?;
    ensure!(code == 0);
    for row in list.as_array().into_iter().flatten() {
        for key in ["id", "version", "name", "series"] {
            ensure!(row.get(key).is_some(), "{row} has no {key}");
        }
    }
    let (code, shown) = json(&["catalog", "show", AID, "--json"])?;
    ensure!(code == 0);
    let city = City::start().await?;
    let told = city.nobody().raw("GET", &format!("/api/v1/items/{AID}"), None, None).await?.json()?;
    ensure!(shown == told, "`catalog show` and the API differ");
    Ok(())
}

#[test]
fn faults_are_listed_and_end_with_one() -> Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir_all(folder.path().join("items/broken"))?;
    std::fs::write(folder.path().join("items/broken/broken.toml"), "id = \"broken.item\"\nversion = \n")?;
    let at = folder.path().to_string_lossy().into_owned();
    let (code, faults) = json(&["catalog", "check", "--catalog", &at, "--json"])?;
    ensure!(code == 1, "exit {code}");
    let Some(fault) = faults.as_array().and_then(|faults| faults.first()) else {
        anyhow::bail!("no fault: {faults}")
    };
    for key in ["file", "line", "column", "code", "message", "remedy"] {
        ensure!(fault.get(key).is_some(), "{fault} has no {key}");
    }
    Ok(())
}

/// Copies the catalogue of the checkout, so that a test may change it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::copy(from, to)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn open_matters_move_to_another_version_by_command() -> Result<()> {
    let city = City::start().await?;
    city.open(ADVICE).await?;
    let folder = tempfile::tempdir()?;
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog"), folder.path())?;
    let item = folder.path().join("items/consultation/text.toml");
    let text = std::fs::read_to_string(&item)?;
    let from: u32 = text
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .and_then(|version| version.trim().parse().ok())
        .unwrap_or(0);
    let to = from + 1;
    std::fs::write(&item, text.replacen(&format!("version = {from}"), &format!("version = {to}"), 1))?;
    let (data, catalog) = (city.data().to_string_lossy(), folder.path().to_string_lossy());
    let (from, to) = (from.to_string(), to.to_string());
    let migrate = |more: &[&str]| {
        let given = ["--data", &data, "--catalog", &catalog, "--json", "catalog", "migrate", ADVICE];
        json(&[&given, more].concat())
    };
    let (code, would) = migrate(&[&from, &to, "--dry-run"])?;
    // The demonstration brings some of its own.
    let some = would["moved"].as_u64().is_some_and(|moved| moved >= 1);
    ensure!(code == 0 && some && would["dry_run"] == true, "{code} {would}");
    let (code, moved) = migrate(&[&from, &to])?;
    let all = moved["moved"] == would["moved"] && moved["busy"] == serde_json::json!([]);
    ensure!(code == 0 && all, "{code} {moved}");
    let (code, again) = migrate(&[&from, &to])?;
    ensure!(code == 0 && again["moved"] == 0, "{code} {again}");
    let refused = Command::new(program())
        .args(["--data", &data, "catalog", "migrate", ADVICE, &from, "99"])
        .output()?;
    ensure!(refused.status.code() == Some(1), "{refused:?}");
    Ok(())
}
