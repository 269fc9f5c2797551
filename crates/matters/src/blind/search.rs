//! Finding a person's matters: by paper, phone, the end of a phone, or name. Only what the caller may read, the
//! people masked; that somebody searched is written down, what they typed is not.

use access::Principal;
use access::policy::Denied;
use access::policy::sql::{MATTER, Want, list};
use kernel::actor::Role;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::text::compact;
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::{Changes, Sql, sql};

use super::marks::{self, Kind};
use crate::command::authorise::{actor, denied};
use crate::command::wrong_input;
use crate::party::PartyFacts;
use crate::register::{Register, broken, fault};
use crate::view::facts::open_party;

/// Matters counted at most.
const COUNTED: i64 = 200;

/// What somebody is searched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Number of a paper or credit code.
    Paper(String),
    /// Whole phone.
    Phone(String),
    /// Last four digits of a phone.
    Tail(String),
    /// A name in characters or letters, whole or part of it, of two letters at least.
    Name(String),
}

/// A search for a person.
#[derive(Debug, Clone)]
pub struct PersonQuery {
    /// By what.
    pub by: By,
    /// Rows, 1-100.
    pub limit: i64,
    /// The last number of the page before.
    pub before: Option<i64>,
}

store::record! {
    #[derive(Debug)]
    struct Found {
        number: MatterNumber,
        item: String,
        item_version: u32,
        area: AreaCode,
        office: String,
        step: String,
        r#final: bool,
        opened_at: Instant,
        data_key: Option<Vec<u8>>,
    }
}

impl PersonQuery {
    /// Reads `{name | id_no | phone | phone_tail, limit?, cursor?}`; exactly one of the four.
    pub fn read(body: &Value) -> Result<Self, Refusal> {
        let Some(object) = body.as_object() else {
            return Err(
                Refusal::new(Code::Malformed, Text::new("refused-body")).next(Next::say("next-mend-body"))
            );
        };
        let mut errors = Vec::new();
        let known = ["name", "id_no", "phone", "phone_tail", "limit", "cursor"];
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            errors.push(FieldError::new(format!("/{name}"), "unknown-field", "error-unknown-field"));
        }
        let given: Vec<(&str, String)> = known[..4]
            .iter()
            .filter_map(|name| Some((*name, object.get(*name)?.as_str()?.trim().to_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        for name in &known[..4] {
            if object.get(*name).is_some_and(|value| !value.is_null() && !value.is_string()) {
                errors.push(FieldError::new(format!("/{name}"), "format", "error-text-expected"));
            }
        }
        let by = if let [(name, text)] = given.as_slice() {
            by(name, text).map_err(|error| errors.push(error)).ok()
        } else {
            errors.push(FieldError::new("/name", "choice", "error-search-one"));
            None
        };
        let limit = match object.get("limit") {
            None | Some(Value::Null) => 20,
            Some(value) => value.as_i64().filter(|n| (1..=100).contains(n)).unwrap_or_else(|| {
                errors.push(FieldError::new("/limit", "range", "error-limit"));
                20
            }),
        };
        let before = match object.get("cursor") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let read = value.as_str().and_then(|text| text.parse::<i64>().ok());
                if read.is_none() {
                    errors.push(FieldError::new("/cursor", "format", "error-cursor"));
                }
                read
            }
        };
        match by {
            Some(by) if errors.is_empty() => Ok(Self { by, limit, before }),
            _ => Err(wrong_input(errors)),
        }
    }
}

