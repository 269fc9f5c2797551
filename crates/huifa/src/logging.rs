//! Logs: structured JSON for machines, or plain text on a terminal; `HUIFA_LOG` sets what is written.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error, so that standard output stays for answers.
pub fn start() {
    let filter = EnvFilter::try_from_env("HUIFA_LOG").unwrap_or_else(|_| EnvFilter::new("warn,huifa=info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().init();
    }
}
