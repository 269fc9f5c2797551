//! What a running node does about keys: learns of new ones, and makes anew what old ones made.

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use jiff::SignedDuration;
use kernel::time::{Clock as _, SystemClock};
use matters::Register;
use store::Db;
use store::lease;
use store::seal::Keyring;
use store::seal::rotate::{self, BATCH, KEEP};

/// How often a node looks for work with keys.
const LOOK: Duration = Duration::from_secs(5);
/// How long the lease holds without a sign; a node that died is followed after that.
const HOLD: SignedDuration = SignedDuration::from_secs(30);
/// Pause between batches: commands go first.
const BREATH: Duration = Duration::from_millis(20);
/// Matters of a batch of hashes: each is opened and hashed.
const MATTERS: i64 = 50;

/// What work with keys needs.
#[derive(Clone)]
pub struct KeyWork {
    /// The database.
    pub db: Db,
    /// The keys.
    pub keyring: Keyring,
    /// Accounts, found by their phone.
    pub access: Arc<Access>,
    /// Matters, found by their people.
    pub register: Register,
}

impl KeyWork {
    /// Works for ever, one node at a time.
    pub async fn run(self) {
        let holder = format!("keys {}", uuid::Uuid::now_v7());
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = self.round(&holder, KEEP).await {
                tracing::error!(error, "work with keys");
            }
        }
    }

    /// Does all there is to do now, when no other node is at it, and retires old keys that are `keep` out of use.
    /// Gives the rows seen; `None` when another node is at it.
    pub async fn round(&self, holder: &str, keep: Duration) -> Result<Option<usize>, String> {
        let told = |error: store::StoreError| error.to_string();
        let now = SystemClock.now();
        let held = lease::take(&self.db, "keys", holder, now, now.plus(HOLD)).await.map_err(told)?;
        let Some(mut held) = held else { return Ok(None) };
        let mut seen = 0;
        let done = loop {
            match self.batch().await {
                Ok(0) => break rotate::retire(&self.db, keep).await.map_err(told),
                Ok(rows) => seen += rows,
                Err(error) => break Err(error),
            }
            let until = SystemClock.now().plus(HOLD);
            if let Err(error) = lease::renew(&self.db, &mut held, until).await {
                return Err(error.to_string());
            }
            tokio::time::sleep(BREATH).await;
        };
        lease::release(&self.db, held, SystemClock.now()).await.map_err(told)?;
        done.map(|_| Some(seen))
    }

    async fn batch(&self) -> Result<usize, String> {
        let keys = rotate::rewrap_some(&self.db, &self.keyring, BATCH).await.map_err(|e| e.to_string())?;
        let accounts = self.access.reindex_some(BATCH).await.map_err(|error| error.to_string())?;
        let matters = self.register.reindex_some(MATTERS).await.map_err(|error| error.to_string())?;
        Ok(keys + accounts + matters)
    }
}
