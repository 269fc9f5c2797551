//! §2 sessions and people.

use crate::support::{ADVICE, City, path};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use walker::client::problem;
use walker::views::{Me, SessionKind};

const SESSIONS: &str = "/api/v1/sessions";

#[tokio::test]
async fn people_sign_in_and_out() -> Result<()> {
    let city = City::start().await?;
    staff(&city).await?;
    codes_tell_nothing(&city).await?;
    a_guest_sees_one_matter(&city).await?;
    admins_see_no_matters(&city).await?;
    own_devices_are_listed_and_signed_out(&city).await
}

async fn own_devices_are_listed_and_signed_out(city: &City) -> Result<()> {
    let account = city.people.staff().next().context("no staff")?;
    let mut client = city.nobody();
    client.sign_in(&json!({"login": account.login, "password": account.password})).await?;
    let list = client.get::<Value>("/api/v1/me/sessions").await?.done()?;
    let items = list["items"].as_array().context("no items")?;
    ensure!(items.iter().filter(|device| device["current"] == true).count() == 1, "{list}");
    client.get::<Value>("/api/v1/admin/audit").await?.refused("forbidden")?;
    let gone = client.raw("DELETE", "/api/v1/me/sessions", None, None).await?;
    ensure!(gone.status == 204, "{}", gone.text());
    let after = client.raw("GET", "/api/v1/me", None, None).await?;
    ensure!(after.status == 401, "signed out everywhere, yet {}", after.status);
    Ok(())
}

async fn staff(city: &City) -> Result<()> {
    for account in city.people.staff() {
        let mut client = city.people.client(account).await?;
        let me: Me = client.get("/api/v1/me").await?.done()?;
        ensure!(me.kind == SessionKind::Staff && me.login.as_ref() == Some(&account.login), "{me:?}");
        ensure!(
            me.roles == account.roles,
            "{}: {:?} listed, {:?} told",
            account.login,
            account.roles,
            me.roles
        );
    }
    let account = city.people.staff().next().context("no staff")?;
    let wrong = json!({"login": account.login, "password": "not this one"});
    let known = city.nobody().post_raw(SESSIONS, &wrong, None).await?;
    let wrong = json!({"login": "nobody-of-this-name", "password": "not this one"});
    let unknown = city.nobody().post_raw(SESSIONS, &wrong, None).await?;
    ensure!(known.status == 401 && unknown.status == 401, "{} {}", known.status, unknown.status);
    ensure!(problem(&known)?.detail == problem(&unknown)?.detail, "tells whether a login exists");

    let mut client = city.nobody();
    client.sign_in(&json!({"login": account.login, "password": account.password})).await?;
    let gone = client.raw("DELETE", "/api/v1/sessions/current", None, None).await?;
    ensure!(gone.status == 204 && gone.body.is_empty(), "{} {}", gone.status, gone.text());
    let after = client.raw("GET", "/api/v1/me", None, None).await?;
    ensure!(after.status == 401, "signed out, yet {}", after.status);
    Ok(())
}

async fn codes_tell_nothing(city: &City) -> Result<()> {
    let mut nobody = city.nobody();
    for phone in ["19900000001", "19900000099"] {
        let answer = nobody.post_raw("/api/v1/sessions/code", &json!({"phone": phone}), None).await?;
        ensure!(answer.status == 202, "{phone} answered {}: {}", answer.status, answer.text());
    }
    let wrong = nobody.post_raw(SESSIONS, &json!({"phone": "19900000001", "code": "000000"}), None).await?;
    ensure!(wrong.status == 401 || wrong.status == 410, "a guessed code answered {}", wrong.status);
    problem(&wrong)?;
    Ok(())
}

async fn a_guest_sees_one_matter(city: &City) -> Result<()> {
    let (mine, mut guest) = city.open(ADVICE).await?;
    let (other, _) = city.open(ADVICE).await?;
    let me: Me = guest.get("/api/v1/me").await?.done()?;
    ensure!(me.kind == SessionKind::Guest, "{me:?}");
    guest.get::<Value>(&path(&mine.number.0, "")).await?.done()?;
    for rest in ["", "/events", "/actions"] {
        guest.get::<Value>(&path(&other.number.0, rest)).await?.refused("not-found")?;
    }
    let wrong = json!({"number": mine.number.0, "query_code": other.query_code});
    let answer = city.nobody().post_raw(SESSIONS, &wrong, None).await?;
    ensure!((400..500).contains(&answer.status), "another matter's code answered {}", answer.status);
    problem(&answer)?;
    Ok(())
}

async fn admins_see_no_matters(city: &City) -> Result<()> {
    let (opened, _) = city.open(ADVICE).await?;
    let admins = ["system_admin", "security_admin", "audit_admin"];
    let mut people = std::collections::BTreeSet::new();
    for role in admins {
        let account = city
            .people
            .staff()
            .find(|account| account.roles.iter().any(|grant| grant.role == role))
            .with_context(|| format!("the city has no {role}"))?;
        people.insert(account.login.clone());
        let mut client = city.people.client(account).await?;
        client.get::<Value>(&path(&opened.number.0, "")).await?.refused("not-found")?;
    }
    ensure!(people.len() == 3, "the three admins are separate people: {people:?}");
    Ok(())
}
