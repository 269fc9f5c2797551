//! A demonstration city of one's own and the people in it.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::path::PathBuf;
use walker::accounts::People;
use walker::client::Client;
use walker::server::{Limits, Server, Setup, accounts_file};
use walker::views::{Area, Item, Matter, Offer, Opened, Receipt, Waiting};

/// The program under test.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_huifa"))
}

/// A running city; gone with its data when dropped.
pub struct City {
    pub people: People,
    _server: Server,
    data: tempfile::TempDir,
}

impl City {
    /// A city without rate limits.
    pub async fn start() -> Result<Self> {
        Self::with_limits(Limits::Off).await
    }

    /// A city with or without rate limits.
    pub async fn with_limits(limits: Limits) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let setup = Setup { program: program(), data: data.path().to_owned(), database: None, limits };
        let server = Server::start(&setup).await?;
        let people = People::load(&accounts_file(data.path()), server.address())?;
        Ok(Self { people, _server: server, data })
    }

    /// Its data folder.
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Nobody in particular.
    pub fn nobody(&self) -> Client {
        self.people.anonymous()
    }

    /// Somebody with this role for this area.
    pub async fn somebody(&self, role: &str, area: &str) -> Result<Client> {
        let area = Area(area.to_owned());
        let account =
            self.people.with_role(role, &area).next().with_context(|| format!("no {role} @ {}", area.0))?;
        self.people.client(account).await
    }

    /// The first example of an item, through the web.
    pub async fn example(&self, item: &str) -> Result<Value> {
        let item: Item = self.nobody().get(&format!("/api/v1/items/{item}")).await?.done()?;
        let mut body = item.examples.first().context("no example")?.body.clone();
        body["door"] = json!("web");
        Ok(body)
    }

    /// Opens a matter from the first example and signs its applicant in.
    pub async fn open(&self, item: &str) -> Result<(Opened, Client)> {
        let body = self.example(item).await?;
        let mut nobody = self.nobody();
        let opened: Opened = nobody.post("/api/v1/matters", &body, Some(&key())).await?.done()?;
        let guest = nobody.guest(&opened.number.0, &opened.query_code).await?;
        Ok((opened, guest))
    }

    /// Everybody who is offered something that answers this call for work.
    pub async fn offered(&self, number: &str, waiting: &Waiting) -> Result<Vec<(Client, Vec<Offer>)>> {
        let mut found = Vec::new();
        for account in self.people.who_may(waiting) {
            let mut client = self.people.client(account).await?;
            let reply = client.get::<Vec<Offer>>(&path(number, "/actions")).await?;
            if let walker::client::Reply::Done(offers) = reply
                && offers.iter().any(|offer| waiting.actions.contains(&offer.action))
            {
                found.push((client, offers));
            }
        }
        Ok(found)
    }
}

/// `/api/v1/matters/{number}{rest}`.
pub fn path(number: &str, rest: &str) -> String {
    format!("/api/v1/matters/{number}{rest}")
}

/// A fresh idempotency key.
pub fn key() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("contract-test-{}-{:08}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The matter as this caller sees it.
pub async fn matter(client: &mut Client, number: &str) -> Result<Matter> {
    client.get(&path(number, "")).await?.done()
}

/// What this caller may do.
pub async fn offers(client: &mut Client, number: &str) -> Result<Vec<Offer>> {
    client.get(&path(number, "/actions")).await?.done()
}

/// The body that takes up an offer.
pub fn taking_up(offer: &Offer, version: i64) -> Value {
    let mut body = json!({"version": version, "input": offer.example});
    if let Some(task) = &offer.task {
        body["task"] = json!(task);
    }
    body
}

/// Takes up an offer.
pub async fn act(client: &mut Client, number: &str, offer: &Offer, version: i64) -> Result<Receipt> {
    let to = path(number, &format!("/actions/{}", offer.action));
    client.post(&to, &taking_up(offer, version), Some(&key())).await?.done()
}

/// Items every test can count on.
pub const ADVICE: &str = "consultation.text";
pub const AID: &str = "legal-aid.civil";
