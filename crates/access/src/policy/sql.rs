//! The same decisions as SQL. A list is a UNION of at most three branches, each with an index of its own,
//! its own order and its own limit; never one WHERE of ORs.
//!
//! The texts name the tables `access` and `open_task` of the register, which are migrated with ours.

use kernel::actor::Role;
use kernel::time::Instant;
use store::{Sql, sql};

use super::rules::{Scope, scopes};
use super::table::{self, Class, TABLE, WALLED_DUTIES, Work};
use crate::principal::{Kind, Principal};

/// How the table a list reads calls what the policy asks for.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// Matter number.
    pub number: &'static str,
    /// Division.
    pub area: &'static str,
    /// Organisation that answers for the matter.
    pub office: &'static str,
    /// Duty of the item.
    pub duty: &'static str,
    /// Item.
    pub item: &'static str,
}

/// Columns of the table `matter` without an alias.
pub const MATTER: Columns = Columns {
    number: "matter.number",
    area: "matter.area",
    office: "matter.office",
    duty: "matter.duty",
    item: "matter.item",
};

/// Which matters a list wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All that exist for the caller, outlines included.
    Anything,
    /// Only those whose content the caller may read.
    Content,
}

impl Scope {
    /// Narrows a statement, which must stand after a condition (`… WHERE final = ?`), to this reason.
    pub fn narrow(&self, statement: Sql, on: &Columns, want: Want, now: Instant) -> Sql {
        match self {
            Self::Personal { principals } => statement
                .then(" AND ")
                .then(on.number)
                .then(" IN (SELECT number FROM access WHERE (until IS NULL OR until > ?)")
                .bind(now.timestamp())
                .list(" AND principal IN (", principals, "))"),
            Self::Organisation { ids } => statement.then(" AND ").then(on.office).list(" IN (", ids, ")"),
            Self::Area { within: reach } => {
                let mut statement = statement.then(" AND (");
                for (index, (work, ranges)) in reach.iter().enumerate() {
                    statement = statement.then(if index == 0 { "(" } else { " OR (" });
                    statement =
                        covered(within(statement, on.area, ranges), *work, on.duty, on.item).then(")");
                }
                let statement = statement.then(")");
                match want {
                    Want::Anything => statement,
                    Want::Content => statement.then(" AND ").then(on.duty).list(
                        " NOT IN (",
                        WALLED_DUTIES.iter().copied(),
                        ")",
                    ),
                }
            }
            Self::Matter(number) => {
                statement.then(" AND ").then(on.number).then(" = ?").bind(number.as_i64())
            }
            Self::Everything => statement,
        }
    }
}

/// `(column BETWEEN ? AND ? OR …)`; nothing matches when there is no range.
pub fn within(statement: Sql, column: &'static str, ranges: &[(i64, i64)]) -> Sql {
    if ranges.is_empty() {
        return statement.then("(1 = 0)");
    }
    let mut statement = statement.then("(");
    for (index, (low, high)) in ranges.iter().enumerate() {
        statement = statement
            .then(if index == 0 { "" } else { " OR " })
            .then(column)
            .then(" BETWEEN ? AND ?")
            .bind(*low)
            .bind(*high);
    }
    statement.then(")")
}

/// ` AND (duty IN (…) OR item IN (…))`; nothing where a role works on every item.
fn covered(statement: Sql, work: Work, duty: &'static str, item: &'static str) -> Sql {
    match work {
        Work::Every => statement,
        Work::Nothing => statement.then(" AND 1 = 0"),
        Work::Only(named) => statement
            .then(" AND (")
            .then(duty)
            .list(" IN (", named.iter().copied(), ") OR ")
            .then(item)
            .list(" IN (", named.iter().copied(), "))"),
    }
}

/// How the table a list of tasks reads calls what the duties of roles ask for.
#[derive(Debug, Clone, Copy)]
pub struct TaskColumns {
    /// Role.
    pub role: &'static str,
    /// Duty of the item; empty for what a body is asked by name.
    pub duty: &'static str,
    /// Item.
    pub item: &'static str,
}

/// Columns of the table `open_task` without an alias.
pub const TASK: TaskColumns =
    TaskColumns { role: "open_task.role", duty: "open_task.duty", item: "open_task.item" };

/// Narrows a statement over tasks to work the roles in question do (all roles when none is named).
pub fn works(statement: Sql, on: &TaskColumns, roles: &[Role]) -> Sql {
    let limited: Vec<_> = TABLE
        .iter()
        .filter(|line| line.work != Work::Every && (roles.is_empty() || roles.contains(&line.role)))
        .collect();
    if limited.is_empty() {
        return statement;
    }
    let mut statement = statement.then(" AND (").then(on.duty).then(" = '' OR ").then(on.role).list(
        " NOT IN (",
        limited.iter().map(|line| line.role.as_str()),
        ")",
    );
    for line in limited {
        statement = statement.then(" OR (").then(on.role).then(" = ?").bind(line.role.as_str());
        statement = covered(statement, line.work, on.duty, on.item).then(")");
    }
    statement.then(")")
}

