//! §2, §3, §5 rights: a copy of one's own, deletion by rule, retention from the command line, and the evidence
//! after it.

use crate::support::{ADVICE, City, act, key, offers, path, program};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A text nobody else writes.
const PLANTED: &str = "房东张某某不退押金三千二百元零五角";

/// Exit code and what was printed, line by line, as of a day.
fn huifa(data: &Path, now: &str, arguments: &[&str]) -> Result<(Option<i32>, Vec<Value>)> {
    std::fs::write(data.join("test"), "")?;
    let done = Command::new(program())
        .args(["--json", "--now", now, "--data"])
        .arg(data)
        .args(arguments)
        .output()?;
    let told = String::from_utf8_lossy(&done.stdout);
    let lines = told.lines().map(serde_json::from_str).collect::<Result<_, _>>().context(told.to_string())?;
    Ok((done.status.code(), lines))
}

/// Whether any file below the folder holds these bytes.
fn on_disk(folder: &Path, needle: &[u8]) -> Result<Option<std::path::PathBuf>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = on_disk(&path, needle)? {
                return Ok(Some(found));
            }
        } else if std::fs::read(&path)?.windows(needle.len()).any(|window| window == needle) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[tokio::test]
async fn a_person_takes_a_copy_asks_for_deletion_and_gets_it_when_the_time_is_up() -> Result<()> {
    let city = City::start().await?;
    let mut body = city.example(ADVICE).await?;
    let form = body["form"].as_object_mut().context("no form")?;
    let question =
        form.iter().find(|(_, value)| value.as_str().is_some_and(|text| text.chars().count() > 20));
    let question = question.context("no long text")?.0.clone();
    form.insert(question.clone(), json!(PLANTED));
    let mut nobody = city.nobody();
    let opened: Value = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let (number, code) =
        (opened["number"].as_str().context("number")?, opened["query_code"].as_str().context("code")?);
    let mut guest = nobody.guest(number, code).await?;
    let (other, _) = city.open(ADVICE).await?;

    // Everything of one's own, nothing of others', and on record.
    let copy: Value = guest.get("/api/v1/me/data").await?.done()?;
    let mine = copy["matters"].as_array().context("no matters")?;
    ensure!(mine.len() == 1 && mine[0]["number"] == number, "{copy}");
    ensure!(mine[0]["form"][&question] == PLANTED && mine[0]["me"][0]["role"] == "applicant", "{copy}");
    ensure!(!copy.to_string().contains(&other.number.0), "{copy}");
    ensure!(mine[0]["events"][0]["proof"]["salt"].as_str().is_some_and(|salt| salt.len() == 64), "{copy}");
    nobody.get::<Value>("/api/v1/me/data").await?.refused("unauthenticated")?;
    city.somebody("clerk", "371502000000")
        .await?
        .get::<Value>("/api/v1/me/data")
        .await?
        .refused("forbidden")?;

    // Open, it waits; ended, it waits until a day that is told with its article.
    let asked = json!({ "number": number, "ground": "purpose" });
    let open: Value = guest.post("/api/v1/me/data/deletion", &asked, None).await?.done()?;
    ensure!(open["items"][0]["outcome"] == "waits" && open["items"][0]["why"] == "open", "{open}");
    let wrong = json!({ "number": number, "ground": "because" });
    guest.post::<Value>("/api/v1/me/data/deletion", &wrong, None).await?.refused("facts-wrong")?;
    let offered = offers(&mut guest, number).await?;
    let withdraw = offered.iter().find(|offer| offer.action == "withdraw").context("not offered")?;
    let version = crate::support::matter(&mut guest, number).await?.version;
    act(&mut guest, number, withdraw, version).await?;
    let kept: Value = guest.post("/api/v1/me/data/deletion", &asked, None).await?.done()?;
    let kept = &kept["items"][0];
    ensure!(kept["why"] == "kept" && kept["deleted_from"].is_string(), "{kept}");
    ensure!(
        kept["rule"]["article"] == "第四十七条" && kept["rule"]["id"] == "retention.consultation",
        "{kept}"
    );
    guest.get::<Value>(&path(number, "/deletion-certificate")).await?.refused("not-found")?;

    // The plan writes nothing; a hold keeps; the run erases; all from the command line.
    let (data, later) = (city.data(), "2099-01-01T09:00:00+08:00");
    let (code, plan) = huifa(data, later, &["retention", "plan"])?;
    ensure!(code == Some(0) && plan[0]["due"] == 1 && plan[0]["held"] == 0, "{plan:?}");
    let (code, _) =
        huifa(data, later, &["retention", "hold", number, "--reason", "调卷", "--until", "2099-02-01"])?;
    ensure!(code == Some(0));
    let (code, ran) = huifa(data, later, &["retention", "run"])?;
    ensure!(code == Some(0) && ran[0]["erased"] == 0 && ran[0]["held"] == 1, "{ran:?}");
    let (code, _) = huifa(data, later, &["retention", "release", number, "--reason", "结案"])?;
    ensure!(code == Some(0));
    let (code, _) = huifa(data, later, &["retention", "release", number, "--reason", "再来"])?;
    ensure!(code == Some(1), "there is no hold to end: {code:?}");
    let (code, ran) = huifa(data, later, &["retention", "run"])?;
    ensure!(code == Some(0) && ran[0]["erased"] == 1, "{ran:?}");
    let (_, listed) = huifa(data, later, &["retention", "certificates"])?;
    ensure!(
        listed.len() == 1 && listed[0]["number"] == number && listed[0]["basis"] == "retention",
        "{listed:?}"
    );

    // The person still finds the matter, told calmly, and the proof; the office too.
    let view: Value = guest.get(&path(number, "")).await?.done()?;
    ensure!(
        view["applicant"].is_null() && view["form"] == json!({}) && view["erased"]["at"].is_string(),
        "{view}"
    );
    let certificate: Value = guest.get(&path(number, "/deletion-certificate")).await?.done()?;
    ensure!(certificate["event"]["hash"].as_str().is_some_and(|hash| hash.len() == 64), "{certificate}");
    let none = offers(&mut guest, number).await?;
    ensure!(none.is_empty(), "nothing is left to do");
    let late = json!({ "version": view["version"], "input": {} });
    let refused = guest.post::<Value>(&path(number, "/actions/message"), &late, Some(&key())).await?;
    refused.refused("expired")?;
    let copy: Value = guest.get("/api/v1/me/data").await?.done()?;
    ensure!(copy["matters"][0]["erased"].is_object() && !copy.to_string().contains(PLANTED), "{copy}");
    let again: Value = guest.post("/api/v1/me/data/deletion", &asked, None).await?.done()?;
    ensure!(again["items"][0]["outcome"] == "already", "{again}");
    ensure!(on_disk(data, PLANTED.as_bytes())?.is_none(), "{:?}", on_disk(data, PLANTED.as_bytes())?);

    // And the evidence is whole, once the log has followed.
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        let (code, found) = huifa(data, later, &["evidence", "verify"])?;
        ensure!(code == Some(0) && found[0]["faults"] == json!([]), "{found:?}");
        if found[0]["tree_size"] == found[0]["events"] {
            return Ok(());
        }
        ensure!(Instant::now() < patience, "the log does not follow: {found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
