//! §3 consents: texts in versions, given with a matter, told with it, taken back by an act of their own.

use crate::support::{City, key, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::Opened;

#[tokio::test]
async fn what_somebody_was_asked_is_given_told_and_taken_back() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let texts: Value = nobody.get("/api/v1/consents").await?.done()?;
    let texts = texts["items"].as_array().context("no texts")?;
    let sensitive = texts.iter().find(|text| text["text"] == "sensitive" && text["in_force"] == true);
    let sensitive = sensitive.context("no text about sensitive data")?;
    ensure!(
        sensitive["sha256"].as_str().is_some_and(|hash| hash.len() == 64) && sensitive["ask"] == "separate",
        "{sensitive}"
    );

    let mut body = city.example("consultation.text").await?;
    body["consents"] = json!([{ "text": "sensitive", "version": 99, "agreed": true }]);
    let bytes = serde_json::to_vec(&body)?;
    let refused =
        nobody.raw("POST", "/api/v1/matters", Some(("application/json", &bytes)), Some(&key())).await?;
    ensure!(refused.status == 422, "a text that is not in force answered {}", refused.status);

    body["consents"] = json!([{ "text": "sensitive", "version": sensitive["version"], "agreed": true }]);
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let number = &opened.number.0;
    let mut guest = nobody.guest(number, &opened.query_code).await?;
    let shown: Value = guest.get(&path(number, "")).await?.done()?;
    ensure!(shown["consents"][0]["agreed"] == true, "{shown}");

    let change = json!({ "version": shown["version"],
                         "input": { "consent.text": "sensitive", "consent.agreed": false } });
    let receipt: Value =
        guest.post(&path(number, "/actions/change-consent"), &change, Some(&key())).await?.done()?;
    ensure!(receipt["waiting_for"].to_string().contains("answer-message"), "{receipt}");
    let shown: Value = guest.get(&path(number, "")).await?.done()?;
    ensure!(shown["consents"][0]["agreed"] == false, "{shown}");
    Ok(())
}
