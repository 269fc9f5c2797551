//! The organisations every node keeps in memory.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use store::{Db, StoreError};

use super::model::Offices;
use super::store as table;

/// How long a node may answer from memory before it asks whether another node changed something.
const TRUST: Duration = Duration::from_secs(1);

/// Hands out the current [`Offices`]; reads them again when the version in the database has moved.
pub struct OfficeBook {
    db: Db,
    kept: RwLock<Option<(Arc<Offices>, Instant)>>,
}

impl OfficeBook {
    /// A book over this database; nothing is read yet.
    pub fn new(db: Db) -> Self {
        Self { db, kept: RwLock::new(None) }
    }

    /// The organisations, at most a second old.
    pub async fn current(&self) -> Result<Arc<Offices>, StoreError> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((offices, checked)) = &kept {
            if checked.elapsed() < TRUST {
                return Ok(Arc::clone(offices));
            }
            let version = table::version(&mut self.db.reader().await?).await?;
            if version == offices.version() {
                self.keep(Arc::clone(offices));
                return Ok(Arc::clone(offices));
            }
        }
        let mut reader = self.db.reader().await?;
        let offices = Arc::new(table::load(&mut reader).await?);
        self.keep(Arc::clone(&offices));
        Ok(offices)
    }

    /// Forgets what is kept, so that a change made in this process is seen at once.
    pub fn forget(&self) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn keep(&self, offices: Arc<Offices>) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((offices, Instant::now()));
    }
}
