//! §3 联系须知: given with the applicant, read masked, changed by its own act.

use crate::support::{AID, City, key, matter, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::Opened;

#[tokio::test]
async fn how_an_applicant_may_be_reached_is_given_read_and_changed() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let mut body = city.example(AID).await?;
    body["applicant"]["contact"] = json!({ "phone": "12", "hours": ["9"], "message": "loud", "why": 1 });
    let bytes = serde_json::to_vec(&body)?;
    let refused =
        nobody.raw("POST", "/api/v1/matters", Some(("application/json", &bytes)), Some(&key())).await?;
    ensure!(refused.status == 422, "a wrong contact answered {}", refused.status);

    body["applicant"]["contact"] =
        json!({ "phone": "13900139077", "hours": ["09:00", "17:30"], "message": "neutral", "note": "家人" });
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let number = &opened.number.0;
    let mut guest = nobody.guest(number, &opened.query_code).await?;
    let to = path(number, "/contact");
    let shown: Value = guest.get(&to).await?.done()?;
    let rules =
        json!({ "phone": "139****9077", "hours": ["09:00", "17:30"], "message": "neutral", "note": "***" });
    ensure!(shown["rules"] == rules, "{shown}");
    let stranger = city.nobody().raw("GET", &to, None, None).await?;
    ensure!(stranger.status == 401, "a stranger was answered {}", stranger.status);

    let version = matter(&mut guest, number).await?.version;
    let change =
        json!({ "version": version, "input": { "contact.message": "none", "contact.forget": true } });
    let receipt: Value =
        guest.post(&path(number, "/actions/change-contact"), &change, Some(&key())).await?.done()?;
    ensure!(receipt["version"].as_i64().context("no version")? == version + 1, "{receipt}");
    let shown: Value = guest.get(&to).await?.done()?;
    ensure!(shown["rules"] == json!({ "message": "none" }), "{shown}");
    Ok(())
}
