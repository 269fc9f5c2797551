//! Measurements per transaction name.

use std::time::Duration;

/// Transactions slower than this are logged by name.
const SLOW: Duration = Duration::from_secs(1);

pub(crate) fn transaction(
    name: &'static str,
    kind: &'static str,
    took: Duration,
    statements: u64,
    succeeded: bool,
) {
    metrics::histogram!("huifa_transaction_seconds", "name" => name, "kind" => kind)
        .record(took.as_secs_f64());
    metrics::counter!("huifa_transaction_statements_total", "name" => name).increment(statements);
    if !succeeded {
        metrics::counter!("huifa_transaction_failures_total", "name" => name).increment(1);
    }
    if took > SLOW {
        tracing::warn!(name, kind, milliseconds = took.as_millis(), statements, "slow transaction");
    }
}

pub(crate) fn retry(name: &'static str) {
    metrics::counter!("huifa_transaction_retries_total", "name" => name).increment(1);
}
