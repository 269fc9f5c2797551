//! Kinds of problem are found at least as well as the best simple way we know of finds them, and what is of no kind is
//! not forced into one. The figures themselves stand in `docs/laws.md`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use triage::kinds::Kinds;
use triage::measure::{across, measure};
use triage::model::{Kept, Triage};
use triage::rows::{Row, read};

fn kinds() -> Kinds {
    Kinds::parse(include_str!("../../../catalog/triage/kinds.toml")).unwrap()
}

fn rows(path: &Path) -> Vec<Row> {
    let (rows, faults) = read(path).unwrap();
    assert_eq!(faults, []);
    rows
}

/// Questions of no kind, written for measuring without sight of our words.
fn of_no_kind() -> Vec<Row> {
    rows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/questions/of-no-kind.jsonl"))
}

/// Share of questions of no kind that is abstained from.
fn abstained(triage: &Triage) -> f64 {
    let rows = of_no_kind();
    let measured = measure(triage, &rows.iter().collect::<Vec<_>>());
    assert_eq!(measured.of_no_kind, 120);
    measured.no_kind_abstained
}

#[test]
fn the_start_abstains_from_half_of_what_is_of_no_kind() {
    let share = abstained(&Triage::new(kinds(), None));
    assert!(share >= 0.5, "{share}");
}

#[test]
fn learned_kinds_pass_the_floors_on_questions_that_were_not_learned_from() {
    let Some(file) = kernel::testkit::outside("data/triage/dev.jsonl") else {
        println!("SKIP: no data/triage/dev.jsonl beside the checkout (set HUIFA_SHARED)");
        return;
    };
    let (rows, kinds) = (rows(&file), kinds());
    let folds = across(&rows, &kinds, 5, |_| {}).unwrap();
    let mean = |figure: &str| folds.all[figure].mean;
    for (figure, floor) in [("accuracy", 0.817), ("macro_f1", 0.690), ("top3", 0.918)] {
        assert!(mean(figure) >= floor, "{figure}: {} of {floor}", mean(figure));
    }
    assert!(mean("abstained") <= 0.05, "{} of questions of a kind were abstained from", mean("abstained"));
    let share = abstained(&Triage::new(kinds.clone(), Some(Kept::learn(&rows, &kinds).unwrap())));
    assert!(share >= 0.5, "{share} of questions of no kind were abstained from");
}
