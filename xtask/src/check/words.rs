//! What no tracked file may hold: where packages were downloaded from, and paths of one machine.

use super::{Fault, Text};

/// Texts that betray a machine, in two halves so that this list does not find itself.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("registry.npm", "js.org", "a registry's address: `.npmrc` keeps it out of lock files"),
    ("registry.yarn", "pkg.com", "a registry's address: `.npmrc` keeps it out of lock files"),
    ("static.crates", ".io", "a registry's address"),
    ("index.crates", ".io", "a registry's address"),
    ("files.python", "hosted.org", "a registry's address"),
    ("deb.deb", "ian.org", "a registry's address"),
    ("/ro", "ot/", "a path of one machine"),
    ("/wo", "rk/", "a path of one machine"),
    ("/Us", "ers/", "a path of one machine"),
    ("BEGIN PRIV", "ATE KEY", "a key: keys are made at first start, never committed"),
    ("Co-auth", "ored-by", "belongs in no file"),
];

/// Checks every text file; lock files also name no place of download of their own.
pub fn check(texts: &[Text]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for text in texts {
        for (line, words) in text.lines() {
            for (head, tail, why) in FORBIDDEN {
                if words.contains(&format!("{head}{tail}")) {
                    faults.push(Fault::new(&text.path, line, format!("holds \"{head}{tail}\": {why}")));
                }
            }
        }
        let name = text.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name {
            "package-lock.json" => faults.extend(npm_lock(text)),
            "Cargo.lock" => faults.extend(cargo_lock(text)),
            _ => {}
        }
    }
    faults
}

fn npm_lock(text: &Text) -> Vec<Fault> {
    text.lines()
        .filter(|(_, line)| line.trim_start().starts_with("\"resolved\": \"http"))
        .map(|(line, _)| {
            let remedy = "a place of download: set `omit-lockfile-registry-resolved=true` in .npmrc and write the lock again";
            Fault::new(&text.path, line, remedy)
        })
        .collect()
}

fn cargo_lock(text: &Text) -> Vec<Fault> {
    let usual = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    text.lines()
        .filter(|(_, line)| line.starts_with("source = ") && *line != usual)
        .map(|(line, _)| Fault::new(&text.path, line, "a crate from elsewhere than crates.io"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn every_forbidden_text_is_found() {
        for (head, tail, _) in FORBIDDEN {
            let planted = text("docs/x.md", &format!("first\nsee {head}{tail}x"));
            assert_eq!(check(&[planted]).len(), 1, "{head}{tail}");
        }
        assert_eq!(check(&[text("docs/x.md", "nothing here")]), []);
    }

    #[test]
    fn lock_files_name_no_mirror() {
        let lock = text("e2e/package-lock.json", "  \"resolved\": \"https://example.invalid/a.tgz\",");
        assert_eq!(check(&[lock]).len(), 1);
        let lock = text("Cargo.lock", "source = \"registry+https://example.invalid/index\"");
        assert_eq!(check(&[lock]).len(), 1);
    }
}
