//! Retention by class: what would go, what goes, what went.

use std::collections::{BTreeMap, BTreeSet};

use catalog::parameters::Parameter;
use jiff::civil::Date;
use kernel::period::Unit;
use kernel::refusal::Refusal;
use kernel::time::{Instant, start_of_day};
use store::StoreError;

use super::erase::{Decider, Outcome};
use super::model::{Basis, ClassPlan, Erasure, Plan, Ran, Wait};
use super::store::Retained;
use super::{rules, store as table};
use crate::register::{Register, broken};

/// Matters read at once.
const PAGE: i64 = 200;

/// An ended matter, with the row that says how long its class is kept.
struct Candidate<'a> {
    row: Retained,
    class: String,
    rule: &'a Parameter,
}

impl Candidate<'_> {
    fn ended(&self) -> Date {
        self.row.closed_at.date()
    }

    fn held(&self, day: Date) -> bool {
        self.row.held_until.is_some_and(|until| until >= day)
    }
}

impl Register {
    /// What a run on that day would erase, by class. Nothing is written. The cost follows what is due, not what
    /// was ever closed.
    pub async fn retention_plan(&self, as_of: Date) -> Result<Plan, Refusal> {
        let mut classes: BTreeMap<(String, String, Option<u32>), ClassPlan> = BTreeMap::new();
        for item in self.known_items() {
            let mut after = None;
            loop {
                let (page, next) = self.due_page(&item, as_of, after).await?;
                for candidate in &page {
                    let rule = candidate.rule;
                    let key = (candidate.class.clone(), rule.id.clone(), rule.count);
                    let line = classes.entry(key).or_insert_with(|| ClassPlan {
                        class: candidate.class.clone(),
                        rule: rule.id.clone(),
                        count: rule.count.unwrap_or(0),
                        unit: rule.unit.map_or("", Unit::as_str),
                        verified: rule.verified,
                        source: rule.source.clone(),
                        due: 0,
                        held: 0,
                        first_ended: None,
                        last_ended: None,
                    });
                    if candidate.held(as_of) {
                        line.held += 1;
                        continue;
                    }
                    line.due += 1;
                    let ended = candidate.ended();
                    line.first_ended = Some(line.first_ended.map_or(ended, |known| known.min(ended)));
                    line.last_ended = Some(line.last_ended.map_or(ended, |known| known.max(ended)));
                }
                let Some(next) = next else { break };
                after = Some(next);
            }
        }
        let classes: Vec<ClassPlan> = classes.into_values().collect();
        Ok(Plan {
            as_of,
            due: classes.iter().map(|line| line.due).sum(),
            held: classes.iter().map(|line| line.held).sum(),
            classes,
        })
    }

    /// Erases what is due today, at most so many matters, and removes lines of the access log that are old
    /// enough. It may be stopped at any moment and begun again: what was erased is due no more.
    pub async fn retention_run(&self, most: u64) -> Result<Ran, Refusal> {
        let today = self.now().date();
        let mut ran = Ran::default();
        for item in self.known_items() {
            let mut after = None;
            loop {
                let (page, next) = self.due_page(&item, today, after).await?;
                for candidate in page {
                    if ran.erased >= most {
                        return Ok(ran);
                    }
                    let number = candidate.row.number;
                    if candidate.held(today) {
                        ran.held += 1;
                        continue;
                    }
                    match self.erase(number, Basis::Retention, &Decider::system()).await? {
                        Outcome::Erased => ran.erased += 1,
                        Outcome::Waits(Wait::Held(_), _) => ran.held += 1,
                        Outcome::Busy => ran.busy.push(number),
                        // Somebody was faster, or it is open again.
                        Outcome::Already | Outcome::Waits(..) => {}
                    }
                }
                let Some(next) = next else { break };
                after = Some(next);
            }
        }
        ran.log_lines = self.forget_old_log(today).await?;
        Ok(ran)
    }

