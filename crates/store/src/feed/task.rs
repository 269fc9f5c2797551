//! The tasks that keep the feed moving while the program runs.

use std::sync::Arc;
use std::time::Duration;

use kernel::time::{Clock as _, SystemClock};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::follow::{Follower, follow_once};
use super::sequence::Sequencer;
use crate::db::Db;

/// How long to wait for a sign before looking anyway: another node may have written.
const POLL: Duration = Duration::from_millis(75);
/// Pause between a sign and the work, so that events of many commands move together.
const GATHER: Duration = Duration::from_millis(20);
/// So many events at once are worth no pause.
const ENOUGH: u32 = 200;
/// Pause after a failure, so that a broken database is not asked without end.
const PAUSE: Duration = Duration::from_millis(500);

/// Running sequencer and followers.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Lets each task finish its transaction, gives the lease back, and waits for the end.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// Starts a sequencer and one task for each follower.
pub fn start(db: &Db, followers: Vec<Arc<dyn Follower>>) -> Running {
    let (stop, stopped) = watch::channel(false);
    let (moved, _) = watch::channel(());
    let mut tasks = Vec::with_capacity(followers.len() + 1);
    for follower in followers {
        tasks.push(tokio::spawn(follow(db.clone(), follower, moved.subscribe(), stopped.clone())));
    }
    tasks.push(tokio::spawn(sequence(db.clone(), moved, stopped)));
    Running { stop, tasks }
}

async fn sequence(db: Db, moved: watch::Sender<()>, mut stopped: watch::Receiver<bool>) {
    let mut sequencer = Sequencer::new(format!("sequencer {}", uuid::Uuid::now_v7()));
    let clock = SystemClock;
    while !*stopped.borrow() {
        match sequencer.step(&db, clock.now()).await {
            Ok(0) => {
                tokio::select! {
                    () = db.announced().notified() => tokio::time::sleep(GATHER).await,
                    () = tokio::time::sleep(POLL) => {}
                    _ = stopped.changed() => {}
                }
            }
            Ok(events) => {
                moved.send_replace(());
                // Under load there is always another one: without a pause each would cost a transaction of the
                // sequencer and of every follower.
                if events < ENOUGH {
                    tokio::time::sleep(GATHER).await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the feed stands still");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    if let Err(error) = sequencer.release(&db, clock.now()).await {
        tracing::warn!(%error, "the feed's lease was not given back");
    }
}

async fn follow(
    db: Db,
    follower: Arc<dyn Follower>,
    mut moved: watch::Receiver<()>,
    mut stopped: watch::Receiver<bool>,
) {
    while !*stopped.borrow() {
        match follow_once(&db, follower.as_ref()).await {
            // What came meanwhile has left a sign, which ends the wait at once.
            Ok(events) if events < usize::try_from(follower.batch()).unwrap_or(usize::MAX) => {
                tokio::select! {
                    changed = moved.changed() => {
                        if changed.is_err() {
                            // The sequencer has ended, and so shall we; what is left waits for the next start.
                            return;
                        }
                    }
                    () = tokio::time::sleep(POLL) => {}
                    _ = stopped.changed() => {}
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, follower = follower.name(), "a follower stands still");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
