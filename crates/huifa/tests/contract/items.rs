//! §3 items: what they tell, their forms, their checks; every example opens a matter.

use crate::support::{AID, City, key};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use walker::client::Reply;
use walker::views::{Check, Eligible, Item, Opened};

#[tokio::test]
async fn items_tell_everything_needed_to_open_them() -> Result<()> {
    let city = City::start().await?;
    let found = walker::items::load(&mut city.nobody()).await?;
    for item in &found {
        told(item)?;
        form(item)?;
        examples(&city, item).await?;
        checks(&city, item).await?;
    }
    nobody_is_refused_for_not_being_eligible(&city).await
}

fn told(item: &Item) -> Result<()> {
    ensure!(item.steps.iter().any(|step| step.is_final), "{} has no end", item.id);
    ensure!(!item.doors.is_empty() && !item.series.is_empty());
    for door in &item.doors {
        ensure!(
            ["window", "hotline", "web", "kiosk", "village", "partner"].contains(&door.as_str()),
            "{door}"
        );
    }
    for limit in item.steps.iter().flat_map(|step| &step.limits) {
        ensure!(["day", "workday", "month", "year", "hour"].contains(&limit.unit.as_str()), "{limit:?}");
    }
    Ok(())
}

/// Flat JSON Schema 2020-12, keyed by fact name, kinds by `format`, without the applicant.
fn form(item: &Item) -> Result<()> {
    let schema = item.form["$schema"].as_str().unwrap_or_default();
    ensure!(schema.contains("2020-12"), "{}: $schema {schema:?}", item.id);
    let Some(properties) = item.form["properties"].as_object() else {
        anyhow::bail!("{} has no properties", item.id)
    };
    ensure!(!properties.is_empty() && !properties.contains_key("applicant"));
    for (fact, kind) in properties {
        ensure!(!fact.is_empty() && fact.is_ascii(), "{fact}");
        ensure!(kind["type"] != "object", "{fact} is not flat");
        if let Some(format) = kind["format"].as_str() {
            let known = ["cn-id", "cn-phone", "uscc", "area12", "money", "date"];
            ensure!(known.contains(&format), "{fact}: format {format}");
        }
    }
    Ok(())
}

async fn examples(city: &City, item: &Item) -> Result<()> {
    for example in &item.examples {
        let door = example.body["door"].as_str().unwrap_or_default();
        let area = example.body["area"].as_str().unwrap_or_default();
        let mut caller = match door {
            "web" | "kiosk" => city.nobody(),
            "window" => city.somebody("clerk", area).await?,
            "hotline" => city.somebody("hotline_agent", area).await?,
            "partner" => city.somebody("organ", area).await?,
            _ => city.somebody("adviser", area).await?,
        };
        let reply: Reply<Opened> = caller.post("/api/v1/matters", &example.body, Some(&key())).await?;
        if let Reply::Refused(problem) = reply {
            anyhow::bail!("{} {}: {} {:?}", item.id, example.name, problem.detail, problem.errors);
        }
    }
    Ok(())
}

async fn checks(city: &City, item: &Item) -> Result<()> {
    let path = format!("/api/v1/items/{}/check", item.id);
    let mut nobody = city.nobody();
    let empty: Check = nobody.post(&path, &json!({"form": {}}), None).await?.done()?;
    ensure!(empty.eligible != Eligible::No, "{}: nothing known is never a no", item.id);
    ensure!(
        empty.eligible == Eligible::Yes || !empty.missing.is_empty(),
        "unclear, and nothing missing: {empty:?}"
    );
    for example in &item.examples {
        let body = json!({"form": example.body["form"], "applicant": example.body["applicant"]});
        let check: Check = nobody.post(&path, &body, None).await?.done()?;
        for reason in &check.reasons {
            ensure!(!reason.text.is_empty() && !reason.rule.is_empty(), "{reason:?}");
        }
        ensure!(
            check.eligible == Eligible::Yes || !check.next.is_empty(),
            "not a yes, and no next step: {check:?}"
        );
    }
    Ok(())
}

async fn nobody_is_refused_for_not_being_eligible(city: &City) -> Result<()> {
    let mut body = city.example(AID).await?;
    body["materials"] = json!([]);
    let mut nobody = city.nobody();
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let matter: Value = guest.get(&crate::support::path(&opened.number.0, "")).await?.done()?;
    ensure!(
        matter["materials"].as_array().is_some_and(|list| list.iter().any(|m| m["state"] == "missing")),
        "{}",
        matter["materials"]
    );
    Ok(())
}
