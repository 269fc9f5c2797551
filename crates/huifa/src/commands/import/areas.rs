//! Divisions: rows with their days, snapshots of a day, or the divisions of China that come with the program.

use std::collections::BTreeMap;

use access::area::import::{AreaRow, Snapshot, SnapshotReport};
use access::import::Taken;
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::refusal::{FieldError, Text};

use super::mapping::Record;
use super::tell::Teller;
use super::{Args, Source};
use crate::failure::Failure;
use crate::node::Node;

/// Columns; `snapshot` stands where a file shows one or more days instead of spans.
pub const COLUMNS: [&str; 7] = ["code", "name", "level", "parent", "valid_from", "valid_to", "snapshot"];

/// Takes all rows. They are judged together, so they are read together: the whole country has some hundred thousand.
pub async fn take(node: &Node, mut from: Source, args: &Args, tell: &mut Teller<'_>) -> Result<(), Failure> {
    if args.dry_run {
        return Err(Failure::Usage(
            "divisions are taken in whole: there is no --dry-run for them".to_owned(),
        ));
    }
    let mut spans = Vec::new();
    let mut days: BTreeMap<Date, Vec<(u64, AreaRow)>> = BTreeMap::new();
    for (line, record) in from.batch(usize::MAX, tell).await? {
        let shown = record.get("snapshot").map(|day| day.parse::<Date>());
        match (args.snapshot, shown) {
            (Some(day), _) | (None, Some(Ok(day))) => {
                days.entry(day).or_default().push((line, area(record)));
            }
            (None, None) => spans.push((line, area(record))),
            (None, Some(Err(_))) => {
                let wrong = FieldError::new("/snapshot", "format", "area-row-date");
                tell.row(line, Taken::Refused(vec![wrong]));
            }
        }
    }
    if !spans.is_empty() {
        let report =
            node.access.import_areas(spans.into_iter(), "import").await.map_err(Failure::environment)?;
        tell.many(report.taken, report.unchanged);
        for fault in report.refused {
            refuse(tell, fault.line, fault.field, fault.reason);
        }
    }
    for (on, rows) in days {
        let below = args.below.or_else(|| common(&rows));
        let snapshot = Snapshot { on, below, depth: args.depth.into(), origin: format!("import {on}") };
        let report = node.access.import_snapshot(&snapshot, rows.into_iter()).await;
        let report = report.map_err(Failure::environment)?;
        tell.many(report.began + report.renamed, report.unchanged);
        tell.note(&told(on, &report));
        for fault in report.refused {
            refuse(tell, fault.line, fault.field, fault.reason);
        }
    }
    Ok(())
}

/// Takes in the divisions that come with the program.
pub async fn builtin(node: &Node, args: &Args, tell: &mut Teller<'_>) -> Result<(), Failure> {
    let report = node.access.import_builtin(args.below).await.map_err(Failure::environment)?;
    tell.many(report.taken, report.unchanged);
    for fault in report.refused {
        refuse(tell, fault.line, fault.field, fault.reason);
    }
    Ok(())
}

/// The narrowest division that has all rows: a snapshot of one city says nothing of the others.
fn common(rows: &[(u64, AreaRow)]) -> Option<AreaCode> {
    let mut codes = rows.iter().filter_map(|(_, row)| row.code.trim().parse::<AreaCode>().ok());
    let mut found = codes.next()?;
    for code in codes {
        while !found.contains(code) {
            found = found.parent()?;
        }
    }
    Some(found)
}

fn refuse(tell: &mut Teller<'_>, line: u64, field: &str, reason: Text) {
    tell.row(line, Taken::Refused(vec![FieldError::new(format!("/{field}"), "area", reason)]));
}

fn told(on: Date, report: &SnapshotReport) -> String {
    format!(
        "{on}: {} as they were, {} began, {} ended, {} renamed; of the ended {} got a new code, {} were found by \
         name, {} have no known successor and are told with their town (huifa areas)",
        report.unchanged,
        report.began,
        report.ended,
        report.renamed,
        report.recoded,
        report.named,
        report.unknown.len()
    )
}

fn area(mut record: Record) -> AreaRow {
    let mut cell = |name: &str| record.remove(name).unwrap_or_default();
    AreaRow {
        code: cell("code"),
        name: cell("name"),
        level: cell("level"),
        parent: cell("parent"),
        valid_from: cell("valid_from"),
        valid_to: cell("valid_to"),
    }
}
