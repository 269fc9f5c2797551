//! The parts a list is made of, each a statement that an index carries.

use access::Principal;
use access::policy::sql::{TaskColumns, within, works};
use access::policy::table::allows;
use access::policy::{Class, Scope, scopes};
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::clock::Light;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::{Reads, Sql, sql};

use super::order::{Order, Place};
use super::{EXACT, View};
use crate::register::broken;

/// What the duties of roles ask of `open_task t`.
const WORK: TaskColumns = TaskColumns { role: "t.role", duty: "t.duty", item: "t.item" };

/// Only these rows of a list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one item.
    pub item: Option<String>,
    /// Showing this light now; what is done shows none.
    pub light: Option<Light>,
    /// That belong to a division or one under it.
    pub area: Option<AreaCode>,
}

/// Which rows of a list, and where its page begins.
pub(super) struct Window<'a> {
    pub(super) after: Option<Place>,
    pub(super) numbers: Option<(i64, i64)>,
    pub(super) filter: &'a Filter,
    pub(super) order: Order,
    pub(super) now: Instant,
    pub(super) limit: i64,
}

/// One index-friendly part of a list. A list is the union of a few; no row is in two of them.
pub(super) enum Branch {
    /// Tasks of this person.
    Mine(String),
    /// Tasks in these pools that nobody took.
    Pools(Vec<String>),
    /// Pool tasks of a role in an area, for grants that name no organisation, but for those of the named pools.
    Area(Role, Vec<(i64, i64)>, Vec<String>),
    /// Tasks of others on matters this person owns.
    Owned(String, Vec<String>),
    /// Open tasks within supervised areas.
    Watched(Vec<(i64, i64)>),
    /// Open tasks of matters these offices have, for their heads, but for those within areas supervised anyway.
    Offices(Vec<String>, Vec<(i64, i64)>),
    /// Ended matters this person acted on.
    Ended(String),
}

pub(super) fn branches(who: &Principal, view: View) -> Vec<Branch> {
    let Some(account) = who.account.as_ref().map(|id| id.as_str().to_owned()) else { return Vec::new() };
    let administers = who.grants.iter().any(|grant| grant.role.administers());
    if administers {
        return Vec::new();
    }
    let mut pools: Vec<String> = Vec::new();
    for grant in &who.grants {
        if let Some(office) = &grant.organisation {
            pools.push(format!("{}@{office}", grant.role));
        }
    }
    pools.sort();
    pools.dedup();
    match view {
        View::Todo => {
            let mut list = vec![Branch::Mine(account)];
            if !pools.is_empty() {
                list.push(Branch::Pools(pools.clone()));
            }
            let mut areas: Vec<(Role, Vec<(i64, i64)>)> = Vec::new();
            for grant in who.grants.iter().filter(|grant| grant.organisation.is_none() && who.is_staff()) {
                match areas.iter_mut().find(|(role, _)| *role == grant.role) {
                    Some((_, ranges)) => ranges.extend_from_slice(&grant.ranges),
                    None => areas.push((grant.role, grant.ranges.clone())),
                }
            }
            list.extend(areas.into_iter().map(|(role, ranges)| Branch::Area(role, ranges, pools.clone())));
            list
        }
        View::Doing => vec![Branch::Owned(account, pools)],
        View::Watch => {
            let supervised = who.grants.iter().filter(|grant| grant.role == Role::Supervisor);
            let mut ranges: Vec<(i64, i64)> = supervised.flat_map(|grant| grant.ranges.clone()).collect();
            ranges.sort_unstable();
            ranges.dedup();
            if !scopes(who).iter().any(|scope| matches!(scope, Scope::Area { .. })) {
                ranges.clear();
            }
            let mut offices: Vec<String> = who
                .grants
                .iter()
                .filter(|grant| grant.role != Role::Supervisor && allows(grant.role, Class::Supervise))
                .filter_map(|grant| grant.organisation.as_ref().map(|office| office.as_str().to_owned()))
                .collect();
            offices.sort();
            offices.dedup();
            let mut list = Vec::new();
            if !offices.is_empty() {
                list.push(Branch::Offices(offices, ranges.clone()));
            }
            if !ranges.is_empty() {
                list.push(Branch::Watched(ranges));
            }
            list
        }
        View::Done => vec![Branch::Ended(account)],
    }
}

impl Branch {
    /// A page, one row more than asked for.
    pub(super) fn page(&self, window: &Window<'_>) -> Sql {
        let statement = self.filtered(
            if matches!(self, Self::Ended(_)) {
                sql("SELECT '' AS task, d.number, m.item, m.item_version, m.step, d.due, m.opened_at AS since, \
                     NULL AS yellow_at, NULL AS red_at, FALSE AS paused FROM done d JOIN matter m ON m.number = d.number \
                     WHERE ")
            } else {
                sql("SELECT t.task, t.number, t.item, t.item_version, t.step, t.due, t.since, t.yellow_at, t.red_at, \
                     t.paused FROM open_task t WHERE ")
            },
            window,
        );
        let after = window.after.as_ref();
        let statement = match self {
            Self::Ended(_) => window.order.ended(statement, after),
            _ => window.order.open(statement, after),
        };
        statement.then(" LIMIT ?").bind(window.limit + 1)
    }

