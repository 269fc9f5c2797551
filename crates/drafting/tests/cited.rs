//! What templates say of the law: every article named in their words is cited, and every article cited is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use catalog::load::Files;
use drafting::{Book, Citation, chinese};

/// Articles named in a text behind the title of a law: `《民法典》第六百七十五条、第六百七十六条`.
fn named(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in text.split('《').skip(1) {
        let Some((law, mut rest)) = part.split_once('》') else { continue };
        let law = law.trim_start_matches("中华人民共和国").to_owned();
        while let Some((article, after)) = rest.strip_prefix('第').and_then(|rest| rest.split_once('条')) {
            found.push((law.clone(), format!("第{article}条")));
            rest = after.trim_start_matches(['、', '和']);
        }
    }
    found
}

fn written(citation: &Citation) -> String {
    format!("第{}条", chinese::numeral(citation.article.parse().unwrap()))
}

#[test]
fn every_article_in_the_words_of_a_template_is_cited() {
    let files = Files::embedded();
    let book = Book::from_files(&files).unwrap();
    let mut seen = 0;
    for template in book.all() {
        let path = format!("{}{}.toml", drafting::FOLDER, template.id);
        let cited: BTreeSet<(String, String)> =
            template.citations().into_iter().map(|one| (one.law.clone(), written(one))).collect();
        for one in named(files.get(&path).unwrap()) {
            seen += 1;
            assert!(cited.contains(&one), "{}: {one:?} stands in its words, and is not cited", template.id);
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn every_article_cited_is_in_the_law() {
    let Some(archive) = kernel::testkit::outside("data/laws/lawrefbook.tar.gz") else {
        println!(
            "SKIP: no data/laws/lawrefbook.tar.gz in a folder `shared` beside the checkout (set HUIFA_SHARED)"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let unpacked =
        std::process::Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(folder.path()).status();
    assert!(unpacked.unwrap().success(), "{} cannot be unpacked", archive.display());
    let mut laws: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    read(folder.path(), &mut laws);
    let book = Book::from_files(&Files::embedded()).unwrap();
    let all: BTreeSet<&Citation> = book.all().flat_map(drafting::Template::citations).collect();
    let (mut found, mut absent, mut unknown) = (0, Vec::new(), BTreeSet::new());
    for citation in all {
        let Some(versions) = laws.get(&citation.law) else {
            unknown.insert(&citation.law);
            continue;
        };
        let article = written(citation);
        let newest = versions.iter().map(|(version, _)| version).max().unwrap();
        let has = |text: &str| text.lines().any(|line| line.starts_with(&article));
        // Books of one code have no version of their own, and are read together.
        if versions.iter().any(|(version, text)| version == newest && has(text)) {
            found += 1;
        } else {
            absent.push(format!("{}#{}", citation.law, citation.article));
        }
    }
    assert!(absent.is_empty(), "no such article: {absent:?}");
    assert!(unknown.is_empty(), "laws the collection does not have: {unknown:?}");
    assert!(found > 100, "{found}");
}

/// Texts by short title, each with the day of its version as its file tells it.
fn read(folder: &Path, laws: &mut BTreeMap<String, Vec<(String, String)>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, laws);
            continue;
        }
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let Some(title) = text.lines().find_map(|line| line.strip_prefix("# ")) else { continue };
        let title = title.trim().trim_start_matches("中华人民共和国").to_owned();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let version = stem.rsplit_once('(').map_or("", |(_, day)| day.trim_end_matches(')')).to_owned();
        laws.entry(title).or_default().push((version, text));
    }
}
