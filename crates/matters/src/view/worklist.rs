//! Worklists: what I must do, what I wait for, what I watch, what is done. They read open work only.

use access::Principal;
use access::policy::sql::{TaskColumns, within, works};
use access::policy::{Scope, scopes};
use kernel::actor::Role;
use kernel::clock::Light;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{Reads, Sql, sql};

use super::facts::open_party;
use super::people::owner_in_words;
use crate::engine::standing;
use crate::party::mask_name;
use crate::register::{Register, broken};

/// The four lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// I or my pool must act now.
    Todo,
    /// I own it and wait for others.
    Doing,
    /// I supervise it.
    Watch,
    /// I acted and it is final.
    Done,
}

impl View {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Todo, Self::Doing, Self::Watch, Self::Done];

    /// Reads a query parameter.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == word)
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Watch => "watch",
            Self::Done => "done",
        }
    }
}

/// What is asked of a list.
#[derive(Debug, Clone)]
pub struct Query {
    /// Which list.
    pub view: View,
    /// Number, or the beginning of one.
    pub q: Option<String>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows, 1-100.
    pub limit: i64,
}

store::record! {
    #[derive(Debug, Clone)]
    struct Line {
        task: String,
        number: MatterNumber,
        item: String,
        item_version: u32,
        step: String,
        due: String,
        since: Instant,
        yellow_at: Option<Instant>,
        red_at: Option<Instant>,
        paused: bool,
    }
}

store::record! {
    #[derive(Debug, Clone)]
    struct Face {
        number: MatterNumber,
        owner_account: Option<String>,
        state: store::Json<crate::engine::state::State>,
        data_key: Option<Vec<u8>>,
        sealed: Option<Vec<u8>>,
    }
}

/// What the duties of roles ask of `open_task t`.
const WORK: TaskColumns = TaskColumns { role: "t.role", duty: "t.duty", item: "t.item" };

/// How many rows a filtered count is exact to.
const EXACT: i64 = 10_000;

/// Where a page begins, and the numbers a search means.
struct Window {
    after: Option<(String, i64, String)>,
    numbers: Option<(i64, i64)>,
    limit: i64,
}

impl Register {
    /// One page of a list: `{items, total, total_is, next}`.
    pub async fn worklist(&self, who: &Principal, query: &Query) -> Result<Value, Refusal> {
        let now = self.now();
        let window = Window {
            after: query.cursor.as_deref().map(cursor).transpose()?,
            numbers: query.q.as_deref().filter(|q| !q.trim().is_empty()).map(numbers),
            limit: query.limit.clamp(1, 100),
        };
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let branches = branches(who, query.view);
        let mut lines: Vec<Line> = Vec::new();
        let mut total = 0;
        for branch in &branches {
            lines.extend(
                branch
                    .page(&window)
                    .all::<Line>(&mut reader)
                    .await
                    .map_err(|error| broken("worklist", &error))?,
            );
            total += branch.count(&mut reader, &window).await?;
        }
        lines.sort_by(|a, b| (&a.due, a.number, &a.task).cmp(&(&b.due, b.number, &b.task)));
        lines.dedup_by(|a, b| a.number == b.number && a.task == b.task);
        let wanted = usize::try_from(window.limit).unwrap_or(0);
        let more = lines.len() > wanted;
        lines.truncate(wanted);
        let faces = faces(&mut reader, &lines).await?;
        let items: Vec<Value> = lines
            .iter()
            .map(|line| self.row(line, faces.iter().find(|face| face.number == line.number), now))
            .collect();
        let last = lines.last().map(|line| format!("{}.{}.{}", line.due, line.number, line.task));
        Ok(json!({
            "items": items,
            "total": total,
            "total_is": if total > EXACT && query.view != View::Done { "at_least" } else { "exact" },
            "next": last.filter(|_| more),
        }))
    }

    fn row(&self, line: &Line, face: Option<&Face>, now: Instant) -> Value {
        let name = face.and_then(|face| {
            let key = self.keyring().unwrap(face.data_key.as_deref()?).ok()?;
            let party = open_party(&key, &line.number.to_string(), 0, face.sealed.as_deref()?).ok()?;
            Some(if party.kind == "person" { mask_name(&party.name) } else { party.name })
        });
        let owner = face.and_then(|face| face.state.0.owner.as_ref()).map(owner_in_words);
        let light = Light::at(now, line.paused, line.yellow_at, line.red_at);
        let mut row = json!({
            "number": line.number,
            "item": line.item,
            "step": line.step,
            "light": light.as_str(),
            "due": if line.due.starts_with("9999") { None } else { Some(&line.due) },
            "since": line.since,
            "applicant_masked": name,
            "owner": owner,
        });
        if !line.task.is_empty() {
            row["task"] = json!(line.task);
        }
        // What a task beside the steps asks for; the others say it by their step.
        let beside =
            face.and_then(|face| face.state.0.task(&line.task)).filter(|task| standing::stands(task));
        if let Some(task) = beside {
            row["asks"] = json!(task.name);
        }
        row
    }
}

