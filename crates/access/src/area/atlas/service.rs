//! The atlas every node keeps in memory.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use store::{Db, StoreError};
use tokio::sync::Mutex;

use super::model::Atlas;
use super::store as table;

/// How long a node may answer from memory before it asks whether another node changed something.
const TRUST: Duration = Duration::from_secs(1);

/// Hands out the current [`Atlas`]; reads it again when the version in the database has moved.
pub struct AreaBook {
    db: Db,
    kept: Arc<RwLock<Kept>>,
    /// Reading everything takes a while, and one who reads is enough.
    reading: Arc<Mutex<()>>,
}

type Kept = Option<(Arc<Atlas>, Instant)>;

impl AreaBook {
    /// A book over this database; nothing is read yet.
    pub fn new(db: Db) -> Self {
        Self { db, kept: Arc::default(), reading: Arc::default() }
    }

    /// All divisions. A change made in this process is in it at once ([`AreaBook::forget`]); one of another node is
    /// read beside while the atlas before is still handed out, so that nobody waits for it.
    pub async fn current(&self) -> Result<Arc<Atlas>, StoreError> {
        let Some((atlas, checked)) = self.known() else { return self.first().await };
        if checked.elapsed() < TRUST {
            return Ok(atlas);
        }
        if table::version(&mut self.db.reader().await?).await? == atlas.version() {
            keep(&self.kept, &atlas);
        } else if let Ok(turn) = Arc::clone(&self.reading).try_lock_owned() {
            let (db, kept) = (self.db.clone(), Arc::clone(&self.kept));
            tokio::spawn(async move {
                match read(&db).await {
                    // What was forgotten meanwhile is older than what comes next.
                    Ok(atlas) if known(&kept).is_some() => keep(&kept, &atlas),
                    Ok(_) => {}
                    Err(error) => tracing::error!(%error, "read divisions"),
                }
                drop(turn);
            });
        }
        Ok(atlas)
    }

    /// Forgets what is kept, so that a change made in this process is seen at once.
    pub fn forget(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Nothing is known yet: whoever comes meanwhile waits for the one who reads.
    async fn first(&self) -> Result<Arc<Atlas>, StoreError> {
        let _turn = self.reading.lock().await;
        if let Some((atlas, _)) = self.known() {
            return Ok(atlas);
        }
        let atlas = read(&self.db).await?;
        keep(&self.kept, &atlas);
        Ok(atlas)
    }

    fn known(&self) -> Kept {
        known(&self.kept)
    }
}

fn known(kept: &RwLock<Kept>) -> Kept {
    kept.read().unwrap_or_else(PoisonError::into_inner).clone()
}

async fn read(db: &Db) -> Result<Arc<Atlas>, StoreError> {
    Ok(Arc::new(table::load(&mut db.reader().await?).await?))
}

fn keep(kept: &RwLock<Kept>, atlas: &Arc<Atlas>) {
    let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
    *kept = Some((Arc::clone(atlas), Instant::now()));
}
