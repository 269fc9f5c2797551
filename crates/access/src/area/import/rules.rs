//! Whether a row can be taken. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kernel::area::{AreaCode, Level};
use kernel::refusal::Text;

use super::model::{AreaRow, RowFault};
use crate::area::succession::Span;

/// Longest name of a division, in characters; the longest official one has 32.
const NAME_CHARS: usize = 60;

/// What is wrong with a cell.
type Fault = (&'static str, &'static str);

/// What stands in the database: rows by code, sorted by first day.
pub(super) type Known = BTreeMap<AreaCode, Vec<Span>>;

/// What is to be done with a good row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taking {
    /// It is there.
    Unchanged,
    /// Write it, over the one of the same code and first day if there is one.
    Write(Span),
}

/// Code and name of a row, with what is wrong with them, and with level and parent where they are given.
pub(super) fn place(row: &AreaRow) -> Result<(AreaCode, String), Fault> {
    let code: AreaCode = row.code.trim().parse().map_err(|_| ("code", "area-row-code"))?;
    let name = kernel::text::normalise(&row.name);
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        return Err(("name", "area-row-name"));
    }
    let level = row.level.trim();
    if !level.is_empty() && level_of(level) != Some(code.level()) {
        return Err(("level", "area-row-level"));
    }
    let parent = row.parent.trim();
    if !parent.is_empty() && !fits(parent, code) {
        return Err(("parent", "area-row-parent"));
    }
    Ok((code, name))
}

/// A row with its days.
pub(super) fn span(row: &AreaRow) -> Result<Span, Fault> {
    let (code, name) = place(row)?;
    let day = |text: &str| text.trim().parse::<Date>();
    let valid_from = day(&row.valid_from).map_err(|_| ("valid_from", "area-row-date"))?;
    let valid_to = match row.valid_to.trim() {
        "" => None,
        text => Some(day(text).map_err(|_| ("valid_to", "area-row-date"))?),
    };
    if valid_to.is_some_and(|end| end <= valid_from) {
        return Err(("valid_to", "area-row-order"));
    }
    Ok(Span { code, name, valid_from, valid_to })
}

fn level_of(text: &str) -> Option<Level> {
    Level::ALL.into_iter().enumerate().find_map(|(index, level)| {
        let number = (index + 1).to_string();
        (text == level.as_str() || text == level.chinese() || text == number).then_some(level)
    })
}

/// Whether this is the division above. What the bureau writes for towns of a prefecture without counties (441900
/// for 东莞) is the prefecture's own code.
fn fits(parent: &str, code: AreaCode) -> bool {
    parent.parse::<AreaCode>().is_ok_and(|parent| Some(parent) == code.parent())
}

/// Decides over all rows: a parent must be known or be among the rows, and two rows of one code must not overlap.
pub(super) fn decide(
    rows: Vec<(u64, Span)>,
    known: &Known,
    parents: &BTreeSet<AreaCode>,
) -> (Vec<(u64, Taking)>, Vec<RowFault>) {
    // Refusing a county refuses its towns: go from the widest level down and keep what was refused in mind.
    let mut rows = rows;
    rows.sort_by_key(|(line, span)| (span.code.level(), *line));
    let mut taken: Known = Known::new();
    let mut good = Vec::with_capacity(rows.len());
    let mut bad = Vec::new();
    for (line, span) in rows {
        let homeless = span
            .code
            .parent()
            .is_some_and(|parent| !parents.contains(&parent) && !taken.contains_key(&parent));
        let before = known.get(&span.code).into_iter().chain(taken.get(&span.code)).flatten();
        let mut taking = None;
        let mut overlaps = false;
        for own in before {
            if *own == span {
                taking = Some(Taking::Unchanged);
            } else if own.valid_from != span.valid_from && both_stand(own, &span) {
                overlaps = true;
            }
        }
        let fault = if homeless {
            Some(("parent", "area-row-homeless"))
        } else if overlaps && taking.is_none() {
            Some(("valid_from", "area-row-overlap"))
        } else if taken
            .get(&span.code)
            .is_some_and(|own| own.iter().any(|own| own.valid_from == span.valid_from))
        {
            Some(("code", "area-row-twice"))
        } else {
            None
        };
        if let Some((field, key)) = fault {
            bad.push(RowFault { line, field, reason: Text::new(key) });
        } else {
            taken.entry(span.code).or_default().push(span.clone());
            good.push((line, taking.unwrap_or(Taking::Write(span))));
        }
    }
    bad.sort_by_key(|fault| fault.line);
    (good, bad)
}

fn both_stand(one: &Span, other: &Span) -> bool {
    let before = |end: Option<Date>, begin: Date| end.is_some_and(|end| end <= begin);
    !before(one.valid_to, other.valid_from) && !before(other.valid_to, one.valid_from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 6]) -> AreaRow {
        let [code, name, level, parent, valid_from, valid_to] = cells.map(str::to_owned);
        AreaRow { code, name, level, parent, valid_from, valid_to }
    }

    #[test]
    fn a_row_says_which_cell_is_wrong() {
        let fine = ["371502", "东昌府区", "3", "3715", "2016-07-31", ""];
        assert!(span(&row(fine)).is_ok());
        for (at, cell, field) in [
            (0, "37150", "code"),
            (1, " ", "name"),
            (2, "town", "level"),
            (3, "3716", "parent"),
            (4, "2016/7/31", "valid_from"),
            (5, "2016-07-31", "valid_to"),
        ] {
            let mut cells = fine;
            cells[at] = cell;
            assert_eq!(span(&row(cells)).unwrap_err().0, field);
        }
        for level in ["county", "县级", "3", ""] {
            assert!(span(&row(["371502", "东昌府区", level, "", "2016-07-31", ""])).is_ok(), "{level}");
        }
    }

    #[test]
    fn what_hangs_under_a_refused_row_is_refused_with_it() {
        let read = |line, cells| (line, span(&row(cells)).unwrap());
        let rows = vec![
            read(2, ["371502001", "古楼街道", "", "", "2016-07-31", ""]),
            read(3, ["371502", "东昌府区", "", "", "2016-07-31", ""]),
            read(4, ["371502", "东昌府", "", "", "2017-01-01", ""]),
        ];
        let (good, bad) = decide(rows.clone(), &Known::new(), &BTreeSet::new());
        assert!(good.is_empty());
        assert_eq!(
            bad.iter().map(|fault| (fault.line, fault.field)).collect::<Vec<_>>(),
            [(2, "parent"), (3, "parent"), (4, "parent"),]
        );
        let city: BTreeSet<AreaCode> = ["3715".parse().unwrap()].into();
        let (good, bad) = decide(rows, &Known::new(), &city);
        assert_eq!(good.len(), 2);
        assert_eq!(bad, [RowFault { line: 4, field: "valid_from", reason: Text::new("area-row-overlap") }]);
    }
}
