//! §4 catalogue files.

use crate::support::{AID, City, program};
use anyhow::{Result, ensure};
use serde_json::Value;
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
