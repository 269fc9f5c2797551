//! Taking statutes in, with a bar, and with a word about everything that is left out.

use std::io::IsTerminal as _;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use laws::corpus::Corpus;
use laws::overrides::{self, Overrides};
use serde_json::json;

use super::failed;
use crate::context::Context;
use crate::failure::Failure;
use crate::output;

/// Faults that a JSON answer lists; the rest is counted.
const LISTED: usize = 10_000;

/// Runs it.
pub fn run(path: &Path, context: &Context) -> Result<(), Failure> {
    if !path.exists() {
        return Err(Failure::Environment(format!("{}: there is no such file or folder", path.display())));
    }
    let overrides = corrections(context)?;
    let shown = !context.wants_json() && std::io::stderr().is_terminal();
    let reading = bar(shown, laws::read::size(path), "reading");
    let (report, found, corpus, seconds) = context.block_on(async {
        let mut found = laws::read::any(path, &mut || reading.inc(1)).await.map_err(failed)?;
        reading.finish_and_clear();
        let db = context.database().await?;
        let writing = bar(shown, Some(found.laws.len() as u64), "writing");
        let drafts = std::mem::take(&mut found.laws);
        let now = context.clock().now();
        let report =
            laws::import::take(&db, drafts, &overrides, now, |_| writing.inc(1)).await.map_err(failed)?;
        writing.finish_and_clear();
        let begun = std::time::Instant::now();
        let corpus = Corpus::open(&db, context.data(), now.date()).await.map_err(failed)?;
        let seconds = begun.elapsed().as_secs_f64();
        db.close().await;
        Ok((report, found, corpus, seconds))
    })?;
    if context.wants_json() {
        let faults: Vec<_> = found
            .faults
            .iter()
            .take(LISTED)
            .map(|fault| json!({ "file": fault.file, "line": fault.line, "reason": fault.reason }))
            .collect();
        output::json(&json!({
            "new": report.new, "changed": report.changed, "unchanged": report.unchanged,
            "elsewhere": report.elsewhere, "articles": report.articles, "refused": found.faults.len(),
            "faults": faults, "searched": corpus.len(), "index_seconds": seconds,
        }))?;
    } else {
        for fault in &found.faults {
            let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
            eprintln!("{}{line}: {}", fault.file, fault.reason);
        }
        output::line(&format!(
            "{} new, {} changed, {} unchanged, {} kept as another collection told them, {} refused; {} articles of {} \
             laws are searched (index {seconds:.1} s)",
            report.new,
            report.changed,
            report.unchanged,
            report.elsewhere,
            found.faults.len(),
            corpus.len(),
            corpus.laws.len()
        ))?;
    }
    if found.faults.is_empty() { Ok(()) } else { Err(Failure::Faults) }
}

/// The corrections of the catalogue.
fn corrections(context: &Context) -> Result<Overrides, Failure> {
    let sources = context.sources()?;
    sources
        .get(overrides::FILE)
        .map_or_else(|| Ok(Overrides::default()), |text| Overrides::parse(text).map_err(failed))
}

fn bar(shown: bool, count: Option<u64>, what: &'static str) -> ProgressBar {
    let bar = match count {
        _ if !shown => ProgressBar::hidden(),
        Some(count) => ProgressBar::new(count),
        None => ProgressBar::new_spinner(),
    };
    let look = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}");
    bar.set_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(what)
}
