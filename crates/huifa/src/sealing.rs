//! Signing the log while the node runs, and asking an authority for the time of what was signed.

use std::time::Duration;

use access::oidc::{HttpRequest, Outside as _};
use evidence::checkpoint::{self, Made};
use evidence::stamp;
use kernel::time::{Clock as _, Instant, SystemClock};
use store::Db;
use store::seal::Keyring;

use crate::outside::Client;
use crate::settings::Evidence;
use crate::settings::evidence::Authority;

/// How often the node looks whether it is time.
const LOOK: Duration = Duration::from_secs(20);

/// Signs the log for ever: when it grew, and not more often than set.
pub async fn run(db: Db, keyring: Keyring, settings: Evidence) {
    let holder = format!("checkpoint {}", uuid::Uuid::now_v7());
    let began = SystemClock.now();
    loop {
        tokio::time::sleep(LOOK.min(settings.every)).await;
        let now = SystemClock.now();
        let last = match db.reader().await {
            Ok(mut reads) => checkpoint::latest(&mut reads).await,
            Err(error) => Err(error),
        };
        let since = match last {
            Ok(last) => last.map_or(began, |last| last.at),
            Err(error) => {
                tracing::error!(%error, "signing the log");
                continue;
            }
        };
        if let Some(authority) = &settings.authority
            && let Err(why) = stamp(&db, authority).await
        {
            tracing::error!(why, "no time stamp");
        }
        if Duration::try_from(now.since(since)).is_ok_and(|passed| passed < settings.every) {
            continue;
        }
        match checkpoint::sign(&db, &keyring, &settings.signing, &holder, now).await {
            Ok(Made::Signed(row)) => tracing::info!(seq = row.seq, size = row.size, "the log was signed"),
            Ok(Made::Nothing | Made::Elsewhere) => {}
            Err(error) => tracing::error!(%error, "the log was not signed"),
        }
    }
}

/// Asks for the time of the newest head when it has none yet; gives the time.
pub async fn stamp(db: &Db, authority: &Authority) -> Result<Option<Instant>, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", authority.address);
    let mut reads = db.reader().await.map_err(|error| told(&error))?;
    let pending = stamp::pending(&mut reads, &authority.address).await.map_err(|error| told(&error))?;
    drop(reads);
    let Some(head) = pending else { return Ok(None) };
    let wanted = stamp::request(&head.note).map_err(|fault| told(&fault))?;
    let mut request = HttpRequest::new(wanted.der.clone());
    *request.uri_mut() = authority.address.parse().map_err(|_| told(&"no address"))?;
    *request.method_mut() = "POST".parse().map_err(|_| told(&"no method"))?;
    let kind = "application/timestamp-query".parse().map_err(|_| told(&"no header"))?;
    request.headers_mut().insert("content-type", kind);
    let client = Client::new().map_err(|failure| told(&failure.text()))?;
    let answer = client.ask(request).await.map_err(|error| told(&error))?;
    if answer.status().as_u16() != 200 {
        return Err(told(&answer.status()));
    }
    let kept = stamp::keep(db, &head, &authority.address, &wanted, answer.body(), &authority.anchors).await;
    kept.map(Some).map_err(|error| told(&error))
}
