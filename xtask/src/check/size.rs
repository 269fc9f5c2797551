//! A file is one sitting. One that must be longer says why in `xtask/long-files.toml`.

use super::{Fault, Text};
use crate::tools;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Lines of code a source file may have.
const LINES: usize = 450;
/// Lines a file of tests may have: a list of cases is read in pieces.
const TEST_LINES: usize = 600;
/// Bytes any one file of the repository may have; data files included.
const BYTES: u64 = 2 * 1024 * 1024;
const REASONS: &str = "xtask/long-files.toml";

/// Checks the length of source files and the size of all files.
pub fn check(files: &[PathBuf], texts: &[Text]) -> Result<Vec<Fault>> {
    let listed =
        fs::read_to_string(tools::root().join(REASONS)).with_context(|| format!("cannot read {REASONS}"))?;
    let reasons: BTreeMap<String, String> =
        toml::from_str(&listed).with_context(|| format!("{REASONS}: one `\"path\" = \"reason\"` a line"))?;
    let mut faults = long(texts, &reasons);
    for file in files {
        let size = fs::metadata(tools::root().join(file)).map_or(0, |found| found.len());
        if size > BYTES && !reasons.contains_key(&file.to_string_lossy().into_owned()) {
            faults.push(Fault::new(
                file,
                1,
                format!("{size} bytes: data this large is generated or fetched, not committed"),
            ));
        }
    }
    Ok(faults)
}

fn long(texts: &[Text], reasons: &BTreeMap<String, String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut used = Vec::new();
    for text in texts.iter().filter(|text| ["rs", "ts", "mjs", "js", "scss"].iter().any(|kind| text.is(kind)))
    {
        let name = text.path.to_string_lossy().into_owned();
        let lines = text.body.lines().count();
        let most = if name.contains("/tests/") || name.ends_with("/tests.rs") { TEST_LINES } else { LINES };
        if lines <= most {
            continue;
        }
        match reasons.get(&name) {
            Some(reason) if !reason.trim().is_empty() => used.push(name),
            _ => {
                let said = format!("{lines} lines: split the second noun out, or say why in {REASONS}");
                faults.push(Fault::new(&text.path, most + 1, said));
            }
        }
    }
    for name in reasons.keys().filter(|name| !used.contains(name) && !large(name)) {
        faults.push(Fault::new(REASONS, 1, format!("{name} is short enough now: take its line out")));
    }
    faults
}

/// Whether the reason is for the size of a data file rather than the length of a source file.
fn large(name: &str) -> bool {
    fs::metadata(tools::root().join(name)).is_ok_and(|found| found.len() > BYTES)
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn a_long_file_needs_a_reason_and_a_reason_needs_a_long_file() {
        let long_file = || text("crates/web/src/big.rs", &"x\n".repeat(LINES + 1));
        let reason = BTreeMap::from([("crates/web/src/big.rs".to_owned(), "one table".to_owned())]);
        assert_eq!(long(&[long_file()], &BTreeMap::new()).len(), 1);
        assert_eq!(long(&[long_file()], &reason), []);
        assert_eq!(long(&[], &reason).len(), 1);
    }
}
