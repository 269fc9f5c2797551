//! Worklists: what I must do, what I wait for, what I watch, what is done. They read open work only.

mod branch;
mod kept;
mod order;

use access::Principal;
use kernel::clock::Light;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::{ReadTx, Reads, sql};

use super::facts::open_party;
use super::people::owner_in_words;
use crate::engine::standing;
use crate::party::mask_name;
use crate::register::{Register, broken};
use branch::{Branch, Window, branches};

pub use branch::Filter;
pub use kept::Kept;
pub use order::Order;

/// The four lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// I or my pool must act now.
    #[default]
    Todo,
    /// I own it and wait for others.
    Doing,
    /// I supervise its area, or am the head of the office that has it.
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
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Which list.
    pub view: View,
    /// Number, or the beginning of one.
    pub q: Option<String>,
    /// Only these rows of it.
    pub filter: Filter,
    /// What comes first.
    pub order: Order,
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

/// How many rows a filtered count is exact to.
const EXACT: i64 = 10_000;

impl Register {
    /// One page of a list: `{items, total, total_is, next}`.
    pub async fn worklist(&self, who: &Principal, query: &Query) -> Result<Value, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let window = self.window(query)?;
        let branches = branches(who, query.view);
        let (items, next) = self.page(&mut reader, &branches, &window).await?;
        let mut total = 0;
        for branch in &branches {
            total += branch.count(&mut reader, &window).await?;
        }
        Ok(json!({
            "items": items,
            "total": total,
            "total_is": if total > EXACT && query.view != View::Done { "at_least" } else { "exact" },
            "next": next,
        }))
    }

    /// The rows of a page and where the next one begins, uncounted: for a list that is taken out whole.
    pub async fn worklist_rows(
        &self,
        who: &Principal,
        query: &Query,
    ) -> Result<(Vec<Value>, Option<String>), Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        self.page(&mut reader, &branches(who, query.view), &self.window(query)?).await
    }

    /// Puts on record that somebody took a list out: which, how many rows, and the hash of the file.
    pub async fn record_list_export(
        &self,
        who: &Principal,
        query: &Query,
        rows: u64,
        sha256: &str,
    ) -> Result<(), Refusal> {
        let words = json!({
            "list": query.view.as_str(), "q": query.q, "order": query.order.as_str(),
            "filter": {
                "item": query.filter.item, "area": query.filter.area,
                "light": query.filter.light.map(Light::as_str),
            },
            "rows": rows, "sha256": sha256, "full": false,
        });
        let done = self.access().record_export(who, words, self.now()).await;
        done.map_err(|error| broken("record export", &error))
    }

    fn window<'a>(&self, query: &'a Query) -> Result<Window<'a>, Refusal> {
        let order = query.order.within(query.view);
        Ok(Window {
            after: query.cursor.as_deref().map(|text| order.cursor(text)).transpose()?,
            numbers: query.q.as_deref().filter(|q| !q.trim().is_empty()).map(numbers),
            filter: &query.filter,
            order,
            now: self.now(),
            limit: query.limit.clamp(1, 100),
        })
    }

    async fn page(
        &self,
        reader: &mut ReadTx,
        branches: &[Branch],
        window: &Window<'_>,
    ) -> Result<(Vec<Value>, Option<String>), Refusal> {
        let mut lines: Vec<Line> = Vec::new();
        for branch in branches {
            let page = branch.page(window).all::<Line>(reader).await;
            lines.extend(page.map_err(|error| broken("worklist", &error))?);
        }
        lines.sort_by(|a, b| window.order.compare(a, b));
        lines.dedup_by(|a, b| a.number == b.number && a.task == b.task);
        let wanted = usize::try_from(window.limit).unwrap_or(0);
        let more = lines.len() > wanted;
        lines.truncate(wanted);
        let faces = faces(reader, &lines).await?;
        let items = lines
            .iter()
            .map(|line| self.row(line, faces.iter().find(|face| face.number == line.number), window.now))
            .collect();
        let last = lines.last().map(|line| window.order.place(line).to_string());
        Ok((items, last.filter(|_| more)))
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
