//! Taking divisions in: read what is known, decide, write in one transaction.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::refusal::Text;
use store::Changes;

use super::model::{AreaRow, ImportReport, RowFault, Snapshot, SnapshotReport};
use super::rules::{self, Known, Taking};
use super::store as table;
use crate::area::succession::{Census, Link, Source, Span, Step, step};
use crate::error::AccessError;
use crate::office::store::touch;
use crate::room::Access;

/// Every code there can be.
const EVERYWHERE: (i64, i64) = (0, i64::MAX);

impl Access {
    /// Takes in rows with their days. Good rows go in, each bad one is told with its line, column and reason; rows
    /// that are there already change nothing. A row of the same code and first day is corrected.
    pub async fn import_areas(
        &self,
        rows: impl Iterator<Item = (u64, AreaRow)>,
        origin: &str,
    ) -> Result<ImportReport, AccessError> {
        let mut report = ImportReport::default();
        let mut read = Vec::new();
        for (line, row) in rows {
            match rules::span(&row) {
                Ok(span) => read.push((line, span)),
                Err((field, key)) => {
                    report.refused.push(RowFault { line, field, reason: Text::new(key) });
                }
            }
        }
        let codes = || read.iter().map(|(_, span)| span.code.as_i64());
        let Some((low, high)) = codes().min().zip(codes().max()) else { return Ok(report) };
        let mut reader = self.db.reader().await?;
        let known = table::spans(&mut reader, (low, high)).await?;
        let mut parents: BTreeSet<AreaCode> = known.keys().copied().collect();
        // Of what lies outside the range only the divisions above the first can be a parent.
        let first = AreaCode::from_i64(low).map_err(|fault| AccessError::Broken(fault.to_string()))?;
        for above in first.upwards().skip(1) {
            let code = above.as_i64();
            parents.extend(table::spans(&mut reader, (code, code)).await?.into_keys());
        }
        drop(reader);
        let (good, bad) = rules::decide(read, &known, &parents);
        report.refused.extend(bad);
        report.refused.sort_by_key(|fault| fault.line);
        let spans: Vec<Span> = good
            .into_iter()
            .filter_map(|(_, taking)| match taking {
                Taking::Unchanged => {
                    report.unchanged += 1;
                    None
                }
                Taking::Write(span) => Some(span),
            })
            .collect();
        report.taken = spans.len();
        self.write_areas("import areas", |changes| table::put(changes, &spans, origin)).await?;
        Ok(report)
    }

