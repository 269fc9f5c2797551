//! Progress by number and code: plain words, no account, no personal data.

use std::collections::BTreeMap;

use access::Principal;
use catalog::item::{Kind, Question, WaitingOn};
use kernel::lang::Lang;
use kernel::number::{MatterNumber, QueryCode};
use kernel::refusal::{Code, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::{Changes, sql};

use super::receipt::reason;
use crate::command::authorise::is_party;
use crate::command::note;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::standing::ANSWER;
use crate::event;
use crate::register::{Register, broken, not_found};

/// Wrong tries a number stands before it rests, and how long it rests.
const TRIES: i64 = 5;
const REST_MINUTES: i64 = 15;

impl Register {
    /// Proves that somebody knows number and code; wrong number and wrong code answer alike.
    pub async fn prove_code(&self, number: &str, code: &str) -> Result<MatterNumber, Refusal> {
        let now = self.now();
        let Ok(parsed) = number.parse::<MatterNumber>() else { return Err(wrong_code()) };
        self.still_trying(parsed, now).await?;
        let issue = self.issue_of(parsed).await?;
        let given = QueryCode::normalise(code);
        // The same work for a number that does not exist.
        let right = self.query_code(parsed, issue.unwrap_or(1));
        let equal = given.is_some_and(|given| same(given.as_str().as_bytes(), right.as_str().as_bytes()));
        if equal && issue.is_some() {
            return Ok(parsed);
        }
        self.note_wrong_try(parsed, now).await?;
        self.access().record_wrong_code(now).await.map_err(|error| broken("record", &error))?;
        Err(wrong_code())
    }

    /// The progress of a matter for whoever proved its code.
    pub async fn progress(&self, number: &str, code: &str, lang: Lang) -> Result<Value, Refusal> {
        let number = self.prove_code(number, code).await?;
        self.progress_of(&Principal::guest(number), number, lang).await
    }

    /// The progress of a matter for a signed-in applicant or guest.
    pub async fn progress_of(
        &self,
        who: &Principal,
        number: MatterNumber,
        lang: Lang,
    ) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        let matter = &seen.matter;
        let reading = clocks::read(self, matter, now);
        let actions = self.actions(who, number, lang).await?;
        let can: Vec<Value> = actions
            .as_array()
            .map(|offers| offers.iter().filter_map(|offer| offer.get("action").cloned()).collect())
            .unwrap_or_default();
        let waiting_on = matter.current().map(|step| step.waiting_on);
        Ok(json!({
            "number": matter.number,
            "item_name": matter.item.name.get(lang),
            "step_name": matter.current().map(|step| step.name.get(lang)),
            "waiting_on": match waiting_on {
                Some(WaitingOn::You) => "you",
                Some(WaitingOn::Other) => "other",
                _ => "office",
            },
            "timeline": self.timeline(matter, lang).await?,
            "due": reading.due,
            "due_reason": reason(&reading, lang),
            "can": can,
        }))
    }

    /// What happened, in plain words; what an office told the applicant is told here in full.
    async fn timeline(&self, matter: &Matter, lang: Lang) -> Result<Vec<Value>, Refusal> {
        let rows = self.event_rows(matter.number, 0, 1000).await?;
        let key = self.key_of(matter).ok();
        let offices = self.offices().await?;
        let mut timeline = Vec::new();
        for row in rows {
            let Ok(public) = serde_json::from_value::<event::Public>(row.public.0.clone()) else { continue };
            let item = self.item_at(matter, row.seq);
            let step = public.from.as_deref().unwrap_or(&public.to);
            let definition = item.action(step, &row.action);
            let said = match (definition, row.action.as_str()) {
                (_, "open") => item.step(&public.to).map(|step| step.plain.get(lang).to_owned()),
                (Some(action), _) => action.plain.as_ref().map(|plain| plain.get(lang).to_owned()),
                (
                    None,
                    "take" | "reveal" | "attend" | "hand-over" | "refuse-hand-over" | "assign" | "escalate"
                    | "migrate" | "hold" | "release-hold",
                ) => None,
                (None, note::ADD) if !is_party(public.role) => None,
                (None, shared) => Some(self.words().get(lang, &format!("told-{shared}"), &[])),
            };
            let Some(mut text) = said else { continue };
            let sealed = key
                .as_ref()
                .zip(row.sealed.as_ref())
                .and_then(|(key, ciphertext)| event::open(row.number, row.seq, ciphertext, key).ok());
            if let Some(sealed) = sealed {
                let names = self.names_in(definition, &sealed.facts).await?;
                for told in told(definition, &row.action, &sealed.facts, &names, lang) {
                    text.push('\n');
                    text.push_str(&told);
                }
            }
            if let Some((was, due)) = public.due_was.as_ref().zip(public.due.as_ref()) {
                text.push('\n');
                let (was, due) = (day(was, lang), day(due, lang));
                text.push_str(&self.words().get(lang, "told-due-moved", &[("was", &was), ("due", &due)]));
            }
            let office = public.office.as_deref().unwrap_or(&matter.office);
            let name =
                offices.get(office).map_or_else(|| matter.office_name.clone(), |office| office.name.clone());
            timeline.push(json!({ "at": row.at, "text": text, "office": name }));
        }
        Ok(timeline)
    }

    /// Names of the organisations and people an action chose from the register, by what is stored of them.
    async fn names_in(
        &self,
        definition: Option<&catalog::item::ActionDef>,
        facts: &Map<String, Value>,
    ) -> Result<BTreeMap<String, String>, Refusal> {
        let mut names = BTreeMap::new();
        let asked = definition.map(|definition| definition.input.as_slice()).unwrap_or_default();
        for question in asked.iter().filter(|question| question.told && question.register.is_some()) {
            let Some(chosen) = facts.get(&question.fact).and_then(Value::as_str) else { continue };
            if let Some(office) = self.offices().await?.get(chosen) {
                names.insert(chosen.to_owned(), office.name.clone());
                continue;
            }
            let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
            let person = access::account::store::colleague_by_login(&mut reader, chosen)
                .await
                .map_err(|error| broken("colleague", &error))?;
            if let Some(person) = person {
                names.insert(chosen.to_owned(), person.name);
            }
        }
        Ok(names)
    }

    async fn issue_of(&self, number: MatterNumber) -> Result<Option<u32>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row: Option<(u32,)> = sql("SELECT issue FROM matter WHERE number = ?")
            .bind(number)
            .optional(&mut reader)
            .await
            .map_err(|error| broken("issue", &error))?;
        Ok(row.map(|(issue,)| issue))
    }

    pub(crate) async fn still_trying(&self, number: MatterNumber, now: Instant) -> Result<(), Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row: Option<(i64, Instant)> = sql("SELECT tries, since FROM code_try WHERE number = ?")
            .bind(number)
            .optional(&mut reader)
            .await
            .map_err(|error| broken("code tries", &error))?;
        match row {
            Some((tries, since))
                if tries >= TRIES && now.since(since) < jiff::SignedDuration::from_mins(REST_MINUTES) =>
            {
                Err(Refusal::new(Code::TooMany, Text::new("refused-code-tries").arg("minutes", REST_MINUTES))
                    .rule(Rule::house("code-tries"))
                    .next(Next::call("next-call-12348", "12348")))
            }
            _ => Ok(()),
        }
    }

    pub(crate) async fn note_wrong_try(&self, number: MatterNumber, now: Instant) -> Result<(), Refusal> {
        let fresh = now.plus(jiff::SignedDuration::from_mins(-REST_MINUTES));
        let mut changes = Changes::new();
        changes.push(
            sql("INSERT INTO code_try (number, tries, since) VALUES (?, 1, ?) ON CONFLICT (number) DO UPDATE SET \
                 tries = CASE WHEN code_try.since < ? THEN 1 ELSE code_try.tries + 1 END, \
                 since = CASE WHEN code_try.since < ? THEN excluded.since ELSE code_try.since END")
            .bind(number)
            .bind(now)
            .bind(fresh)
            .bind(fresh),
        );
        self.db().apply("wrong code", changes).await.map_err(|error| broken("wrong code", &error))
    }
}

