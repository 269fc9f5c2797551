//! §3 matters: opening, reading, the number, masking, events.

use std::fmt::Write as _;

use crate::support::{ADVICE, AID, City, key, matter, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::{Event, Number, Offer, Opened, Page};

#[tokio::test]
async fn a_matter_is_opened_and_read() -> Result<()> {
    let city = City::start().await?;
    opening_answers_with_a_receipt(&city).await?;
    the_number_is_read_however_it_is_written(&city).await?;
    personal_values_are_masked_and_revealed_with_a_reason(&city).await?;
    doors_ask_for_their_people(&city).await
}

async fn opening_answers_with_a_receipt(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(AID).await?;
    let found = matter(&mut guest, &opened.number.0).await?;
    ensure!(found.version == opened.version && found.step == opened.step && found.owner == opened.owner);
    ensure!(!found.is_final && !found.waiting_for.is_empty() && found.owner.is_some());
    ensure!(
        opened.due.is_some() && opened.due_reason.as_ref().is_some_and(|reason| !reason.is_empty()),
        "{opened:?}"
    );
    let clock = found.clocks.first().context("no clock runs")?;
    ensure!(clock.due == opened.due, "{:?} and {:?}", clock.due, opened.due);
    let events: Page<Event> = guest.get(&path(&opened.number.0, "/events")).await?.done()?;
    ensure!(events.items.len() == 1 && events.items[0].seq == 1 && events.total == 1, "{events:?}");
    Ok(())
}

async fn the_number_is_read_however_it_is_written(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(ADVICE).await?;
    let n = &opened.number.0;
    ensure!(n[..15].bytes().all(|b| b.is_ascii_digit()) && Number::check_digit(&n[..15]) == n.as_bytes()[15]);
    let full_width: String =
        n.chars().filter_map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32)).collect();
    let encoded: String = full_width.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    });
    for written in [
        format!("{}%20{}%20{}%20{}", &n[..4], &n[4..8], &n[8..12], &n[12..]),
        format!("{}-{}-{}-{}", &n[..4], &n[4..8], &n[8..12], &n[12..]),
        encoded,
    ] {
        let found = matter(&mut guest, &written).await.with_context(|| written.clone())?;
        ensure!(found.number == opened.number, "{written} found {}", found.number.0);
    }
    let wrong = format!("{}{}", &n[..15], (n.as_bytes()[15] - b'0' + 1) % 10);
    let answer = guest.raw("GET", &path(&wrong, ""), None, None).await?;
    ensure!(matches!(answer.status, 400 | 404), "a wrong check digit answered {}", answer.status);
    Ok(())
}

async fn personal_values_are_masked_and_revealed_with_a_reason(city: &City) -> Result<()> {
    let body = city.example(AID).await?;
    let id_no = body["applicant"]["id_no"].as_str().context("the example has no id_no")?.to_owned();
    let phone = body["applicant"]["phone"].as_str().map(str::to_owned);
    let mut nobody = city.nobody();
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let waiting = matter(&mut guest, &opened.number.0).await?.waiting_for;
    let mut officers = city.offered(&opened.number.0, &waiting[0]).await?;
    let (officer, offered) = officers.first_mut().context("nobody may act")?;
    for rest in ["", "/events"] {
        let text = officer.raw("GET", &path(&opened.number.0, rest), None, None).await?.text();
        ensure!(!text.contains(&id_no), "an identity number in full: {rest}");
        ensure!(phone.as_ref().is_none_or(|phone| !text.contains(phone)), "a phone in full: {rest}");
    }
    if !offered.iter().any(|offer: &Offer| offer.action == "reveal") {
        anyhow::bail!("the officer may not reveal: {offered:?}");
    }
    let to = path(&opened.number.0, "/actions/reveal");
    let unexplained = json!({"version": opened.version, "input": {"facts": ["applicant.id_no"]}});
    let refused = officer.post_raw(&to, &unexplained, Some(&key())).await?;
    ensure!(refused.status == 422, "revealed without a reason: {}", refused.text());
    let explained =
        json!({"version": opened.version, "input": {"facts": ["applicant.id_no"], "reason": "核对身份信息"}});
    let revealed = officer.post_raw(&to, &explained, Some(&key())).await?;
    ensure!(revealed.status == 200 && revealed.text().contains(&id_no), "{}", revealed.text());
    let after = matter(&mut guest, &opened.number.0).await?;
    ensure!(after.version == opened.version, "reveal moved the version to {}", after.version);
    Ok(())
}

async fn doors_ask_for_their_people(city: &City) -> Result<()> {
    let mut body = city.example(ADVICE).await?;
    for door in ["window", "hotline", "village", "partner"] {
        body["door"] = json!(door);
        city.nobody()
            .post::<Value>("/api/v1/matters", &body, Some(&key()))
            .await?
            .refused("unauthenticated")?;
    }
    body["door"] = json!("partner");
    let area = body["area"].as_str().unwrap_or_default().to_owned();
    let mut clerk = city.somebody("clerk", &area).await?;
    clerk.post::<Value>("/api/v1/matters", &body, Some(&key())).await?.refused("forbidden")?;
    body["door"] = json!("letter");
    let answer = city.nobody().post_raw("/api/v1/matters", &body, Some(&key())).await?;
    ensure!(matches!(answer.status, 400 | 422), "an unknown door answered {}", answer.status);
    Ok(())
}
