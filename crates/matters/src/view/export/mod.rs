//! The register as a table: every matter a filter finds, page by page, by number.
//!
//! Nothing is held but a page or two, and no transaction stays open: what is written meanwhile may be in it or not.
//! Values of people are masked unless the whole was asked for with a reason; either way it is on record.

mod store;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use ::store::Changes;
use ::store::seal::DataKey;
use access::Principal;
use catalog::item::{Item, Kind, Question};
use jiff::civil::Date;
use kernel::area::AreaCode;
use kernel::money::Fen;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};

use super::facts::{SealedFacts, masked, open_party};
use super::looks::{self, Look};
use crate::party::{PartyFacts, mask_name, mask_paper, mask_phone};
use crate::register::{Register, broken, fault};

/// Matters read at once.
const PAGE: i64 = 1000;

/// What the access log says was seen.
const ALL: &str = "all";

/// Pages being unsealed while the next one is read.
const AHEAD: usize = 3;

/// Which matters.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this item; its facts become columns.
    pub item: Option<String>,
    /// Within this division.
    pub area: Option<AreaCode>,
    /// Of this office.
    pub office: Option<String>,
    /// Only ended, or only open ones.
    pub ended: Option<bool>,
    /// Opened on this day or later.
    pub opened_from: Option<Date>,
    /// Opened on this day or earlier.
    pub opened_to: Option<Date>,
    /// Closed on this day or later.
    pub closed_from: Option<Date>,
    /// Closed on this day or earlier.
    pub closed_to: Option<Date>,
}

/// A value of the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Nothing known.
    None,
    /// Words and codes.
    Text(String),
    /// A number one may add up.
    Int(i64),
    /// Money in fen.
    Money(i64),
    /// A day.
    Date(Date),
    /// A moment.
    At(Instant),
    /// Yes or no.
    Bool(bool),
}

impl From<Option<String>> for Field {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::None, Self::Text)
    }
}

/// Columns that every table has, in order.
pub const COLUMNS: [&str; 20] = [
    "number",
    "item",
    "item_name",
    "area",
    "area_name",
    "office",
    "office_name",
    "door",
    "step",
    "step_name",
    "final",
    "outcome",
    "opened_at",
    "closed_at",
    "due",
    "owner",
    "applicant_kind",
    "applicant_name",
    "applicant_id_no",
    "applicant_phone",
];

/// A table being read.
pub struct Export {
    register: Register,
    filter: Filter,
    item: Option<Arc<Item>>,
    who: Principal,
    reason: Option<Arc<str>>,
    after: Option<MatterNumber>,
    ended: bool,
    waiting: VecDeque<tokio::task::JoinHandle<Result<Page, Refusal>>>,
}

/// Rows, and the lines of the access log that must be written before anybody sees them.
type Page = (Vec<Vec<Field>>, Changes);

/// What names of one page stand for.
#[derive(Debug, Default)]
struct Names {
    areas: HashMap<i64, String>,
    people: HashMap<String, String>,
    due: HashMap<MatterNumber, String>,
}

impl Register {
    /// Begins a table. With a reason, values of people are in full, and each matter's access log says so before its
    /// row is handed out.
    ///
    /// # Errors
    /// When the item is not known.
    pub fn export(&self, who: &Principal, filter: Filter, full: Option<&str>) -> Result<Export, Refusal> {
        let item = match &filter.item {
            None => None,
            Some(id) => Some(self.catalog().item(id).cloned().ok_or_else(|| {
                Refusal::new(Code::FactsWrong, Text::new("refused-facts"))
                    .error(FieldError::new("/item", "choice", "error-item"))
                    .next(Next::say("next-mend-fields"))
            })?),
        };
        Ok(Export {
            register: self.clone(),
            filter,
            item,
            who: who.clone(),
            reason: full.map(Arc::from),
            after: None,
            ended: false,
            waiting: VecDeque::new(),
        })
    }

