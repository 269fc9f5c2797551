//! Triage as a running node holds it: learned members are made when first asked for, and again after learning.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::TriageError;
use crate::danger::{self, Dangers};
use crate::kinds::{self, Kinds};
use crate::model::{Kept, Triage};
use crate::topics::{self, Topics};

/// Where a node asks for kinds, topics and dangers.
#[derive(Debug)]
pub struct Room {
    start: Kinds,
    topics: Topics,
    dangers: Dangers,
    data: PathBuf,
    held: Mutex<Option<(Option<SystemTime>, Arc<Triage>)>>,
}

impl Room {
    /// From the files of the catalogue, by name, and the data folder.
    pub fn read<'a>(file: impl Fn(&str) -> Option<&'a str>, data: PathBuf) -> Result<Self, TriageError> {
        let text = |name: &str| {
            file(name).ok_or_else(|| TriageError::Content(format!("{name} is missing in the catalogue")))
        };
        let start = Kinds::parse(text(kinds::FILE)?)?;
        let topics = Topics::parse(text(topics::FILE)?, &start)?;
        let dangers = Dangers::parse(text(danger::FILE)?)?;
        Ok(Self { start, topics, dangers, data, held: Mutex::default() })
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

    /// What stories are about, and what helps on.
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// The kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.start
    }
}
