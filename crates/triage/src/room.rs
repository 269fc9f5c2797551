//! Triage as a running node holds it: learned members are made when first asked for, and again after learning.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::TriageError;
use crate::danger::Dangers;
use crate::kinds::Kinds;
use crate::model::{Kept, Triage};

/// Where a node asks for kinds and dangers.
#[derive(Debug)]
pub struct Room {
    start: Kinds,
    dangers: Dangers,
    data: PathBuf,
    held: Mutex<Option<(Option<SystemTime>, Arc<Triage>)>>,
}

impl Room {
    /// From the catalogue's kinds and dangers, and the data folder.
    pub fn new(start: Kinds, dangers: Dangers, data: PathBuf) -> Self {
        Self { start, dangers, data, held: Mutex::default() }
    }

    /// What answers now. The first call after learning takes a second; never make it on a thread others wait for.
    pub fn triage(&self) -> Result<Arc<Triage>, TriageError> {
        let changed = Kept::changed(&self.data);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, triage)) = held.as_ref().filter(|(made, _)| *made == changed) {
            return Ok(Arc::clone(triage));
        }
        let triage = Arc::new(Triage::new(self.start.clone(), Kept::read(&self.data)?));
        *held = Some((changed, Arc::clone(&triage)));
        Ok(triage)
    }

    /// Signs of danger.
    pub fn dangers(&self) -> &Dangers {
        &self.dangers
    }

    /// The kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.start
    }
}
