//! Two nodes on one database.

use super::{Ask, Outcome, Scene, evidence, pause, share, signal};
use crate::load::{Bears, Load};
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use std::time::{Duration, Instant};

/// The node that holds the lease stands still; the other takes over; the first wakes up and is fenced off. The feed
/// has neither holes nor doubles.
pub async fn lease(ask: &Ask) -> Result<Outcome> {
    if ask.database.is_none() {
        return Ok(Outcome::Skipped("PostgreSQL".into()));
    }
    let first = ask.setup(ask.folder.join("first"));
    let second = ask.setup(ask.folder.join("second"));
    let mut scene = Scene::begin(first.clone(), ask.seed, &[]).await?;
    share(&first.data, &second.data)?;
    let other = Server::start(&second).await?;
    let (here, there) = (scene.server.pid().context("no server")?, other.pid().context("no server")?);
    for (turn, (stopped, address)) in
        [(here, other.address().to_owned()), (there, scene.server.address().to_owned())]
            .into_iter()
            .enumerate()
    {
        // Both work, so that the lease is in use when its holder stops.
        let both = [scene.load(Bears::Trouble), at(&scene, other.address(), turn)];
        for load in &both {
            load.goes_on(Duration::from_secs(20)).await?;
        }
        pause(500).await;
        signal(stopped, "-STOP").await?;
        let awake = at(&scene, &address, turn + 10);
        // A stopped node may hold a row; the database ends its transaction after ten seconds.
        let went_on = awake.goes_on(Duration::from_secs(40)).await.context("the node that is awake");
        awake.stop().await?;
        let caught = caught_up(&second).await.with_context(|| format!("turn {turn}"));
        signal(stopped, "-CONT").await?;
        went_on?;
        let caught = caught?;
        for load in both {
            load.goes_on(Duration::from_secs(30)).await.context("after waking up")?;
            load.stop().await?;
        }
        println!("  the other node had the feed up to date {} ms after the stop", caught.as_millis());
    }
    caught_up(&second).await?;
    other.stop().await?;
    let matters = scene.settle().await?;
    Ok(Outcome::Borne(format!("stopped each node once; {matters} matters whole, the feed without holes")))
}

fn at(scene: &Scene, address: &str, turn: usize) -> Load {
    Load::start(address, &scene.scripts, 4, 900 + turn as u64, &scene.ledger, Bears::Trouble)
}

/// Waits until most of what was acknowledged stands in the log; gives how long it took.
async fn caught_up(setup: &crate::server::Setup) -> Result<Duration> {
    let began = Instant::now();
    let goal = evidence(setup).await?["events"].as_u64().unwrap_or(0);
    loop {
        let told = evidence(setup).await?;
        if told["tree_size"].as_u64().is_some_and(|size| size >= goal) {
            return Ok(began.elapsed());
        }
        ensure!(began.elapsed() < Duration::from_secs(40), "the feed stands still: {told}");
        pause(200).await;
    }
}