    /// Puts on record that a table was taken out: by whom, which matters, how many, and why in full.
    pub async fn record_export(
        &self,
        who: &Principal,
        filter: &Filter,
        full: Option<&str>,
        rows: u64,
        sha256: &str,
    ) -> Result<(), Refusal> {
        let words = json!({
            "filter": {
                "item": filter.item, "area": filter.area, "office": filter.office, "ended": filter.ended,
                "opened_from": filter.opened_from, "opened_to": filter.opened_to,
                "closed_from": filter.closed_from, "closed_to": filter.closed_to,
            },
            "rows": rows, "sha256": sha256, "full": full.is_some(), "reason": full,
        });
        let done = self.access().record_export(who, words, self.now()).await;
        done.map_err(|error| broken("record export", &error))
    }
}

impl Export {
    /// Names of all columns: the common ones, and `form.*` where the table is of one item.
    pub fn columns(&self) -> Vec<String> {
        let facts = self.item.iter().flat_map(|item| item.questions());
        COLUMNS
            .iter()
            .map(ToString::to_string)
            .chain(facts.map(|question| format!("form.{}", question.fact)))
            .collect()
    }

    /// The next rows; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<Field>>>, Refusal> {
        while !self.ended && self.waiting.len() < AHEAD {
            self.ask().await?;
        }
        let Some(page) = self.waiting.pop_front() else { return Ok(None) };
        let (rows, looks) = page.await.map_err(|error| fault("export", &error))??;
        self.register.db().apply("log export", looks).await.map_err(|error| broken("log export", &error))?;
        Ok(Some(rows))
    }

    async fn ask(&mut self) -> Result<(), Refusal> {
        let broke = |error| broken("export", &error);
        let mut reader = self.register.db().reader().await.map_err(broke)?;
        let with_facts = self.item.is_some();
        let page =
            store::page(&mut reader, &self.filter, self.after, PAGE, with_facts).await.map_err(broke)?;
        let Some(last) = page.last() else {
            self.ended = true;
            return Ok(());
        };
        self.after = Some(last.number);
        self.ended = i64::try_from(page.len()).is_ok_and(|found| found < PAGE);
        let names = Names {
            areas: store::area_names(&mut reader, &page).await.map_err(broke)?,
            people: store::owners(&mut reader, &page).await.map_err(broke)?,
            due: store::due(&mut reader, &page).await.map_err(broke)?,
        };
        drop(reader);
        let (register, item) = (self.register.clone(), self.item.clone());
        let (who, reason) = (self.who.clone(), self.reason.clone());
        // Unsealing is most of the work: it goes on beside the next page.
        self.waiting.push_back(tokio::spawn(async move {
            let offices = register.offices().await?;
            let mut looks = Changes::new();
            let mut rows = Vec::with_capacity(page.len());
            for row in &page {
                let key = key_of(&register, row)?;
                if let (Some(key), Some(reason)) = (&key, &reason) {
                    let look = looks::line(key, &who, row.number, Look::Export, ALL, reason, register.now());
                    looks.push(look.map_err(|error| broken("log export", &error))?);
                }
                let unsealed = (key.as_ref(), reason.is_some());
                rows.push(line(&register, &offices, item.as_deref(), row, &names, unsealed)?);
            }
            Ok((rows, looks))
        }));
        Ok(())
    }
}

/// The key of a matter; none when its content was deleted.
fn key_of(register: &Register, row: &store::Row) -> Result<Option<DataKey>, Refusal> {
    let Some(wrapped) = &row.data_key else { return Ok(None) };
    register.keyring().unwrap(wrapped).map(Some).map_err(|error| fault("unwrap data key", &error))
}

