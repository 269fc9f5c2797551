//! Organisations and practitioners, batch by batch.

use access::import::{Cells, Taken};
use sheets::Rows;

use super::mapping::{Mapping, Record};
use super::tell::{Row, Teller};
use super::{Args, BATCH, What, unread};
use crate::failure::Failure;
use crate::node::Node;

/// Columns of organisations.
pub const ORGANISATIONS: [&str; 9] =
    ["id", "name", "kind", "area", "uscc", "duties", "phone", "address", "hours"];

/// Columns of practitioners.
pub const PRACTITIONERS: [&str; 8] =
    ["id", "name", "kind", "licence_no", "organisation", "skills", "languages", "phone"];

/// Takes all rows.
pub async fn take(
    node: &Node,
    mapping: &Mapping,
    mut rows: Rows,
    args: &Args,
    tell: &mut Teller<'_>,
) -> Result<(), Failure> {
    let mut batch: Vec<(u64, Record)> = Vec::with_capacity(BATCH);
    loop {
        let next = rows.next().await.map_err(|error| unread(args.file(), &error))?;
        let ended = next.is_none();
        match next {
            Some(Ok(row)) => batch.push((row.line, mapping.record(&row))),
            Some(Err(fault)) => tell.unreadable(fault.line, fault.reason),
            None => {}
        }
        if batch.len() == BATCH || ended {
            for ((line, _), taken) in batch.iter().zip(write(node, &batch, args).await?) {
                tell.row(*line, outcome(taken));
            }
            batch.clear();
        }
        if ended {
            return Ok(());
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

fn outcome(taken: Taken) -> Row {
    match taken {
        Taken::New => Row::New,
        Taken::Changed => Row::Changed,
        Taken::Known => Row::Known,
        Taken::Refused(errors) => Row::Refused(errors),
    }
}