fn by(name: &str, text: &str) -> Result<By, FieldError> {
    let wrong = |code, key| FieldError::new(format!("/{name}"), code, key);
    match name {
        "id_no" => Some(By::Paper(marks::paper(text)))
            .filter(|by| matches!(by, By::Paper(paper) if paper.len() >= 5))
            .ok_or_else(|| wrong("format", "error-paper")),
        "phone" => kernel::identity::Phone::parse(text)
            .map(|phone| By::Phone(phone.as_str().to_owned()))
            .map_err(|_| wrong("format", "error-phone")),
        "phone_tail" => {
            let tail = compact(text);
            let whole = tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_digit());
            if whole { Ok(By::Tail(tail)) } else { Err(wrong("format", "error-search-tail")) }
        }
        _ => {
            let name = marks::name(text);
            if name.chars().count() >= 2 {
                Ok(By::Name(name))
            } else {
                Err(wrong("too-short", "error-search-short"))
            }
        }
    }
}

impl By {
    /// Kind of key, as the record of searches has it.
    const fn kind(&self) -> Kind {
        match self {
            Self::Paper(_) => Kind::Paper,
            Self::Phone(_) => Kind::Phone,
            Self::Tail(_) => Kind::Tail,
            Self::Name(_) => Kind::Name,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Paper(text) | Self::Phone(text) | Self::Tail(text) | Self::Name(text) => text,
        }
    }

    /// Adds the select of the numbers that may be meant.
    fn numbers(&self, register: &Register, statement: Sql) -> Sql {
        let one = |statement: Sql, kind: Kind, value: &str| {
            statement.then("SELECT number FROM blind WHERE kind = ?").bind(kind.as_str()).list(
                " AND mac IN (",
                register.hashes(kind, value),
                ")",
            )
        };
        let Self::Name(name) = self else { return one(statement, self.kind(), self.text()) };
        let pairs = marks::pairs(name);
        let wanted =
            i64::try_from(pairs.iter().collect::<std::collections::BTreeSet<_>>().len()).unwrap_or(1);
        let statement = statement
            .then("SELECT number FROM blind WHERE kind = ?")
            .bind(Kind::Pair.as_str())
            .list(" AND mac IN (", pairs.iter().flat_map(|pair| register.hashes(Kind::Pair, pair)), ")")
            .then(" GROUP BY number HAVING COUNT(DISTINCT mac) >= ?")
            .bind(wanted);
        if marks::is_chinese(name) {
            return statement;
        }
        one(statement.then(" UNION "), Kind::Sound, &marks::plain(name))
    }

    /// Whether this party is meant: hashes of pairs come together from two people of one matter.
    fn means(&self, party: &PartyFacts) -> bool {
        let marks = marks::marks(party, "");
        let has = |kind: Kind, value: &str| marks.iter().any(|(_, k, v)| *k == kind && v == value);
        match self {
            Self::Name(name) => {
                let sound = marks::plain(name);
                marks.iter().any(|(_, kind, value)| *kind == Kind::Name && value.contains(name.as_str()))
                    || !marks::is_chinese(name) && has(Kind::Sound, &sound)
            }
            other => has(other.kind(), other.text()),
        }
    }
}

