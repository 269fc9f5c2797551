//! Every link of a document leads somewhere: the file is there, and so is the heading.

use super::{Fault, Text};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// Checks relative links of all Markdown files; addresses of other sites are left alone.
pub fn check(texts: &[Text], files: &[PathBuf]) -> Vec<Fault> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        folders.extend(file.ancestors().skip(1).map(Path::to_path_buf));
    }
    let mut faults = Vec::new();
    for text in texts.iter().filter(|text| text.is("md")) {
        for (line, target) in targets(&text.body) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, heading) =
                target.split_once('#').map_or((target, None), |(path, heading)| (path, Some(heading)));
            let wanted = if path.is_empty() { text.path.clone() } else { resolve(&text.path, path) };
            if !files.contains(&wanted) && !folders.contains(&wanted) {
                faults.push(Fault::new(&text.path, line, format!("no such file: {target}")));
                continue;
            }
            if let Some(heading) = heading
                && let Some(page) = texts.iter().find(|page| page.path == wanted)
                && !headings(&page.body).contains(heading)
            {
                faults.push(Fault::new(&text.path, line, format!("no such heading: {target}")));
            }
        }
    }
    faults
}

/// The targets of `[words](target)` outside code, with their lines.
fn targets(body: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in body.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (number, piece) in line.split('`').enumerate() {
            if number % 2 == 1 {
                continue; // between backticks: code
            }
            let mut rest = piece;
            while let Some(start) = rest.find("](") {
                rest = &rest[start + 2..];
                let Some(end) = rest.find(')') else { break };
                found.push((index + 1, rest[..end].split_whitespace().next().unwrap_or_default()));
                rest = &rest[end..];
            }
        }
    }
    found
}

/// `target` as seen from the folder of `page`, with `..` taken out.
fn resolve(page: &Path, target: &str) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in page.parent().unwrap_or(Path::new("")).join(target).components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::Normal(name) => whole.push(name),
            _ => {}
        }
    }
    whole
}

/// Anchors of a page's headings, as Markdown viewers make them.
fn headings(body: &str) -> BTreeSet<String> {
    body.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn links_are_followed_to_file_and_heading() {
        let page = |body: &str| [text("docs/a.md", body), text("docs/b.md", "## The second one\n")];
        let files = [PathBuf::from("docs/a.md"), PathBuf::from("docs/b.md")];
        for sound in [
            "[b](b.md)",
            "[b](b.md#the-second-one)",
            "[docs](../docs)",
            "[x](https://example.org/)",
            "`[no](link)`",
        ] {
            assert_eq!(check(&page(sound), &files), [], "{sound}");
        }
        for broken in ["[b](c.md)", "[b](b.md#third)", "[b](../b.md)"] {
            assert_eq!(check(&page(broken), &files).len(), 1, "{broken}");
        }
    }
}
