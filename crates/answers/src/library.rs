//! The room: every published answer at hand, and what its services share.

use std::sync::{Arc, Mutex as Lock, PoisonError};

use access::{Access, Principal};
use jiff::civil::Date;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use laws::shelf::Shelf;
use matters::Register;
use store::Db;
use tokio::sync::Mutex;

use crate::anonymity::Gazetteer;
use crate::cites::{self, Cited};
use crate::drafting::Drafter;
use crate::index::Held;
use crate::model::{Published, Version, Words};
use crate::seeds::Seeds;
use crate::store_rows::{self as rows, Row};
use crate::{broken, fault};

/// What the room is made of; the binary puts it together.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Accounts, offices, divisions.
    pub access: Arc<Access>,
    /// The register.
    pub register: Register,
    /// Statutes.
    pub shelf: Shelf,
    /// Labels of the kinds of problem.
    pub kinds: Vec<String>,
    /// Answers and doors of the catalogue.
    pub seeds: Seeds,
    /// The language model that drafts, where one is set.
    pub drafter: Option<Arc<dyn Drafter>>,
}

/// The answer library. Cheap to clone.
#[derive(Clone)]
pub struct Library(Arc<Inner>);

struct Inner {
    parts: Parts,
    held: Mutex<Option<Arc<Held>>>,
    places: Lock<Option<(i64, Arc<Gazetteer>)>>,
}

impl Library {
    /// Puts the room together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner { parts, held: Mutex::default(), places: Lock::default() }))
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// Labels of the kinds of problem, in their order.
    pub fn kinds(&self) -> &[String] {
        &self.0.parts.kinds
    }

    /// Whether a language model drafts here.
    pub fn has_model(&self) -> bool {
        self.0.parts.drafter.is_some()
    }

    /// What is published now: the catalogue's answers, then those of offices.
    pub(crate) async fn held(&self) -> Result<Arc<Held>, Refusal> {
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let edition = rows::edition(&mut reads).await.map_err(|error| broken(&error))?;
        // Whoever comes while it is being loaded waits for the same.
        let mut place = self.0.held.lock().await;
        if let Some(held) = place.as_ref().filter(|held| held.edition == edition) {
            return Ok(Arc::clone(held));
        }
        let mut entries = self.parts().seeds.answers.clone();
        entries.extend(rows::published(&mut reads).await.map_err(|error| broken(&error))?);
        drop(reads);
        let made = tokio::task::spawn_blocking(move || Arc::new(Held::new(edition, entries)));
        let held = made.await.map_err(|error| fault(&error))?;
        *place = Some(Arc::clone(&held));
        Ok(held)
    }

    /// The best published answers for a question, the best first.
    pub async fn search(&self, q: &str, kind: Option<&str>, most: usize) -> Result<Vec<Published>, Refusal> {
        let held = self.held().await?;
        Ok(held.search(q, kind, most).into_iter().cloned().collect())
    }

    /// Every published answer of a kind, or all: those of offices first, the newest looked through first.
    pub async fn published(&self, kind: Option<&str>) -> Result<Vec<Published>, Refusal> {
        let held = self.held().await?;
        let mut all: Vec<Published> =
            held.all().iter().filter(|one| kind.is_none_or(|kind| one.kind == kind)).cloned().collect();
        all.sort_by(|a, b| {
            (a.office.is_none(), b.reviewed_on, &a.id).cmp(&(b.office.is_none(), a.reviewed_on, &b.id))
        });
        Ok(all)
    }

    /// One published answer.
    pub async fn find(&self, id: &str) -> Result<Option<Published>, Refusal> {
        Ok(self.held().await?.find(id).cloned())
    }

    /// How the citations of an answer stand on a day.
    pub async fn cited(
        &self,
        citations: &[laws::citation::Citation],
        on: Date,
    ) -> Result<Vec<Cited>, Refusal> {
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        cites::check(&mut reads, citations, on).await.map_err(|error| broken(&error))
    }

