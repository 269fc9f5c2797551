//! Paths and processes: the few things every task needs.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root, from where cargo runs this crate. Where it was compiled says nothing: a build folder
/// that several checkouts share may hold the program of another.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Builds every program for use, with the store's own driver beside them: one selection of packages, so that
/// nothing is compiled twice with other features.
pub fn release() -> Result<()> {
    run(cargo().args(["build", "--release", "--quiet", "--workspace", "--bins", "--examples"]))
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Cargo's build folder: `CARGO_TARGET_DIR`, else `target/` under the root.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program built by cargo. `profile` is cargo's name of it; `dev` builds into `debug`.
pub fn built(profile: &str, name: &str) -> PathBuf {
    target().join(if profile == "dev" { "debug" } else { profile }).join(name)
}

/// Whether a program of this name stands on the path.
pub fn found(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Runs to the end with our own output; a status other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", name(command));
    }
    Ok(())
}

/// Runs to the end and hands back what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("cannot start {}", name(command)))?;
    if !done.status.success() {
        bail!(
            "{} ended with {}: {}",
            name(command),
            done.status,
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    String::from_utf8(done.stdout).with_context(|| format!("{} printed no UTF-8", name(command)))
}

fn name(command: &Command) -> String {
    let arguments = command.get_args().map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ");
    format!("{} {arguments}", command.get_program().to_string_lossy())
}

/// Every file of the repository: tracked or about to be, in path order, relative to the root.
pub fn tracked() -> Result<Vec<PathBuf>> {
    let listed = output(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root()),
    )?;
    let mut files: Vec<PathBuf> = listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}
