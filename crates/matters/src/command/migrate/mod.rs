//! Moving open matters to another version of their item, by command: one event each, nothing silent.

mod store;

use std::sync::Arc;

use ::store::{Changes, StoreError};
use catalog::item::Item;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;

use super::commit::{self, Moved};
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::migration::{self, Obstacle, Renamed};
use crate::engine::state::Act;
use crate::register::{Register, broken};
use crate::store as table;

/// Name of the act in events.
pub const MIGRATE: &str = "migrate";

/// Matters read at once.
const PAGE: i64 = 500;

/// How often a matter is tried again that somebody else changed in the meantime.
const TRIES: u32 = 5;

/// What is to be moved whereto.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The item.
    pub item: String,
    /// The version that open matters have.
    pub from: u32,
    /// The version they get.
    pub to: u32,
    /// Steps that are called otherwise: old to new.
    pub renamed: Renamed,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Migrated {
    /// Matters that have the new version now; with a trial, that would have it.
    pub moved: u64,
    /// Matters that somebody changed again and again meanwhile: run the command again.
    pub busy: Vec<MatterNumber>,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum CannotMigrate {
    /// A version is not known, or both are the same.
    #[error("item `{item}` has no version {version} here, in the files or in the database")]
    NoVersion {
        /// Item id.
        item: String,
        /// Its version.
        version: u32,
    },
    /// From a version to itself.
    #[error("from and to are the same version")]
    Same,
    /// `--map` speaks of a step that is not there.
    #[error("there is no step `{step}` in version {version}")]
    NoStep {
        /// The step.
        step: String,
        /// The version that should have it.
        version: u32,
    },
    /// Matters stand where the new version has no place for them; nothing was moved.
    #[error("nothing was moved; {}", told(.0))]
    Obstacles(Vec<(Obstacle, u64)>),
    /// The register failed.
    #[error(transparent)]
    Register(#[from] Refusal),
}

fn told(found: &[(Obstacle, u64)]) -> String {
    let list: Vec<_> = found.iter().map(|(why, count)| format!("{why} ({count} matters)")).collect();
    list.join("; ")
}

impl Register {
    /// Moves every open matter of a version to another. All are looked at before the first is moved: when one
    /// has no place in the new version, nothing moves. A trial only looks.
    ///
    /// Nodes that run already know only the versions there were when they started: start them with the new
    /// one first.
    pub async fn migrate(&self, plan: &Migration, trial: bool) -> Result<Migrated, CannotMigrate> {
        let item = self.ready(plan)?;
        let mut found: Vec<(Obstacle, u64)> = Vec::new();
        let mut numbers = Vec::new();
        loop {
            let after = numbers.last().copied();
            let page = self.open_matters(plan, after).await?;
            if page.is_empty() {
                break;
            }
            for number in page {
                let matter = self.load_any(number).await?;
                numbers.push(number);
                for why in migration::obstacles(&matter, &item, &plan.renamed) {
                    match found.iter_mut().find(|(known, _)| *known == why) {
                        Some((_, count)) => *count += 1,
                        None => found.push((why, 1)),
                    }
                }
            }
        }
        if !found.is_empty() {
            return Err(CannotMigrate::Obstacles(found));
        }
        let mut migrated = Migrated::default();
        for number in numbers {
            match self.move_one(plan, &item, number, trial).await? {
                Moving::Moved => migrated.moved += 1,
                Moving::Busy => migrated.busy.push(number),
                Moving::Gone => {}
            }
        }
        Ok(migrated)
    }

    /// The item version under which an event of a matter happened: its words, steps and documents are told
    /// from there.
    pub(crate) fn item_at(&self, matter: &Matter, seq: i64) -> Arc<Item> {
        let earlier = matter.state.earlier.iter().find(|earlier| seq < earlier.before);
        earlier
            .and_then(|earlier| self.catalog().version(&matter.item.id, earlier.version))
            .unwrap_or(&matter.item)
            .clone()
    }

    fn ready(&self, plan: &Migration) -> Result<Arc<Item>, CannotMigrate> {
        let known = |version| {
            self.catalog()
                .version(&plan.item, version)
                .cloned()
                .ok_or_else(|| CannotMigrate::NoVersion { item: plan.item.clone(), version })
        };
        let (old, new) = (known(plan.from)?, known(plan.to)?);
        if plan.from == plan.to {
            return Err(CannotMigrate::Same);
        }
        for (from, to) in &plan.renamed {
            for (item, step) in [(&old, from), (&new, to)] {
                if item.step(step).is_none() {
                    return Err(CannotMigrate::NoStep { step: step.clone(), version: item.version });
                }
            }
        }
        Ok(new)
    }

    async fn open_matters(
        &self,
        plan: &Migration,
        after: Option<MatterNumber>,
    ) -> Result<Vec<MatterNumber>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        store::open_matters(&mut reader, &plan.item, plan.from, after, PAGE)
            .await
            .map_err(|error| broken("open matters", &error))
    }

    async fn move_one(
        &self,
        plan: &Migration,
        item: &Arc<Item>,
        number: MatterNumber,
        trial: bool,
    ) -> Result<Moving, CannotMigrate> {
        for _ in 0..TRIES {
            let matter = self.load_any(number).await?;
            if matter.final_ || matter.item.version != plan.from {
                return Ok(Moving::Gone);
            }
            // Somebody may have moved it to another step since all were looked at.
            if let Some(why) = migration::obstacles(&matter, item, &plan.renamed).into_iter().next() {
                return Err(CannotMigrate::Obstacles(vec![(why, 1)]));
            }
            if trial || self.save_migrated(plan, item, matter).await? {
                return Ok(Moving::Moved);
            }
        }
        Ok(Moving::Busy)
    }

    /// Writes one matter under its new version; `false` when somebody was faster.
    async fn save_migrated(
        &self,
        plan: &Migration,
        item: &Arc<Item>,
        mut matter: Matter,
    ) -> Result<bool, Refusal> {
        let now = self.now();
        let (base, from) = (matter.version, matter.step.clone());
        let facts = self.facts_of(&matter)?;
        migration::carry_over(&mut matter, item, &plan.renamed, facts, now);
        let moved = Moved::by_system(MIGRATE, &from, now);
        matter.version = base + 1;
        matter.state.acts.push(Act {
            action: moved.action.clone(),
            actor: moved.actor.clone(),
            role: moved.role,
        });
        let reading = clocks::read(self, &matter, now);
        let event = commit::make_event(self, &matter, &moved, &reading)?;
        matter.head = event.hash;
        matter.state.told = reading.due.or(matter.state.told);
        let mut changes = Changes::new();
        changes.expect_one(table::update_matter(&matter, base, reading.next_timer, false), "matter version");
        changes.expect_one(store::set_item_version(matter.number, plan.from, plan.to), "item version");
        table::insert_event(&mut changes, &event);
        table::replace_tasks(&mut changes, &matter, &reading.lamps, true);
        match self.db().apply("migrate matter", changes).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(broken("migrate matter", &error)),
        }
    }
}

/// What came of one matter.
enum Moving {
    Moved,
    Busy,
    /// It ended or was moved meanwhile.
    Gone,
}