    /// Matters whose content was deleted since a day, oldest first, a page at a time: each is handed to `each`.
    pub async fn erasures(&self, since: Date, mut each: impl FnMut(Erasure) -> bool) -> Result<(), Refusal> {
        let from = start_of_day(since);
        let mut after = None;
        loop {
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            let page = table::erasures(&mut reader, from, after, PAGE)
                .await
                .map_err(|error| broken("erasures", &error))?;
            drop(reader);
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.at, last.number));
            for erasure in page {
                if !each(erasure) {
                    return Ok(());
                }
            }
        }
    }

    /// Ids of all items that ever opened a matter here.
    fn known_items(&self) -> BTreeSet<String> {
        self.catalog().versions().map(|item| item.id.clone()).collect()
    }

    /// A page of the matters of an item whose time is up on a day, and where the next page begins.
    async fn due_page(
        &self,
        item: &str,
        day: Date,
        after: Option<table::Place>,
    ) -> Result<(Vec<Candidate<'_>>, Option<table::Place>), Refusal> {
        let parameters = self.catalog().parameters();
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = table::retained(&mut reader, item, self.shortest(item, day), after, PAGE)
            .await
            .map_err(|error| broken("ended matters", &error))?;
        drop(reader);
        let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= PAGE;
        let next = rows.last().filter(|_| full).map(|row| (row.closed_at, row.number));
        let due = rows
            .into_iter()
            .filter_map(|row| {
                let (class, rule) = rules::class_rule(parameters, item, row.area, day)?;
                (rules::kept_until(row.closed_at.date(), rule) < day).then_some(Candidate {
                    row,
                    class,
                    rule,
                })
            })
            .collect();
        Ok((due, next))
    }

    /// Before which moment a matter must have ended to be due by any row of its classes: what the index is
    /// asked, before each matter's own row is looked at.
    fn shortest(&self, item: &str, day: Date) -> Instant {
        let rows = self.catalog().parameters().rows();
        let mut ends: Vec<Date> = Vec::new();
        let mut class = Some(item);
        while let Some(name) = class {
            let id = format!("retention.{name}");
            let own = rows.iter().filter(|row| row.id == id);
            ends.extend(own.clone().filter_map(|row| ended_before(row, day)));
            // A row for the whole country leaves no matter to the wider class.
            if own
                .clone()
                .any(|row| row.area.is_none() && row.effective_from <= day && row.effective_to.is_none())
            {
                break;
            }
            class =
                name.rsplit_once('.').map(|(wider, _)| wider).or((name != "general").then_some("general"));
        }
        ends.into_iter().max().map_or_else(|| start_of_day(Date::MIN), start_of_day)
    }

    /// Removes lines of the access log that are older than the office and the law want them.
    async fn forget_old_log(&self, today: Date) -> Result<u64, Refusal> {
        let Some(before) = rules::least_kept(self.catalog().parameters(), today).map(start_of_day) else {
            return Ok(0);
        };
        let mut removed = 0;
        loop {
            let gone: Vec<(String,)> = self
                .db()
                .write("forget access log", move |tx| {
                    Box::pin(async move { table::forget_log(before, PAGE).all(tx).await })
                })
                .await
                .map_err(|error: StoreError| broken("forget access log", &error))?;
            removed += gone.len() as u64;
            if (gone.len() as u64) < PAGE.unsigned_abs() {
                return Ok(removed);
            }
        }
    }
}

/// The day before which something must have ended to be kept no longer on a day, give or take one day: the last
/// days of months are not the same length.
fn ended_before(row: &Parameter, day: Date) -> Option<Date> {
    let count = -i64::from(row.count?);
    let span = match row.unit? {
        Unit::Year => jiff::Span::new().try_years(count),
        Unit::Month => jiff::Span::new().try_months(count),
        Unit::Day => jiff::Span::new().try_days(count),
        Unit::Workday | Unit::Hour => return None,
    };
    span.and_then(|span| day.checked_add(span)).and_then(Date::tomorrow).ok()
}
