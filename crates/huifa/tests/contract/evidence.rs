//! §5 evidence: what was written verifies, inside and outside the house; what was changed does not.

use std::fmt::Write as _;

use crate::support::{City, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Exit code and what was printed.
fn evidence(data: &Path, arguments: &[&str]) -> Result<(Option<i32>, Value)> {
    let done =
        Command::new(program()).args(["evidence", "--json", "--data"]).arg(data).args(arguments).output()?;
    let told = serde_json::from_slice(&done.stdout).unwrap_or(Value::Null);
    ensure!(done.stderr.is_empty() || !done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok((done.status.code(), told))
}

#[tokio::test]
async fn what_was_written_verifies_and_an_edit_does_not() -> Result<()> {
    let city = City::start().await?;
    let (opened, _) = city.open("consultation.text").await?;
    let number = opened.number.0.as_str();

    // The log follows within a moment.
    let patience = Instant::now() + Duration::from_secs(20);
    let (code, whole) = loop {
        let found = evidence(city.data(), &["verify"])?;
        if found.1["tree_size"] == found.1["events"] && found.1["events"] != json!(0)
            || Instant::now() > patience
        {
            break found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    ensure!(code == Some(0) && whole["faults"] == json!([]), "{code:?} {whole}");
    ensure!(whole["tree_size"] == whole["events"] && whole["root"].is_string(), "{whole}");

    let (code, one) = evidence(city.data(), &["verify", "--matter", number])?;
    ensure!(code == Some(0) && one["matters"] == json!(1) && one["root"] == whole["root"], "{one}");
    let (code, _) = evidence(city.data(), &["verify", "--matter", "3715022600000000"])?;
    ensure!(matches!(code, Some(1 | 2)), "a number nobody has: {code:?}");

    let export = city.data().join("export");
    let folder = export.to_string_lossy();
    let (code, _) = evidence(city.data(), &["export", &folder])?;
    ensure!(code == Some(0));
    let nowhere = tempfile::tempdir()?;
    let (code, outside) = evidence(nowhere.path(), &["verify", "--export", &folder])?;
    ensure!(code == Some(0) && outside == whole, "{outside} is not {whole}");

    let db = store::Db::open(&store::Config::new(city.data().join("huifa.db").to_string_lossy())).await?;
    let mut reads = db.reader().await?;
    let matter: i64 = number.parse()?;
    let (seq, hash): (i64, Vec<u8>) =
        store::sql("SELECT seq, hash FROM event WHERE number = ? ORDER BY seq LIMIT 1")
            .bind(matter)
            .one(&mut reads)
            .await
            .context("its first event")?;
    let hash: String = hash.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let receipt = nowhere.path().join("receipt.json");
    std::fs::write(&receipt, json!({ "number": number, "seq": seq, "hash": hash }).to_string())?;
    let receipt = receipt.to_string_lossy();
    let (code, told) = evidence(city.data(), &["verify", "--receipt", &receipt])?;
    ensure!(code == Some(0), "{told}");

    let mut edit = store::Changes::new();
    edit.push(
        store::sql("UPDATE event SET actor = 'nobody' WHERE number = ? AND seq = ?").bind(matter).bind(seq),
    );
    db.apply("edit an event", edit).await?;
    for arguments in [&["verify"][..], &["verify", "--matter", number], &["verify", "--receipt", &receipt]] {
        let (code, told) = evidence(city.data(), arguments)?;
        ensure!(code == Some(4), "{arguments:?} ended with {code:?}: {told}");
        let fault = &told["faults"][0];
        ensure!(fault["kind"] == "hash" && fault["number"] == number && fault["seq"] == seq, "{told}");
    }
    Ok(())
}
