//! A question that was answered, for the room that keeps answers to be used again: its texts for whoever may read them,
//! and the names and numbers a text must not tell, which are shown to nobody.

use access::Principal;
use access::policy::Sight;
use kernel::area::AreaCode;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::Value;
use store::seal::DataKey;

use crate::engine::matter::Matter;
use crate::event;
use crate::party::{Companion, PartyFacts};
use crate::register::{Register, fault, not_found};

/// How far back the answer is looked for, in events.
const BACK: i64 = 100;

/// Where a matter stands, and whom it names.
#[derive(Debug, Clone)]
pub struct Closing {
    /// Its item.
    pub item: String,
    /// Whether it has ended.
    pub closed: bool,
    /// The organisation that answers for it.
    pub office: String,
    /// Where it belongs.
    pub area: AreaCode,
    /// The people and bodies it names; empty once its content was erased.
    pub named: Named,
}

/// Whom a matter names.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Names of people.
    pub people: Vec<String>,
    /// Names of companies and organs.
    pub companies: Vec<String>,
    /// Numbers of their papers and telephones.
    pub numbers: Vec<String>,
}

/// A question with its answer.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Where it stands, and whom it names.
    pub closing: Closing,
    /// What was asked.
    pub question: String,
    /// The last answer; empty when none was written.
    pub answer: String,
    /// The articles it names, as they were typed.
    pub articles: String,
}

impl Register {
    /// A matter with its question and last answer, for staff who see it in full.
    pub async fn answered(&self, who: &Principal, number: MatterNumber) -> Result<Answered, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        if seen.sight != Sight::Full || !who.is_staff() {
            return Err(not_found());
        }
        let matter = &seen.matter;
        let key = self.key_of(matter)?;
        let form = self.sealed_facts(matter, &key)?.form;
        let text = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut found = Answered {
            question: text("consult.question"),
            answer: String::new(),
            articles: String::new(),
            closing: self.closing_of(matter, Some(&key)).await?,
        };
        let rows = self.event_rows(number, (matter.version - BACK).max(0), BACK).await?;
        for row in rows.iter().filter(|row| row.action == "answer") {
            let Some(sealed) = &row.sealed else { continue };
            let opened = event::open(number, row.seq, sealed, &key)
                .map_err(|error| fault("event sealed part", &error))?;
            let said =
                |name: &str| opened.facts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            (found.answer, found.articles) = (said("answer.text"), said("answer.articles"));
        }
        Ok(found)
    }

    /// Where a matter stands and whom it names, for checks of the house itself: nothing of it is shown.
    pub async fn closing(&self, number: MatterNumber) -> Result<Closing, Refusal> {
        let matter = self.load_any(number).await?;
        let key = if matter.data_key.is_some() { Some(self.key_of(&matter)?) } else { None };
        self.closing_of(&matter, key.as_ref()).await
    }

    async fn closing_of(&self, matter: &Matter, key: Option<&DataKey>) -> Result<Closing, Refusal> {
        let mut named = Named::default();
        if let Some(key) = key {
            for party in self.parties_of(matter, key).await? {
                named.add(&party);
            }
        }
        Ok(Closing {
            item: matter.item.id.clone(),
            closed: matter.final_,
            office: matter.office.clone(),
            area: matter.area,
            named,
        })
    }
}

impl Named {
    fn add(&mut self, party: &PartyFacts) {
        let names = if party.kind == "person" { &mut self.people } else { &mut self.companies };
        names.push(party.name.clone());
        self.people.extend(party.represented_by.clone());
        let contact = party.contact.as_ref().and_then(|contact| contact.phone.clone());
        self.numbers
            .extend([&party.id_no, &party.uscc, &party.phone, &contact].into_iter().flatten().cloned());
        for Companion { name, id_no, phone, .. } in [&party.guardian, &party.helper].into_iter().flatten() {
            self.people.push(name.clone());
            self.numbers.extend([id_no, phone].into_iter().flatten().cloned());
        }
    }
}
