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
    kept: RwLock<Option<(Arc<Atlas>, Instant)>>,
    /// Reading everything takes a while: whoever comes meanwhile waits for the one who reads.
    reading: Mutex<()>,
}

impl AreaBook {
    /// A book over this database; nothing is read yet.
    pub fn new(db: Db) -> Self {
        Self { db, kept: RwLock::new(None), reading: Mutex::new(()) }
    }

    /// All divisions, at most a second old.
    pub async fn current(&self) -> Result<Arc<Atlas>, StoreError> {
        if let Some(atlas) = self.fresh() {
            return Ok(atlas);
        }
        let _turn = self.reading.lock().await;
        if let Some(atlas) = self.fresh() {
            return Ok(atlas);
        }
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut reader = self.db.reader().await?;
        if let Some((atlas, _)) = kept
            && table::version(&mut reader).await? == atlas.version()
        {
            return Ok(self.keep(atlas));
        }
        let atlas = Arc::new(table::load(&mut reader).await?);
        Ok(self.keep(atlas))
    }

    /// Asks the database at the next turn, so that a change made in this process is seen at once.
    pub fn forget(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn fresh(&self) -> Option<Arc<Atlas>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, checked)| checked.elapsed() < TRUST).map(|(atlas, _)| Arc::clone(atlas))
    }

    fn keep(&self, atlas: Arc<Atlas>) -> Arc<Atlas> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((Arc::clone(&atlas), Instant::now()));
        atlas
    }
}
