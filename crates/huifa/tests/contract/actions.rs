//! §3 actions: what is offered is accepted; versions and steps are told apart.

use crate::support::{ADVICE, AID, City, act, key, matter, offers, path, taking_up};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::views::Receipt;

#[tokio::test]
async fn what_is_offered_is_accepted_and_nothing_else() -> Result<()> {
    let city = City::start().await?;
    a_stale_version_is_told_what_changed(&city).await?;
    a_step_that_has_passed(&city).await?;
    two_at_once(&city).await?;
    the_approver_is_another_person(&city).await
}

async fn a_stale_version_is_told_what_changed(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(ADVICE).await?;
    let number = &opened.number.0;
    let offered = offers(&mut guest, number).await?;
    let message = offered.iter().find(|offer| offer.action == "message").context("no message")?;
    let receipt = act(&mut guest, number, message, opened.version).await?;
    let stale = taking_up(message, opened.version);
    let refused = guest
        .post::<Value>(&path(number, "/actions/message"), &stale, Some(&key()))
        .await?
        .refused("stale-version")?;
    ensure!(refused.status == 409);
    let current = refused.current.context("no current")?;
    ensure!(current["version"] == receipt.version && current["step"] == receipt.step.as_str(), "{current}");
    ensure!(
        current["changed"]
            .as_array()
            .is_some_and(|changed| changed.len() == 1 && changed[0]["action"] == "message"),
        "{current}"
    );
    Ok(())
}

async fn a_step_that_has_passed(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(ADVICE).await?;
    let number = &opened.number.0;
    let offered = offers(&mut guest, number).await?;
    let withdraw = offered.iter().find(|offer| offer.action == "withdraw").context("may not withdraw")?;
    let receipt = act(&mut guest, number, withdraw, opened.version).await?;
    let after = matter(&mut guest, number).await?;
    ensure!(
        after.is_final && after.owner.is_none() && after.closed_at.is_some() && after.outcome.is_some(),
        "{after:?}"
    );
    let again = taking_up(withdraw, receipt.version);
    let refused = guest
        .post::<Value>(&path(number, "/actions/withdraw"), &again, Some(&key()))
        .await?
        .refused("wrong-step")?;
    ensure!(refused.status == 409);
    Ok(())
}

/// Two people press at the same moment: one receipt, one 409, one event.
async fn two_at_once(city: &City) -> Result<()> {
    for _ in 0..5 {
        let (opened, guest) = city.open(ADVICE).await?;
        let number = opened.number.0.clone();
        let mut asking = guest.with_token(guest.token().map(str::to_owned));
        let offered = offers(&mut asking, &number).await?;
        let message = offered.iter().find(|offer| offer.action == "message").context("no message")?.clone();
        let mut presses = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let mut one = guest.with_token(guest.token().map(str::to_owned));
            let (to, body) = (path(&number, "/actions/message"), taking_up(&message, opened.version));
            presses.spawn(async move { one.post_raw(&to, &body, Some(&key())).await });
        }
        let mut statuses = Vec::new();
        while let Some(answer) = presses.join_next().await {
            statuses.push(answer??.status);
        }
        statuses.sort_unstable();
        ensure!(statuses == [200, 409, 409, 409], "{statuses:?}");
        ensure!(matter(&mut asking, &number).await?.version == opened.version + 1);
    }
    Ok(())
}

/// Four eyes: whoever proposed is not offered to decide, and is refused when they try.
async fn the_approver_is_another_person(city: &City) -> Result<()> {
    let (opened, mut guest) = city.open(AID).await?;
    let number = &opened.number.0;
    let mut proposer = None;
    for wanted in ["accept-for-review", "propose-grant"] {
        let now = matter(&mut guest, number).await?;
        let mut able = city.offered(number, &now.waiting_for[0]).await?;
        let place = able
            .iter()
            .position(|(_, offers)| offers.iter().any(|offer| offer.action == wanted))
            .with_context(|| format!("nobody may {wanted}"))?;
        let (mut client, offered) = able.swap_remove(place);
        let offer = offered.iter().find(|offer| offer.action == wanted).context("offered")?;
        act(&mut client, number, offer, now.version).await?;
        proposer = Some(client);
    }
    let mut proposer = proposer.context("nobody proposed")?;
    let now = matter(&mut guest, number).await?;
    let offered = offers(&mut proposer, number).await?;
    ensure!(
        !offered.iter().any(|offer| offer.action == "grant" || offer.action == "refuse"),
        "the proposer may decide: {offered:?}"
    );
    let body = json!({"version": now.version, "input": {}, "task": now.waiting_for[0].task});
    let answer = proposer.post_raw(&path(number, "/actions/grant"), &body, Some(&key())).await?;
    ensure!((400..500).contains(&answer.status), "the proposer decided: {}", answer.text());
    let mut able = city.offered(number, &now.waiting_for[0]).await?;
    let (approver, offered) = able.first_mut().context("nobody may approve")?;
    let grant = offered.iter().find(|offer| offer.action == "grant").context("grant is not offered")?.clone();
    let receipt: Receipt = act(approver, number, &grant, now.version).await?;
    ensure!(receipt.step == grant.to, "{} and {}", receipt.step, grant.to);
    Ok(())
}
