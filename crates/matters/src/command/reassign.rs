//! Giving much work of one person to another, or back to its pool: one order, one command a matter, each with a key
//! of its own; what cannot go is told row by row, and for ten minutes the order can be undone.

use access::Principal;
use access::absence::{Standin, answers_for, store as absences};
use access::account::store as accounts;
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::authorise::{actor, denied};
use super::body::{digest_of, key_of, mismatch};
use super::commit::{self, Failed, Moved};
use super::cover::name_office;
use super::wrong_input;
use crate::engine::cover;
use crate::engine::matter::Matter;
use crate::engine::state::Person;
use crate::register::{Register, broken};
use crate::store as table;

mod rules;

use rules::{changed, decide, in_charge};

/// Name of the act on each matter.
const REASSIGN: &str = "reassign";
/// Name of the act that puts a matter back.
const UNDO: &str = "reassign-undo";
/// For how long an order can be undone.
pub const UNDO_MINUTES: i64 = 10;
/// Most matters one order moves.
const MOST: i64 = 200;
/// Longest reason, in characters.
const REASON_MAX: usize = 500;

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A colleague, by login.
    Person(String),
    /// The pool each task came from.
    Pool,
}

/// What the head asks for.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whose work, by login.
    pub from: String,
    /// To whom.
    pub to: Target,
    /// Why; kept with each matter.
    pub reason: String,
    /// Only matters of this item.
    pub item: Option<String>,
    /// Only matters of this division and below.
    pub area: Option<AreaCode>,
    /// Only these matters.
    pub numbers: Option<Vec<MatterNumber>>,
}

/// What may be moved and what may not, or what was.
struct Row {
    number: MatterNumber,
    item: String,
    step: String,
    tasks: usize,
    refused: Option<Refusal>,
}

/// The people of an order.
struct People {
    from: Person,
    to: Option<Standin>,
}

impl Register {
    /// Shows what an order would move, and what not and why; writes nothing.
    pub async fn preview_reassign(
        &self,
        who: &Principal,
        order: &Order,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let people = self.people(who, order, true).await?;
        let (numbers, left) = self.meant(&people.from, order).await?;
        let mut rows = Vec::new();
        for number in numbers {
            let seen = self.load(who, number, None, self.now()).await;
            rows.push(match seen {
                Ok(mut seen) => {
                    let before = Row::of(&seen.matter, &people.from, None);
                    let why = decide(who, &mut seen, &people).err();
                    Row { refused: why, ..before }
                }
                Err(refusal) => Row::unseen(number, refusal),
            });
        }
        Ok(self.report(None, &rows, left, lang))
    }

    /// Carries an order out. The same key and body carry on where it stopped and tell the same.
    pub async fn reassign(
        &self,
        who: &Principal,
        order: &Order,
        key: &str,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let people = self.people(who, order, false).await?;
        let me = actor(who);
        let id = hex::encode(&Sha256::digest(format!("reassign:{}", key_of(who, key)))[..16]);
        let digest = digest_of(&json!({
            "from": order.from, "reason": order.reason, "item": order.item, "area": order.area,
            "to": match &order.to { Target::Person(login) => json!(login), Target::Pool => Value::Null },
            "numbers": order.numbers,
        }))?;
        let mut changes = store::Changes::new();
        changes.push(table::insert_order(&id, me.as_str(), digest.as_bytes(), self.now()));
        let mut rows = Vec::new();
        match self.db().apply("order", changes).await {
            Ok(()) => {}
            Err(error) if error.is_duplicate_of("reassignment") => {
                let (_, kept, _) = self.order(&id).await?.ok_or_else(crate::register::not_found)?;
                if kept != digest.as_bytes() {
                    return Err(mismatch());
                }
                for done in self.moved_by(&id).await? {
                    let matter = self.load_any(done.number).await?;
                    rows.push(Row { tasks: done.was.0.tasks.len(), ..Row::of(&matter, &people.from, None) });
                }
            }
            Err(error) => return Err(broken("order", &error)),
        }
        let (numbers, left) = self.meant(&people.from, order).await?;
        for number in numbers
            .into_iter()
            .filter(|number| rows.iter().all(|row| row.number != *number))
            .collect::<Vec<_>>()
        {
            rows.push(self.reassign_one(who, number, &people, (&id, &order.reason)).await?);
        }
        Ok(self.report(Some(&id), &rows, left, lang))
    }