/// A day as the rest of the timeline says it; in English as it is written in figures.
fn day(text: &str, lang: Lang) -> String {
    match (lang, text.parse::<jiff::civil::Date>()) {
        (Lang::Zh, Ok(date)) => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        _ => text.to_owned(),
    }
}

/// What was chosen, in the words of the choices; none where a question has none.
fn chosen(question: &Question, value: &Value, lang: Lang) -> Option<String> {
    let label = |id: &Value| {
        let choice = question.choices.iter().find(|choice| id.as_str() == Some(choice.id.as_str()))?;
        Some(choice.label.get(lang))
    };
    match value {
        Value::Array(list) => {
            let labels: Vec<&str> = list.iter().map(label).collect::<Option<_>>()?;
            (!labels.is_empty()).then(|| labels.join(if lang == Lang::Zh { "、" } else { ", " }))
        }
        one => label(one).map(str::to_owned),
    }
}

/// What an action told the applicant in words: the inputs marked so, or a reply. What is short stands after what was
/// asked, or nobody would know what a day or a name is about; a text of several lines speaks for itself.
fn told(
    definition: Option<&catalog::item::ActionDef>,
    action: &str,
    facts: &Map<String, Value>,
    names: &BTreeMap<String, String>,
    lang: Lang,
) -> Vec<String> {
    let words = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => Some(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")),
        _ => None,
    };
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    match definition {
        Some(definition) => definition
            .input
            .iter()
            .filter(|question| question.told)
            .filter_map(|question| {
                let value = facts.get(&question.fact)?;
                let name = value.as_str().and_then(|id| names.get(id)).cloned();
                let choice = name.or_else(|| chosen(question, value, lang));
                let said = match choice {
                    Some(choice) => choice,
                    None if question.kind == Kind::Date => day(&words(value)?, lang),
                    None => words(value)?,
                };
                let many = question.lines.is_some_and(|lines| lines > 1) || said.contains('\n');
                Some(if many { said } else { format!("{}{colon}{said}", question.label.get(lang)) })
            })
            .collect(),
        None if action == "refuse-correction" => facts.get("reason").and_then(words).into_iter().collect(),
        None if action == ANSWER || action == "accept-correction" => {
            facts.get("reply.text").and_then(words).into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// Wrong number or wrong code: the answer is the same.
pub(crate) fn wrong_code() -> Refusal {
    not_found().next(Next::say("next-check-code")).next(Next::call("next-call-12348", "12348"))
}

/// Compares without telling by time where two codes differ.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0_u8, |diff, (a, b)| diff | (a ^ b)) == 0
}
