//! Carrying an open matter over to another version of its item. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::item::{Item, Join};
use kernel::time::Instant;
use serde_json::{Map, Value};

use super::matter::Matter;
use super::standing;
use super::state::{Earlier, Task};
use super::transition::{self, With};

/// Steps that another version calls otherwise: old name to new name.
pub type Renamed = BTreeMap<String, String>;

/// Why a matter cannot be carried over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The new version has no such step, and nothing says what it is called now.
    #[error("step `{0}` has no target: add --map {0}=STEP")]
    Step(String),
    /// A version never ends anybody's matter.
    #[error("step `{0}` would become `{1}`, which is final")]
    Ended(String, String),
    /// A duty with a time limit would be forgotten.
    #[error("clock `{0}` is open, and the new version has none of that name: keep its id")]
    Clock(String),
    /// A document that was made could no longer be read.
    #[error("document `{0}` was made, and the new version has none of that name: keep it")]
    Document(String),
}

/// The step a matter stands at in the new version.
fn target<'a>(matter: &'a Matter, renamed: &'a Renamed) -> &'a str {
    renamed.get(&matter.step).map_or(matter.step.as_str(), String::as_str)
}

/// What stands against carrying a matter over; empty: nothing.
#[must_use]
pub fn obstacles(matter: &Matter, item: &Item, renamed: &Renamed) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let to = target(matter, renamed);
    match item.step(to) {
        None => found.push(Obstacle::Step(matter.step.clone())),
        Some(step) if step.final_ => found.push(Obstacle::Ended(matter.step.clone(), to.to_owned())),
        Some(_) => {}
    }
    let open = matter.state.clocks.iter().filter(|clock| !clock.ended);
    found.extend(
        open.filter(|clock| item.clock(&clock.id).is_none()).map(|clock| Obstacle::Clock(clock.id.clone())),
    );
    for paper in &matter.state.papers {
        let lost = Obstacle::Document(paper.kind.clone());
        if item.document(&paper.kind).is_none() && !found.contains(&lost) {
            found.push(lost);
        }
    }
    found
}

/// Carries a matter over that nothing stands against: its step under the new name, its clocks with what they
/// have counted, its tasks as the new version has them. Work of the same name and role stays with whoever has
/// it; what was done of a step with parallel tasks stays done.
pub fn carry_over(
    matter: &mut Matter,
    item: &Arc<Item>,
    renamed: &Renamed,
    facts: Map<String, Value>,
    now: Instant,
) {
    let to = target(matter, renamed).to_owned();
    let held: Vec<Task> = matter.state.tasks.iter().filter(|task| !standing::stands(task)).cloned().collect();
    let parallel = |step: Option<&catalog::item::Step>| step.is_some_and(|step| step.join == Join::All);
    let done: Vec<String> = match matter.current() {
        Some(step) if parallel(Some(step)) => step
            .tasks
            .iter()
            .filter(|task| held.iter().all(|open| open.name != task.id))
            .map(|task| task.id.clone())
            .collect(),
        _ => Vec::new(),
    };
    let bound = matter.state.bound.take().map(|step| renamed.get(&step).cloned().unwrap_or(step));
    matter.state.earlier.push(Earlier { version: matter.item.version, before: matter.version + 1 });
    matter.item = Arc::clone(item);
    for clock in &mut matter.state.clocks {
        if let Some(definition) = item.clock(&clock.id).filter(|_| !clock.ended) {
            clock.rule.clone_from(&definition.rule);
        }
    }
    let with = With { facts, ..With::default() };
    transition::enter(matter, &to, &with, now);
    if parallel(item.step(&to)) {
        let left = |task: &Task| standing::stands(task) || !done.contains(&task.name);
        // Were everything done, the step would have been left: then what is new here is to be done.
        if matter.state.tasks.iter().any(|task| left(task) && !standing::stands(task)) {
            matter.state.tasks.retain(left);
        }
        matter.state.bound = bound.filter(|step| item.step(step).is_some());
    }
    for task in matter.state.tasks.iter_mut().filter(|task| !standing::stands(task)) {
        if let Some(old) = held.iter().find(|old| old.name == task.name && old.role == task.role) {
            *task = Task { step: task.step.clone(), ..old.clone() };
        }
    }
    // Standing work names the step it arose in; that step may be called otherwise now.
    for task in matter.state.tasks.iter_mut().filter(|task| standing::stands(task)) {
        if let Some(step) = renamed.get(&task.step) {
            task.step.clone_from(step);
        }
    }
}
