//! Logs: structured JSON for machines, or plain text on a terminal, to standard error; a running node also
//! keeps them in files, a day each. `HUIFA_LOG` sets what standard error shows.

mod days;

use std::io::IsTerminal as _;
use std::sync::OnceLock;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::failure::Failure;
use crate::settings::Log;
use days::Days;

/// The files of a running node; none before it knows its folder, and none for a command that ends at once.
static FILES: OnceLock<Days> = OnceLock::new();

/// Starts logging to standard error, so that standard output stays for answers. The lines of requests are for
/// the files: on a terminal they would hide what matters.
pub fn start() {
    let usual = || EnvFilter::new("warn,huifa=info,huifa::request=off");
    let filter = EnvFilter::try_from_env("HUIFA_LOG").unwrap_or_else(|_| usual());
    let shown = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let shown: Box<dyn tracing_subscriber::Layer<tracing_subscriber::Registry> + Send + Sync> =
        if std::io::stderr().is_terminal() { shown.boxed() } else { shown.json().boxed() };
    let kept = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(|| Kept)
        .with_filter(EnvFilter::new("warn,huifa=info"));
    tracing_subscriber::registry().with(shown.with_filter(filter)).with(kept).init();
}

/// Keeps the logs of this process in files from now on.
pub fn keep(log: &Log) -> Result<(), Failure> {
    let files = Days::open(&log.folder, log.keep_days)
        .map_err(|error| Failure::Environment(format!("{}: {error}", log.folder.display())))?;
    // Set twice only by a second node in one process, which keeps the first one's folder.
    let _ = FILES.set(files);
    Ok(())
}

/// Writes to the files once there are any.
struct Kept;

impl std::io::Write for Kept {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        match FILES.get() {
            Some(files) => files.write(line),
            None => Ok(line.len()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
