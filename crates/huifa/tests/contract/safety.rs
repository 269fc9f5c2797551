//! §5 safety and running: no listener in the clear without saying so, logs without people, an orderly end, and
//! `doctor`.

use crate::support::{ADVICE, City, key, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use walker::server::{Limits, Server, Setup};

fn run(arguments: &[&str]) -> Result<Output> {
    Ok(Command::new(program())
        .args(arguments)
        .env_remove("HUIFA_DATA")
        .env_remove("HUIFA_LIMITS")
        .output()?)
}

#[test]
fn a_listener_others_can_reach_says_how_it_is_meant() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_string_lossy().into_owned();
    for command in ["serve", "demo"] {
        let done = run(&[command, "--data", &data, "--listen", "0.0.0.0:0"])?;
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        ensure!(done.status.code() == Some(3), "{command} ended with {:?}: {told}", done.status.code());
        ensure!(told.contains("trusted_proxies") && told.contains("insecure_http"), "{command}: {told}");
        ensure!(!folder.path().join("huifa.db").exists(), "{command} touched the folder before it refused");
    }
    std::fs::write(folder.path().join("huifa.toml"), "[log]\nkeep_days = 30\n")?;
    let done = run(&["serve", "--data", &data])?;
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    ensure!(done.status.code() == Some(3) && told.contains("180 days"), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_running_node_keeps_logs_of_requests_and_not_of_people_and_ends_in_order() -> Result<()> {
    let data = tempfile::tempdir()?;
    let setup =
        Setup { program: program(), data: data.path().to_owned(), database: None, limits: Limits::Off };
    let server = Server::start(&setup).await?;
    let mut nobody = walker::client::Client::new(server.address());
    let mut body =
        nobody.raw("GET", &format!("/api/v1/items/{ADVICE}"), None, None).await?.json()?["examples"][0]["body"].clone();
    body["door"] = json!("web");
    body["applicant"]["name"] = json!("欧阳踏雪");
    let opened = nobody.post_raw("/api/v1/matters", &body, Some(&key())).await?;
    ensure!(opened.status == 201, "{}", opened.text());
    let number = opened.json()?["number"].as_str().context("no number")?.to_owned();
    let asked = nobody.raw("GET", &format!("/api/v1/matters/{number}?q=secretword"), None, None).await?;
    ensure!(asked.status == 401, "{}", asked.status);
    let trace = asked.json()?["trace_id"].as_str().context("no trace id")?.to_owned();
    // SIGTERM: the server ends by itself and with 0.
    server.stop().await?;

    let log = logged(&data.path().join("logs"))?;
    let line = log
        .lines()
        .find(|line| line.contains(&trace))
        .with_context(|| format!("no line of {trace}: {log}"))?;
    let line: Value = serde_json::from_str(line)?;
    ensure!(line["route"] == "/api/v1/matters/{number}" && line["status"] == 401, "{line}");
    ensure!(line["milliseconds"].is_u64() && line["method"] == "GET", "{line}");
    for word in ["欧阳踏雪", "secretword", number.as_str()] {
        ensure!(!log.contains(word), "the log knows {word}");
    }
    Ok(())
}

#[tokio::test]
async fn a_site_bears_the_name_of_the_place_it_serves() -> Result<()> {
    let data = tempfile::tempdir()?;
    let settings =
        "[site]\nplace = \"瑞丽市公共法律服务\"\narea = \"533102000000\"\nhost = \"瑞丽市司法局\"\n";
    std::fs::write(data.path().join("huifa.toml"), settings)?;
    let setup =
        Setup { program: program(), data: data.path().to_owned(), database: None, limits: Limits::Off };
    let server = Server::start(&setup).await?;
    let mut nobody = walker::client::Client::new(server.address());
    let home = String::from_utf8(nobody.raw("GET", "/", None, None).await?.body)?;
    ensure!(home.contains("瑞丽市公共法律服务") && home.contains("瑞丽市司法局"), "{home}");
    ensure!(!home.contains("聊城"), "the demonstration's own name was shown");
    server.stop().await
}

fn logged(folder: &Path) -> Result<String> {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder)? {
        all.push_str(&std::fs::read_to_string(entry?.path())?);
    }
    Ok(all)
}

#[tokio::test]
async fn the_doctor_finds_a_sound_node_sound_and_names_what_is_not() -> Result<()> {
    let empty = tempfile::tempdir()?;
    let nothing = empty.path().join("none").to_string_lossy().into_owned();
    let done = run(&["doctor", "--json", "--data", &nothing])?;
    ensure!(done.status.code() == Some(3), "without a folder: {:?}", done.status.code());
    ensure!(!empty.path().join("none").exists(), "looking made a folder");

    let city = City::start().await?;
    let data = city.data().to_string_lossy().into_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(city.data(), std::fs::Permissions::from_mode(0o700))?;
    }
    let done = run(&["doctor", "--json", "--data", &data])?;
    let findings: Vec<Value> = serde_json::from_slice(&done.stdout)?;
    ensure!(done.status.code() == Some(0), "{findings:#?}");
    for check in [
        "settings",
        "site",
        "database",
        "durability",
        "migrations",
        "keys",
        "disk",
        "clock",
        "calendar",
        "catalogue",
        "logs",
        "feed",
    ] {
        let found: Vec<&Value> = findings.iter().filter(|finding| finding["check"] == check).collect();
        ensure!(!found.is_empty(), "{check} was not looked at: {findings:#?}");
        ensure!(
            found.iter().all(|finding| matches!(finding["state"].as_str(), Some("ok" | "warn"))),
            "{found:?}"
        );
    }

    // What is wrong is named with a remedy, in words and with 1.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(city.data().join("master.key"), std::fs::Permissions::from_mode(0o644))?;
        let done = run(&["doctor", "--data", &data])?;
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(done.status.code() == Some(1) && told.contains("chmod 600"), "{told}");
    }
    Ok(())
}
