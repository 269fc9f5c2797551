//! §3 calculators: what each asks for, results with their working, refusals that point at the field.

use crate::support::City;
use anyhow::{Result, ensure};
use serde_json::json;
use walker::client::problem;
use walker::views::{Calculator, Computed, Page};

const PATH: &str = "/api/v1/calculators";

#[tokio::test]
async fn calculators_are_listed_and_compute_for_everybody() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    let all: Page<Calculator> = nobody.get(PATH).await?.done()?;
    ensure!(all.items.len() > 50, "{} calculators", all.items.len());
    for one in &all.items {
        ensure!(one.inputs["type"] == "object" && !one.title.is_empty(), "{one:?}");
        let body = json!({ "calculator": one.name, "inputs": one.example });
        let done: Computed = nobody.post(PATH, &body, None).await?.done()?;
        ensure!(done.calculator == one.name && !done.result.is_empty(), "{done:?}");
        ensure!(!done.working.for_reference.is_empty() && !done.working.rounding.is_empty(), "{done:?}");
        ensure!(done.working.steps.iter().all(|step| !step.label.starts_with("calc-")), "{done:?}");
    }
    let labour: Page<Calculator> = nobody.get(&format!("{PATH}?family=labour")).await?.done()?;
    ensure!(labour.items.iter().all(|one| one.family == "labour") && !labour.items.is_empty(), "{labour:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_impossible_points_at_its_field() -> Result<()> {
    let city = City::start().await?;
    let mut nobody = city.nobody();
    for (body, pointer) in [
        (json!({ "calculator": "fee.property_case", "inputs": { "amount": -1 } }), "/inputs/amount"),
        (json!({ "calculator": "fee.property_case" }), "/inputs/amount"),
        (json!({ "calculator": "fee.property_case", "inputs": [] }), "/inputs"),
        (json!({ "calculator": "no.such", "inputs": {} }), "/calculator"),
        (json!({ "inputs": {} }), "/calculator"),
        (
            json!({ "calculator": "personal_injury.dependants", "inputs": {
                "urban_consumption": 40000, "dependants": [{ "age": 3 }, { "age": -3 }],
            } }),
            "/inputs/dependants/1/age",
        ),
    ] {
        let answer = nobody.post_raw(PATH, &body, None).await?;
        ensure!(answer.status == 422, "{body} answered {}", answer.status);
        let told = problem(&answer)?;
        ensure!(told.errors.iter().any(|error| error.pointer == pointer), "{body}: {}", answer.text());
    }
    Ok(())
}