    /// How many rows there are, exact to [`EXACT`].
    pub(super) async fn count(&self, reads: &mut impl Reads, window: &Window<'_>) -> Result<i64, Refusal> {
        // Without a filter the ended ones are counted in slots: their number grows with history.
        if let (Self::Ended(account), true) = (self, window.whole()) {
            let row: Option<(Option<i64>,)> =
                sql("SELECT CAST(SUM(n) AS BIGINT) AS n FROM tally WHERE scope = ? AND view = 'done'")
                    .bind(account)
                    .optional(reads)
                    .await
                    .map_err(|error| broken("tally", &error))?;
            return Ok(row.and_then(|(n,)| n).unwrap_or(0));
        }
        let inner = if matches!(self, Self::Ended(_)) {
            sql(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM done d JOIN matter m ON m.number = d.number WHERE ",
            )
        } else {
            sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM open_task t WHERE ")
        };
        let (n,): (i64,) = self
            .filtered(inner, window)
            .then(" LIMIT ?) AS counted")
            .bind(EXACT + 1)
            .one(reads)
            .await
            .map_err(|error| broken("worklist count", &error))?;
        Ok(n)
    }

    fn filtered(&self, statement: Sql, window: &Window<'_>) -> Sql {
        let statement = match self {
            Self::Mine(account) => works(statement.then("t.assignee = ?").bind(account), &WORK, &[]),
            Self::Pools(pools) => {
                works(statement.list("t.assignee IS NULL AND t.pool IN (", pools, ")"), &WORK, &[])
            }
            Self::Area(role, ranges, pools) => {
                let statement = statement
                    .then("t.assignee IS NULL AND t.role = ?")
                    .bind(role.as_str())
                    .list(" AND t.pool NOT IN (", pools, ")")
                    .then(" AND ");
                works(within(statement, "t.area", ranges), &WORK, &[*role])
            }
            Self::Owned(account, pools) => {
                let statement = statement
                    .then("t.owner_account = ? AND (t.assignee IS NULL OR t.assignee <> ?)")
                    .bind(account)
                    .bind(account);
                if pools.is_empty() {
                    statement
                } else {
                    statement.list(" AND NOT (t.assignee IS NULL AND t.pool IN (", pools, "))")
                }
            }
            Self::Watched(ranges) => within(statement, "t.home", ranges),
            Self::Offices(offices, ranges) => {
                let statement = statement.list("t.home_office IN (", offices, ")");
                if ranges.is_empty() {
                    statement
                } else {
                    within(statement.then(" AND NOT "), "t.home", ranges)
                }
            }
            Self::Ended(account) => statement.then("d.principal = ?").bind(account),
        };
        let ended = matches!(self, Self::Ended(_));
        let statement = match window.numbers {
            Some((low, high)) => statement
                .then(if ended { " AND d.number BETWEEN ? AND ?" } else { " AND t.number BETWEEN ? AND ?" })
                .bind(low)
                .bind(high),
            None => statement,
        };
        window.filter.narrow(statement, ended, window.now)
    }
}

impl Window<'_> {
    /// Whether the whole list is meant.
    fn whole(&self) -> bool {
        let Filter { item, light, area } = self.filter;
        self.numbers.is_none() && item.is_none() && light.is_none() && area.is_none()
    }
}

impl Filter {
    fn narrow(&self, statement: Sql, ended: bool, now: Instant) -> Sql {
        let statement = match &self.item {
            Some(item) => {
                statement.then(if ended { " AND m.item = ?" } else { " AND t.item = ?" }).bind(item)
            }
            None => statement,
        };
        let statement = match self.area {
            Some(area) => within(
                statement.then(" AND "),
                if ended { "m.area" } else { "t.home" },
                std::slice::from_ref(&area.range()),
            ),
            None => statement,
        };
        match self.light {
            Some(light) if ended => statement.then(if light == Light::None { "" } else { " AND 1 = 0" }),
            Some(light) => lit(statement, light, now),
            None => statement,
        }
    }
}

/// The same comparison as [`Light::at`], put to the database.
fn lit(statement: Sql, light: Light, now: Instant) -> Sql {
    match light {
        Light::Red => statement.then(" AND t.red_at <= ?").bind(now),
        Light::Paused => not_red(statement, now).then(" AND t.paused"),
        Light::None => {
            not_red(statement, now).then(" AND NOT t.paused AND t.yellow_at IS NULL AND t.red_at IS NULL")
        }
        Light::Yellow => not_red(statement, now).then(" AND NOT t.paused AND t.yellow_at <= ?").bind(now),
        Light::Green => not_red(statement, now)
            .then(" AND NOT t.paused AND (t.yellow_at > ? OR (t.yellow_at IS NULL AND t.red_at IS NOT NULL))")
            .bind(now),
    }
}

fn not_red(statement: Sql, now: Instant) -> Sql {
    statement.then(" AND (t.red_at IS NULL OR t.red_at > ?)").bind(now)
}