    /// Takes in a whole snapshot of a subtree: what it no longer shows ends on its day, what it shows first begins,
    /// and the rules of [`crate::area::succession`] say what became of what. Everything goes in at once or, with a
    /// bad row, nothing does. The same snapshot again changes nothing.
    pub async fn import_snapshot(
        &self,
        snapshot: &Snapshot,
        rows: impl Iterator<Item = (u64, AreaRow)>,
    ) -> Result<SnapshotReport, AccessError> {
        let mut report = SnapshotReport::default();
        let mut after = Census::new();
        for (line, row) in rows {
            let mut refuse =
                |field, key| report.refused.push(RowFault { line, field, reason: Text::new(key) });
            match rules::place(&row) {
                Err((field, key)) => refuse(field, key),
                Ok((code, _)) if snapshot.below.is_some_and(|below| !below.contains(code)) => {
                    refuse("code", "area-row-outside");
                }
                Ok((code, _)) if code.level() > snapshot.depth => refuse("level", "area-row-deeper"),
                Ok((code, name)) => {
                    if after.insert(code, name).is_some() {
                        refuse("code", "area-row-twice");
                    }
                }
            }
        }
        let range = snapshot.below.map_or(EVERYWHERE, AreaCode::range);
        let mut reader = self.db.reader().await?;
        let known = table::spans(&mut reader, range).await?;
        let above = match snapshot.below.and_then(AreaCode::parent) {
            Some(parent) => table::spans(&mut reader, (parent.as_i64(), parent.as_i64())).await?,
            None => Known::new(),
        };
        drop(reader);
        for code in after.keys() {
            let homeless = code.parent().is_some_and(|parent| {
                !after.contains_key(&parent) && !above.contains_key(&parent) && !stands(&known, parent)
            });
            if homeless {
                let reason = Text::new("area-row-homeless").arg("code", code);
                report.refused.push(RowFault { line: 0, field: "parent", reason });
            }
        }
        let before: Census = known
            .values()
            .flatten()
            .filter(|span| span.valid_to.is_none() && span.code.level() <= snapshot.depth)
            // The division itself may be left out of what is below it.
            .filter(|span| snapshot.below != Some(span.code) || after.contains_key(&span.code))
            .map(|span| (span.code, span.name.clone()))
            .collect();
        let found = step(&before, &after);
        let changed = found.renamed.len() + found.gone.len() + found.new.len();
        if changed > 0 && late(&known, &found, snapshot.on) {
            let reason = Text::new("area-snapshot-late").arg("date", snapshot.on);
            report.refused.push(RowFault { line: 0, field: "snapshot", reason });
        }
        if !report.refused.is_empty() || changed == 0 {
            report.unchanged = if report.refused.is_empty() { before.len() } else { 0 };
            return Ok(report);
        }
        let links: Vec<Link> = found
            .gone
            .iter()
            .filter_map(|gone| {
                let (to, source) = gone.successor?;
                Some(Link { from: gone.code, to, changed_on: snapshot.on, source })
            })
            .collect();
        report.renamed = found.renamed.len();
        report.began = found.new.len();
        report.ended = found.gone.len();
        report.recoded = found.linked(Source::Recode);
        report.named = found.linked(Source::Name);
        report.unknown =
            found.gone.iter().filter(|gone| gone.successor.is_none()).map(|gone| gone.code).collect();
        report.unchanged = before.len() - report.renamed - report.ended;
        let closing: Vec<AreaCode> =
            found.gone.iter().map(|gone| gone.code).chain(found.renamed.iter().copied()).collect();
        let opening: Vec<Span> = found
            .new
            .iter()
            .chain(&found.renamed)
            .filter_map(|code| {
                let name = after.get(code)?.clone();
                Some(Span { code: *code, name, valid_from: snapshot.on, valid_to: None })
            })
            .collect();
        self.write_areas("import snapshot", |changes| {
            table::close(changes, &closing, snapshot.on);
            table::put(changes, &opening, &snapshot.origin);
            table::link(changes, &links);
        })
        .await?;
        Ok(report)
    }

    /// Writes divisions in one transaction and tells every node; without a statement nothing happens.
    pub(crate) async fn write_areas(
        &self,
        name: &'static str,
        fill: impl FnOnce(&mut Changes),
    ) -> Result<(), AccessError> {
        let mut changes = Changes::new();
        fill(&mut changes);
        if !changes.is_empty() {
            touch(&mut changes, "area");
            self.db.apply(name, changes).await?;
            self.offices().forget();
            self.areas().forget();
        }
        Ok(())
    }
}

/// Whether something changed after the day of a snapshot, or on it: what ends on the day it began never stood.
fn late(known: &Known, found: &Step, on: Date) -> bool {
    let changed: BTreeSet<AreaCode> = found
        .gone
        .iter()
        .map(|gone| gone.code)
        .chain(found.renamed.iter().chain(&found.new).copied())
        .collect();
    known.values().flatten().any(|span| {
        let days = [Some(span.valid_from), span.valid_to];
        days.into_iter().flatten().any(|day| day > on || (day == on && changed.contains(&span.code)))
    })
}

fn stands(known: &Known, code: AreaCode) -> bool {
    known.get(&code).is_some_and(|spans| spans.iter().any(|span| span.valid_to.is_none()))
}
