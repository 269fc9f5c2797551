//! Worked cases, kept here; and the outside oracle when it lies beside the checkout.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use jiff::civil::{Date, date};
use kernel::calc;
use serde_json::{Value, json};

const TODAY: Date = date(2026, 11, 21);

fn cases(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn outcome(case: &Value) -> Value {
    match calc::run(case["calculator"].as_str().unwrap(), &case["inputs"], TODAY) {
        Ok(result) => json!({ "result": result }),
        Err(refusal) => json!({ "refusal": { "code": refusal.code, "field": refusal.field } }),
    }
}

#[test]
fn own_worked_cases_hold() {
    let cases = cases(include_str!("cases/calculators.json"));
    for case in &cases {
        let wanted = match case.get("expected") {
            Some(expected) => json!({ "result": expected }),
            None => json!({ "refusal": case["refusal"] }),
        };
        assert_eq!(outcome(case), wanted, "{}", case["id"]);
    }
    for name in calc::names() {
        assert!(cases.iter().any(|case| case["calculator"] == name), "no worked case for {name}");
    }
}

#[test]
fn the_outside_oracle_holds() {
    let Some(file) = kernel::testkit::outside("oracles/calculators.json") else {
        println!("SKIP: no oracles/calculators.json beside the checkout (set HUIFA_SHARED)");
        return;
    };
    let mut checked = 0;
    for case in cases(&std::fs::read_to_string(file).unwrap()) {
        if calc::names().any(|name| case["calculator"] == name) {
            assert_eq!(outcome(&case), json!({ "result": case["expected"] }), "{}", case["id"]);
            checked += 1;
        }
    }
    assert!(checked >= 25, "only {checked} cases were found");
}

#[test]
fn nothing_panics_on_rubbish() {
    let rubbish = [
        json!(null),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(""),
        json!("９９９９-９９-９９"),
        json!("2026-09-2１"),
        json!("🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄🀄"),
        json!("T"),
        json!("2026-01-01T"),
        json!("2026-01-01T10:00é"),
        json!([]),
        json!({}),
        json!(true),
        json!("9999-12-31"),
        json!("0000-00-00"),
        json!("x".repeat(100_000)),
    ];
    let fields = [
        "start", "count", "unit", "roll", "hours", "year", "frm", "to", "id", "first17", "id15", "code",
        "body",
    ];
    for name in calc::names() {
        for value in &rubbish {
            assert!(calc::run(name, value, TODAY).is_err() || value.is_object());
            for field in fields {
                let mut inputs =
                    json!({ "start": "2026-01-01", "count": 1, "frm": "2026-01-01", "to": "2026-01-02" });
                inputs[field] = value.clone();
                let _ = calc::run(name, &inputs, TODAY);
                let _ = calc::run(name, &json!({ field: value }), TODAY);
            }
        }
    }
}
