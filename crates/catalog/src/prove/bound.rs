//! Papers of the register and case files: every place can be filled and is tried, every entry names something.

use super::Finding;
use super::place::Document;
use crate::load::{Files, Loaded};
use crate::papers::{self, SHARED};

/// Places every paper has.
const PLACES: [&str; 8] = ["matter", "item", "office", "applicant", "opponents", "received", "title", "date"];

/// The papers the register makes, each with the places of its own.
const PAPERS: [(&str, &[&str]); 6] = [
    ("receipt", &["due", "code", "materials"]),
    ("application", &["people", "answers", "materials", "door"]),
    ("service", &["document", "document_no", "made", "copies"]),
    ("file", &["closed", "outcome", "pieces"]),
    ("contents", &["contents"]),
    ("lacking", &["order", "lacking"]),
];

/// Both files.
pub(super) fn prove(files: &Files, loaded: &Loaded, out: &mut Vec<Finding>) {
    words(files, loaded, out);
    order(files, loaded, out);
}

fn words(files: &Files, loaded: &Loaded, out: &mut Vec<Finding>) {
    let text = files.get(papers::PAPERS).unwrap_or_default();
    let Some(document) = Document::parse(papers::PAPERS, text) else { return };
    let mut found = |at: String, code, message: String, remedy: &str| {
        let (file, line, column) = document.locate(&at);
        out.push(Finding { file, line, column, code, message, remedy: remedy.to_owned() });
    };
    for (at, paper) in loaded.papers.all().enumerate() {
        let Some((_, own)) = PAPERS.iter().find(|(id, _)| *id == paper.id) else {
            found(
                format!("paper/{at}/id"),
                "unknown-paper",
                format!("the register makes no paper `{}`", paper.id),
                "use receipt, application, service, file, contents or lacking; what an action makes is a [[documents]] of its item",
            );
            continue;
        };
        for place in paper.places() {
            if !PLACES.contains(&place) && !own.contains(&place) {
                found(
                    format!("paper/{at}/text"),
                    "paper-place",
                    format!("`{}`: `{{{place}}}` is no place that can be filled", paper.id),
                    "use the places the comment at the head of the file and of the paper names",
                );
            } else if !paper.example.contains_key(place) {
                found(
                    format!("paper/{at}/example"),
                    "paper-place",
                    format!("`{}`: `{{{place}}}` has no example", paper.id),
                    "give it a value in `example`: the paper is tried with it",
                );
            }
        }
    }
}

fn order(files: &Files, loaded: &Loaded, out: &mut Vec<Finding>) {
    let text = files.get(papers::FILES).unwrap_or_default();
    let Some(document) = Document::parse(papers::FILES, text) else { return };
    // An item that cannot be read has a finding of its own.
    if loaded.items.len() != files.under("items/", ".toml").count() {
        return;
    }
    for (at, file) in loaded.papers.files().enumerate() {
        let items = || loaded.items.iter().map(|(_, item)| item).filter(|item| file.items.contains(&item.id));
        let mut found = |at: String, message: String, remedy: &str| {
            let (file, line, column) = document.locate(&at);
            out.push(Finding {
                file,
                line,
                column,
                code: "case-file-entry",
                message,
                remedy: remedy.to_owned(),
            });
        };
        for id in file.items.iter().filter(|id| !items().any(|item| item.id == **id)) {
            found(
                format!("file/{at}/items/{id}"),
                format!("`{}` is the file of `{id}`, which is no item", file.name),
                "correct the id, or take it out",
            );
        }
        for (place, entry) in file.entry.iter().enumerate() {
            for from in entry.from.iter().filter(|from| !SHARED.contains(&from.as_str())) {
                if !items().any(|item| item.document(from).is_some()) {
                    found(
                        format!("file/{at}/entry/{place}/from"),
                        format!("`{}` comes from `{from}`, which none of its items makes", entry.name),
                        "name a document of the item, or application, service, materials, documents",
                    );
                }
            }
        }
    }
}
