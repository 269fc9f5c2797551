//! Nothing that was learned is in the repository, nor so in the binary: neither trained files nor the questions they
//! were learned from. What a node learns lies in its data folder.

use super::{Fault, Text};
use std::path::{Path, PathBuf};

/// Names under which a node keeps what it learned or indexed.
const NAMES: &[&str] = &["learned.json", "index.bin"];

/// Endings of files that hold trained models.
const ENDINGS: &[&str] =
    &["model", "onnx", "pt", "pth", "safetensors", "gguf", "pkl", "npz", "npy", "joblib"];

/// Rooms that learn; what they put into the binary comes from the catalogue alone.
const ROOMS: &[&str] = &["crates/learn", "crates/laws", "crates/triage"];

/// More rows with answers than this are a set to learn from, no example of one.
const ROWS: usize = 50;

/// Checks names, contents, and what the rooms that learn include.
pub fn check(files: &[PathBuf], texts: &[Text]) -> Vec<Fault> {
    let remedy = "what is learned stays in the data folder (`huifa laws train`, `huifa triage train`)";
    let mut faults: Vec<Fault> = files
        .iter()
        .filter(|path| is_trained(path))
        .map(|path| Fault::new(path, 1, format!("a trained file: {remedy}")))
        .collect();
    for text in texts {
        if text.is("json") && text.body.contains("\"forest\":{\"trees\"")
            || text.body.contains("\"stack\":{\"members\"") && !text.is("rs")
        {
            faults.push(Fault::new(&text.path, 1, format!("holds what was learned: {remedy}")));
        }
        if text.is("jsonl") && answers(text) > ROWS {
            faults.push(Fault::new(&text.path, 1, "answered questions to learn from are not shipped"));
        }
        if !text.is("rs") || !ROOMS.iter().any(|room| text.path.starts_with(room)) {
            continue;
        }
        for (line, code) in text.lines() {
            let includes = code.contains("include_str!") || code.contains("include_bytes!");
            if includes && !code.contains("/catalog/") {
                faults.push(Fault::new(
                    &text.path,
                    line,
                    "only files of the catalogue go into the binary here",
                ));
            }
        }
    }
    faults
}

fn is_trained(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    NAMES.contains(&name) || ENDINGS.contains(&ending)
}

fn answers(text: &Text) -> usize {
    let is_answer = |row: &str| row.contains("\"relevant\"") || row.contains("\"label\"");
    text.lines().filter(|(_, row)| is_answer(row)).count()
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn trained_files_by_name_and_by_content_are_faults() {
        let paths = ["crates/laws/learned.json", "a/b.onnx", "catalog/facts.toml"].map(PathBuf::from);
        assert_eq!(check(&paths, &[]).len(), 2);
        let other_name = text("assets/x.json", "{\"forest\":{\"trees\":[]}}");
        assert_eq!(check(&[], &[other_name]).len(), 1);
        let rows = "{\"query\":\"a\",\"relevant\":[1]}\n".repeat(ROWS + 1);
        assert_eq!(check(&[], &[text("bench/dev.jsonl", &rows)]).len(), 1);
    }

    #[test]
    fn the_binary_takes_in_the_catalogue_alone() {
        let own =
            text("crates/triage/src/a.rs", "const A: &str = include_str!(\"../../../catalog/a.toml\");");
        let foreign = text("crates/triage/src/a.rs", "const A: &[u8] = include_bytes!(\"weights\");");
        assert_eq!(check(&[], &[own]), []);
        assert_eq!(check(&[], &[foreign]).len(), 1);
    }
}
