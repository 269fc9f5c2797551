//! Worked cases with their sources, kept here; and the outside oracle when it lies beside the checkout.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod common;

use std::collections::BTreeSet;

use common::run;
use serde_json::{Value, json};

fn cases(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn outcome(case: &Value) -> Value {
    match run(case["calculator"].as_str().unwrap(), &case["inputs"]) {
        Ok(answer) => json!({ "result": answer.result }),
        Err(refusal) => json!({ "refusal": { "code": refusal.code, "field": refusal.field } }),
    }
}

fn wanted(case: &Value) -> Value {
    match case.get("expected") {
        Some(expected) => json!({ "result": expected }),
        None => json!({ "refusal": case["refusal"] }),
    }
}

/// What does not come out as written, one line a case.
fn wrong(cases: &[Value]) -> Vec<String> {
    let differs = |case: &&Value| outcome(case) != wanted(case);
    cases
        .iter()
        .filter(differs)
        .map(|case| format!("{}\n  wanted {}\n  found  {}", case["id"], wanted(case), outcome(case)))
        .collect()
}

#[test]
fn own_worked_cases_hold_and_name_their_source() {
    let cases = cases(include_str!("cases/worked.json"));
    let wrong = wrong(&cases);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for case in &cases {
        assert!(case["source"].as_str().is_some_and(|source| !source.is_empty()), "{}", case["id"]);
    }
    let worked: BTreeSet<&str> = cases.iter().filter_map(|case| case["calculator"].as_str()).collect();
    // Those of the kernel have their cases there.
    let missing: Vec<&str> = calculators::all()
        .map(|spec| spec.name)
        .filter(|name| !worked.contains(name) && !kernel::calc::names().any(|known| known == *name))
        .collect();
    assert!(missing.is_empty(), "no worked case for {missing:?}");
}

#[test]
fn the_outside_oracle_holds() {
    let Some(file) = kernel::testkit::outside("oracles/calculators.json") else {
        println!("SKIP: no oracles/calculators.json beside the checkout (set HUIFA_SHARED)");
        return;
    };
    let cases = cases(&std::fs::read_to_string(file).unwrap());
    let wrong = wrong(&cases);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(cases.len() >= 90, "only {} cases were found", cases.len());
}

#[test]
fn every_example_computes_and_shows_how() {
    for spec in calculators::all() {
        let inputs: Value = serde_json::from_str(spec.example).unwrap();
        let answer = run(spec.name, &inputs).unwrap_or_else(|refusal| panic!("{}: {refusal}", spec.name));
        assert!(!answer.result.is_empty(), "{}", spec.name);
        if kernel::calc::names().any(|known| known == spec.name) {
            continue;
        }
        assert!(!answer.working.steps.is_empty(), "{} shows no step", spec.name);
        assert!(!answer.working.parameters.is_empty(), "{} names no rule", spec.name);
        for step in &answer.working.steps {
            assert!(step.law.is_some() && step.article.is_some(), "{}: {}", spec.name, step.name);
        }
    }
}
