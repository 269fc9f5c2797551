//! §3 helpers: named by the applicant, let in by the code, out again when the applicant says so.

use crate::support::{ADVICE, City, key, matter, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::{Offer, Receipt, SessionKind};

#[tokio::test]
async fn a_helper_comes_in_by_the_code_and_goes_when_the_applicant_says_so() -> Result<()> {
    let city = City::start().await?;
    let (opened, mut guest) = city.open(ADVICE).await?;
    let n = &opened.number.0;
    let none: Value = guest.get(&path(n, "/helper")).await?.done()?;
    ensure!(none == json!({"state": "none"}), "{none}");
    let offers: Vec<Offer> = guest.get(&path(n, "/actions")).await?.done()?;
    let offer = offers.iter().find(|offer| offer.action == "add-helper").context("no helper may be named")?;
    let body = json!({"version": opened.version, "input": offer.example});
    let receipt: Receipt = guest.post(&path(n, "/actions/add-helper"), &body, Some(&key())).await?.done()?;
    let told: Value = guest.get(&path(n, "/helper")).await?.done()?;
    let code = told["code"].as_str().context("no code to hand on")?.to_owned();
    ensure!(told["state"] == "offered" && told["until"].is_string() && code.len() == 8, "{told}");

    let account = city.people.all().iter().find(|account| account.kind == SessionKind::Citizen);
    let mut helper = city.people.client(account.context("no citizen")?).await?;
    let wrong = json!({"number": n, "code": "00000000"});
    helper.post::<Value>("/api/v1/helping", &wrong, Some(&key())).await?.refused("not-found")?;
    let right = json!({"number": n, "code": code});
    helper.post::<Value>("/api/v1/helping", &right, None).await?.refused("idempotency-key-missing")?;
    city.nobody().post::<Value>("/api/v1/helping", &right, Some(&key())).await?.refused("unauthenticated")?;
    let joined: Receipt = helper.post("/api/v1/helping", &right, Some(&key())).await?.done()?;
    ensure!(joined.version == receipt.version + 1, "{joined:?}");
    let seen = matter(&mut helper, n).await?;
    ensure!(seen.number == opened.number, "the helper sees {seen:?}");
    let told: Value = guest.get(&path(n, "/helper")).await?.done()?;
    ensure!(told["state"] == "helping" && told.get("code").is_none(), "{told}");
    helper.get::<Value>(&path(n, "/helper")).await?.refused("forbidden")?;

    let end = json!({"version": joined.version, "input": {}});
    guest.post::<Receipt>(&path(n, "/actions/end-helper"), &end, Some(&key())).await?.done()?;
    helper.get::<Value>(&path(n, "")).await?.refused("not-found")?;
    Ok(())
}