/// A list of matters the caller may see: `head` writes a select up to and with a condition, `tail` the
/// order and the limit of one branch. The result is a select without order, duplicates removed; give it
/// `ORDER BY … LIMIT …` once more.
///
/// ```
/// # use access::{Principal, policy::sql::{MATTER, Want, list}};
/// # let principal = Principal::anonymous();
/// # let now = kernel::time::Instant::new(jiff::Timestamp::UNIX_EPOCH);
/// let statement = list(
///     &principal, &MATTER, Want::Anything, now,
///     |sql| sql.then("SELECT number, opened_at FROM matter WHERE final = ?").bind(false),
///     |sql| sql.then(" ORDER BY opened_at LIMIT ?").bind(20),
/// )
/// .then(" ORDER BY opened_at LIMIT ?")
/// .bind(20);
/// # assert!(statement.text().contains("1 = 0"), "a visitor sees nothing");
/// ```
pub fn list(
    principal: &Principal,
    on: &Columns,
    want: Want,
    now: Instant,
    head: impl Fn(Sql) -> Sql,
    tail: impl Fn(Sql) -> Sql,
) -> Sql {
    union(&scopes(principal), head, tail, |scope, statement| scope.narrow(statement, on, want, now))
}

/// One reason to have a task on one's list: the same enum for the count, the list and the single look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskScope {
    /// Tasks for this account in person.
    Mine(String),
    /// Pool tasks of these organisations, as `role@organisation`.
    Pools(Vec<String>),
    /// Pool tasks of a role within ranges, whatever the organisation.
    Areas(Vec<(Role, Vec<(i64, i64)>)>),
    /// Tasks of the people a matter is about, through `access` rows of this account.
    Party(String),
    /// The applicant's tasks of a guest's one matter.
    Guest(i64),
}

/// Roles a person has because a matter is about them.
const PARTY_ROLES: [Role; 3] = [Role::Applicant, Role::Party, Role::Helper];

/// All reasons this caller has to find tasks.
pub fn task_scopes(principal: &Principal) -> Vec<TaskScope> {
    if let Kind::Guest(number) = principal.kind {
        return vec![TaskScope::Guest(number.as_i64())];
    }
    let Some(account) = &principal.account else { return Vec::new() };
    let mut found = vec![TaskScope::Mine(account.0.clone()), TaskScope::Party(account.0.clone())];
    let mut pools = Vec::new();
    let mut areas: Vec<(Role, Vec<(i64, i64)>)> = Vec::new();
    for grant in principal.grants.iter().filter(|grant| table::allows(grant.role, Class::Act)) {
        match &grant.organisation {
            Some(organisation) => pools.push(format!("{}@{organisation}", grant.role)),
            None => match areas.iter_mut().find(|(role, _)| *role == grant.role) {
                Some((_, ranges)) => ranges.extend_from_slice(&grant.ranges),
                None => areas.push((grant.role, grant.ranges.clone())),
            },
        }
    }
    if !pools.is_empty() {
        found.push(TaskScope::Pools(pools));
    }
    if !areas.is_empty() {
        found.push(TaskScope::Areas(areas));
    }
    found
}

impl TaskScope {
    /// Narrows a statement over `open_task` (no alias), which must stand after a condition.
    pub fn narrow(&self, statement: Sql, now: Instant) -> Sql {
        match self {
            Self::Mine(account) => {
                works(statement.then(" AND open_task.assignee = ?").bind(account), &TASK, &[])
            }
            Self::Pools(pools) => works(
                statement.then(" AND open_task.assignee IS NULL").list(
                    " AND open_task.pool IN (",
                    pools,
                    ")",
                ),
                &TASK,
                &[],
            ),
            Self::Areas(areas) => {
                let mut statement = statement.then(" AND open_task.assignee IS NULL AND (");
                for (index, (role, ranges)) in areas.iter().enumerate() {
                    statement = statement
                        .then(if index == 0 { "" } else { " OR " })
                        .then("(open_task.role = ? AND ")
                        .bind(role.as_str());
                    statement = within(statement, "open_task.area", ranges).then(")");
                }
                let roles: Vec<Role> = areas.iter().map(|(role, _)| *role).collect();
                works(statement.then(")"), &TASK, &roles)
            }
            Self::Party(account) => statement
                .then(" AND open_task.assignee IS NULL")
                .list(" AND open_task.role IN (", PARTY_ROLES.iter().map(|role| role.as_str()), ")")
                .then(" AND (open_task.number, open_task.role) IN (SELECT number, reason FROM access")
                .then(" WHERE principal = ? AND (until IS NULL OR until > ?))")
                .bind(account)
                .bind(now.timestamp()),
            Self::Guest(number) => statement
                .then(" AND open_task.assignee IS NULL AND open_task.number = ? AND open_task.role = ?")
                .bind(*number)
                .bind(Role::Applicant.as_str()),
        }
    }
}

/// The tasks the caller may discharge now, in the same shape as [`list`]; `head` reads `open_task`.
pub fn tasks(
    principal: &Principal,
    now: Instant,
    head: impl Fn(Sql) -> Sql,
    tail: impl Fn(Sql) -> Sql,
) -> Sql {
    union(&task_scopes(principal), head, tail, |scope, statement| scope.narrow(statement, now))
}

pub(super) fn union<S>(
    scopes: &[S],
    head: impl Fn(Sql) -> Sql,
    tail: impl Fn(Sql) -> Sql,
    narrow: impl Fn(&S, Sql) -> Sql,
) -> Sql {
    let mut statement = sql("SELECT * FROM (");
    for (index, scope) in scopes.iter().enumerate() {
        statement = statement.then(if index == 0 { "SELECT * FROM (" } else { " UNION SELECT * FROM (" });
        statement = tail(narrow(scope, head(statement))).then(") AS branch");
    }
    if scopes.is_empty() {
        statement = tail(head(statement).then(" AND 1 = 0"));
    }
    statement.then(") AS visible")
}
