//! §5 evidence: what was written verifies, inside and outside the house; what was changed does not.

#[path = "../../../evidence/tests/common/authority.rs"]
mod authority;

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

/// The verifier that shares no code with us finds what is done to an export.
fn second_verifier_finds_changes(export: &Path) -> Result<()> {
    type Change = (&'static str, &'static str, fn(&str) -> String);
    let changes: [Change; 6] = [
        ("an edit", "events.jsonl", |text| {
            text.replacen("\"system\"", "\"nobody\"", 1).replacen("web", "village", 1)
        }),
        ("a cut", "events.jsonl", |text| {
            text.lines().take(text.lines().count() - 1).map(|l| l.to_owned() + "\n").collect()
        }),
        ("another order", "events.jsonl", |text| text.lines().rev().map(|l| l.to_owned() + "\n").collect()),
        ("a forged head", "checkpoints.jsonl", |text| text.replacen("\\n", "\\n1", 1)),
        ("no heads", "checkpoints.jsonl", |_| String::new()),
        ("another root", "head.json", |text| text.replace('a', "b")),
    ];
    for (what, name, change) in changes {
        let file = export.join(name);
        let before = std::fs::read_to_string(&file)?;
        std::fs::write(&file, change(&before))?;
        ensure!(verifier::export(export, &[]).is_err(), "{what} was not found");
        std::fs::write(&file, before)?;
    }
    ensure!(verifier::export(export, &[]).is_ok());
    Ok(())
}