impl Register {
    /// Matters of a person, newest first, as far as the caller may read them:
    /// `{items: [{number, item, item_name, step, step_name, area, office, final, opened_at, people: [masked]}],
    /// total, total_is, next}`. That it was searched, by what kind of mark and how many were found, is on record
    /// before the answer goes out.
    pub async fn find_person(
        &self,
        who: &Principal,
        query: &PersonQuery,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let administers = who.grants.iter().any(|grant| grant.role.administers());
        if !who.is_staff() || administers || who.grants.is_empty() {
            return Err(denied(if who.is_signed_in() { Denied::Role } else { Denied::SignIn }, Role::Clerk)
                .rule(Rule::house("person-search")));
        }
        let now = self.now();
        let select = |columns: &'static str| {
            move |statement: Sql| {
                let statement = statement.then(columns).then(" FROM matter WHERE matter.number IN (");
                query.by.numbers(self, statement).then(")")
            }
        };
        let counted = list(who, &MATTER, Want::Content, now, select("SELECT matter.number"), |statement| {
            statement.then(" LIMIT ?").bind(COUNTED + 1)
        });
        let page = list(
            who,
            &MATTER,
            Want::Content,
            now,
            select(
                "SELECT matter.number, matter.item, matter.item_version, matter.area, matter.office, matter.step, \
                 matter.final, matter.opened_at, matter.data_key",
            ),
            |statement| {
                statement
                    .then(" AND matter.number < ? ORDER BY matter.number DESC LIMIT ?")
                    .bind(query.before.unwrap_or(i64::MAX))
                    .bind(query.limit + 1)
            },
        )
        .then(" ORDER BY number DESC LIMIT ?")
        .bind(query.limit + 1);
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let total = counted.all::<(MatterNumber,)>(&mut reader).await;
        let total = total.map_err(|error| broken("person search", &error))?.len();
        let mut rows: Vec<Found> =
            page.all(&mut reader).await.map_err(|error| broken("person search", &error))?;
        let wanted = usize::try_from(query.limit).unwrap_or(0);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        let parties: Vec<(MatterNumber, u32, Vec<u8>)> = if rows.is_empty() {
            Vec::new()
        } else {
            sql("SELECT number, pos, sealed FROM party WHERE ")
                .list("number IN (", rows.iter().map(|row| row.number), ") ORDER BY number, pos")
                .all(&mut reader)
                .await
                .map_err(|error| broken("person search", &error))?
        };
        drop(reader);
        self.record_search(who, &query.by, total, now).await?;
        let next = rows.last().map(|row| row.number.as_i64().to_string()).filter(|_| more);
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(wrapped) = &row.data_key else { continue };
            let key = self.keyring().unwrap(wrapped).map_err(|error| fault("unwrap data key", &error))?;
            let mut people = Vec::new();
            for (_, pos, sealed) in parties.iter().filter(|(number, ..)| *number == row.number) {
                let party = open_party(&key, &row.number.to_string(), *pos, sealed)?;
                if query.by.means(&party) {
                    people.push(party.masked());
                }
            }
            if !people.is_empty() {
                items.push(self.found(row, people, lang));
            }
        }
        let at_least = i64::try_from(total).unwrap_or(i64::MAX) > COUNTED;
        Ok(json!({
            "items": items,
            "total": total,
            "total_is": if at_least { "at_least" } else { "exact" },
            "next": next,
        }))
    }

    fn found(&self, row: &Found, people: Vec<Value>, lang: Lang) -> Value {
        let item = self.catalog().version(&row.item, row.item_version);
        let step = item.and_then(|item| item.step(&row.step));
        let mut shown = Map::new();
        shown.insert("number".into(), json!(row.number));
        shown.insert("item".into(), json!(row.item));
        shown.insert("item_name".into(), json!(item.map(|item| item.name.get(lang))));
        shown.insert("step".into(), json!(row.step));
        shown.insert("step_name".into(), json!(step.map(|step| step.name.get(lang))));
        shown.insert("area".into(), json!(row.area));
        shown.insert("office".into(), json!(row.office));
        shown.insert("final".into(), json!(row.r#final));
        shown.insert("opened_at".into(), json!(row.opened_at));
        shown.insert("people".into(), Value::Array(people));
        Value::Object(shown)
    }

    async fn record_search(
        &self,
        who: &Principal,
        by: &By,
        found: usize,
        now: Instant,
    ) -> Result<(), Refusal> {
        let mac = self
            .keyring()
            .mac("person-search", format!("{}:{}", by.kind().as_str(), by.text()).as_bytes())
            .map_err(|error| broken("mac", &error))?;
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO person_search (id, at, account, kind, mac, found) VALUES (?, ?, ?, ?, ?, ?)")
                .bind(uuid::Uuid::now_v7().to_string())
                .bind(now)
                .bind(actor(who).as_str())
                .bind(by.kind().as_str())
                .bind(mac)
                .bind(i64::try_from(found).unwrap_or(i64::MAX)),
        );
        self.db().apply("record search", changes).await.map_err(|error| broken("record search", &error))
    }
}