    /// Puts back what an order moved, where nothing happened since; within ten minutes, by whoever gave it.
    pub async fn undo_reassign(&self, who: &Principal, id: &str, lang: Lang) -> Result<Value, Refusal> {
        let (by, _, at) = self.order(id).await?.ok_or_else(crate::register::not_found)?;
        if by != actor(who).as_str() {
            return Err(crate::register::not_found());
        }
        let now = self.now();
        if now.since(at) > jiff::SignedDuration::from_mins(UNDO_MINUTES) {
            return Err(Refusal::new(
                Code::Expired,
                Text::new("reassign-too-late").arg("minutes", UNDO_MINUTES),
            )
            .rule(Rule::house("reassign-undo"))
            .next(Next::say("reassign-next-again")));
        }
        let mut rows = Vec::new();
        for done in self.moved_by(id).await?.into_iter().filter(|done| !done.undone) {
            rows.push(self.put_back(who, &done, id, now).await?);
        }
        Ok(self.report(Some(id), &rows, 0, lang))
    }

    async fn order(&self, id: &str) -> Result<Option<(String, Vec<u8>, Instant)>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        table::order(&mut reader, id).await.map_err(|error| broken("order", &error))
    }

    async fn moved_by(&self, id: &str) -> Result<Vec<table::HandedRow>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = table::handed_by(&mut reader, &format!("order:{id}")).await;
        rows.map_err(|error| broken("moved by order", &error))
    }

    /// Whose work and to whom, found right; refuses callers who do not answer for both.
    async fn people(&self, who: &Principal, order: &Order, preview: bool) -> Result<People, Refusal> {
        let mut errors = Vec::new();
        let mut fault = |pointer: &str, code: &'static str, key: &'static str| {
            errors.push(FieldError::new(pointer, code, Text::new(key)));
        };
        let reason = order.reason.trim();
        if reason.is_empty() && !preview {
            fault("/reason", "required", "error-required");
        } else if reason.chars().count() > REASON_MAX {
            fault("/reason", "too-long", "reassign-reason-long");
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let found = accounts::staff_by_login(&mut reader, &order.from).await;
        let from = found.map_err(|error| broken("from", &error))?;
        if from.is_none() {
            fault("/from", "unknown", "absence-login-unknown");
        }
        let mut to = None;
        if let Target::Person(login) = &order.to {
            let found = accounts::standin_by_login(&mut reader, login).await;
            to = found.map_err(|error| broken("to", &error))?;
            match &to {
                None => fault("/to", "unknown", "absence-login-unknown"),
                Some(person) if from.as_ref().is_some_and(|from| from.account == person.account) => {
                    fault("/to", "choice", "reassign-same");
                }
                Some(person) => {
                    let today = self.now().date();
                    let away =
                        absences::away(&mut reader, today, std::slice::from_ref(&person.account)).await;
                    if !away.map_err(|error| broken("absent", &error))?.is_empty() {
                        fault("/to", "away", "reassign-to-away");
                    }
                }
            }
        }
        drop(reader);
        let Some(from) = from.filter(|_| errors.is_empty()) else { return Err(wrong_input(errors)) };
        if !answers_for(who, &from.grants) {
            return Err(denied(access::policy::Denied::Role, Role::OfficeHead));
        }
        Ok(People { from: cover::person(&from), to })
    }

    /// The matters an order means, at most [`MOST`], and how many are left for the next.
    async fn meant(&self, from: &Person, order: &Order) -> Result<(Vec<MatterNumber>, i64), Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let work = table::work_like(&mut reader, &from.account, order.item.as_deref(), order.area).await;
        let mut work = work.map_err(|error| broken("work", &error))?;
        if let Some(numbers) = &order.numbers {
            work.retain(|number| numbers.contains(number));
        }
        let most = usize::try_from(MOST).unwrap_or_default();
        let left = i64::try_from(work.len().saturating_sub(most)).unwrap_or_default();
        work.truncate(most);
        Ok((work, left))
    }

    async fn reassign_one(
        &self,
        who: &Principal,
        number: MatterNumber,
        people: &People,
        (id, reason): (&str, &str),
    ) -> Result<Row, Refusal> {
        let key = key_of(who, &format!("order:{id}"));
        let digest = digest_of(&json!({ "order": id, "number": number }))?;
        let mut raced = false;
        loop {
            let now = self.now();
            let mut seen = match self.load(who, number, Some(&key), now).await {
                Ok(seen) => seen,
                Err(refusal) => return Ok(Row::unseen(number, refusal)),
            };
            let row = Row::of(&seen.matter, &people.from, None);
            if seen.kept.is_some() {
                return Ok(row);
            }
            let held = commit::holders(&seen.matter);
            let (role, handed) = match decide(who, &mut seen, people) {
                Ok(decided) => decided,
                Err(refusal) => return Ok(Row { refused: Some(refusal), ..row }),
            };
            name_office(self, &mut seen.matter).await?;
            let moved = Moved {
                held,
                handed: vec![(format!("order:{id}"), handed)],
                ..Moved::new(actor(who), role, super::act::door_of(who, role), REASSIGN, now)
            }
            .from(&seen.matter.step)
            .with(Map::from_iter([("reason".to_owned(), json!(reason))]), None);
            let base = seen.matter.version;
            match commit::save(self, &seen.matter, base, &moved, Some((&key, &digest)), Lang::Zh).await {
                Ok(_) => return Ok(row),
                // Somebody acted at that very moment: look once more at what is there now.
                Err(Failed::Raced) if !raced => raced = true,
                Err(Failed::Raced) => return Ok(Row { refused: Some(changed()), ..row }),
                Err(Failed::Refused(refusal)) => return Ok(Row { refused: Some(*refusal), ..row }),
            }
        }
    }

    async fn put_back(
        &self,
        who: &Principal,
        done: &table::HandedRow,
        id: &str,
        now: Instant,
    ) -> Result<Row, Refusal> {
        let mut seen = match self.load(who, done.number, None, now).await {
            Ok(seen) => seen,
            Err(refusal) => return Ok(Row::unseen(done.number, refusal)),
        };
        let matter = &mut seen.matter;
        let row =
            Row { tasks: done.was.0.tasks.len(), ..Row::of(matter, &Person::unknown(&done.account), None) };
        if matter.version != done.seq {
            return Ok(Row { refused: Some(changed()), ..row });
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let colleague = accounts::colleague(&mut reader, &done.account).await;
        drop(reader);
        let Some(colleague) = colleague.map_err(|error| broken("from", &error))? else {
            return Ok(Row { refused: Some(changed()), ..row });
        };
        let role = match matter.state.tasks.iter().find(|task| done.was.0.tasks.contains(&task.id)) {
            Some(task) => in_charge(who, task.office.as_deref(), matter),
            None => in_charge(who, Some(matter.office.as_str()), matter),
        };
        let Some(role) = role else {
            return Ok(Row {
                refused: Some(denied(access::policy::Denied::Elsewhere, Role::OfficeHead)),
                ..row
            });
        };
        let held = commit::holders(matter);
        let person = Person { account: colleague.id, login: colleague.login, name: colleague.name };
        for task in matter.state.tasks.iter_mut().filter(|task| done.was.0.tasks.contains(&task.id)) {
            task.assignee = Some(person.clone());
        }
        if let Some(owner) = &done.was.0.owner {
            matter.state.owner = Some(owner.clone());
        }
        let reason = self.words().get(Lang::Zh, "reassign-undone", &[]);
        let moved = Moved {
            held,
            undone: Some((done.seq, done.account.clone())),
            ..Moved::new(actor(who), role, super::act::door_of(who, role), UNDO, now)
        }
        .from(&matter.step)
        .with(Map::from_iter([("reason".to_owned(), json!(reason))]), None);
        let key = key_of(who, &format!("undo:{id}"));
        let digest = digest_of(&json!({ "undo": id, "number": done.number }))?;
        match commit::save(self, matter, done.seq, &moved, Some((&key, &digest)), Lang::Zh).await {
            Ok(_) => Ok(row),
            Err(Failed::Raced) => Ok(Row { refused: Some(changed()), ..row }),
            Err(Failed::Refused(refusal)) => Ok(Row { refused: Some(*refusal), ..row }),
        }
    }

    fn report(&self, id: Option<&str>, rows: &[Row], left: i64, lang: Lang) -> Value {
        let state = |row: &Row| match (&row.refused, id) {
            (Some(_), _) => "cannot",
            (None, Some(_)) => "moved",
            (None, None) => "would-move",
        };
        let shown: Vec<Value> = rows
            .iter()
            .map(|row| {
                let item = self.catalog().item(&row.item);
                let step = item.and_then(|item| item.step(&row.step));
                let mut shown = json!({
                    "number": row.number, "item": row.item, "tasks": row.tasks, "state": state(row),
                    "item_name": item.map(|item| item.name.get(lang)),
                    "step_name": step.map(|step| step.name.get(lang)),
                });
                if let Some(refusal) = &row.refused {
                    shown["code"] = json!(refusal.code);
                    shown["why"] = json!(self.words().say(lang, &refusal.detail));
                }
                shown
            })
            .collect();
        let cannot = rows.iter().filter(|row| row.refused.is_some()).count();
        json!({
            "order": id, "dry_run": id.is_none(), "rows": shown, "cannot": cannot,
            "moved": if id.is_some() { rows.len() - cannot } else { 0 },
            "would_move": if id.is_none() { rows.len() - cannot } else { 0 },
            "left": left, "undo_minutes": UNDO_MINUTES,
        })
    }
}

impl Row {
    fn of(matter: &Matter, from: &Person, refused: Option<Refusal>) -> Self {
        let tasks = matter.state.tasks.iter().filter(|task| task.assignee.as_ref() == Some(from)).count();
        Self {
            number: matter.number,
            item: matter.item.id.clone(),
            step: matter.step.clone(),
            tasks,
            refused,
        }
    }

    fn unseen(number: MatterNumber, refusal: Refusal) -> Self {
        Self { number, item: String::new(), step: String::new(), tasks: 0, refused: Some(refusal) }
    }
}
