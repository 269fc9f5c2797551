//! People found by their marks, the record of looks, and keys changed while the server serves.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{AID, City, act, key, matter, offers, path, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::Opened;

fn huifa(city: &City, arguments: &[&str]) -> Result<(Option<i32>, Value)> {
    let done =
        Command::new(program()).args(["--json", "--data"]).arg(city.data()).args(arguments).output()?;
    let told = serde_json::from_slice(&done.stdout).unwrap_or(Value::Null);
    Ok((done.status.code(), told))
}

#[tokio::test]
async fn people_are_found_by_staff_and_see_who_looked() -> Result<()> {
    let city = City::start().await?;
    let body = city.example(AID).await?;
    let (name, id_no) = (body["applicant"]["name"].clone(), body["applicant"]["id_no"].clone());
    let mut nobody = city.nobody();
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let number = opened.number.0.clone();
    let mut guest = nobody.guest(&number, &opened.query_code).await?;
    let waiting = matter(&mut guest, &number).await?.waiting_for;
    let mut officers = city.offered(&number, &waiting[0]).await?;
    let (officer, _) = officers.first_mut().context("nobody may act")?;

    for search in [json!({ "name": name }), json!({ "id_no": id_no })] {
        let found: Value = officer.post("/api/v1/matters/search", &search, None).await?.done()?;
        let mine = found["items"].as_array().context("items")?.iter().find(|item| item["number"] == *number);
        let mine = mine.with_context(|| format!("{search} found {found}"))?;
        ensure!(
            mine["people"][0]["name"] != name && !found.to_string().contains(id_no.as_str().unwrap_or("-"))
        );
    }
    guest
        .post::<Value>("/api/v1/matters/search", &json!({ "name": name }), None)
        .await?
        .refused("forbidden")?;
    nobody
        .post::<Value>("/api/v1/matters/search", &json!({ "name": name }), None)
        .await?
        .refused("unauthenticated")?;
    let wrong =
        officer.post_raw("/api/v1/matters/search", &json!({ "phone": "1", "name": "x" }), None).await?;
    ensure!(wrong.status == 422, "{}", wrong.text());

    let reveal =
        json!({ "version": opened.version, "input": { "facts": ["applicant.phone"], "reason": "回访" } });
    officer.post_raw(&path(&number, "/actions/reveal"), &reveal, Some(&key())).await?;
    let looks: Value = guest.get(&path(&number, "/access-log")).await?.done()?;
    let look = &looks["items"][0];
    ensure!(look["facts"] == json!(["applicant.phone"]) && look["reason"] == "回访", "{looks}");
    ensure!(
        look["office_name"].is_string() && look["role"].is_string() && look["kind"] == "reveal",
        "{looks}"
    );
    officer.get::<Value>(&path(&number, "/access-log")).await?.refused("forbidden")?;
    let span = "from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z";
    officer.get::<Value>(&format!("/api/v1/access-log?account=x&{span}")).await?.refused("forbidden")?;
    Ok(())
}

#[tokio::test]
async fn keys_change_while_the_server_serves() -> Result<()> {
    let city = City::start().await?;
    let (opened, mut guest) = city.open(AID).await?;
    for class in ["data", "index"] {
        let (code, told) = huifa(&city, &["keys", "rotate", "--class", class, "--wait", "3"])?;
        ensure!(code == Some(0) && told["id"] == 2, "{told}");
    }
    // Somebody goes on all the time: the matter moves, others are opened.
    let mut version = opened.version;
    let patience = Instant::now() + Duration::from_mins(1);
    loop {
        let (another, _) = city.open(AID).await?;
        ensure!(another.version == 1);
        let offered = offers(&mut guest, &opened.number.0).await?;
        if let Some(message) = offered.iter().find(|offer| offer.action == "message") {
            version = act(&mut guest, &opened.number.0, message, version).await?.version;
        }
        let (code, told) = huifa(&city, &["keys", "status"])?;
        ensure!(code == Some(0), "{told}");
        let left = told["left"].as_array().context("left")?;
        if left.iter().all(|class| class["current"] == 2 && class["old_rows"] == 0) {
            break;
        }
        ensure!(Instant::now() < patience, "not done in a minute: {told}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // A code handed out before still opens the matter, and everything verifies.
    let again = city.nobody().guest(&opened.number.0, &opened.query_code).await?;
    let mut again = again;
    ensure!(matter(&mut again, &opened.number.0).await?.version == version);
    let (code, told) = huifa(&city, &["evidence", "verify"])?;
    ensure!(code == Some(0) && told["faults"] == json!([]), "{told}");

    // Another master key, and the node goes on; another node starts with the new one.
    let file = city.data().join("next.key");
    let (code, told) = huifa(&city, &["keys", "rotate-master", "--new-file", &file.to_string_lossy()])?;
    ensure!(code == Some(0) && told["class_keys"].as_i64() >= Some(3), "{told}");
    ensure!(matter(&mut again, &opened.number.0).await?.version == version);
    let (code, told) = huifa(&city, &["evidence", "verify"])?;
    ensure!(code == Some(0) && told["faults"] == json!([]), "{told}");
    let (code, told) = huifa(&city, &["keys", "list"])?;
    ensure!(code == Some(0) && !told.to_string().contains("wrapped"), "{told}");
    Ok(())
}
