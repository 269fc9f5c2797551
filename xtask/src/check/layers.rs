//! Lower rooms know nothing of upper ones: proved from `cargo metadata` and from the `use` lines.

use super::{Fault, Text, room};
use crate::tools;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;

/// Each room and the rooms it may name. Arrows only point down; `matters`, `evidence` and `notices` share
/// a floor and do not know each other.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("sheets", &["kernel"]),
    ("press", &[]),
    ("typeset", &["press"]),
    ("store", &["kernel"]),
    ("catalog", &["kernel", "store"]),
    ("calculators", &["kernel", "catalog"]),
    ("drafting", &["kernel", "catalog", "calculators", "press"]),
    ("learn", &[]),
    ("triage", &["kernel", "learn"]),
    ("laws", &["kernel", "learn", "store"]),
    ("access", &["kernel", "store", "catalog"]),
    ("files", &["kernel", "store", "catalog", "access"]),
    ("evidence", &["kernel", "store", "catalog", "access", "files"]),
    ("matters", &["kernel", "store", "catalog", "access", "files"]),
    ("notices", &["kernel", "store", "catalog", "access"]),
    ("answers", &["kernel", "learn", "store", "catalog", "laws", "triage", "access", "files", "matters"]),
    ("keeping", &["kernel", "store", "files", "evidence"]),
    (
        "web",
        &[
            "kernel",
            "store",
            "catalog",
            "calculators",
            "drafting",
            "access",
            "files",
            "evidence",
            "matters",
            "notices",
            "sheets",
            "press",
            "laws",
            "triage",
            "answers",
        ],
    ),
    (
        "huifa",
        &[
            "kernel",
            "sheets",
            "store",
            "catalog",
            "calculators",
            "drafting",
            "access",
            "files",
            "evidence",
            "matters",
            "notices",
            "keeping",
            "web",
            "press",
            "typeset",
            "laws",
            "triage",
            "answers",
        ],
    ),
    ("walker", &[]),
    ("verifier", &[]),
    ("bench", &["walker"]),
    ("xtask", &[]),
];

/// Rooms that tests alone may name besides: the binary's contract tests drive it with the walker's client and check it
/// with the verifier that shares no code with it.
const TESTS: &[(&str, &[&str])] = &[("huifa", &["walker", "verifier"])];

/// Libraries that one room keeps to itself, so that a change of theirs is a change of that room.
const OWNED: &[(&str, &[&str], &str)] = &[
    ("sqlx", &["store"], "only the store speaks SQL; add a function to a `store.rs` on its handle"),
    ("maud", &["web"], "only the web room renders pages"),
    ("axum", &["web"], "only the web room answers HTTP and listens"),
    ("hyper", &["web"], "only the web room answers HTTP and listens"),
    (
        "flate2",
        &["files", "access", "laws", "xtask"],
        "the room of papers looks into office files; the divisions we bring along and collections of laws are packed",
    ),
    ("tar", &["keeping"], "only the room of keeping packs and unpacks backups"),
    ("zstd", &["keeping"], "only the room of keeping packs and unpacks backups"),
    ("rustix", &["store"], "only the store looks at the disk"),
    ("utoipa", &["web"], "only the web room describes HTTP"),
    ("totp-rs", &["access"], "the second factor is checked in access::own"),
    ("calamine", &["sheets"], "tables as files are read and written in the room of sheets"),
    ("rust_xlsxwriter", &["sheets"], "tables as files are read and written in the room of sheets"),
    ("docx-rs", &["press"], "documents are written in the room of the press"),
    ("qrcode", &["press"], "codes to be scanned are drawn in press::mark"),
    (
        "typst",
        &["typeset"],
        "only the typesetter waits for it; set a `press::Print` through `press::Printer`",
    ),
    (
        "typst-pdf",
        &["typeset"],
        "only the typesetter waits for it; set a `press::Print` through `press::Printer`",
    ),
    ("lettre", &["notices"], "only the room of notices writes mail"),
    ("openidconnect", &["access"], "only the room of rights talks to identity providers"),
    (
        "reqwest",
        &["notices", "answers", "huifa"],
        "the room of notices calls its gateway, that of answers its model; others ask the binary for a way out",
    ),
    (
        "pinyin",
        &["matters", "access", "laws"],
        "how people sound is a mark of the blind index, how places sound access::area::sound, how titles sound laws::names",
    ),
    ("num-rational", &["calculators"], "exact fractions are calculators::exact"),
    ("num-bigint", &["calculators"], "exact fractions are calculators::exact"),
    ("cel", &["catalog"], "rules are evaluated through catalog::rules"),
    ("clap", &["huifa", "xtask", "bench", "walker"], "only programs read a command line"),
    ("anyhow", &["huifa", "xtask", "bench", "walker"], "rooms answer with their own error enums"),
];

/// Libraries we decided against, each with what stands in for it.
const BANNED: &[(&str, &str)] = &[
    ("chrono", "jiff"),
    ("time", "jiff"),
    ("openssl", "rustls"),
    ("native-tls", "rustls"),
    ("lazy_static", "std::sync::LazyLock"),
    ("once_cell", "std::sync::LazyLock"),
];

/// Checks the arrows between packages and the `use` lines within them.
pub fn check(texts: &[Text]) -> Result<Vec<Fault>> {
    let listed =
        tools::output(tools::cargo().args(["metadata", "--no-deps", "--offline", "--format-version=1"]))
            .or_else(|_| {
                tools::output(tools::cargo().args(["metadata", "--no-deps", "--format-version=1"]))
            })?;
    let metadata: Value = serde_json::from_str(&listed).context("cargo metadata printed no JSON")?;
    let mut faults = packages(&metadata);
    for text in texts.iter().filter(|text| text.is("rs")) {
        faults.extend(uses(text));
    }
    Ok(faults)
}

