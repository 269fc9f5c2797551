//! `cargo xtask fixture`: a backup of this schema, kept for the test that opens it with later code.

use crate::tools;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::{Command, ExitCode};

/// Where they are kept.
const FOLDER: &str = "crates/huifa/tests/fixtures";

/// Walks a few matters and keeps a backup of them with its key, which opens nothing but this: to be run before the
/// first migration that follows a release.
pub fn run() -> Result<ExitCode> {
    tools::run(tools::cargo().args(["build", "--workspace", "--bins", "--quiet"]))?;
    let work = tempfile::tempdir()?;
    make(&tools::built("dev", "huifa"), work.path())?;
    Ok(ExitCode::SUCCESS)
}

fn make(huifa: &Path, work: &Path) -> Result<()> {
    let data = work.join("data");
    let mut walker = Command::new(tools::built("dev", "walker"));
    walker.arg("--serve").arg(huifa).arg("--data").arg(&data).args(["--matters", "2", "--seed", "20"]);
    tools::output(&mut walker).context("the walk")?;
    let name = format!("schema-{}", newest()?);
    let folder = tools::root().join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.tar.zst"));
    let _ = std::fs::remove_file(&file);
    let mut backup = Command::new(tools::built("dev", "huifa"));
    tools::run(backup.args(["backup", "--quiet", "--with-keys", "--data"]).arg(&data).arg(&file))?;
    std::fs::copy(data.join("demo-accounts.json"), folder.join(format!("{name}.accounts.json")))?;
    println!("{} - commit it with its sum and its accounts", file.display());
    Ok(())
}

/// Number of the newest migration, four digits.
fn newest() -> Result<String> {
    let folder = tools::root().join("crates/store/migrations");
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.as_bytes().iter().take(4).all(u8::is_ascii_digit))
        .collect();
    names.sort();
    names.pop().map(|name| name[..4].to_owned()).context("no migrations")
}
