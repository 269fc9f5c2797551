//! The store's own driver beside the server: the same statements without HTTP, rules or sealing.

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use std::path::Path;
use tokio::process::Command;

/// What the raw driver reached.
#[derive(Debug, Clone, Serialize)]
pub struct Raw {
    /// Commands a second.
    pub per_second: f64,
    /// CPU of the driving process, milliseconds a command (the database's own, with SQLite).
    pub cpu_ms: f64,
    /// Its own words.
    pub said: String,
}

/// Runs the driver on a fresh database; `place` is a path or a URL.
pub async fn drive(program: &Path, place: &str, clients: usize, seconds: u64) -> Result<Raw> {
    let done = Command::new(program)
        .args([place, &clients.to_string(), &seconds.to_string()])
        .output()
        .await
        .with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(
        done.status.success(),
        "the raw driver ended with {}: {}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    let said = String::from_utf8_lossy(&done.stdout).trim().to_owned();
    let per_second = number_before(&said, " commands/s").with_context(|| said.clone())?;
    let cpu_ms = number_before(&said, " ms a command").with_context(|| said.clone())?;
    Ok(Raw { per_second, cpu_ms, said })
}

fn number_before(text: &str, word: &str) -> Option<f64> {
    text[..text.find(word)?].rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_understood() {
        let said =
            "Sqlite, 32 clients: 4120 commands/s of 8 statements; CPU of this process 0.201 ms a command";
        assert_eq!(number_before(said, " commands/s"), Some(4120.0));
        assert_eq!(number_before(said, " ms a command"), Some(0.201));
    }
}