fn line(
    register: &Register,
    offices: &access::office::Offices,
    wanted: Option<&Item>,
    row: &store::Row,
    names: &Names,
    (key, full): (Option<&DataKey>, bool),
) -> Result<Vec<Field>, Refusal> {
    let item = register.catalog().version(&row.item, row.item_version);
    let step = item.and_then(|item| item.step(&row.step));
    let applicant = match (key, &row.sealed) {
        (Some(key), Some(sealed)) => Some(open_party(key, &row.number.to_string(), 0, sealed)?),
        _ => None,
    };
    let owner =
        row.owner_account.as_ref().map(|id| names.people.get(id).cloned().unwrap_or_else(|| id.clone()));
    let office_name = |id: &str| offices.get(id).map_or_else(|| id.to_owned(), |office| office.name.clone());
    let text = |text: &str| Field::Text(text.to_owned());
    let mut fields = vec![
        Field::Text(row.number.grouped()),
        text(&row.item),
        item.map(|item| item.name.zh.clone()).into(),
        Field::Text(row.area.to_string()),
        names.areas.get(&row.area.as_i64()).cloned().into(),
        text(&row.office),
        Field::Text(office_name(&row.office)),
        text(&row.door),
        text(&row.step),
        step.map(|step| step.name.zh.clone()).into(),
        Field::Bool(row.r#final),
        row.outcome.clone().into(),
        Field::At(row.opened_at),
        row.closed_at.map_or(Field::None, Field::At),
        names.due.get(&row.number).and_then(|day| day.parse().ok()).map_or(Field::None, Field::Date),
        owner.or_else(|| row.owner_office.as_deref().map(office_name)).into(),
    ];
    fields.extend(person(applicant.as_ref(), full));
    if let Some(wanted) = wanted {
        let facts = match key {
            Some(key) => SealedFacts::open(row.facts.as_deref(), key, row.number)?.form,
            None => Map::new(),
        };
        let facts = if full { facts } else { masked(item.map_or(wanted, |item| item), &facts) };
        fields.extend(wanted.questions().map(|question| fact(question, facts.get(&question.fact))));
    }
    Ok(fields)
}

/// Kind, name, paper and phone of the applicant.
fn person(applicant: Option<&PartyFacts>, full: bool) -> [Field; 4] {
    let Some(one) = applicant else { return [Field::None, Field::None, Field::None, Field::None] };
    let shown = |value: &Option<String>, mask: fn(&str) -> String| -> Field {
        value.as_ref().map(|value| if full { value.clone() } else { mask(value) }).into()
    };
    let name = if full || one.kind != "person" { one.name.clone() } else { mask_name(&one.name) };
    let paper = if one.kind == "person" { &one.id_no } else { &one.uscc };
    [
        Field::Text(one.kind.clone()),
        Field::Text(name),
        shown(paper, mask_paper),
        shown(&one.phone, mask_phone),
    ]
}

/// A fact by its kind; choices by what they are called, which an import reads again.
fn fact(question: &Question, value: Option<&Value>) -> Field {
    let called = |id: &str| {
        let choice = question.choices.iter().find(|choice| choice.id == id);
        choice.map_or_else(|| id.to_owned(), |choice| choice.label.zh.clone())
    };
    match (question.kind, value) {
        (_, Some(Value::Bool(yes))) => Field::Bool(*yes),
        (_, Some(Value::Number(number))) => number.as_i64().map_or(Field::None, Field::Int),
        (Kind::Money, Some(Value::String(text))) => {
            text.parse::<Fen>().map_or_else(|_| Field::Text(text.clone()), |sum| Field::Money(sum.0))
        }
        (Kind::Date, Some(Value::String(text))) => {
            text.parse().map_or_else(|_| Field::Text(text.clone()), Field::Date)
        }
        (_, Some(Value::String(text))) => Field::Text(called(text)),
        (_, Some(Value::Array(entries))) => {
            let entries: Vec<String> = entries.iter().filter_map(Value::as_str).map(called).collect();
            Field::Text(entries.join("；"))
        }
        (_, None | Some(Value::Null | Value::Object(_))) => Field::None,
    }
}
