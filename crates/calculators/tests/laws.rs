//! What holds for all inputs: nothing falls where the law lets it rise, parts add up where the law adds, nothing is
//! below nothing, and no JSON at all makes a calculator panic.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod common;

use calculators::{Field, Kind, Need};
use common::run;
use kernel::money::Fen;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn fen(answer: &Value) -> i64 {
    answer.as_str().unwrap_or_else(|| panic!("{answer} is no amount")).parse::<Fen>().unwrap().0
}

fn money(name: &str, inputs: &Value, output: &str) -> i64 {
    let answer = run(name, inputs).unwrap_or_else(|refusal| panic!("{name} {inputs}: {refusal}"));
    fen(&answer.result[output])
}

fn yuan(fen: i64) -> Value {
    json!(Fen(fen).to_string())
}

/// An amount up to fifty million yuan, often near the edge of a band.
fn amount() -> impl Strategy<Value = i64> {
    let edges =
        [1_000, 10_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 20_000_000];
    prop_oneof![
        0..5_000_000_000_i64,
        (0..edges.len(), -200..200_i64).prop_map(move |(at, off)| edges[at] * 100 + off),
    ]
}

proptest! {
    #[test]
    fn more_at_stake_never_costs_less(a in amount(), b in amount()) {
        let (less, more) = (a.min(b), a.max(b));
        for (name, field, output) in [
            ("fee.property_case", "amount", "fee"),
            ("fee.property_case.halved", "amount", "fee"),
            ("fee.appeal", "appeal_amount", "fee"),
            ("fee.execution", "amount", "fee"),
            ("fee.preservation", "amount", "fee"),
            ("fee.payment_order", "amount", "fee"),
            ("fee.bankruptcy", "amount", "fee"),
            ("fee.arbitration_acceptance_range", "amount", "min"),
            ("fee.arbitration_acceptance_range", "amount", "max"),
        ] {
            let of = |fen| money(name, &json!({ field: yuan(fen) }), output);
            prop_assert!(of(less) <= of(more), "{name} {less} {more}");
            prop_assert!(of(less) >= 0);
        }
        let range = run("fee.arbitration_acceptance_range", &json!({ "amount": yuan(a) })).unwrap().result;
        prop_assert!(fen(&range["min"]) <= fen(&range["max"]));
    }

    #[test]
    fn a_longer_service_or_a_higher_wage_never_pays_less(
        days in 1..14_000_i64, more in 0..2_000_i64, wage in 0..10_000_000_i64, rise in 0..3_000_000_i64,
    ) {
        let last = jiff::civil::date(2026, 8, 20);
        let start = |days: i64| last.checked_sub(jiff::Span::new().days(days)).unwrap().to_string();
        let n = |days: i64, wage: i64| {
            let inputs = json!({
                "start": start(days), "last_day": last.to_string(), "avg_monthly_wage_12m": yuan(wage),
                "local_avg_monthly_wage": 9000, "min_wage": 2200,
            });
            (money("labour.severance", &inputs, "N"), money("labour.severance", &inputs, "twoN"))
        };
        let (first, twice) = n(days, wage);
        let (longer, longer_twice) = n(days + more, wage);
        prop_assert!(first <= longer && twice <= longer_twice);
        // Half a fen may have been rounded up before it is doubled.
        prop_assert!(first * 2 <= twice + 1 && first >= 0);
        // A wage above three times the average is held there, and at twelve months: only below that does more pay more.
        if wage + rise <= 2_700_000 {
            prop_assert!(first <= n(days, wage + rise).0);
        }
    }

    #[test]
    fn benefits_of_work_injury_fall_with_the_grade(own in 1..5_000_000_i64, place in 1..2_000_000_i64) {
        let lump = |grade: i64| {
            let inputs = json!({
                "own_avg_monthly_wage": yuan(own), "regional_avg_monthly_wage": yuan(place),
                "grade": grade, "min_wage": 2200,
            });
            money("work_injury.disability", &inputs, "lump_sum")
        };
        for grade in 1..10 {
            prop_assert!(lump(grade) >= lump(grade + 1));
        }
    }

    #[test]
    fn dependants_never_get_more_than_the_place_spends_a_year(
        ages in prop::collection::vec((0..100_i64, 1..5_i64), 1..6), spends in 1..10_000_000_i64, percent in 0..=100_i64,
    ) {
        let people: Vec<Value> =
            ages.iter().map(|(age, supporters)| json!({ "age": age, "supporters": supporters })).collect();
        let of = |people: &[Value], percent: i64| {
            let inputs = json!({
                "urban_consumption": yuan(spends), "coefficient_percent": percent, "dependants": people,
            });
            money("personal_injury.dependants", &inputs, "amount")
        };
        let all = of(&people, percent);
        prop_assert!(all <= 20 * spends && all >= 0);
        prop_assert!(all <= of(&people, 100));
        if people.len() > 1 {
            prop_assert!(of(&people[1..], percent) <= all);
        }
    }

    #[test]
    fn heads_of_damage_add_up(
        parts in prop::collection::vec(0..100_000_000_i64, 5), percent in 0..=100_i64,
    ) {
        let names = ["medical", "lost_income", "nursing", "transport", "disability"];
        let mut inputs = Map::new();
        for (name, part) in names.iter().zip(&parts) {
            inputs.insert((*name).into(), yuan(*part));
        }
        let whole: i64 = parts.iter().sum();
        prop_assert_eq!(money("personal_injury.total", &Value::Object(inputs.clone()), "total"), whole);
        inputs.insert("liability_percent".into(), json!(percent));
        let owed = money("personal_injury.total", &Value::Object(inputs), "total");
        prop_assert!((owed * 100 - whole * percent).abs() <= 50);
    }

    #[test]
    fn overtime_adds_up_to_its_parts(wage in 0..5_000_000_i64, hours in prop::collection::vec(0..200_i64, 3)) {
        let of = |a: i64, b: i64, c: i64| {
            let inputs = json!({
                "monthly_wage": yuan(wage), "weekday_hours": a, "restday_hours": b, "holiday_hours": c,
            });
            money("labour.overtime", &inputs, "total")
        };
        let parts = of(hours[0], 0, 0) + of(0, hours[1], 0) + of(0, 0, hours[2]);
        prop_assert!((of(hours[0], hours[1], hours[2]) - parts).abs() <= 2);
    }

    #[test]
    fn interest_is_capped_and_grows_with_time(
        principal in 1..1_000_000_000_i64, rate in 0..100_i64, days in 0..1_000_i64, more in 0..300_i64,
    ) {
        let of = |rate: i64, days: i64| {
            let from = jiff::civil::date(2025, 6, 1);
            let to = from.checked_add(jiff::Span::new().days(days)).unwrap();
            let inputs = json!({
                "principal": yuan(principal), "contract_date": "2025-06-01", "agreed_rate": rate,
                "frm": from.to_string(), "to": to.to_string(),
            });
            money("loan.cap", &inputs, "interest")
        };
        prop_assert!(of(rate, days) <= of(rate, days + more));
        prop_assert!(of(rate, days) <= of(12, days));
        prop_assert_eq!(of(12, days), of(100, days));
    }

    #[test]
    fn delay_interest_adds_over_stretches(a in 0..100_000_000_i64, days in 0..1_000_i64, cut in 0..1_000_i64) {
        let of = |stretches: &[i64]| {
            let segments: Vec<Value> = stretches.iter().map(|days| json!([yuan(a), days])).collect();
            money("execution.delay_interest", &json!({ "segments": segments }), "amount")
        };
        let cut = cut.min(days);
        prop_assert_eq!(of(&[days]), of(&[cut, days - cut]));
    }

    #[test]
    fn a_victim_gets_no_more_than_the_loss(
        death in 0..100_000_000_i64, med in 0..10_000_000_i64, prop in 1..1_000_000_i64, percent in 0..=100_i64,
    ) {
        let inputs = json!({
            "loss": { "death": yuan(death), "med": yuan(med), "prop": yuan(prop) },
            "insured_vehicle_at_fault": true, "liability_percent_on_excess": percent,
        });
        let answer = run("traffic.split", &inputs).unwrap().result;
        let (paid, total) = (fen(&answer["compulsory_insurance"]), fen(&answer["total"]));
        prop_assert!(paid <= 20_000_000 && paid <= total && total <= death + med + prop);
    }

    #[test]
    fn shares_of_an_estate_are_the_whole(children in 1..8_usize, grandchildren in 1..5_usize) {
        let mut heirs: Vec<Value> = (0..children).map(|at| json!(format!("子{at}"))).collect();
        let instead: Vec<Value> = (0..grandchildren).map(|at| json!(format!("孙{at}"))).collect();
        heirs.push(json!({ "name": "女", "alive": false, "represented_by": instead }));
        let answer = run("inheritance.statutory", &json!({ "estate": 840_000, "heirs": heirs })).unwrap().result;
        let shares = answer["shares"].as_object().unwrap();
        prop_assert_eq!(shares.len(), children + grandchildren);
        let part = |text: &str| {
            let (top, bottom) = text.split_once('/').unwrap_or((text, "1"));
            top.parse::<f64>().unwrap() / bottom.parse::<f64>().unwrap()
        };
        let sum: f64 = shares.values().map(|share| part(share.as_str().unwrap())).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
    }

    #[test]
    fn no_json_makes_a_calculator_panic(seed in json_value(), at in 0..200_usize) {
        let specs: Vec<_> = calculators::all().collect();
        let spec = specs[at % specs.len()];
        let _ = run(spec.name, &seed);
        // One field of a sound input replaced by anything, and by nothing.
        let sound: Value = serde_json::from_str(spec.example).unwrap();
        for field in spec.fields {
            let mut inputs = sound.clone();
            inputs[field.name] = seed.clone();
            never_below_nothing(spec.name, &inputs);
            inputs.as_object_mut().unwrap().remove(field.name);
            let outcome = run(spec.name, &inputs);
            if field.need == Need::Must {
                prop_assert!(outcome.is_err(), "{} without {}", spec.name, field.name);
            }
        }
    }
}

