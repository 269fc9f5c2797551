//! How far it is from one step of an item to another.

use std::collections::{HashMap, VecDeque};

use catalog::item::Item;
use kernel::actor::Role;

/// Steps and the least number of acts from each to the target.
pub fn distances(item: &Item, target: &str) -> HashMap<String, usize> {
    let mut found = HashMap::from([(target.to_owned(), 0)]);
    let mut queue = VecDeque::from([target.to_owned()]);
    while let Some(reached) = queue.pop_front() {
        let far = found[&reached];
        for step in &item.steps {
            let leads = |action: &catalog::item::ActionDef| {
                action.role != Role::System && action.to.from(&step.id) == reached
            };
            if !found.contains_key(&step.id) && step.actions.iter().any(leads) {
                found.insert(step.id.clone(), far + 1);
                queue.push_back(step.id.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use catalog::Catalog;

    use super::*;

    #[test]
    fn every_step_people_lead_to_is_reached_from_the_first() {
        let catalog = Catalog::embedded().unwrap();
        let mut unreached = Vec::new();
        for item in catalog.items() {
            for step in &item.steps {
                if !distances(item, &step.id).contains_key(&item.first_step().id) {
                    unreached.push(format!("{} {}", item.id, step.id));
                }
            }
        }
        // What only time leads to: nobody's act.
        let lone = |step: &String| step.ends_with("lapsed") || step.ends_with("expired");
        assert!(unreached.iter().all(lone), "{unreached:?}");
    }
}
