//! Items as the walker sees them: what may be opened, and how far each step is from an end.

use crate::client::Client;
use crate::views::{Item, Page};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::collections::{HashMap, VecDeque};

/// Reads every item the city offers.
pub async fn load(client: &mut Client) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut path = "/api/v1/items?limit=100".to_owned();
    loop {
        let page: Page<Value> = client.get(&path).await?.done()?;
        for row in &page.items {
            let id = row["id"].as_str().unwrap_or_default();
            let item: Item = client.get(&format!("/api/v1/items/{id}")).await?.done()?;
            ensure!(!item.examples.is_empty(), "{id} has no example to open it with");
            ensure!(item.steps.iter().any(|step| step.is_final), "{id} has no end");
            items.push(item);
        }
        let Some(next) = page.next else { break };
        path = format!("/api/v1/items?limit=100&page={next}");
    }
    ensure!(!items.is_empty(), "the city offers no item");
    Ok(items)
}

/// Commands from each step to the nearest final step.
pub fn distances(item: &Item) -> HashMap<String, usize> {
    let mut distances: HashMap<String, usize> = HashMap::new();
    let mut queue: VecDeque<&str> = VecDeque::new();
    for step in item.steps.iter().filter(|step| step.is_final) {
        distances.insert(step.id.clone(), 0);
        queue.push_back(&step.id);
    }
    while let Some(reached) = queue.pop_front() {
        let next = distances[reached] + 1;
        for step in &item.steps {
            if !distances.contains_key(&step.id) && step.actions.iter().any(|action| action.to == reached) {
                distances.insert(step.id.clone(), next);
                queue.push_back(&step.id);
            }
        }
    }
    distances
}
