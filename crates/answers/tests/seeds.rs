//! The answers the catalogue brings along: they can be read, name nobody, and cite what
//! stands in the statutes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::path::PathBuf;

use answers::anonymity::{Gazetteer, Known, check};
use answers::cites::{self, Held};
use answers::seeds::Seeds;
use catalog::load::Files;
use laws::import::take;
use laws::overrides::Overrides;
use store::testkit::{scratch, sqlite};

fn kinds() -> Vec<String> {
    let text = include_str!("../../../catalog/triage/kinds.toml");
    let labels = text.lines().filter_map(|line| line.strip_prefix("label = \"")?.strip_suffix('"'));
    labels.map(str::to_owned).collect()
}

fn seeds() -> Seeds {
    Seeds::read(&Files::embedded(), &kinds()).unwrap()
}

#[test]
fn they_answer_what_is_asked_most_and_name_nobody() {
    let seeds = seeds();
    assert!(seeds.answers.len() >= 12);
    let questions: HashSet<&str> = seeds.answers.iter().map(|one| one.question.as_str()).collect();
    assert_eq!(questions.len(), seeds.answers.len());
    for one in &seeds.answers {
        for text in [&one.question, &one.answer] {
            assert_eq!(check(text, &Known::default(), &Gazetteer::default()), [], "{}", one.id);
        }
        // What the text names it also cites.
        for (law, _) in cites::named(&one.answer) {
            let title = laws::citation::title(&law);
            assert!(one.cites.iter().any(|cite| cite.law == title), "{} names 《{law}》", one.id);
        }
    }
}

#[test]
fn a_file_that_cannot_be_meant_is_refused() {
    let whole = include_str!("../../../catalog/answers/common.toml");
    let read = |text: &str| Seeds::read(&Files::from_texts([("answers/a.toml", text)]), &kinds());
    assert!(read(whole).is_ok());
    for (from, to) in [
        ("kind = \"劳动争议\"", "kind = \"别的\""),
        ("劳动法#第五十条", "劳动法"),
        ("id = \"dismissal\"", "id = \"unpaid-wages\""),
        ("reviewed_on = \"2026-11-30\"", "reviewed_on = \"soon\""),
        ("[[answer]]", "[[answers]]"),
    ] {
        assert!(read(&whole.replacen(from, to, 1)).is_err(), "{from} → {to}");
    }
}

/// Against the public collection, where it lies beside the repository.
#[tokio::test]
async fn every_article_they_cite_stands_in_the_statutes() {
    let Some(folder) = std::env::var_os("HUIFA_LAWS").map(PathBuf::from) else {
        eprintln!("SKIP: HUIFA_LAWS names no folder of the LawRefBook collection");
        return;
    };
    let data = scratch();
    let db = sqlite(data.path()).await;
    let found = laws::read::any(&folder, &mut || {}).await.unwrap();
    let wanted: HashSet<String> =
        seeds().answers.iter().flat_map(|one| &one.cites).map(|cite| cite.law.clone()).collect();
    let laws = found.laws.into_iter().filter(|law| wanted.contains(&law.title)).collect();
    let overrides = Overrides::parse(include_str!("../../../catalog/laws/status.toml")).unwrap();
    let now = "2026-11-30T09:00:00+08:00".parse().unwrap();
    take(&db, laws, &overrides, now, |_| {}).await.unwrap();
    let mut reads = db.reader().await.unwrap();
    let mut count = 0;
    for one in &seeds().answers {
        for cited in cites::check(&mut reads, &one.cites, "2026-11-30".parse().unwrap()).await.unwrap() {
            assert_eq!(cited.held, Held::Good, "{}: {:?}", one.id, cited.citation);
            count += 1;
        }
    }
    assert!(count > 80, "{count} citations");
}
