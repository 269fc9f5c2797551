//! A matter that follows from another: what is known there is not asked again, and both know of each other.
//!
//! One command writes one matter: the new one is opened with its link, the link back is a command of its own
//! on the old one, done at once and, should the node stop in between, by the timers.

use access::Principal;
use access::policy::Sight;
use catalog::item::{From, Item};
use kernel::actor::Role;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::{Code, FieldError, Next, Refusal, Rule, Text};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use store::Changes;

use super::act::wrong_input;
use super::commit::{self, Failed, Moved};
use crate::engine::matter::Matter;
use crate::party::{PartyFacts, mask_name, mask_paper, mask_phone};
use crate::register::{Register, broken, fault};
use crate::store as table;
use crate::view::facts::masked;

/// Links told back in one round of the timers.
const ROUND: i64 = 100;

/// The link to what was noticed by somebody else; the people of the two matters have nothing in common.
const LEAD: &str = "lead";

/// What a matter hands on to one that follows from it.
#[derive(Debug, Clone)]
pub struct Carried {
    /// Where the old one belongs, 12 digits.
    pub area: String,
    /// Its applicant as `POST /matters` takes one, in full: for sending, not for showing.
    pub applicant: Map<String, Value>,
    /// The same, masked.
    pub applicant_shown: Map<String, Value>,
    /// Answers to the new form, in the contract's kinds, in full.
    pub form: Map<String, Value>,
    /// The same, masked.
    pub form_shown: Map<String, Value>,
}

/// Where a new matter comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The matter before.
    pub number: MatterNumber,
    /// What the link is called.
    pub kind: String,
}

impl Register {
    /// Fills a body that names the matter it follows from (`from`) with what is known there: place, people
    /// and facts the body leaves out.
    pub(crate) async fn carried(
        &self,
        who: &Principal,
        body: &Value,
        now: Instant,
    ) -> Result<(Value, Option<Origin>), Refusal> {
        let Some(from) = body.get("from").filter(|from| !from.is_null()) else {
            return Ok((body.clone(), None));
        };
        let wrong = || wrong_input(vec![FieldError::new("/from", "choice", "error-from")]);
        let number: MatterNumber = from.as_str().and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
        let seen = self.load(who, number, None, now).await?;
        if seen.sight != Sight::Full {
            return Err(wrong());
        }
        let before = &seen.matter;
        let item = body.get("item").and_then(Value::as_str).and_then(|id| self.catalog().item(id)).cloned();
        let Some(item) = item else { return Ok((body.clone(), None)) };
        let Some(rule) = follows(&item, before) else { return Err(cannot_follow()) };
        let mut filled = body.clone();
        let Some(object) = filled.as_object_mut() else { return Ok((filled, None)) };
        object.remove("from");
        object.entry("area").or_insert_with(|| json!(before.area));
        let key = self.key_of(before)?;
        let parties = self.parties_of(before, &key).await?;
        // Whoever noticed a dispute is no party to it, and the parties never learn who it was.
        let people = rule.kind != LEAD;
        if people
            && !object.contains_key("applicant")
            && let Some(applicant) = parties.first()
        {
            object.insert("applicant".into(), applicant_body(applicant, &item)?);
        }
        if people && !object.contains_key("parties") && parties.len() > 1 {
            let others: Result<Vec<Value>, Refusal> = parties
                .iter()
                .skip(1)
                .map(|party| serde_json::to_value(party).map_err(|e| fault("party", &e)))
                .collect();
            object.insert("parties".into(), Value::Array(others?));
        }
        let known = self.facts_of(before)?;
        let form = object.entry("form").or_insert_with(|| json!({}));
        if let Some(form) = form.as_object_mut() {
            carry(&item, rule, &known, form);
        }
        Ok((filled, Some(Origin { number, kind: rule.kind.clone() })))
    }

    /// What a new matter of an item would take over from this one.
    pub async fn carried_to(
        &self,
        who: &Principal,
        from: MatterNumber,
        item: &str,
    ) -> Result<Carried, Refusal> {
        let body = json!({ "item": item, "from": from });
        let (filled, _) = self.carried(who, &body, self.now()).await?;
        let part = |name: &str| filled.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        let (applicant, form) = (part("applicant"), part("form"));
        let form_shown = self.catalog().item(item).map(|item| masked(item, &form)).unwrap_or_default();
        let person = applicant.get("kind").is_some_and(|kind| kind == "person");
        let shown = |(name, value): (&String, &Value)| {
            let text = value.as_str()?;
            let hidden = match name.as_str() {
                "name" if person => mask_name(text),
                "id_no" => mask_paper(text),
                "phone" => mask_phone(text),
                _ => text.to_owned(),
            };
            Some((name.clone(), Value::String(hidden)))
        };
        Ok(Carried {
            area: filled.get("area").and_then(Value::as_str).unwrap_or_default().to_owned(),
            applicant_shown: applicant.iter().filter_map(shown).collect(),
            applicant,
            form,
            form_shown,
        })
    }

