//! §5 import and export: tables in and out, with the server running beside.

use crate::support::{City, program};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};

fn huifa(data: &Path, arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(program()).arg("--data").arg(data).args(arguments).env("LANG", "zh_CN.UTF-8").output()?)
}

fn json_of(output: &Output) -> Result<Value> {
    serde_json::from_slice(&output.stdout)
        .map_err(|_| anyhow::anyhow!("{}", String::from_utf8_lossy(&output.stderr)))
}

const ORGANISATIONS: &str = "\
id,name,kind,area,uscc,duties,phone,address,hours
firm.test,测试律师事务所,law-firm,371502,,legal-aid-case,0635-0000000,（演示地址）,
firm.bad,错的,law-firm,37150x,,rocketry,,,
";

const PRACTITIONERS: &str = "\
id,name,kind,licence_no,organisation,skills,languages,phone
lawyer.test,甄律师,lawyer,13715202310000001,firm.test,劳动 婚姻,普通话;手语,
lawyer.lost,失联,lawyer,,firm.nowhere,,,
";

const MATTERS: &str = "\
案号,source_id,item,area,door,opened_at,closed_at,outcome,applicant_name,applicant_phone,form.question.text
甲,2025-0001,consultation.text,371502,window,2025-03-05,2025/3/6 10:00,answered,张三,13800000001,
乙,2025-0002,consultation.text,371502,window,2025-03-05,2025-03-06,answered,,,
";

#[tokio::test]
async fn good_rows_go_in_bad_ones_are_told_and_a_second_time_changes_nothing() -> Result<()> {
    let city = City::start().await?;
    let folder = tempfile::tempdir()?;
    let file = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.to_string_lossy().into_owned())
    };
    let organisations = file("organisations.csv", ORGANISATIONS)?;
    let practitioners = file("practitioners.csv", PRACTITIONERS)?;
    let matters = file("matters.csv", MATTERS)?;
    let map = file("map.toml", "[columns]\n\"案号\" = \"\"\n\"form.question.text\" = \"\"\n")?;

    for (what, file, more) in [
        ("organisations", &organisations, &[][..]),
        ("practitioners", &practitioners, &[][..]),
        ("matters", &matters, &["--map", map.as_str()][..]),
    ] {
        let mut arguments = vec!["import", what, file.as_str(), "--json"];
        arguments.extend(more);
        let first = huifa(city.data(), &arguments)?;
        let told = json_of(&first)?;
        ensure!(first.status.code() == Some(1), "{what}: a refused row ends with 1: {told}");
        ensure!((told["new"] == json!(1)) && (told["refused"] == json!(1)), "{what}: {told}");
        ensure!(told["rows"][0]["line"] == json!(3), "{what}: {told}");
        let reason = told["rows"][0]["errors"][0]["reason"].as_str().unwrap_or_default();
        ensure!(!reason.is_empty(), "{what}: {told}");
        let again = json_of(&huifa(city.data(), &arguments)?)?;
        ensure!((again["new"] == json!(0)) && (again["unchanged"] == json!(1)), "{what}: {again}");
    }

    // The running server knows them.
    let mut nobody = city.nobody();
    let found: Value = nobody.get("/api/v1/offices?area=371502&duty=legal-aid-case").await?.done()?;
    ensure!(found.to_string().contains("firm.test"), "{found}");
    let found: Value = nobody.get("/api/v1/practitioners?skill=劳动&language=手语").await?.done()?;
    ensure!(found["items"][0]["id"] == json!("lawyer.test"), "{found}");

    // A column that means nothing is said before a row is read.
    let foreign = file("foreign.csv", "id,name,kind,area,colour\na,b,bureau,371502,red\n")?;
    let refused = huifa(city.data(), &["import", "organisations", &foreign])?;
    ensure!(refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("colour"));
    Ok(())
}

#[tokio::test]
async fn a_table_is_whole_and_says_how_many_rows_it_has() -> Result<()> {
    let city = City::start().await?;
    let (opened, _) = city.open("legal-aid.civil").await?;
    let folder = tempfile::tempdir()?;
    for ending in ["csv", "xlsx", "jsonl"] {
        let path = folder.path().join(format!("matters.{ending}"));
        let name = path.to_string_lossy().into_owned();
        let done = huifa(city.data(), &["export", "matters", &name, "--item", "legal-aid.civil", "--json"])?;
        let told = json_of(&done)?;
        let count = told["rows"].as_u64().unwrap_or(0);
        ensure!(done.status.success() && count > 0, "{ending}: {told}");
        let mut rows = sheets::rows(&path, ending.parse()?, None)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().await? {
            let row = row.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
            ensure!(row.get("opened_at").is_some() && row.get("item") == Some("legal-aid.civil"));
            found.push(row.get("number").unwrap_or_default().replace(' ', ""));
        }
        ensure!(found.len() as u64 == count, "{ending}: {} rows, told {count}", found.len());
        ensure!(found.contains(&opened.number.0), "{ending}");
        let hash = told["sha256"].as_str().unwrap_or_default().to_owned();
        ensure!(hash.len() == 64, "{told}");
    }
    let piped = huifa(city.data(), &["export", "matters", "--state", "open"])?;
    let said = String::from_utf8_lossy(&piped.stderr).into_owned();
    let lines = String::from_utf8(piped.stdout)?.lines().count();
    ensure!(said.contains(&format!("{} rows, SHA-256", lines - 1)), "{said}: {lines} lines");
    let refused = huifa(city.data(), &["export", "matters", "--full"])?;
    ensure!(refused.status.code() == Some(2), "in full needs a reason");
    Ok(())
}
