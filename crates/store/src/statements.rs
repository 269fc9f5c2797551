//! Counting statements, for budgets in tests and for metrics.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

static TOTAL: AtomicU64 = AtomicU64::new(0);

tokio::task_local! {
    static SCOPE: Arc<AtomicU64>;
}

/// Statements sent by this process so far, on every connection. `BEGIN`, `COMMIT` and savepoints are
/// not counted.
pub fn count() -> u64 {
    TOTAL.load(Ordering::Relaxed)
}

/// Runs `work` and counts the statements sent on its behalf, also those the writer task runs for it.
/// What background followers do at the same time is not counted.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u64) {
    let counter = Arc::new(AtomicU64::new(0));
    let result = SCOPE.scope(Arc::clone(&counter), work).await;
    (result, counter.load(Ordering::Relaxed))
}

/// Adds to the total and to the scope of the caller whose work this is.
#[derive(Clone, Default)]
pub(crate) struct Meter {
    scope: Option<Arc<AtomicU64>>,
    own: Arc<AtomicU64>,
}

impl Meter {
    /// A meter for work begun by the current task.
    pub(crate) fn here() -> Self {
        Self { scope: SCOPE.try_with(Arc::clone).ok(), own: Arc::default() }
    }

    pub(crate) fn add(&self, statements: u64) {
        TOTAL.fetch_add(statements, Ordering::Relaxed);
        self.own.fetch_add(statements, Ordering::Relaxed);
        if let Some(scope) = &self.scope {
            scope.fetch_add(statements, Ordering::Relaxed);
        }
    }

    /// Statements counted by this meter and its clones.
    pub(crate) fn own(&self) -> u64 {
        self.own.load(Ordering::Relaxed)
    }
}
