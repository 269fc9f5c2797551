//! Counts equal lists, and what waits for somebody stands in that person's list.

use crate::accounts::People;
use crate::client::Client;
use crate::views::{Number, Page, TotalIs, Waiting, WorkRow};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;

/// A matter left on its way.
#[derive(Debug)]
pub struct Open {
    /// Its number.
    pub number: Number,
    /// Who must act.
    pub waiting_for: Vec<Waiting>,
}

/// All views of everybody, while nothing moves.
pub async fn check(people: &People, open: &[Open]) -> Result<()> {
    let mut placed = BTreeSet::new();
    for account in people.staff() {
        let mut caller = people.client(account).await?;
        for view in ["todo", "doing", "watch", "done"] {
            let rows = whole(&mut caller, view, Stillness::Still)
                .await
                .with_context(|| format!("{view} of {}", account.login))?;
            if view == "todo" {
                placed.extend(rows.into_iter().map(|row| (row.number, row.task)));
            }
        }
    }
    for matter in open {
        for waiting in
            matter.waiting_for.iter().filter(|waiting| waiting.role != "applicant" && waiting.role != "party")
        {
            let key = (matter.number.clone(), Some(waiting.task.clone()));
            ensure!(placed.contains(&key), "{waiting:?} of {} stands in nobody's todo", matter.number.0);
        }
    }
    Ok(())
}

/// Whether others may change the list while it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stillness {
    /// Nobody acts: the total must be the number of rows.
    Still,
    /// Others act meanwhile.
    Moving,
}

/// One task stands in the todo of this caller.
pub async fn stands_in_todo(caller: &mut Client, number: &Number, waiting: &Waiting) -> Result<()> {
    let rows = whole(caller, "todo", Stillness::Moving).await?;
    let found = rows.iter().any(|row| row.number == *number && row.task.as_ref() == Some(&waiting.task));
    ensure!(found, "{} {} is not among {} rows", number.0, waiting.task, rows.len());
    Ok(())
}

/// Every row of a view, page by page.
async fn whole(caller: &mut Client, view: &str, stillness: Stillness) -> Result<Vec<WorkRow>> {
    let mut rows: Vec<WorkRow> = Vec::new();
    let mut path = format!("/api/v1/worklist?view={view}&limit=50");
    loop {
        let page: Page<WorkRow> = caller.get(&path).await?.done()?;
        ensure!(page.items.len() <= 50, "{} rows on a page of 50", page.items.len());
        rows.extend(page.items);
        if stillness == Stillness::Still && page.next.is_none() && page.total_is == TotalIs::Exact {
            ensure!(page.total == rows.len() as u64, "total {} and {} rows", page.total, rows.len());
        }
        let Some(next) = page.next else { break };
        path = format!("/api/v1/worklist?view={view}&limit=50&cursor={next}");
    }
    let keys: BTreeSet<_> = rows.iter().map(|row| (row.number.clone(), row.task.clone())).collect();
    // A task whose due day moves between two pages may stand on both.
    if stillness == Stillness::Still {
        ensure!(keys.len() == rows.len(), "{} rows, {} of them different", rows.len(), keys.len());
    }
    for pair in rows.windows(2) {
        // Rows without a limit come last; within a due date by number.
        let key = |row: &WorkRow| (row.due.is_none(), row.due.clone(), row.number.clone());
        ensure!(
            key(&pair[0]) <= key(&pair[1]),
            "{} ({:?}) before {} ({:?})",
            pair[0].number.0,
            pair[0].due,
            pair[1].number.0,
            pair[1].due
        );
    }
    Ok(rows)
}
