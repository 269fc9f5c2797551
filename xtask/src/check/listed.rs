//! Every dependency has its line, with a reason, in `docs/dependencies.md`.

use super::{Fault, Text};
use anyhow::{Context, Result};
use std::path::Path;

const PAGE: &str = "docs/dependencies.md";

/// Compares the workspace's crates and the npm packages with the page.
pub fn check(texts: &[Text]) -> Result<Vec<Fault>> {
    let find = |path: &str| texts.iter().find(|text| text.path == Path::new(path));
    let Some(page) = find(PAGE) else { return Ok(vec![Fault::new(PAGE, 1, "is missing")]) };
    let mut faults = Vec::new();
    if let Some(manifest) = find("Cargo.toml") {
        let table: toml::Table = toml::from_str(&manifest.body).context("Cargo.toml")?;
        let crates = table["workspace"]["dependencies"].as_table().into_iter().flatten();
        let foreign = crates.filter(|(_, how)| how.get("path").is_none()).map(|(name, _)| name.as_str());
        faults.extend(missing(page, manifest, foreign));
    }
    for manifest in texts.iter().filter(|text| text.path.ends_with("package.json")) {
        let package: serde_json::Value =
            serde_json::from_str(&manifest.body).with_context(|| manifest.path.display().to_string())?;
        for group in ["dependencies", "devDependencies"] {
            let names = package[group].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
            faults.extend(missing(page, manifest, names));
        }
    }
    Ok(faults)
}

fn missing<'a>(page: &Text, manifest: &Text, names: impl Iterator<Item = &'a str>) -> Vec<Fault> {
    names
        .filter(|name| !names_it(&page.body, name))
        .map(|name| {
            let line = manifest.lines().find(|(_, line)| line.contains(name)).map_or(1, |(line, _)| line);
            Fault::new(&manifest.path, line, format!("{name} has no line in {PAGE}: say what it is here for"))
        })
        .collect()
}

/// Whether a table row's first column names the package.
fn names_it(page: &str, name: &str) -> bool {
    page.lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .any(|(first, _)| first.split([',', ' ']).any(|word| word == name))
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[test]
    fn a_dependency_without_a_line_is_a_fault() -> Result<()> {
        let manifest =
            || text("Cargo.toml", "[workspace.dependencies]\nkernel = { path = \"k\" }\nserde = \"1\"\n");
        let page = |body: &str| text(PAGE, body);
        assert_eq!(check(&[manifest(), page("| serde, toml | data |")])?, []);
        assert_eq!(check(&[manifest(), page("| serde_json | data |")])?.len(), 1);
        Ok(())
    }
}
