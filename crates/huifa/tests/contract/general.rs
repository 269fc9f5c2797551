//! §1 in general: areas, lists, what is open to everybody, problems.

use crate::support::{ADVICE, City, key, matter};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use walker::client::problem;
use walker::views::{Opened, Page};

#[tokio::test]
async fn what_holds_of_every_call() -> Result<()> {
    let city = City::start().await?;
    open_to_everybody(&city).await?;
    sessions_where_they_are_owed(&city).await?;
    areas_are_padded(&city).await?;
    unknown_fields_are_named(&city).await?;
    lists_have_limits(&city).await?;
    broken_requests_are_told_apart(&city).await?;
    openapi_names_every_call(&city).await
}

async fn open_to_everybody(city: &City) -> Result<()> {
    let mut nobody = city.nobody();
    for path in [
        "/api/v1/items",
        "/api/v1/items?q=%E6%B3%95%E5%BE%8B",
        "/api/v1/items/consultation.text",
        "/api/v1/areas",
        "/api/v1/offices",
        "/api/v1/deadline?from=2026-11-20&count=5&unit=workday",
        "/api/v1/calculators",
        "/api/v1/openapi.json",
    ] {
        let answer = nobody.raw("GET", path, None, None).await?;
        ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.text());
    }
    Ok(())
}

async fn sessions_where_they_are_owed(city: &City) -> Result<()> {
    let mut nobody = city.nobody();
    for path in ["/api/v1/me", "/api/v1/worklist?view=todo", "/api/v1/matters/3715022600004277"] {
        let answer = nobody.raw("GET", path, None, None).await?;
        ensure!(answer.status == 401, "{path} answered {}", answer.status);
        ensure!(problem(&answer)?.code == "unauthenticated", "{path}: {}", answer.text());
    }
    let mut expired = nobody.with_token(Some("0".repeat(64)));
    let answer = expired.raw("GET", "/api/v1/me", None, None).await?;
    ensure!(answer.status == 401, "a made-up token answered {}", answer.status);
    Ok(())
}

async fn areas_are_padded(city: &City) -> Result<()> {
    let mut body = city.example(ADVICE).await?;
    body["area"] = json!("371502");
    let mut nobody = city.nobody();
    let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
    let mut guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
    let found = matter(&mut guest, &opened.number.0).await?;
    ensure!(found.area.0 == "371502000000", "padded to {}", found.area.0);
    ensure!(opened.number.0.starts_with("371502"), "{}", opened.number.0);
    Ok(())
}

async fn unknown_fields_are_named(city: &City) -> Result<()> {
    let mut body = city.example(ADVICE).await?;
    body["colour"] = json!("red");
    let refused = city
        .nobody()
        .post::<Value>("/api/v1/matters", &body, Some(&key()))
        .await?
        .refused("unknown-field")?;
    ensure!(refused.status == 422);
    ensure!(refused.errors.iter().any(|error| error.pointer == "/colour"), "{:?}", refused.errors);
    let mut body = city.example(ADVICE).await?;
    body["form"]["no.such.fact"] = json!(1);
    let refused = city.nobody().post::<Value>("/api/v1/matters", &body, Some(&key())).await?;
    let walker::client::Reply::Refused(refused) = refused else { anyhow::bail!("an unknown fact was taken") };
    ensure!(refused.status == 422);
    ensure!(refused.errors.iter().any(|error| error.pointer == "/form/no.such.fact"), "{:?}", refused.errors);
    Ok(())
}

async fn lists_have_limits(city: &City) -> Result<()> {
    let mut nobody = city.nobody();
    let page: Page<Value> = nobody.get("/api/v1/items?limit=1").await?.done()?;
    ensure!(page.items.len() == 1 && page.total >= 2 && page.next.is_some(), "{page:?}");
    for limit in ["0", "101", "-1", "many"] {
        let answer = nobody.raw("GET", &format!("/api/v1/items?limit={limit}"), None, None).await?;
        ensure!(matches!(answer.status, 400 | 422), "limit={limit} answered {}", answer.status);
        problem(&answer)?;
    }
    Ok(())
}

async fn broken_requests_are_told_apart(city: &City) -> Result<()> {
    let mut nobody = city.nobody();
    let matters = "/api/v1/matters";
    let half = nobody.raw("POST", matters, Some(("application/json", b"{\"item\"")), Some(&key())).await?;
    ensure!(half.status == 400 && problem(&half)?.code == "malformed", "{}", half.text());
    let list = nobody.raw("POST", matters, Some(("application/json", b"[]")), Some(&key())).await?;
    ensure!(matches!(list.status, 400 | 422), "a list as body answered {}", list.status);
    problem(&list)?;
    let form = nobody.raw("POST", matters, Some(("text/plain", b"item=x")), Some(&key())).await?;
    ensure!(form.status == 415 && problem(&form)?.code == "unsupported-type", "{}", form.text());
    let large = format!("{{\"item\":\"{}\"}}", "x".repeat(4 << 20));
    let large = nobody.raw("POST", matters, Some(("application/json", large.as_bytes())), Some(&key())).await;
    // The server may answer and close before it has read the rest.
    if let Ok(large) = large {
        ensure!(large.status == 413 && problem(&large)?.code == "too-large", "{}", large.text());
    }
    let mut nobody = city.nobody();
    for path in ["/api/v1/no-such-call", "/api/v1/items/no.such.item"] {
        let answer = nobody.raw("GET", path, None, None).await?;
        ensure!(answer.status == 404 && problem(&answer)?.code == "not-found", "{path}: {}", answer.text());
    }
    Ok(())
}

async fn openapi_names_every_call(city: &City) -> Result<()> {
    let document = city.nobody().raw("GET", "/api/v1/openapi.json", None, None).await?.json()?;
    ensure!(
        document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")),
        "{}",
        document["openapi"]
    );
    for (path, method) in [
        ("/api/v1/sessions", "post"),
        ("/api/v1/sessions/code", "post"),
        ("/api/v1/sessions/current", "delete"),
        ("/api/v1/me", "get"),
        ("/api/v1/items", "get"),
        ("/api/v1/items/{id}", "get"),
        ("/api/v1/items/{id}/check", "post"),
        ("/api/v1/areas", "get"),
        ("/api/v1/offices", "get"),
        ("/api/v1/deadline", "get"),
        ("/api/v1/calculators", "get"),
        ("/api/v1/calculators", "post"),
        ("/api/v1/matters", "post"),
        ("/api/v1/matters/{number}", "get"),
        ("/api/v1/matters/{number}/events", "get"),
        ("/api/v1/matters/{number}/actions", "get"),
        ("/api/v1/matters/{number}/actions/{action}", "post"),
        ("/api/v1/worklist", "get"),
        ("/api/v1/files", "post"),
        ("/api/v1/files/{id}", "get"),
        ("/api/v1/progress", "post"),
        ("/api/v1/sms/receipts", "post"),
    ] {
        let spelled = |path: &str| {
            path.split('/')
                .map(|part| if part.starts_with('{') { "{}" } else { part })
                .collect::<Vec<_>>()
                .join("/")
        };
        let paths = document["paths"].as_object().into_iter().flatten();
        let found = paths.into_iter().any(|(name, calls)| {
            let name = if name.starts_with("/api/v1") { name.clone() } else { format!("/api/v1{name}") };
            spelled(&name) == spelled(path) && calls.get(method).is_some()
        });
        ensure!(found, "{method} {path} is not in openapi.json");
    }
    Ok(())
}