    /// The items that may follow from a matter as it stands, for whoever may carry it on: `[{item, name, kind}]`.
    pub async fn follow_ups(
        &self,
        who: &Principal,
        number: MatterNumber,
        lang: Lang,
    ) -> Result<Vec<Value>, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        if seen.sight != Sight::Full || seen.matter.state.erased.is_some() {
            return Ok(Vec::new());
        }
        let matter = &seen.matter;
        Ok(self
            .catalog()
            .items()
            .filter_map(|item| {
                let rule = follows(item, matter)?;
                Some(json!({ "item": item.id, "name": item.name.get(lang), "kind": rule.kind }))
            })
            .collect())
    }

    /// Tells the other side of links that it is linked; gives how many.
    pub(crate) async fn link_back(&self, now: Instant) -> Result<u64, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let due = table::links_due(&mut reader, ROUND).await.map_err(|error| broken("links", &error))?;
        drop(reader);
        let mut told = 0;
        for (number, kind, other) in due {
            if self.tell(number, &kind, other, now).await? {
                told += 1;
            }
        }
        Ok(told)
    }

    /// Appends `linked` to the old matter unless it knows already.
    pub(crate) async fn tell(
        &self,
        number: MatterNumber,
        kind: &str,
        other: MatterNumber,
        now: Instant,
    ) -> Result<bool, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let known = table::links(&mut reader, other).await.map_err(|error| broken("links", &error))?;
        drop(reader);
        let back = format!("{kind}-by");
        if !known.iter().any(|(name, to)| *name == back && *to == number) {
            let matter = self.load_any(other).await?;
            if matter.state.erased.is_some() {
                // Its chain has ended; the link itself is no content.
                let mut changes = Changes::new();
                changes.push(table::insert_link(other, &back, number));
                changes.push(table::forget_link_due(number, kind, other));
                return self
                    .db()
                    .apply("link told", changes)
                    .await
                    .map(|()| true)
                    .map_err(|error| broken("link told", &error));
            }
            let moved = Moved {
                linked: Some((back, number)),
                notify: vec![Role::Applicant],
                ..Moved::by_system("linked", &matter.step, now)
            };
            match commit::save(self, &matter, matter.version, &moved, None, Lang::Zh).await {
                Ok(_) => {}
                Err(Failed::Raced) => return Ok(false),
                Err(Failed::Refused(refusal)) => return Err(*refusal),
            }
        }
        let mut changes = Changes::new();
        changes.push(table::forget_link_due(number, kind, other));
        self.db().apply("link told", changes).await.map_err(|error| broken("link told", &error))?;
        Ok(true)
    }
}

/// The rule by which an item follows from a matter as it stands.
fn follows<'a>(item: &'a Item, before: &Matter) -> Option<&'a From> {
    let here = |rule: &&From| {
        rule.item == before.item.id && (rule.steps.is_empty() || rule.steps.contains(&before.step))
    };
    item.from.iter().find(here)
}

/// Facts the new form asks and the old matter knows: by the rule, and those of the same name.
fn carry(item: &Item, rule: &From, known: &Map<String, Value>, form: &mut Map<String, Value>) {
    for question in item.questions() {
        let old = rule.facts.get(&question.fact).unwrap_or(&question.fact);
        if let Some(value) = known.get(old)
            && !form.contains_key(&question.fact)
        {
            form.insert(question.fact.clone(), value.clone());
        }
    }
}

pub(crate) fn applicant_body(party: &PartyFacts, item: &Item) -> Result<Value, Refusal> {
    let mut value = serde_json::to_value(party).map_err(|error| fault("party", &error))?;
    if let Some(object) = value.as_object_mut() {
        for field in ["role", "side", "represented_by"] {
            object.remove(field);
        }
        if item.applicant.identity == catalog::item::Need::None {
            object.remove("id_type");
            object.remove("id_no");
        }
    }
    Ok(value)
}

fn cannot_follow() -> Refusal {
    Refusal::new(Code::RuleRefused, Text::new("refused-cannot-follow"))
        .rule(Rule::house("follows"))
        .error(FieldError::new("/from", "choice", "error-from"))
        .next(Next::say("next-mend-fields"))
}
