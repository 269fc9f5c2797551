//! Organisations and practitioners, batch by batch.

use access::import::{Cells, Taken};

use super::mapping::Record;
use super::tell::Teller;
use super::{Args, BATCH, Source, What};
use crate::failure::Failure;
use crate::node::Node;

/// Columns of organisations.
pub const ORGANISATIONS: [&str; 9] =
    ["id", "name", "kind", "area", "uscc", "duties", "phone", "address", "hours"];

/// Columns of practitioners.
pub const PRACTITIONERS: [&str; 8] =
    ["id", "name", "kind", "licence_no", "organisation", "skills", "languages", "phone"];

/// Takes all rows.
pub async fn take(node: &Node, mut from: Source, args: &Args, tell: &mut Teller<'_>) -> Result<(), Failure> {
    loop {
        let batch = from.batch(BATCH, tell).await?;
        if batch.is_empty() {
            return Ok(());
        }
        for ((line, _), taken) in batch.iter().zip(write(node, &batch, args).await?) {
            tell.row(*line, taken);
        }
    }
}

async fn write(node: &Node, batch: &[(u64, Record)], args: &Args) -> Result<Vec<Taken>, Failure> {
    let cells: Vec<_> = batch.iter().map(|(_, record)| move |name: &str| record.get(name).cloned()).collect();
    let rows: Vec<Cells<'_>> = cells.iter().map(|cell| cell as Cells<'_>).collect();
    let (access, trial) = (&node.access, args.dry_run);
    let taken = if args.what == What::Organisations {
        access.import_organisations(&rows, node.register.now().date(), trial).await
    } else {
        access.import_practitioners(&rows, trial).await
    };
    taken.map_err(Failure::environment)
}
