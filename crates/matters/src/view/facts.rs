//! Sealed values of a matter: masked for screens, in full only for `reveal`.

use catalog::item::{Item, Kind};
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::seal::DataKey;

use crate::engine::matter::Matter;
use crate::party::{PartyFacts, mask_name, mask_paper, mask_phone};
use crate::register::{Register, broken, fault};
use crate::rights::correct;
use crate::store as table;

/// What is sealed with the matter row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SealedFacts {
    /// Answers to the form, normalised, by fact.
    pub form: Map<String, Value>,
    /// The eligibility check of intake, as it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Value>,
    /// What actions added to the facts of the matter.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub kept: Map<String, Value>,
}

impl SealedFacts {
    /// Opens what lies in the column of a matter; nothing there is nothing known.
    pub(crate) fn open(sealed: Option<&[u8]>, key: &DataKey, number: MatterNumber) -> Result<Self, Refusal> {
        let Some(ciphertext) = sealed else { return Ok(Self::default()) };
        let plain = key
            .open(&format!("matter.facts:{number}"), ciphertext)
            .map_err(|error| fault("open facts", &error))?;
        serde_json::from_slice(&plain).map_err(|error| fault("read facts", &error))
    }

    /// Seals them with the key of their matter.
    pub(crate) fn seal(&self, key: &DataKey, number: MatterNumber) -> Result<Vec<u8>, Refusal> {
        let plain = serde_json::to_vec(self).map_err(|error| fault("facts", &error))?;
        key.seal(&format!("matter.facts:{number}"), &plain).map_err(|error| fault("seal facts", &error))
    }
}

impl Register {
    /// What is known of a matter: its form, what actions added, and what the register counts itself.
    pub(crate) fn facts_of(&self, matter: &Matter) -> Result<Map<String, Value>, Refusal> {
        let SealedFacts { form: mut facts, kept, .. } = self.sealed_facts(matter, &self.key_of(matter)?)?;
        facts.extend(kept);
        let state = &matter.state;
        for (name, count) in [
            ("now.unserved", state.unserved().len()),
            ("now.unsigned", state.unsigned().len()),
            ("now.awaited", state.awaited().count()),
            ("now.parties", usize::try_from(state.parties).unwrap_or_default()),
        ] {
            facts.insert(name.to_owned(), Value::from(count));
        }
        Ok(facts)
    }

    /// Form and eligibility check of a matter.
    #[expect(clippy::unused_self, reason = "stands with its siblings that read the database")]
    pub(crate) fn sealed_facts(&self, matter: &Matter, key: &DataKey) -> Result<SealedFacts, Refusal> {
        SealedFacts::open(matter.facts.as_deref(), key, matter.number)
    }

    /// Parties of a matter in order; the applicant is first.
    pub(crate) async fn parties_of(
        &self,
        matter: &Matter,
        key: &DataKey,
    ) -> Result<Vec<PartyFacts>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let rows =
            table::parties(&mut reader, matter.number).await.map_err(|error| broken("parties", &error))?;
        rows.into_iter()
            .map(|row| open_party(key, &matter.number.to_string(), row.pos, &row.sealed))
            .collect()
    }
}

/// Opens one party.
pub(crate) fn open_party(
    key: &DataKey,
    number: &str,
    pos: u32,
    sealed: &[u8],
) -> Result<PartyFacts, Refusal> {
    let plain = key
        .open(&format!("party.sealed:{number}:{pos}"), sealed)
        .map_err(|error| fault("open party", &error))?;
    serde_json::from_slice(&plain).map_err(|error| fault("read party", &error))
}

/// Masks the values of facts by what the item says of them.
pub fn masked(item: &Item, facts: &Map<String, Value>) -> Map<String, Value> {
    let question = |name: &str| {
        item.question(name).or_else(|| {
            item.steps
                .iter()
                .flat_map(|step| &step.actions)
                .flat_map(|action| &action.input)
                .find(|q| q.fact == name)
        })
    };
    let corrected = facts.get(correct::VALUE).and_then(Value::as_str);
    facts
        .iter()
        .map(|(name, value)| {
            if let Some(about) = corrected.filter(|_| [correct::TO, correct::FROM].contains(&name.as_str())) {
                return (name.clone(), mask_named(item, about, value));
            }
            let (kind, sensitive) =
                question(name).map_or((Kind::Text, true), |found| (found.kind, found.sensitive));
            (name.clone(), mask(name, kind, sensitive, value))
        })
        .collect()
}

/// Masks a value by the name it has in the matter: `applicant.phone`, or a fact of the form.
pub(crate) fn mask_named(item: &Item, name: &str, value: &Value) -> Value {
    let field = name.strip_prefix("applicant.");
    let (kind, sensitive) = match field {
        Some("phone") => (Kind::CnPhone, true),
        Some("id_no" | "uscc") => (Kind::CnId, true),
        Some(_) => (Kind::Text, true),
        None => item.question(name).map_or((Kind::Text, true), |found| (found.kind, found.sensitive)),
    };
    mask(name, kind, sensitive, value)
}

/// Masks one value. Long texts stay readable for those who may open the matter at all: they are what the work
/// is about; what identifies a person is hidden.
fn mask(name: &str, kind: Kind, sensitive: bool, value: &Value) -> Value {
    let Value::String(text) = value else { return value.clone() };
    let hidden = match kind {
        Kind::CnId => mask_paper(text),
        Kind::CnPhone => mask_phone(text),
        Kind::Text if sensitive && name.rsplit('.').next() == Some("name") => mask_name(text),
        _ => text.clone(),
    };
    Value::String(hidden)
}

/// All values of a matter in full.
pub struct FullValues {
    asked: Map<String, Value>,
    form: Map<String, Value>,
    parties: Vec<PartyFacts>,
}

impl FullValues {
    /// Opens them.
    pub(crate) async fn open(register: &Register, matter: &Matter) -> Result<Self, Refusal> {
        let key = register.key_of(matter)?;
        Ok(Self {
            asked: register.corrections_in_full(matter).await?,
            form: register.sealed_facts(matter, &key)?.form,
            parties: register.parties_of(matter, &key).await?,
        })
    }

    /// A value by name: `applicant.id_no`, `parties.0.phone` (other parties from 0), or a fact of the form.
    pub fn get(&self, name: &str) -> Option<Value> {
        if let Some(field) = name.strip_prefix("applicant.") {
            return self.parties.first()?.value(field).map(Value::String);
        }
        if let Some((index, field)) = name.strip_prefix("parties.").and_then(|rest| rest.split_once('.')) {
            let index: usize = index.parse().ok()?;
            return self.parties.get(index + 1)?.value(field).map(Value::String);
        }
        self.asked.get(name).or_else(|| self.form.get(name)).cloned()
    }

    /// Names that can be asked for, for the example of `reveal`.
    pub fn first_name(&self) -> &'static str {
        "applicant.name"
    }
}
