//! Signing the log while the node runs.

use std::time::Duration;

use evidence::checkpoint::{self, Made};
use kernel::time::{Clock as _, SystemClock};
use store::Db;
use store::seal::Keyring;

use crate::settings::Evidence;

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
