//! Correction (更正、补充, 个人信息保护法 art. 46): the person names a value and what it should be, the office accepts
//! or refuses with its reason. The old value stays in the sealed part of the event, and with it in the chain.

use access::Principal;
use catalog::form;
use catalog::item::{Choice, Item, Kind, Localized, Question};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::Changes;
use store::seal::DataKey;

use super::store as table;
use crate::command::act::wrong_input;
use crate::command::authorise::{self, denied};
use crate::command::follow::applicant_body;
use crate::command::load::Seen;
use crate::command::shared::Shared;
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::engine::standing::{self, CORRECT};
use crate::engine::state::Task;
use crate::party::{PartyFacts, Reader};
use crate::register::{Register, broken, fault};
use crate::view::facts::{SealedFacts, mask_named};

/// The parameter that says by when the office answers.
const ANSWERED_BY: &str = "privacy.correction";

/// Requests of one matter that may wait at a time.
const MOST: usize = 5;

/// Which value.
pub(crate) const VALUE: &str = "correction.value";
/// What it should be.
pub(crate) const TO: &str = "correction.to";
/// What it was; only in the event of the office's yes.
pub(crate) const FROM: &str = "correction.from";
/// A paper that shows it.
pub(crate) const FILE: &str = "correction.file";

/// Fields of the applicant that can be corrected.
const FIELDS: [&str; 4] = ["name", "id_no", "uscc", "phone"];

/// What is asked for with a request; the choices are put in by [`Register::correctable`].
pub(crate) fn questions() -> Vec<Question> {
    vec![
        form::plain(VALUE, Kind::Choice, true),
        Question { max_length: Some(1000), ..form::long_text(TO, true) },
        form::plain(FILE, Kind::File, false),
        form::long_text("reason", false),
    ]
}

/// The applicant may ask while not too many requests wait.
pub(crate) fn may_ask(who: &Principal, seen: &Seen, now: Instant) -> Result<Role, Refusal> {
    let role = Role::Applicant;
    authorise::beside(who, &seen.matter, role, &seen.relations, now).map_err(|why| denied(why, role))?;
    if open(&seen.matter).count() >= MOST {
        return Err(Refusal::new(Code::RuleRefused, Text::new("refused-corrections-wait").arg("most", MOST))
            .rule(Rule::house("corrections"))
            .next(Next::say("next-wait-for-correction")));
    }
    Ok(role)
}

fn open(matter: &Matter) -> impl Iterator<Item = &Task> {
    matter.state.tasks.iter().filter(|task| task.name == CORRECT)
}

/// The value a task is about, and the event that asked for it.
fn about(task: &Task) -> Option<(&str, i64)> {
    let (value, seq) = task.about.as_deref()?.split_once('@')?;
    Some((value, seq.parse().ok()?))
}

/// The question behind a value of the form, where its answer can be written as one text.
fn question_of<'a>(item: &'a Item, value: &str) -> Option<&'a Question> {
    let written = |kind| {
        matches!(
            kind,
            Kind::Text
                | Kind::Int
                | Kind::Money
                | Kind::Date
                | Kind::Choice
                | Kind::Area
                | Kind::CnId
                | Kind::CnPhone
                | Kind::Uscc
        )
    };
    item.question(value).filter(|question| written(question.kind) && question.register.is_none())
}

/// Writes a deed of the two that answer a request: what the event says, and what is written.
#[derive(Debug, Default)]
pub(crate) struct Corrected {
    pub(crate) said: Map<String, Value>,
    pub(crate) also: Changes,
}

impl Register {
    /// Puts the values that can be corrected into the form of a request.
    pub(crate) async fn correctable(
        &self,
        matter: &Matter,
        questions: &mut [Question],
    ) -> Result<(), Refusal> {
        let key = self.key_of(matter)?;
        let sealed = self.sealed_facts(matter, &key)?;
        let parties = self.parties_of(matter, &key).await?;
        let person = parties.first().is_none_or(|party| party.kind == "person");
        let mut choices = Vec::new();
        for field in FIELDS.iter().filter(|field| person || **field != "id_no") {
            if person && *field == "uscc" {
                continue;
            }
            let id = format!("applicant.{field}");
            choices.push(Choice { label: self.value_name(matter, &id), id });
        }
        for name in sealed.form.keys() {
            if let Some(question) = question_of(&matter.item, name) {
                choices.push(Choice { id: name.clone(), label: question.label.clone() });
            }
        }
        choices.retain(|choice| {
            !open(matter).any(|task| about(task).is_some_and(|(name, _)| name == choice.id))
        });
        // The example of the form must be one the server accepts: it is made for the choice that stands first.
        let mut example = None;
        for at in 0..choices.len() {
            let text = self.example_of(matter, &choices[at].id);
            if self.read_correction(matter, &choices[at].id, &text).await.is_ok() {
                choices.swap(0, at);
                example = Some(text);
                break;
            }
        }
        for question in questions {
            match (question.fact.as_str(), &example) {
                (VALUE, Some(_)) => question.choices.clone_from(&choices),
                (TO, Some(text)) => question.example = Some(json!(text)),
                _ => {}
            }
        }
        Ok(())
    }

