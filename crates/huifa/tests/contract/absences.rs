//! §3 absences and substitutes, and reassigning many: entered, handed on, asked back, undone.

use crate::support::{AID, City, act, key, matter, offers};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::client::Client;
use walker::views::Offer;

/// Today in Beijing, as the server says it: the day a fresh matter was opened.
async fn today(city: &City) -> Result<String> {
    let (opened, mut guest) = city.open(AID).await?;
    Ok(matter(&mut guest, &opened.number.0).await?.opened_at.0[..10].to_owned())
}

/// A matter in the hands of an officer, who comes back with it, and a colleague who could stand in.
async fn in_hand(city: &City) -> Result<(String, Client, String)> {
    let (opened, mut guest) = city.open(AID).await?;
    let number = opened.number.0.clone();
    let waiting = matter(&mut guest, &number).await?.waiting_for;
    let mut members = city.offered(&number, &waiting[0]).await?;
    ensure!(members.len() >= 2, "two officers are needed");
    let (mut other, _) = members.pop().context("no colleague")?;
    let login: Value = other.get("/api/v1/me").await?.done()?;
    let login = login["login"].as_str().context("no login")?.to_owned();
    let (mut officer, offered): (Client, Vec<Offer>) = members.swap_remove(0);
    let take = offered.iter().find(|offer| offer.action == "take").context("take is not offered")?;
    act(&mut officer, &number, take, opened.version).await?;
    Ok((number, officer, login))
}

#[tokio::test]
async fn an_absence_is_entered_listed_and_ended() -> Result<()> {
    let city = City::start().await?;
    let day = today(&city).await?;
    let (_, mut officer, other) = in_hand(&city).await?;
    for (body, status) in [
        (json!({ "from": day, "to": "2020-01-01", "kind": "leave" }), 422),
        (json!({ "from": day, "to": day, "kind": "holiday" }), 422),
        (json!({ "from": day, "to": day, "kind": "leave", "why": "x" }), 422),
        (json!({ "from": day, "to": day, "kind": "leave", "substitute": "nobody.here" }), 422),
        (json!({ "from": day, "to": day, "kind": "leave", "login": other }), 403),
    ] {
        let bytes = serde_json::to_vec(&body)?;
        let refused =
            officer.raw("POST", "/api/v1/absences", Some(("application/json", &bytes)), None).await?;
        ensure!(refused.status == status, "{body} answered {}", refused.status);
    }
    let body = json!({ "from": day, "to": day, "kind": "leave", "substitute": other });
    let entered: Value = officer.post("/api/v1/absences", &body, Some(&key())).await?.done()?;
    ensure!(entered["state"] == "running" && entered["substitute"]["login"] == json!(other), "{entered}");
    let list: Value = officer.get("/api/v1/absences").await?.done()?;
    ensure!(list["total"] == 1 && list["items"][0] == entered, "{list}");
    let id = entered["id"].as_str().context("no id")?;
    let ended: Value =
        officer.post(&format!("/api/v1/absences/{id}/end"), &json!({}), Some(&key())).await?.done()?;
    ensure!(ended["state"] == "over", "{ended}");
    let stranger = city.nobody().raw("GET", "/api/v1/absences", None, None).await?;
    ensure!(stranger.status == 401, "a stranger was answered {}", stranger.status);
    Ok(())
}

#[tokio::test]
async fn a_head_looks_reassigns_and_undoes() -> Result<()> {
    let city = City::start().await?;
    let (number, mut officer, other) = in_hand(&city).await?;
    let me: Value = officer.get("/api/v1/me").await?.done()?;
    let from = me["login"].as_str().context("no login")?.to_owned();
    let mut guest_view =
        officer.get::<walker::views::Matter>(&format!("/api/v1/matters/{number}")).await?.done()?;
    let area = guest_view.area.0.clone();
    let mut head = city.somebody("supervisor", &area).await?;
    let to = "/api/v1/worklist/reassign";
    let look = json!({ "from": from, "to": { "login": other }, "dry_run": true });
    let shown: Value = head.post(to, &look, None).await?.done()?;
    ensure!(shown["would_move"] == 1 && shown["rows"][0]["number"] == json!(number), "{shown}");

    let order = json!({ "from": from, "to": { "login": other }, "reason": "contract" });
    let bytes = serde_json::to_vec(&order)?;
    let bare = head.raw("POST", to, Some(("application/json", &bytes)), None).await?;
    ensure!(bare.status == 428, "without a key: {}", bare.status);
    let refused = officer.raw("POST", to, Some(("application/json", &bytes)), Some(&key())).await?;
    ensure!(refused.status == 403, "an officer answers for nobody: {}", refused.status);
    let done: Value = head.post(to, &order, Some(&key())).await?.done()?;
    ensure!(done["moved"] == 1 && done["rows"][0]["state"] == "moved", "{done}");

    let handed: Value = officer.get("/api/v1/worklist/handed-on").await?.done()?;
    ensure!(
        handed["items"][0]["number"] == json!(number) && handed["items"][0]["why"] == "order",
        "{handed}"
    );
    let id = done["order"].as_str().context("no order")?;
    let undone: Value = head.post(&format!("{to}/{id}/undo"), &json!({}), Some(&key())).await?.done()?;
    ensure!(undone["moved"] == 1, "{undone}");
    guest_view = officer.get(&format!("/api/v1/matters/{number}")).await?.done()?;
    ensure!(guest_view.waiting_for.iter().any(|one| one.login.as_deref() == Some(from.as_str())));
    let offered = offers(&mut officer, &number).await?;
    ensure!(!offered.iter().any(|offer| offer.action == "ask-back"), "it is theirs again");
    Ok(())
}