    /// Names of divisions as a text is held against them; made anew when the divisions changed.
    pub(crate) async fn places(&self) -> Result<Arc<Gazetteer>, Refusal> {
        let atlas = self.parts().access.areas().current().await.map_err(|error| broken(&error))?;
        let version = atlas.version();
        let kept = self.0.places.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, places)) = kept.filter(|(of, _)| *of == version) {
            return Ok(places);
        }
        let made = tokio::task::spawn_blocking(move || {
            Arc::new(Gazetteer::new(atlas.all().iter().map(|place| (place.code, &*place.name))))
        });
        let places = made.await.map_err(|error| fault(&error))?;
        *self.0.places.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, Arc::clone(&places)));
        Ok(places)
    }

    /// Where the sealed part of a version lies.
    fn place(id: &str, version: i64) -> String {
        format!("answer.sealed:{id}:{version}")
    }

    pub(crate) fn seal(&self, version: &Version) -> Result<Vec<u8>, Refusal> {
        let plain = serde_json::to_vec(&version.words).map_err(|error| fault(&error))?;
        let place = Self::place(&version.id, version.version);
        self.parts().access.room_key().seal(&place, &plain).map_err(|error| broken(&error))
    }

    pub(crate) fn seal_reason(&self, act: &str, reason: &str) -> Result<Vec<u8>, Refusal> {
        let place = format!("answer_act.sealed:{act}");
        self.parts().access.room_key().seal(&place, reason.as_bytes()).map_err(|error| broken(&error))
    }

    pub(crate) fn open_reason(&self, act: &str, sealed: &[u8]) -> Result<String, Refusal> {
        let place = format!("answer_act.sealed:{act}");
        let plain = self.parts().access.room_key().open(&place, sealed).map_err(|error| broken(&error))?;
        String::from_utf8(plain).map_err(|error| fault(&error))
    }

    pub(crate) fn opened(&self, row: Row) -> Result<Version, Refusal> {
        let words = match &row.sealed {
            Some(sealed) => {
                let place = Self::place(&row.id, row.version);
                let plain =
                    self.parts().access.room_key().open(&place, sealed).map_err(|error| broken(&error))?;
                serde_json::from_slice(&plain).map_err(|error| fault(&error))?
            }
            None => Words { question: row.question, answer: row.answer, ..Words::default() },
        };
        Ok(Version {
            id: row.id,
            version: row.version,
            state: row.state,
            kind: row.kind,
            words,
            cites: row.cites.0,
            owner_name: row.owner_name.unwrap_or_else(|| row.owner.clone()),
            owner: row.owner,
            office: row.office,
            area: row.area,
            source: row.source,
            changed_at: row.changed_at,
            reviewed_on: row.reviewed_on,
            due_on: row.due_on,
            revision: row.revision,
        })
    }

    /// A version for whoever may open it.
    pub async fn version(&self, who: &Principal, id: &str, version: i64) -> Result<Version, Refusal> {
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let row = rows::one(&mut reads, id, version).await.map_err(|error| broken(&error))?;
        let found = self.opened(row.ok_or_else(crate::not_found)?)?;
        if crate::rules::may_open(who, &found) { Ok(found) } else { Err(crate::not_found()) }
    }

    /// What was done with an answer somebody may open: when, by whom, what, and why.
    pub async fn acts(&self, who: &Principal, id: &str, version: i64) -> Result<Vec<Done>, Refusal> {
        self.version(who, id, version).await?;
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let found = rows::acts(&mut reads, id).await.map_err(|error| broken(&error))?;
        found
            .into_iter()
            .map(|row| {
                let reason = row.sealed.as_ref().map(|sealed| self.open_reason(&row.id, sealed)).transpose()?;
                let name = row.name.unwrap_or_default();
                Ok(Done { at: row.at, version: row.version, name, act: row.act, reason })
            })
            .collect()
    }
}

/// An act on an answer, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Instant,
    /// On which version.
    pub version: i64,
    /// Name of who did it.
    pub name: String,
    /// What.
    pub act: String,
    /// Why, where it was said.
    pub reason: Option<String>,
}
