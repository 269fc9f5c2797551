//! What an item may follow from: the item before is there, and gives what is taken from it.

use super::{Finding, Subject};
use crate::item::{Item, Kind};

/// Every `[[from]]` names an item, its steps and its facts, and takes over values of the same kind.
pub(super) fn origins(subject: &Subject<'_>, out: &mut Vec<Finding>) {
    for (at, origin) in subject.item.from.iter().enumerate() {
        let mut tell = |key: &str, why: String| {
            out.push(subject.finding(
                &format!("from/{at}/{key}"),
                "follows-nothing",
                format!("it follows from `{}`: {why}", origin.item),
                "name an item, steps and facts that are there; a fact is taken over only by one of the same kind",
            ));
        };
        let Some((_, before)) = subject.loaded.items.iter().find(|(_, item)| item.id == origin.item) else {
            tell("item", "there is no such item".to_owned());
            continue;
        };
        for step in origin.steps.iter().filter(|step| before.step(step).is_none()) {
            tell(&format!("steps/{step}"), format!("it has no step `{step}`"));
        }
        for (new, old) in &origin.facts {
            let why = match (subject.item.question(new).map(|q| q.kind), known(before, old)) {
                (None, _) => format!("the form here does not ask `{new}`"),
                (_, None) => {
                    format!("`{old}` is not known there: neither its form asks it nor an action keeps it")
                }
                (Some(here), Some(there)) if here != there => {
                    format!("`{new}` and `{old}` are of different kinds")
                }
                _ => continue,
            };
            tell(&format!("facts/{new}"), why);
        }
    }
}

/// The kind of a fact that a matter of this item knows.
fn known(item: &Item, fact: &str) -> Option<Kind> {
    let kept = item
        .steps
        .iter()
        .flat_map(|step| &step.actions)
        .flat_map(|action| &action.input)
        .filter(|question| question.keep);
    item.questions().chain(kept).find(|question| question.fact == fact).map(|question| question.kind)
}
