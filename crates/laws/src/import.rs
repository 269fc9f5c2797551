//! Keeping what was read: new versions beside old ones, the same again without any change.

use kernel::time::Instant;
use sha2::{Digest as _, Sha256};
use store::{Changes, Db};

use crate::LawError;
use crate::model::Draft;
use crate::overrides::Overrides;
use crate::store as rows;

/// What became of the versions.
#[derive(Debug, Default, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Kept for the first time.
    pub new: u64,
    /// Kept before with other words.
    pub changed: u64,
    /// As they were.
    pub unchanged: u64,
    /// Left as another collection had told them before.
    pub elsewhere: u64,
    /// Articles of all versions given.
    pub articles: u64,
}

/// Articles written in one transaction, about: other commands of the node wait no longer than one of these takes.
const BATCH: usize = 2000;

/// Keeps versions; `seen` is told of each.
pub async fn take(
    db: &Db,
    laws: Vec<Draft>,
    overrides: &Overrides,
    now: Instant,
    mut seen: impl FnMut(&str),
) -> Result<Report, LawError> {
    let known = rows::known(&mut db.reader().await?).await?;
    let mut report = Report::default();
    let (mut changes, mut waiting) = (Changes::new(), 0);
    for mut law in laws {
        overrides.apply(&mut law);
        report.articles += law.articles.len() as u64;
        let digest = digest(&law);
        seen(&law.title);
        match known.get(&law.id()) {
            Some((kept, _)) if *kept == digest => {
                report.unchanged += 1;
                continue;
            }
            Some((_, source)) if *source != law.source => {
                report.elsewhere += 1;
                continue;
            }
            Some(_) => report.changed += 1,
            None => report.new += 1,
        }
        rows::put(&mut changes, &law, &digest, now);
        waiting += law.articles.len();
        if waiting >= BATCH {
            rows::mark(&mut changes);
            db.apply("import laws", std::mem::take(&mut changes)).await?;
            waiting = 0;
        }
    }
    if !changes.is_empty() {
        rows::mark(&mut changes);
        db.apply("import laws", changes).await?;
    }
    Ok(report)
}

/// A digest of everything that is kept of a version.
fn digest(law: &Draft) -> Vec<u8> {
    let mut sha = Sha256::new();
    let mut add = |text: &str| {
        sha.update((text.len() as u64).to_le_bytes());
        sha.update(text.as_bytes());
    };
    for text in [&law.full_title, &law.category, &law.version, &law.status_source, &law.source] {
        add(text);
    }
    add(law.status.as_str());
    for day in [law.effective_from, law.effective_to] {
        add(&day.map(|day| day.to_string()).unwrap_or_default());
    }
    for article in &law.articles {
        for text in [&article.article, &article.heading, &article.text] {
            add(text);
        }
        add(article.source_id.as_deref().unwrap_or_default());
    }
    sha.finalize().to_vec()
}
