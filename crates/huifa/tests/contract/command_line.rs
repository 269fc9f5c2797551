//! §5 command line: options before or after, exit codes, calculators in batches.

use crate::support::program;
use anyhow::{Result, ensure};
use serde_json::Value;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(program()).args(arguments).env_remove("HUIFA_DATA").output()?)
}

#[test]
fn exit_codes_tell_what_happened() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_string_lossy().into_owned();
    for (arguments, code) in [
        (vec!["catalog", "list", "--json"], 0),
        (vec!["--json", "catalog", "list"], 0),
        (vec!["no-such-command"], 2),
        (vec!["--now", "2026-11-20T10:00:00+08:00", "tick", "--data", &data], 2),
        (vec!["migrate", "--database", "postgres://nobody@127.0.0.1:1/none"], 3),
        (vec!["deadline", "--no-such-option"], 2),
    ] {
        let done = run(&arguments)?;
        let found = done.status.code();
        ensure!(
            found == Some(code),
            "{arguments:?} ended with {found:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(())
}

#[test]
fn calculators_answer_in_file_order() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("cases.json");
    std::fs::write(
        &file,
        r#"{"cases":[
            {"id":"b","calculator":"id18.check","inputs":{"value":"nonsense"}},
            {"id":"a","calculator":"no.such.calculator","inputs":{}}
        ]}"#,
    )?;
    let done = run(&["calc", "--batch", &file.to_string_lossy()])?;
    ensure!(done.status.code() == Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let lines: Vec<Value> =
        String::from_utf8(done.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(lines.len() == 2 && lines[0]["id"] == "b" && lines[1]["id"] == "a", "{lines:?}");
    for line in &lines {
        ensure!(line.get("result").is_some() != line.get("refusal").is_some(), "{line}");
    }
    ensure!(
        lines[1]["refusal"]["code"].is_string() && lines[1]["refusal"]["reason"].is_string(),
        "{}",
        lines[1]
    );
    let missing = run(&["calc", "--batch", "no-such-file.json"])?;
    ensure!(missing.status.code() == Some(3) || missing.status.code() == Some(2), "{:?}", missing.status);
    Ok(())
}

#[test]
fn an_empty_folder_verifies_and_a_marker_lets_the_clock_start() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_string_lossy().into_owned();
    let migrated = run(&["migrate", "--data", &data])?;
    ensure!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    let verified = run(&["evidence", "verify", "--json", "--data", &data])?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let told: Value = serde_json::from_slice(&verified.stdout)?;
    ensure!(told["events"] == 0 && told["matters"] == 0 && told["faults"] == serde_json::json!([]), "{told}");
    ensure!(told.get("tree_size").is_some() && told.get("root").is_some(), "{told}");
    std::fs::write(folder.path().join("test"), "")?;
    let ticked = run(&["tick", "--data", &data, "--now", "2026-11-20T10:00:00+08:00"])?;
    ensure!(ticked.status.success(), "{}", String::from_utf8_lossy(&ticked.stderr));
    Ok(())
}
