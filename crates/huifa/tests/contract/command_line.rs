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
fn one_calculator_shows_its_working_and_a_refusal_is_no_fault() -> Result<()> {
    let done = run(&["calc", "fee.property_case", "--json={\"amount\":10001}"])?;
    ensure!(done.status.code() == Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let answer: Value = serde_json::from_slice(&done.stdout)?;
    ensure!(answer["result"] == serde_json::json!({ "fee": "50.03" }), "{answer}");
    let step = &answer["working"]["steps"][0];
    ensure!(step["article"] == "13" && step["formula"] == "50 + 1 × 2.5%", "{answer}");
    ensure!(answer["working"]["parameters"][0]["source"].is_string(), "{answer}");
    let refused = run(&["calc", "fee.property_case", "{\"amount\":-1}"])?;
    ensure!(refused.status.code() == Some(0), "{:?}", refused.status);
    let answer: Value = serde_json::from_slice(&refused.stdout)?;
    ensure!(answer["refusal"]["field"] == "amount" && answer.get("result").is_none(), "{answer}");
    let schema: Value = serde_json::from_slice(&run(&["calc", "labour.severance", "--schema"])?.stdout)?;
    ensure!(schema["inputs"]["properties"]["min_wage"]["x-figure"] == "figure.min-wage", "{schema}");
    // Figures of a city, entered in a file, stand in for what is not given.
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("figures.toml");
    let row = |id: &str, year: i32, number: &str| {
        format!(
            "[[parameter]]\nid = \"{id}\"\narea = \"371500000000\"\nkind = \"statutory\"\nyear = {year}\n\
             number = \"{number}\"\nlaw = \"x\"\narticle = \"1\"\neffective_from = \"2025-01-01\"\n\
             verified = true\nsource = \"test\"\n"
        )
    };
    let text = row("figure.avg-monthly-wage", 2024, "9000") + &row("figure.min-wage", 2026, "2200");
    std::fs::write(&file, text)?;
    let inputs =
        r#"{"start":"2020-03-15","last_day":"2026-08-20","avg_monthly_wage_12m":8000,"area":"371502"}"#;
    let path = file.to_string_lossy();
    let done = run(&["calc", "labour.severance", inputs, "--parameters", &path, "--lang", "en"])?;
    let answer: Value = serde_json::from_slice(&done.stdout)?;
    ensure!(answer["result"]["N"] == "52000.00", "{answer}");
    let notes = answer["working"]["notes"].to_string();
    ensure!(notes.contains("2025") && notes.contains("2024"), "the nearest year is said: {notes}");
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
