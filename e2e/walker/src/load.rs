//! Load that goes on while things break, and the ledger of what was acknowledged meanwhile.

use crate::accounts::People;
use crate::client::Client;
use crate::http::Connection;
use crate::items;
use crate::life::{self, Acknowledged, Script};
use crate::random::Random;
use crate::views::{Event, Matter, Page};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The latest thing the server acknowledged about each matter, and every event it told a hash of.
pub type Ledger = Arc<Mutex<BTreeMap<String, Vec<Acknowledged>>>>;

/// What clients bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bears {
    /// Ends with the first failure: the server is about to be killed.
    Nothing,
    /// Goes on after a refusal with 503 and after a broken connection; anything else is a fault.
    Trouble,
}

/// What a load came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Came {
    /// Commands acknowledged.
    pub acknowledged: usize,
    /// Answers 503.
    pub refused: usize,
    /// Connections that broke.
    pub broken: usize,
}

/// Lives that can be lived in some counties.
pub async fn scripts(people: &People, counties: usize) -> Result<Vec<Script>> {
    let found = life::lived(items::load(&mut people.anonymous()).await?);
    let mut scripts = Vec::new();
    for county in life::counties(people, counties) {
        for item in &found {
            scripts.push(life::learn(people, item, &county).await?);
        }
    }
    ensure!(!scripts.is_empty(), "no county with a legal aid officer");
    Ok(scripts)
}

#[derive(Debug, Default)]
struct Counts {
    acknowledged: AtomicUsize,
    refused: AtomicUsize,
    broken: AtomicUsize,
}

/// Clients that live lives until they are told to stop.
#[derive(Debug)]
pub struct Load {
    stop: Arc<AtomicBool>,
    counts: Arc<Counts>,
    clients: tokio::task::JoinSet<Option<anyhow::Error>>,
}

impl Load {
    /// Starts so many clients.
    pub fn start(
        address: &str,
        scripts: &Arc<Vec<Script>>,
        clients: usize,
        seed: u64,
        ledger: &Ledger,
        bears: Bears,
    ) -> Self {
        let (stop, counts) = (Arc::new(AtomicBool::new(false)), Arc::new(Counts::default()));
        let mut running = tokio::task::JoinSet::new();
        for client in 0..clients {
            let one = One {
                address: address.to_owned(),
                scripts: Arc::clone(scripts),
                ledger: Arc::clone(ledger),
                stop: Arc::clone(&stop),
                counts: Arc::clone(&counts),
                bears,
            };
            running.spawn(one.run(Random::new(seed).fork(client as u64)));
        }
        Self { stop, counts, clients: running }
    }

    /// How it stands.
    pub fn came(&self) -> Came {
        Came {
            acknowledged: self.counts.acknowledged.load(Ordering::Relaxed),
            refused: self.counts.refused.load(Ordering::Relaxed),
            broken: self.counts.broken.load(Ordering::Relaxed),
        }
    }

    /// Waits until commands are acknowledged that were not when this was called.
    pub async fn goes_on(&self, within: Duration) -> Result<()> {
        let (before, began) = (self.came().acknowledged, std::time::Instant::now());
        while self.came().acknowledged <= before + 5 {
            ensure!(
                began.elapsed() < within,
                "nothing was acknowledged within {within:?}: {:?}",
                self.came()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Ends it. An answer that no trouble explains is a fault of the server.
    pub async fn stop(mut self) -> Result<Came> {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(done) = self.clients.join_next().await {
            if let Some(error) = done.context("a client broke")? {
                bail!("refused under load: {error:#}");
            }
        }
        Ok(self.came())
    }
}

struct One {
    address: String,
    scripts: Arc<Vec<Script>>,
    ledger: Ledger,
    stop: Arc<AtomicBool>,
    counts: Arc<Counts>,
    bears: Bears,
}

impl One {
    /// None when it ended as it should.
    async fn run(self, mut chance: Random) -> Option<anyhow::Error> {
        let mut connection = Connection::new(self.address.clone());
        while !self.stop.load(Ordering::Relaxed) {
            let script = &self.scripts[chance.below(self.scripts.len())];
            let lived = script.live(
                &mut connection,
                || chance.key(),
                |acknowledged| {
                    self.counts.acknowledged.fetch_add(1, Ordering::Relaxed);
                    if let Ok(mut ledger) = self.ledger.lock() {
                        ledger.entry(acknowledged.number.clone()).or_default().push(acknowledged);
                    }
                },
            );
            let Err(error) = lived.await else { continue };
            let said = format!("{error:#}");
            if !said.contains("answered ") {
                if self.bears == Bears::Nothing {
                    return None;
                }
                self.counts.broken.fetch_add(1, Ordering::Relaxed);
                connection = Connection::new(self.address.clone());
            } else if self.bears == Bears::Trouble && said.contains("answered 503") {
                self.counts.refused.fetch_add(1, Ordering::Relaxed);
            } else {
                return Some(error);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}

/// Asks for every matter of the ledger: its version is at least the acknowledged one, and every event whose
/// hash was told is there with that hash. Gives how many matters.
pub async fn verify(nobody: &Client, ledger: &Ledger) -> Result<usize> {
    let told = ledger.lock().map_err(|_| anyhow::anyhow!("the ledger is poisoned"))?.clone();
    let matters = told.len();
    let mut readers = tokio::task::JoinSet::new();
    let all: Vec<Vec<Acknowledged>> = told.into_values().collect();
    for part in all.chunks(matters.div_ceil(8).max(1)) {
        let (part, nobody) = (part.to_vec(), nobody.with_token(None));
        readers.spawn(async move {
            for acknowledged in part {
                one(&nobody, &acknowledged).await?;
            }
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(done) = readers.join_next().await {
        done.context("a reader broke")??;
    }
    Ok(matters)
}

async fn one(nobody: &Client, told: &[Acknowledged]) -> Result<()> {
    let Some(last) = told.last() else { return Ok(()) };
    let number = &last.number;
    let mut guest =
        nobody.guest(number, &last.query_code).await.with_context(|| format!("matter {number} is gone"))?;
    let matter: Matter = guest.get(&format!("/api/v1/matters/{number}")).await?.done()?;
    ensure!(
        matter.version >= last.version,
        "matter {number}: version {} was acknowledged, {} is there",
        last.version,
        matter.version
    );
    let page: Page<Event> = guest.get(&format!("/api/v1/matters/{number}/events?limit=100")).await?.done()?;
    for (seq, hash) in told.iter().filter_map(|acknowledged| acknowledged.event.as_ref()) {
        let event = page.items.iter().find(|event| event.seq == *seq);
        let event =
            event.with_context(|| format!("matter {number}: event {seq} was acknowledged and is gone"))?;
        ensure!(event.hash.0 == *hash, "matter {number}: event {seq} has another hash than was acknowledged");
    }
    // Nothing half done: version, last event and what is shown belong together.
    let newest = page.items.iter().map(|event| event.seq).max().unwrap_or_default();
    ensure!(
        newest == matter.version || page.next.is_some(),
        "matter {number}: version {} and {newest} events",
        matter.version
    );
    Ok(())
}
