//! §1 Idempotency-Key: once is enough, twice is the same.

use crate::support::{ADVICE, City, key, offers, path, taking_up};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use walker::client::{Reply, problem};

const MATTERS: &str = "/api/v1/matters";

#[tokio::test]
async fn a_key_gives_one_answer() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let body = city.example(ADVICE).await?;

    let missing = nobody.post_raw(MATTERS, &body, None).await?;
    ensure!(
        missing.status == 428 && problem(&missing)?.code == "idempotency-key-missing",
        "{}",
        missing.text()
    );
    for wrong in ["short-key", &"x".repeat(129), "with a space in it"] {
        let answer = nobody.post_raw(MATTERS, &body, Some(wrong)).await?;
        ensure!((400..500).contains(&answer.status), "key {wrong:?} answered {}", answer.status);
        problem(&answer)?;
    }

    let mine = key();
    let first = nobody.post_raw(MATTERS, &body, Some(&mine)).await?;
    ensure!(first.status == 201 && first.header("idempotency-replayed").is_none(), "{}", first.text());
    // The same facts in another order and with other spaces are the same body.
    let spaced = serde_json::to_string_pretty(&body)?;
    let again =
        nobody.raw("POST", MATTERS, Some(("application/json", spaced.as_bytes())), Some(&mine)).await?;
    ensure!(again.status == 201 && again.body == first.body, "a replay answered otherwise: {}", again.text());
    ensure!(again.header("idempotency-replayed") == Some("true"));
    let mut other = body.clone();
    other["applicant"]["name"] = json!("测试另一人");
    nobody.post::<Value>(MATTERS, &other, Some(&mine)).await?.refused("idempotency-mismatch")?;

    refusals_are_not_stored(&city, &body).await?;
    actions_too(&city).await
}

async fn refusals_are_not_stored(city: &City, body: &Value) -> Result<()> {
    let mut nobody = city.nobody();
    let mine = key();
    let mut wrong = body.clone();
    wrong["item"] = json!("no.such.item");
    let Reply::Refused(_) = nobody.post::<Value>(MATTERS, &wrong, Some(&mine)).await? else {
        anyhow::bail!("an item that is not there was opened")
    };
    let right = nobody.post_raw(MATTERS, body, Some(&mine)).await?;
    ensure!(right.status == 201, "a refused key is used up: {}", right.text());
    Ok(())
}

async fn actions_too(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(ADVICE).await?;
    let offered = offers(&mut guest, &opened.number.0).await?;
    let Some(offer) = offered.iter().find(|offer| offer.action == "message") else {
        anyhow::bail!("the applicant may not leave a message: {offered:?}")
    };
    let to = path(&opened.number.0, "/actions/message");
    let body = taking_up(offer, opened.version);
    let mine = key();
    let first = guest.post_raw(&to, &body, Some(&mine)).await?;
    ensure!(first.status == 200, "{}", first.text());
    let again = guest.post_raw(&to, &body, Some(&mine)).await?;
    ensure!(
        again.status == 200
            && again.body == first.body
            && again.header("idempotency-replayed") == Some("true")
    );
    let mut other = body.clone();
    other["version"] = json!(opened.version + 1);
    guest.post::<Value>(&to, &other, Some(&mine)).await?.refused("idempotency-mismatch")?;
    let missing = guest.post_raw(&to, &body, None).await?;
    ensure!(missing.status == 428, "{}", missing.text());
    Ok(())
}