async fn faces(reads: &mut impl Reads, lines: &[Line]) -> Result<Vec<Face>, Refusal> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    sql("SELECT m.number, m.owner_account, m.state, m.data_key, p.sealed FROM matter m \
         LEFT JOIN party p ON p.number = m.number AND p.pos = 0 WHERE ")
    .list("m.number IN (", lines.iter().map(|line| line.number), ")")
    .all(reads)
    .await
    .map_err(|error| broken("worklist faces", &error))
}

/// One index-friendly part of a list. A list is the union of a few; no row is in two of them.
enum Branch {
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
    /// Ended matters this person acted on.
    Ended(String),
}

fn branches(who: &Principal, view: View) -> Vec<Branch> {
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
            let sees = scopes(who).iter().any(|scope| matches!(scope, Scope::Area { .. }));
            if ranges.is_empty() || !sees { Vec::new() } else { vec![Branch::Watched(ranges)] }
        }
        View::Done => vec![Branch::Ended(account)],
    }
}

impl Branch {
    fn page(&self, window: &Window) -> Sql {
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
        if matches!(self, Self::Ended(_)) {
            let statement = match &window.after {
                Some((due, number, _)) => {
                    statement.then(" AND (d.due, d.number) > (?, ?)").bind(due).bind(*number)
                }
                None => statement,
            };
            return statement.then(" ORDER BY d.due, d.number LIMIT ?").bind(window.limit + 1);
        }
        let statement = match &window.after {
            Some((due, number, task)) => statement
                .then(" AND (t.due, t.number, t.task) > (?, ?, ?)")
                .bind(due)
                .bind(*number)
                .bind(task),
            None => statement,
        };
        statement.then(" ORDER BY t.due, t.number, t.task LIMIT ?").bind(window.limit + 1)
    }

    async fn count(&self, reads: &mut impl Reads, window: &Window) -> Result<i64, Refusal> {
        // Without a filter the ended ones are counted in slots: their number grows with history.
        if let (Self::Ended(account), None) = (self, &window.numbers) {
            let row: Option<(Option<i64>,)> =
                sql("SELECT CAST(SUM(n) AS BIGINT) AS n FROM tally WHERE scope = ? AND view = 'done'")
                    .bind(account)
                    .optional(reads)
                    .await
                    .map_err(|error| broken("tally", &error))?;
            return Ok(row.and_then(|(n,)| n).unwrap_or(0));
        }
        let inner = if matches!(self, Self::Ended(_)) {
            sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM done d WHERE ")
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

    fn filtered(&self, statement: Sql, window: &Window) -> Sql {
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
            Self::Ended(account) => statement.then("d.principal = ?").bind(account),
        };
        match window.numbers {
            Some((low, high)) if matches!(self, Self::Ended(_)) => {
                statement.then(" AND d.number BETWEEN ? AND ?").bind(low).bind(high)
            }
            Some((low, high)) => statement.then(" AND t.number BETWEEN ? AND ?").bind(low).bind(high),
            None => statement,
        }
    }
}

/// A cursor is the last row's due day, number and task.
fn cursor(text: &str) -> Result<(String, i64, String), Refusal> {
    let wrong = || {
        Refusal::new(Code::FactsWrong, Text::new("refused-facts"))
            .error(FieldError::new("/cursor", "format", "error-cursor"))
            .next(Next::say("next-begin-list-again"))
    };
    let mut parts = text.splitn(3, '.');
    let (Some(due), Some(number), Some(task)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let number = number.parse().map_err(|_| wrong())?;
    if due.len() != 10 || task.len() > 20 {
        return Err(wrong());
    }
    Ok((due.to_owned(), number, task.to_owned()))
}

/// The numbers that begin with what was typed.
fn numbers(q: &str) -> (i64, i64) {
    let digits: String = kernel::text::normalise(q).chars().filter(char::is_ascii_digit).take(16).collect();
    let missing = u32::try_from(16 - digits.len()).unwrap_or(0);
    let low = digits.parse::<i64>().unwrap_or(-1);
    if low < 0 {
        return (-1, -1);
    }
    let scale = 10_i64.pow(missing);
    (low * scale, low * scale + (scale - 1))
}
