//! §3 worklist: pools, taking, doing, done; counts equal lists.

use crate::support::{ADVICE, City, act, key, matter, offers, path, taking_up};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use walker::client::Client;
use walker::views::{Page, TotalIs, WorkRow};

async fn list(client: &mut Client, view: &str) -> Result<Vec<WorkRow>> {
    let mut rows = Vec::new();
    let mut path = format!("/api/v1/worklist?view={view}&limit=100");
    loop {
        let page: Page<WorkRow> = client.get(&path).await?.done()?;
        let last = page.next.is_none();
        rows.extend(page.items);
        if last {
            ensure!(
                page.total_is == TotalIs::Exact && page.total == rows.len() as u64,
                "{view}: {} and {}",
                page.total,
                rows.len()
            );
            return Ok(rows);
        }
        path = format!("/api/v1/worklist?view={view}&limit=100&cursor={}", page.next.unwrap_or_default());
    }
}

async fn has(client: &mut Client, view: &str, number: &str) -> Result<bool> {
    Ok(list(client, view).await?.iter().any(|row| row.number.0 == number))
}

#[tokio::test]
async fn work_stands_where_somebody_must_do_it() -> Result<()> {
    let city = City::start().await?;
    let (opened, mut guest) = city.open(ADVICE).await?;
    let number = &opened.number.0;
    let waiting = matter(&mut guest, number).await?.waiting_for;
    let mut members = city.offered(number, &waiting[0]).await?;
    ensure!(!members.is_empty(), "nobody may act");
    for (member, _) in &mut members {
        ensure!(has(member, "todo", number).await?, "a pool task stands in every member's todo");
    }

    let (mut taker, offered) = members.swap_remove(0);
    if let Some(take) = offered.iter().find(|offer| offer.action == "take") {
        let receipt = act(&mut taker, number, take, opened.version).await?;
        ensure!(
            receipt.waiting_for.iter().all(|waiting| waiting.login.is_some()),
            "{:?}",
            receipt.waiting_for
        );
        ensure!(has(&mut taker, "todo", number).await?);
        for (member, _) in &mut members {
            ensure!(!has(member, "todo", number).await?, "taken, and still in another's todo");
        }
    }
    let now = matter(&mut guest, number).await?;
    let offered = offers(&mut taker, number).await?;
    let answer = offered.iter().find(|offer| offer.action == "answer").context("answer is not offered")?;
    let receipt: Value = taker
        .post(&path(number, "/actions/answer"), &taking_up(answer, now.version), Some(&key()))
        .await?
        .done()?;
    ensure!(receipt["outcome"] == "answered", "{receipt}");
    ensure!(!has(&mut taker, "todo", number).await? && has(&mut taker, "done", number).await?);

    for refused in ["nothing", "TODO"] {
        let answer = taker.raw("GET", &format!("/api/v1/worklist?view={refused}"), None, None).await?;
        ensure!(matches!(answer.status, 400 | 422), "view={refused} answered {}", answer.status);
    }
    Ok(())
}
