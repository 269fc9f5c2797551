//! Content and versions: what is in `items.lock` does not change under the same number.

use super::Finding;
use super::place::Sources;
use crate::consents;
use crate::load::{Files, Loaded};
use crate::lock::{FILE, Lock};
use crate::versions::resolved;

/// Compares every item with the lock.
pub(super) fn prove(files: &Files, loaded: &Loaded, out: &mut Vec<Finding>) {
    let mut lock = Lock::default();
    if let Some(text) = files.get(FILE) {
        match Lock::parse(text) {
            Ok(read) => lock = read,
            Err(fault) => {
                out.push(Finding {
                    file: FILE.to_owned(),
                    line: fault.line,
                    column: 1,
                    code: "lock-unreadable",
                    message: fault.to_string(),
                    remedy: "restore the file from the repository's history".to_owned(),
                });
                return;
            }
        }
    }
    for (path, item) in &loaded.items {
        let sources = Sources::of_item(files, path);
        let mut told = |code, message: String, remedy: &str| {
            let (file, line, column) = sources.locate("version");
            out.push(Finding { file, line, column, code, message, remedy: remedy.to_owned() });
        };
        // A number without canonical form cannot be written in TOML's integers and texts; NaN can.
        let Ok(found) = resolved(item).map(|resolved| resolved.sha256) else {
            told("unreadable", "a number in it is not a number".into(), "use whole numbers and texts only");
            continue;
        };
        match lock.get(&item.id, item.version) {
            Some(kept) if kept == found => {}
            Some(_) => told(
                "changed-without-version",
                format!("item `{}` version {} is not what was locked", item.id, item.version),
                "set `version` to the next number and run `huifa catalog lock`; matters in flight keep theirs",
            ),
            None => match lock.newest(&item.id) {
                Some(newest) if newest > item.version => told(
                    "version-goes-back",
                    format!("item `{}` has been at version {newest} already", item.id),
                    &format!("write `version = {}` and run `huifa catalog lock`", newest + 1),
                ),
                _ => told(
                    "not-locked",
                    format!("item `{}` version {} is not in {FILE}", item.id, item.version),
                    "run `huifa catalog lock` and commit the file",
                ),
            },
        }
    }
    for text in loaded.consents.all() {
        let (code, message) = match (lock.get(&text.locked_as(), text.version), text.sha256()) {
            (Some(kept), Ok(found)) if kept == found => continue,
            (Some(_), _) => ("changed-without-version", "is not what was locked"),
            (None, _) => ("not-locked", "is not in items.lock"),
        };
        let source = files.get(consents::FILE).unwrap_or_default();
        let line = source.lines().position(|line| line.contains(&format!("id = \"{}\"", text.id)));
        out.push(Finding {
            file: consents::FILE.to_owned(),
            line: line.map_or(1, |line| line + 1),
            column: 1,
            code,
            message: format!("text `{}` version {} {message}", text.id, text.version),
            remedy:
                "leave a text that was in use as it is, add a further entry with the next `version`, and run \
                     `huifa catalog lock`"
                    .to_owned(),
        });
    }
}