#[tokio::test]
async fn what_was_written_verifies_and_an_edit_does_not() -> Result<()> {
    let city = City::start().await?;
    let (opened, guest) = city.open("consultation.text").await?;
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

    // What the log promises: signed, published, provable to whoever keeps it.
    let (code, head) = evidence(city.data(), &["checkpoint"])?;
    ensure!(code == Some(0) && head["signed"] == true && head["size"] == whole["tree_size"], "{head}");
    let (code, again) = evidence(city.data(), &["checkpoint"])?;
    ensure!(code == Some(0) && again["signed"] == false && again["note"] == head["note"], "{again}");
    let (code, whole) = evidence(city.data(), &["verify"])?;
    ensure!(
        code == Some(0) && whole["checkpoints"] == json!(2),
        "the stored one and the remembered: {whole}"
    );
    let (code, keys) = evidence(city.data(), &["keys"])?;
    ensure!(code == Some(0) && keys.as_array().is_some_and(|keys| keys.len() == 2), "{keys}");

    let export = city.data().join("export");
    let folder = export.to_string_lossy();
    let (code, _) = evidence(city.data(), &["export", &folder])?;
    ensure!(code == Some(0));
    let nowhere = tempfile::tempdir()?;
    let (code, outside) = evidence(nowhere.path(), &["verify", "--export", &folder])?;
    ensure!(code == Some(0) && outside["checkpoints"] == json!(1), "{outside}");
    for part in ["events", "matters", "tree_size", "root", "faults"] {
        ensure!(outside[part] == whole[part], "{part}: {outside} is not {whole}");
    }
    let key = keys[0]["key"].as_str().context("a key")?;
    for trusted in [vec![], vec![key.to_owned()]] {
        let told = verifier::export(&export, &trusted).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
        ensure!(told.starts_with(&format!("{} events", whole["events"])), "{told}");
    }
    second_verifier_finds_changes(&export)?;
    let (code, _) = evidence(nowhere.path(), &["verify", "--export", &folder, "--key", key])?;
    ensure!(code == Some(0));

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

    // The bundle over the API, checked in an empty folder with nothing but a key.
    let mut guest = guest;
    let bundle: Value = guest.get(&format!("/api/v1/matters/{number}/receipts/{seq}")).await?.done()?;
    ensure!(bundle["hash"] == json!(hash) && bundle["checkpoint"] == head["note"], "{bundle}");
    let file = nowhere.path().join("bundle.json");
    std::fs::write(&file, bundle.to_string())?;
    let file = file.to_string_lossy();
    for data in [nowhere.path(), city.data()] {
        let (code, told) = evidence(data, &["verify", "--receipt", &file, "--key", key])?;
        ensure!(code == Some(0) && told["tree_size"] == head["size"], "{told}");
    }
    let second = |file: &str| verifier::receipt(Path::new(file), &[key.to_owned()]);
    ensure!(second(&file).is_ok(), "{:?}", second(&file));
    let forged = nowhere.path().join("forged.json");
    std::fs::write(&forged, bundle.to_string().replace("received", "refused"))?;
    ensure!(second(&forged.to_string_lossy()).is_err());
    let (code, told) = evidence(nowhere.path(), &["verify", "--receipt", &forged.to_string_lossy()])?;
    ensure!(code == Some(4), "{told}");
    city.nobody()
        .get::<Value>(&format!("/api/v1/matters/{number}/receipts/{seq}"))
        .await?
        .refused("unauthenticated")?;
    guest.get::<Value>(&format!("/api/v1/matters/{number}/receipts/9999")).await?.refused("not-found")?;

    let mut nobody = city.nobody();
    let note = nobody.raw("GET", "/api/v1/evidence/checkpoint", None, None).await?;
    ensure!(note.status == 200 && note.text() == head["note"], "{}", note.text());
    let published: Value = nobody.get("/api/v1/evidence/keys").await?.done()?;
    ensure!(published["items"] == keys, "{published}");
    let size = head["size"].as_u64().context("size")?;
    let proof: Value = nobody.get(&format!("/api/v1/evidence/consistency?from=1&to={size}")).await?.done()?;
    ensure!(proof["to_root"] == head["root"], "{proof}");
    for query in ["", "?from=0&to=1", "?from=2&to=1", "?from=1&to=999999", "?from=x&to=1"] {
        let answer = nobody.raw("GET", &format!("/api/v1/evidence/consistency{query}"), None, None).await?;
        ensure!(answer.status == 422, "{query}: {}", answer.text());
    }

    // New keys: both old and new sign, and the old ones stay published.
    let done = Command::new(program())
        .args(["keys", "rotate", "--class", "log", "--json", "--data"])
        .arg(city.data())
        .output()?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let published: Value = nobody.get("/api/v1/evidence/keys").await?.done()?;
    ensure!(published["total"] == 4, "{published}");

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

#[tokio::test]
async fn a_head_gets_the_time_of_an_authority() -> Result<()> {
    if !authority::there_is_openssl() {
        return Ok(());
    }
    let city = City::start().await?;
    city.open("consultation.text").await?;
    let folder = tempfile::tempdir()?;
    let maker = authority::Authority::new(folder.path(), "rsa:2048", "timeStamping");
    std::fs::write(city.data().join("tsa-ca.pem"), maker.root())?;
    let set = |address: &str| {
        let text = format!("[evidence]\ntsa = \"{address}\"\ntsa_ca = \"tsa-ca.pem\"\n");
        std::fs::write(city.data().join("huifa.toml"), text)
    };
    // Nobody answers: the head is signed all the same.
    set("http://127.0.0.1:9/")?;
    let patience = Instant::now() + Duration::from_secs(20);
    let head = loop {
        let done = Command::new(program())
            .args(["evidence", "checkpoint", "--json", "--data"])
            .arg(city.data())
            .output()?;
        if done.status.success() || Instant::now() > patience {
            break serde_json::from_slice::<Value>(&done.stdout).context("a head")?;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    ensure!(head["signed"] == true && head["stamped"].is_null(), "{head}");
    set(&maker.serve())?;
    let (code, head) = evidence(city.data(), &["checkpoint"])?;
    ensure!(code == Some(0) && head["signed"] == false && head["stamped"].is_string(), "{head}");
    let (code, told) = evidence(city.data(), &["verify"])?;
    ensure!(code == Some(0), "{told}");
    Ok(())
}