fn never_below_nothing(name: &str, inputs: &Value) {
    if let Ok(answer) = run(name, inputs) {
        for (key, value) in &answer.result {
            let below = value.as_str().is_some_and(|text| text.starts_with('-'));
            assert!(!below, "{name} {inputs}: {key} is {value}");
        }
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1_000.0..1_000_000.0_f64).prop_map(Value::from),
        Just(json!(1e300)),
        Just(json!("-1")),
        Just(json!("99999999999999999999999999999999999999999999")),
        Just(json!("0.00000000000000000000000000000000001")),
        Just(json!("9999-12-31")),
        Just(json!("2020-02-30")),
        Just(json!("0001-01-01")),
        Just(json!("配偶")),
        ".{0,30}".prop_map(Value::from),
        "[0-9]{1,20}(\\.[0-9]{1,12})?".prop_map(Value::from),
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{1,12}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

#[test]
fn below_nothing_is_refused_wherever_an_amount_is_asked() {
    fn check(name: &str, sound: &Value, fields: &[Field]) {
        for field in fields {
            if !matches!(field.kind, Kind::Money | Kind::Number(..) | Kind::Whole(..)) {
                continue;
            }
            let mut inputs = sound.clone();
            inputs[field.name] = json!(-1);
            let refusal = run(name, &inputs).err();
            assert!(refusal.is_some(), "{name}: {} of -1 was taken", field.name);
            assert_eq!(refusal.unwrap().field, field.name, "{name}");
        }
    }
    for spec in calculators::all() {
        let sound: Value = serde_json::from_str(spec.example).unwrap();
        check(spec.name, &sound, spec.fields);
    }
}

#[test]
fn unknown_fields_and_names_are_refused() {
    for spec in calculators::all() {
        let mut inputs: Value = serde_json::from_str(spec.example).unwrap();
        inputs["no_such_field"] = json!(1);
        let refusal = run(spec.name, &inputs).unwrap_err();
        assert_eq!(
            (refusal.code, refusal.field.as_str()),
            ("unknown-field", "no_such_field"),
            "{}",
            spec.name
        );
    }
    assert_eq!(run("no.such", &json!({})).unwrap_err().code, "unknown-calculator");
}
