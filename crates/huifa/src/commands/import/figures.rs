//! Yearly figures of places, for the calculators. Nodes take them up when they start.

use access::import::Taken;
use catalog::figures::{self, Kept, Mode};

use super::mapping::Record;
use super::tell::Teller;
use super::{Args, BATCH, Source};
use crate::failure::Failure;
use crate::node::Node;

/// Takes all rows.
pub async fn take(node: &Node, mut from: Source, args: &Args, tell: &mut Teller<'_>) -> Result<(), Failure> {
    let mode = if args.dry_run { Mode::Trial } else { Mode::Write };
    loop {
        let batch: Vec<(u64, Record)> = from.batch(BATCH, tell).await?;
        if batch.is_empty() {
            return Ok(());
        }
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for (line, record) in &batch {
            match figures::read(&|name| record.get(name).cloned()) {
                Ok(row) => {
                    lines.push(*line);
                    rows.push(row);
                }
                Err(errors) => tell.row(*line, Taken::Refused(errors)),
            }
        }
        let kept = figures::keep(&node.db, &rows, mode, node.register.now()).await;
        for (line, kept) in lines.into_iter().zip(kept.map_err(Failure::environment)?) {
            let taken = match kept {
                Kept::New => Taken::New,
                Kept::Changed => Taken::Changed,
                Kept::Known => Taken::Known,
            };
            tell.row(line, taken);
        }
    }
}