    /// A text that a value could have.
    fn example_of(&self, matter: &Matter, value: &str) -> String {
        let known = match value.strip_prefix("applicant.") {
            Some("id_no") => Some(Kind::CnId),
            Some("uscc") => Some(Kind::Uscc),
            Some("phone") => Some(Kind::CnPhone),
            Some(_) => Some(Kind::Text),
            None => None,
        };
        let question = match known {
            Some(kind) => Question { kind, ..form::long_text(value, true) },
            None => question_of(&matter.item, value).cloned().unwrap_or_else(|| form::long_text(value, true)),
        };
        let question = Question { required: true, when: None, ..question };
        let today = self.now().date();
        match form::example(self.catalog(), std::slice::from_ref(&question), today).remove(value) {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// What a value is called.
    fn value_name(&self, matter: &Matter, value: &str) -> Localized {
        if let Some(field) = value.strip_prefix("applicant.") {
            let key = format!("correct-{}", field.replace('_', "-"));
            let name = |lang| self.words().get(lang, &key, &[]);
            return Localized { zh: name(Lang::Zh), en: name(Lang::En) };
        }
        question_of(&matter.item, value).map(|question| question.label.clone()).unwrap_or_default()
    }

    /// Reads what a value should be, as the form or the party would have taken it.
    async fn read_correction(&self, matter: &Matter, value: &str, to: &str) -> Result<Value, Refusal> {
        let today = self.now().date();
        let wrong = |error: FieldError| {
            wrong_input(vec![FieldError::new(form::pointer("/input", TO), error.code, error.detail)])
        };
        let Some(field) = value.strip_prefix("applicant.") else {
            let unknown = || FieldError::new(VALUE, "choice", "error-no-such-fact");
            let question = question_of(&matter.item, value).ok_or_else(|| wrong(unknown()))?;
            let named = question.choices.iter().find(|c| c.label.zh == to || c.label.en == to);
            let typed = match question.kind {
                Kind::Choice => json!(named.map_or(to, |choice| choice.id.as_str())),
                Kind::Int => to.trim().parse::<i64>().map_or_else(|_| json!(to), |number| json!(number)),
                _ => json!(to),
            };
            return form::one(question, &typed, today).map_err(wrong);
        };
        let key = self.key_of(matter)?;
        let parties = self.parties_of(matter, &key).await?;
        let party = parties.first().cloned().unwrap_or_default();
        let mut body = applicant_body(&party, &matter.item)?;
        body[field] = json!(to);
        let mut errors = Vec::new();
        let read = Reader { today, errors: &mut errors }.applicant(&body, &matter.item.applicant);
        let here = format!("/applicant/{field}");
        match (errors.into_iter().find(|error| error.pointer == here), read.value(field)) {
            (Some(error), _) => Err(wrong(error)),
            (None, Some(text)) if !text.trim().is_empty() => Ok(json!(text)),
            (None, _) => Err(wrong(FieldError::new(here, "required", "error-required"))),
        }
    }

    /// Opens the task that a request leaves with whoever answers for the matter.
    pub(crate) async fn ask_correction(
        &self,
        matter: &mut Matter,
        input: &Map<String, Value>,
        now: Instant,
    ) -> Result<(), Refusal> {
        let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let (value, to) = (text(VALUE), text(TO));
        self.read_correction(matter, value, to).await?;
        let due = clocks::after(self, matter, ANSWERED_BY, now);
        // The instant a day ends is the next day's first.
        let due = due.plus(jiff::SignedDuration::from_secs(-1)).date();
        let about = format!("{value}@{}", matter.version + 1);
        standing::correction(matter, about, due, now);
        Ok(())
    }

    /// The request a task waits on: value, what it should be, why.
    async fn asked(
        &self,
        matter: &Matter,
        task: &Task,
    ) -> Result<Option<(String, Map<String, Value>)>, Refusal> {
        let Some((value, seq)) = about(task) else { return Ok(None) };
        let key = self.key_of(matter)?;
        let Some(row) = self.event_rows(matter.number, seq - 1, 1).await?.into_iter().next() else {
            return Ok(None);
        };
        let sealed = row.sealed.as_deref().unwrap_or_default();
        let said = crate::event::open(row.number, row.seq, sealed, &key)
            .map_err(|error| fault("event sealed part", &error))?;
        Ok(Some((value.to_owned(), said.facts)))
    }

    /// What a task asks for, in words for whoever decides; identifying values stay masked.
    pub(crate) async fn correction_told(
        &self,
        matter: &Matter,
        task: &Task,
        lang: Lang,
    ) -> Result<String, Refusal> {
        let Some((value, said)) = self.asked(matter, task).await? else { return Ok(String::new()) };
        let to = said.get(TO).map(|to| mask_named(&matter.item, &value, to)).unwrap_or_default();
        let name = self.value_name(matter, &value);
        let reason = said.get("reason").and_then(Value::as_str).unwrap_or_default();
        let told = [("value", name.get(lang)), ("to", to.as_str().unwrap_or_default()), ("reason", reason)];
        Ok(self.words().get(lang, "correct-asked", &told))
    }

    /// What open requests want, in full, for a look that is logged: `correction.t5`.
    pub(crate) async fn corrections_in_full(&self, matter: &Matter) -> Result<Map<String, Value>, Refusal> {
        let mut full = Map::new();
        for task in open(matter) {
            if let Some(to) = self.asked(matter, task).await?.and_then(|(_, mut said)| said.remove(TO)) {
                full.insert(format!("correction.{}", task.id), to);
            }
        }
        Ok(full)
    }

    /// Changes the value: the old and the new one go into the event, the new one into the matter.
    pub(crate) async fn correct(&self, matter: &mut Matter, task: &Task) -> Result<Corrected, Refusal> {
        let Some((value, said)) = self.asked(matter, task).await? else { return Ok(Corrected::default()) };
        let typed = said.get(TO).and_then(Value::as_str).unwrap_or_default();
        // Read anew: what the request met then may not hold any more.
        let to = self.read_correction(matter, &value, typed).await?;
        let key = self.key_of(matter)?;
        let mut also = Changes::new();
        let from = if let Some(field) = value.strip_prefix("applicant.") {
            let mut parties = self.parties_of(matter, &key).await?;
            let Some(party) = parties.first_mut() else { return Ok(Corrected::default()) };
            let from = party.value(field).map_or(Value::Null, Value::String);
            set(party, field, to.as_str().map(ToOwned::to_owned));
            let plain = serde_json::to_vec(party).map_err(|error| fault("party", &error))?;
            let sealed = key
                .seal(&format!("party.sealed:{}:0", matter.number), &plain)
                .map_err(|error| fault("seal party", &error))?;
            also.push(table::set_party(matter.number, 0, sealed));
            also.push(table::forget_people(matter.number));
            self.remember(&mut also, matter.number, 0, &parties)?;
            from
        } else {
            let mut sealed = self.sealed_facts(matter, &key)?;
            let from = sealed.form.insert(value.clone(), to.clone()).unwrap_or(Value::Null);
            matter.facts = Some(sealed.seal(&key, matter.number)?);
            also.push(table::set_facts(matter.number, matter.facts.clone()));
            also.push(table::forget_cases(matter.number));
            for facts in [&sealed.form, &sealed.kept] {
                self.remember_case(&mut also, matter.number, facts)?;
            }
            from
        };
        let said = [(VALUE, json!(value)), (FROM, from), (TO, to)];
        Ok(Corrected { said: said.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), also })
    }

    /// Puts values back to what they were at an event: a document keeps the words it was issued with.
    pub(crate) async fn as_of(
        &self,
        matter: &Matter,
        seq: i64,
        key: &DataKey,
        sealed: &mut SealedFacts,
        parties: &mut [PartyFacts],
    ) -> Result<(), Refusal> {
        let accepted = Shared::AcceptCorrection.as_str();
        if !matter.state.acts.iter().any(|act| act.action == accepted) {
            return Ok(());
        }
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows = table::events_of(&mut reader, matter.number, accepted, seq)
            .await
            .map_err(|error| broken("corrections", &error))?;
        drop(reader);
        // Newest first: each takes one step back.
        for (seq, ciphertext) in rows {
            let said = crate::event::open(matter.number, seq, &ciphertext.unwrap_or_default(), key)
                .map_err(|error| fault("event sealed part", &error))?;
            let value = said.facts.get(VALUE).and_then(Value::as_str).unwrap_or_default();
            let from = said.facts.get(FROM).cloned().unwrap_or(Value::Null);
            match (value.strip_prefix("applicant."), parties.first_mut()) {
                (Some(field), Some(party)) => set(party, field, from.as_str().map(ToOwned::to_owned)),
                (Some(_), None) => {}
                (None, _) if from.is_null() => {
                    sealed.form.remove(value);
                }
                (None, _) => {
                    sealed.form.insert(value.to_owned(), from);
                }
            }
        }
        Ok(())
    }
}

fn set(party: &mut PartyFacts, field: &str, to: Option<String>) {
    match field {
        "name" => party.name = to.unwrap_or_default(),
        "id_no" => {
            if party.id_type.is_none() {
                party.id_type = Some("id18".to_owned());
            }
            party.id_no = to;
        }
        "uscc" => party.uscc = to,
        "phone" => party.phone = to,
        _ => {}
    }
}