/// The short name of a package: `huifa-store` is the room `store`.
fn short(package: &str) -> &str {
    package.strip_prefix("huifa-").unwrap_or(package)
}

fn packages(metadata: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    let list = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let ours: Vec<&str> = list.iter().filter_map(|package| package["name"].as_str()).collect();
    for package in list {
        let from = short(package["name"].as_str().unwrap_or_default());
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        let manifest = manifest.strip_prefix(tools::root()).unwrap_or(&manifest);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else {
            let said = "a new room: give it a row in xtask/src/check/layers.rs and in docs/architecture.md";
            faults.push(Fault::new(manifest, 1, said));
            continue;
        };
        for dependency in package["dependencies"].as_array().map_or(&[][..], Vec::as_slice) {
            let name = dependency["name"].as_str().unwrap_or_default();
            let to = short(name);
            let in_tests = dependency["kind"] == "dev";
            let tested = in_tests && TESTS.iter().any(|(room, names)| *room == from && names.contains(&to));
            if ours.contains(&name) && !allowed.contains(&to) && !tested {
                faults.push(Fault::new(
                    manifest,
                    1,
                    format!("{from} may not know {to}: arrows only point down"),
                ));
            }
            if let Some((_, owners, why)) = OWNED.iter().find(|(owned, ..)| *owned == name)
                && !owners.contains(&from)
            {
                faults.push(Fault::new(manifest, 1, format!("{from} may not name {name}: {why}")));
            }
            if let Some((_, instead)) = BANNED.iter().find(|(banned, _)| *banned == name) {
                faults.push(Fault::new(manifest, 1, format!("{name} is not used here; take {instead}")));
            }
        }
    }
    faults
}

/// Paths named in the code: a room or an owned library before `::`.
fn uses(text: &Text) -> Vec<Fault> {
    let Some(from) = room(&text.path) else { return Vec::new() };
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == from) else { return Vec::new() };
    let tests = TESTS.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, names)| names);
    let mut faults = Vec::new();
    for (line, code) in text.lines() {
        let code = code.trim_start();
        let Some(path) = code
            .strip_prefix("use ")
            .or_else(|| code.strip_prefix("pub use "))
            .or_else(|| code.strip_prefix("extern crate "))
        else {
            continue;
        };
        let head: String =
            path.trim_start_matches("::").chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        // `use web::…` names a room only where cargo knows that room; a module of the same name is the
        // crate's own, and cargo's arrows above have already settled which rooms it can see.
        let is_module = texts_own_module(text, &head);
        if ARROWS.iter().any(|(name, _)| *name == head)
            && head != from
            && !is_module
            && !allowed.contains(&head.as_str())
            && !tests.contains(&head.as_str())
        {
            faults.push(Fault::new(
                &text.path,
                line,
                format!("{from} may not know {head}: arrows only point down"),
            ));
        }
        if let Some((_, owners, why)) = OWNED.iter().find(|(owned, ..)| *owned == head)
            && !owners.contains(&from.as_str())
        {
            faults.push(Fault::new(&text.path, line, format!("{from} may not name {head}: {why}")));
        }
    }
    faults
}

/// Whether the file declares a module of this name itself (`mod bench;` in xtask).
fn texts_own_module(text: &Text, name: &str) -> bool {
    text.lines().any(|(_, code)| {
        let code = code.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        code.strip_prefix("mod ").is_some_and(|rest| rest.trim_end_matches([';', '{', ' ']) == name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;
    use serde_json::json;

    #[test]
    fn an_arrow_that_points_up_is_a_fault_and_one_that_points_down_is_not() {
        let metadata = |to: &str| {
            json!({"packages": [
                {"name": "huifa-store", "dependencies": [{"name": to, "kind": null}]},
                {"name": "huifa-kernel", "dependencies": []},
                {"name": "huifa-web", "dependencies": []},
            ]})
        };
        assert_eq!(packages(&metadata("huifa-kernel")), []);
        assert_eq!(packages(&metadata("huifa-web")).len(), 1);
        assert_eq!(packages(&metadata("maud")).len(), 1);
        assert_eq!(packages(&metadata("chrono")).len(), 1);
    }

    #[test]
    fn a_room_without_a_row_is_a_fault() {
        let metadata = json!({"packages": [{"name": "huifa-attic", "dependencies": []}]});
        assert_eq!(packages(&metadata).len(), 1);
    }

    #[test]
    fn use_lines_are_read_too() {
        let body = |line: &str| text("crates/matters/src/lib.rs", line);
        assert_eq!(uses(&body("use sqlx::Row;")).len(), 1);
        assert_eq!(uses(&body("    use maud::html;")).len(), 1);
        assert_eq!(uses(&body("use evidence::Log;")).len(), 1);
        assert_eq!(uses(&body("use store::Db;")), []);
        assert_eq!(uses(&body("// use sqlx in the store")), []);
    }

    #[test]
    fn the_table_itself_has_no_arrow_that_points_up() {
        for (index, (room, names)) in ARROWS.iter().enumerate() {
            for name in *names {
                let below = ARROWS.iter().position(|(other, _)| other == name);
                assert!(below.is_some_and(|below| below < index), "{room} -> {name}");
            }
        }
    }
}
