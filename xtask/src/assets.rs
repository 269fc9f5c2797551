//! Styles and scripts: npm packages in, `assets/dist` out. npm is asked only when the lock file changed.

use crate::tools;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bundles into `assets/dist` unless lock and sources are those of the last bundle.
pub fn build() -> Result<()> {
    let folder = tools::root().join("assets");
    if !folder.join("package.json").is_file() {
        println!("assets: no package.json, nothing to bundle");
        return Ok(());
    }
    install(&folder)?;
    fonts(&folder)?;
    let stamp = folder.join("node_modules/.huifa-bundled");
    let now = sources(&folder)?;
    if folder.join("dist").is_dir() && fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        return Ok(());
    }
    tools::run(Command::new("npm").args(["run", "--silent", "build"]).current_dir(&folder))?;
    if !folder.join("dist").is_dir() {
        bail!("`npm run build` in assets/ left no dist/");
    }
    fs::write(&stamp, now).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Where the fonts of documents lie after `cargo xtask assets`: copied beside a program or into a data folder, or named in
/// `HUIFA_FONTS`.
pub fn font_folder() -> PathBuf {
    tools::root().join("assets/fonts")
}

/// Takes the two weights documents are set in, and their licence, out of the pinned package.
fn fonts(folder: &Path) -> Result<()> {
    const PACKAGE: &str = "node_modules/@expo-google-fonts/noto-serif-sc";
    const FILES: [&str; 3] =
        ["400Regular/NotoSerifSC_400Regular.ttf", "700Bold/NotoSerifSC_700Bold.ttf", "LICENSE_FONT"];
    let to = font_folder();
    fs::create_dir_all(&to).with_context(|| format!("cannot create {}", to.display()))?;
    for file in FILES {
        let from = folder.join(PACKAGE).join(file);
        let to = to.join(file.rsplit('/').next().unwrap_or(file));
        let size = |path: &Path| fs::metadata(path).map(|found| found.len()).ok();
        if size(&from).is_none() || size(&from) != size(&to) {
            fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
    }
    Ok(())
}

/// `npm ci` in a folder with a lock file, when the lock differs from the one last installed.
pub fn install(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let now = hash([lock.as_path()])?;
    let stamp = folder.join("node_modules/.huifa-lock");
    if fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        return Ok(());
    }
    if !tools::found("npm") {
        bail!(
            "npm is needed once for {} (Node 20 or newer); the server itself builds without it",
            lock.display()
        );
    }
    println!("npm ci in {}", folder.display());
    tools::run(
        Command::new("npm")
            .args(["ci", "--prefer-offline", "--no-audit", "--no-fund", "--silent"])
            .current_dir(folder),
    )?;
    fs::write(&stamp, now).with_context(|| format!("cannot write {}", stamp.display()))
}

/// One hash over everything that goes into the bundle.
fn sources(folder: &Path) -> Result<String> {
    let files: Vec<_> = tools::tracked()?
        .into_iter()
        .map(|path| tools::root().join(path))
        .filter(|path| path.starts_with(folder))
        .collect();
    hash(files.iter().map(std::path::PathBuf::as_path))
}

fn hash<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<String> {
    let mut digest = Sha256::new();
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        digest.update(file.to_string_lossy().as_bytes());
        digest.update(bytes.len().to_be_bytes());
        digest.update(bytes);
    }
    Ok(hex::encode(digest.finalize()))
}
