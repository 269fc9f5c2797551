//! A handful of matters opened just now, one of each example.

use access::Principal;
use kernel::lang::Lang;
use serde_json::{Value, json};

use super::people;
use crate::failure::Failure;
use crate::node::Node;

/// Counties the demo's matters come from.
const COUNTIES: [&str; 4] = ["371502", "371503", "371581", "371521"];

/// How many.
const FIRST: u32 = 16;

/// Opens them, through the same command as everybody's.
pub async fn matters(node: &Node) -> Result<(), Failure> {
    let bodies: Vec<Value> = node
        .register
        .catalog()
        .items()
        .flat_map(|item| item.examples.iter().map(|example| example.body.clone()))
        .collect();
    if bodies.is_empty() {
        return Ok(());
    }
    let who = Principal::anonymous();
    for (index, body) in (0..FIRST).zip(bodies.iter().cycle()) {
        let mut body = body.clone();
        let county = COUNTIES[(index as usize / bodies.len()) % COUNTIES.len()];
        body["area"] = json!(format!("{county:0<12}"));
        body["door"] = json!("web");
        people::sent_now(&mut body);
        let key = format!("demo-matter-{index:010}");
        node.register.open(&who, &body, &key, Lang::Zh).await.map_err(|refusal| {
            Failure::Environment(format!("demo matter {index}: {refusal} {:?}", refusal.errors))
        })?;
    }
    Ok(())
}
