//! The room: every published answer at hand, and what its services share.

use std::sync::{Arc, Mutex as Lock, PoisonError};

use access::{Access, Principal};
use jiff::civil::Date;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use laws::shelf::Shelf;
use matters::Register;
use store::Db;
use store::seal::DataKey;
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
    /// What stories are about: which articles people chose for it.
    pub triage: Arc<triage::room::Room>,
    /// Answers of the catalogue.
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
        // A connection that is held while waiting for others can stop the whole pool.
        drop(reads);
        // Whoever comes while it is being loaded waits for the same.
        let mut place = self.0.held.lock().await;
        if let Some(held) = place.as_ref().filter(|held| held.edition == edition) {
            return Ok(Arc::clone(held));
        }
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
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

    /// The key of the matter an answer comes from: what may still name its people goes when their data goes.
    async fn key(&self, source: MatterNumber) -> Result<Option<DataKey>, Refusal> {
        self.parts().register.content_key(source).await
    }

    /// What was sealed; nothing where the content of its matter was erased.
    async fn unsealed(
        &self,
        source: MatterNumber,
        place: &str,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(key) = self.key(source).await? else { return Ok(None) };
        key.open(place, sealed).map(Some).map_err(|error| broken(&error))
    }

    pub(crate) async fn seal(&self, version: &Version) -> Result<Vec<u8>, Refusal> {
        let plain = serde_json::to_vec(&version.words).map_err(|error| fault(&error))?;
        let place = format!("answer.sealed:{}:{}", version.id, version.version);
        let key = self.key(version.source).await?.ok_or_else(erased)?;
        key.seal(&place, &plain).map_err(|error| broken(&error))
    }

    /// A reason under the same key; none is kept where the content of the matter was erased.
    pub(crate) async fn seal_reason(
        &self,
        source: MatterNumber,
        act: &str,
        reason: &str,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(key) = self.key(source).await? else { return Ok(None) };
        let place = format!("answer_act.sealed:{act}");
        key.seal(&place, reason.as_bytes()).map(Some).map_err(|error| broken(&error))
    }

    pub(crate) async fn opened(&self, row: Row) -> Result<Version, Refusal> {
        let words = match &row.sealed {
            Some(sealed) => {
                let place = format!("answer.sealed:{}:{}", row.id, row.version);
                match self.unsealed(row.source, &place, sealed).await? {
                    Some(plain) => serde_json::from_slice(&plain).map_err(|error| fault(&error))?,
                    None => Words::default(),
                }
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
        drop(reads);
        let found = self.opened(row.ok_or_else(crate::not_found)?).await?;
        if crate::rules::may_open(who, &found) { Ok(found) } else { Err(crate::not_found()) }
    }

    /// What was done with an answer somebody may open: when, by whom, what, and why.
    pub async fn acts(&self, who: &Principal, id: &str, version: i64) -> Result<Vec<Done>, Refusal> {
        let source = self.version(who, id, version).await?.source;
        let mut reads = self.parts().db.reader().await.map_err(|error| broken(&error))?;
        let found = rows::acts(&mut reads, id).await.map_err(|error| broken(&error))?;
        drop(reads);
        let mut acts = Vec::with_capacity(found.len());
        for row in found {
            let reason = match &row.sealed {
                Some(sealed) => {
                    self.unsealed(source, &format!("answer_act.sealed:{}", row.id), sealed).await?
                }
                None => None,
            };
            let reason = reason.map(String::from_utf8).transpose().map_err(|error| fault(&error))?;
            let name = row.name.unwrap_or_default();
            acts.push(Done { at: row.at, version: row.version, name, act: row.act, reason });
        }
        Ok(acts)
    }
}

/// The texts went with the content of their matter.
pub(crate) fn erased() -> Refusal {
    Refusal::new(Code::Expired, Text::new("answers-refused-erased"))
        .rule(Rule::house("answer-closed"))
        .next(Next::say("answers-next-consultation"))
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
