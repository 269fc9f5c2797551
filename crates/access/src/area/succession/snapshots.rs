//! The eight yearly snapshots of one city.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};

use super::*;

/// The snapshots, when they lie beside the checkout.
pub(crate) fn eight() -> Option<BTreeMap<Date, Census>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/areas/regions_3715_history.csv.gz");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("SKIP: no snapshots at {}", path.display());
        return None;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    let mut all: BTreeMap<Date, Census> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let (code, name, _level, _parent, on): (AreaCode, String, i64, String, Date) = row.unwrap();
        all.entry(on).or_default().insert(code, name);
    }
    Some(all)
}

/// What happened at each snapshot: renamed, ended, began; linked as re-coded, linked by name, without a successor.
const TOLD: [(&str, [usize; 6]); 7] = [
    ("2017-10-31", [0, 18, 18, 0, 18, 0]),
    ("2018-10-31", [339, 220, 139, 87, 8, 125]),
    // 茌平: one county, its 14 towns and 732 villages.
    ("2019-10-31", [111, 749, 749, 747, 0, 2]),
    ("2020-06-30", [253, 781, 315, 120, 136, 525]),
    // Villages were merged everywhere.
    ("2021-10-31", [116, 4361, 925, 0, 584, 3777]),
    ("2022-10-31", [49, 80, 20, 0, 6, 74]),
    ("2023-06-30", [169, 3, 10, 0, 0, 3]),
];

#[test]
fn the_changes_of_seven_years_are_told_apart() {
    let Some(all) = eight() else { return };
    let told = history(all.iter().map(|(on, census)| (*on, census)));
    let figures: Vec<(String, [usize; 6])> = told
        .steps
        .iter()
        .map(|(on, step)| {
            let (recoded, named) = (step.linked(Source::Recode), step.linked(Source::Name));
            let all = [step.renamed.len(), step.gone.len(), step.new.len(), recoded, named, step.unknown()];
            (on.to_string(), all)
        })
        .collect();
    assert_eq!(figures, TOLD.map(|(on, figures)| (on.to_owned(), figures)));
    // Every county and every town that ended is known again; only villages are not.
    for (on, step) in &told.steps {
        for gone in step.gone.iter().filter(|gone| gone.code.level() < Level::Village) {
            assert!(gone.successor.is_some(), "{on}: {}", gone.code);
        }
    }
}

#[test]
fn totals_are_equal_at_the_level_of_towns_in_all_snapshots() {
    let Some(all) = eight() else { return };
    for (on, census) in &all {
        let count = |level| census.keys().filter(|code| code.level() == level).count();
        assert_eq!((count(Level::County), count(Level::Town)), (8, 136), "{on}");
    }
}
