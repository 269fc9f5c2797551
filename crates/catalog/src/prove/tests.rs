//! Planted faults: each is found by its own rule, in its own line, and by no other.

mod plants;

use super::*;
use crate::Catalog;
use crate::lock::{FILE, Lock, OnChange};
use plants::{ITEM, PLANTS, Plant, WITHDRAW};
use std::collections::BTreeSet;
use std::path::Path;

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn sound() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/prove/sound");
    let mut files = Files::read(&folder).unwrap();
    lock(&mut files);
    files
}

/// Locks what can be loaded, as `huifa catalog lock` does.
fn lock(files: &mut Files) {
    let (loaded, _) = load::load(files);
    let mut lock = files.get(FILE).map_or_else(Lock::default, |text| Lock::parse(text).unwrap());
    lock.take(loaded.items.iter().map(|(_, item)| item), [], OnChange::Replace).unwrap();
    files.put(FILE, lock.text());
}

/// Found by comparing with the lock, so the lock stays as it was.
const LOCK_CODES: [&str; 4] =
    ["changed-without-version", "version-goes-back", "not-locked", "lock-unreadable"];

fn planted(plant: &Plant) -> Files {
    let mut files = sound();
    if plant.find.is_empty() && plant.put.is_empty() {
        files.remove(plant.file);
        return files;
    }
    let text = match files.get(plant.file) {
        None => plant.put.to_owned(),
        Some(text) => {
            assert_eq!(
                text.matches(plant.find).count(),
                1,
                "{}: `{}` in {}",
                plant.code,
                plant.find,
                plant.file
            );
            text.replace(plant.find, plant.put)
        }
    };
    files.put(plant.file, text);
    if !LOCK_CODES.contains(&plant.code) {
        lock(&mut files);
    }
    files
}

#[test]
fn the_sound_catalogue_has_no_findings() {
    assert_eq!(check(&sound(), today()), []);
}

#[test]
fn the_shipped_catalogue_is_sound() {
    let findings = check(&Files::embedded(), today());
    assert!(findings.is_empty(), "{findings:#?}");
    Catalog::embedded().unwrap();
}

#[test]
fn each_planted_fault_is_found_by_its_own_rule_alone() {
    let mut wrong = Vec::new();
    for plant in PLANTS {
        let files = planted(plant);
        let findings = check(&files, today());
        let codes: BTreeSet<_> = findings.iter().map(|finding| finding.code).collect();
        if codes != BTreeSet::from([plant.code]) {
            wrong.push(format!("{}: found by {codes:?}: {findings:#?}", plant.code));
            continue;
        }
        let pointed = findings.iter().any(|finding| {
            let line = files.get(&finding.file).unwrap_or_default().lines().nth(finding.line - 1);
            line.unwrap_or_default().contains(plant.word)
        });
        if !pointed {
            wrong.push(format!("{}: no finding points at `{}`: {findings:#?}", plant.code, plant.word));
        }
        for finding in &findings {
            assert!(!finding.message.is_empty() && !finding.remedy.is_empty(), "{finding:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_is_planted_and_explained() {
    let planted: BTreeSet<_> = PLANTS.iter().map(|plant| plant.code).collect();
    let others = BTreeSet::from(["misplaced-item", "duplicate-item"]);
    let tested: BTreeSet<_> = planted.union(&others).copied().collect();
    assert_eq!(tested, CODES.iter().copied().collect::<BTreeSet<_>>());
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/catalogue.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    for code in CODES {
        assert!(docs.contains(&format!("`{code}`")), "docs/catalogue.md does not explain `{code}`");
    }
}

#[test]
fn a_broken_file_is_told_even_without_the_dictionary() {
    let files = Files::from_texts([("items/broken/broken.toml", "id = \"broken.item\"\nversion = \n")]);
    let found: Vec<_> = check(&files, today()).into_iter().map(|f| (f.file, f.line, f.code)).collect();
    let broken = ("items/broken/broken.toml".to_owned(), 2, "unreadable");
    assert_eq!(found, [("facts.toml".to_owned(), 1, "no-facts"), broken]);
}

#[test]
fn two_files_for_one_item_are_found() {
    let mut files = sound();
    let text = files.get(ITEM).unwrap().to_owned();
    files.put("items/test/twin.toml", text);
    let codes: BTreeSet<_> = check(&files, today()).into_iter().map(|finding| finding.code).collect();
    // The second file lies, by its id, in the wrong place as well.
    assert_eq!(codes, BTreeSet::from(["duplicate-item", "misplaced-item"]));
}

#[test]
fn an_item_lies_where_its_id_says() {
    let mut files = sound();
    let text = files.get(ITEM).unwrap().to_owned();
    files.remove(ITEM);
    files.put("items/test/noise.toml", text);
    let findings = check(&files, today());
    let [finding] = &findings[..] else { panic!("{findings:#?}") };
    assert_eq!(
        (finding.code, finding.file.as_str(), finding.line),
        ("misplaced-item", "items/test/noise.toml", 1)
    );
}

#[test]
fn a_fault_of_a_fragment_is_told_once_and_where_it_stands() {
    let mut files = sound();
    let text = files.get(WITHDRAW).unwrap().replace("to = \"withdrawn\"", "to = \"nowhere\"");
    files.put(WITHDRAW, text);
    lock(&mut files);
    let findings: Vec<_> =
        check(&files, today()).into_iter().filter(|f| f.code == "unknown-target").collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].file.as_str(), findings[0].line, findings[0].column), (WITHDRAW, 15, 1));
}
