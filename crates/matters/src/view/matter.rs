//! One matter as it is read.

use access::Principal;
use access::policy::Sight;
use kernel::clock::ClockState;
use kernel::lang::Lang;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Map, Value, json};

use super::facts;
use super::people::{owner, waiting_for};
use crate::engine::clocks;
use crate::engine::matter::Matter;
use crate::register::{Register, broken};
use crate::store as table;

impl Register {
    /// A matter in the contract's shape, personal values masked; outside the content wall only number, state
    /// and clocks.
    pub async fn view(&self, who: &Principal, number: MatterNumber, lang: Lang) -> Result<Value, Refusal> {
        let now = self.now();
        let seen = self.load(who, number, None, now).await?;
        let matter = &seen.matter;
        let reading = clocks::read(self, matter, now);
        let mut view = json!({
            "number": matter.number,
            "item": matter.item.id,
            "item_version": matter.item.version,
            "area": matter.area,
            "door": matter.door,
            "step": matter.step,
            "step_name": matter.current().map(|step| step.name.get(lang)),
            "final": matter.final_,
            "outcome": matter.outcome,
            "version": matter.version,
            "opened_at": matter.opened_at,
            "closed_at": matter.closed_at,
            "owner": owner(matter),
            "light": clocks::light(&reading, now).as_str(),
            "clocks": self.clocks(matter, now, lang),
            "applicant": Value::Null,
            "parties": [],
            "form": {},
            "materials": [],
            "waiting_for": waiting_for(matter),
            "links": self.links(number).await?,
            "rated": !matter.state.rated.is_empty(),
        });
        if let Some(erased) = &matter.state.erased {
            // Told only where it is so: everybody else's answer keeps its shape.
            view["erased"] = json!({ "at": erased.at, "seq": erased.seq, "right": erased.right });
        } else if seen.sight == Sight::Full {
            self.add_content(&mut view, matter).await?;
        }
        Ok(view)
    }

    async fn add_content(&self, view: &mut Value, matter: &Matter) -> Result<(), Refusal> {
        let key = self.key_of(matter)?;
        let sealed = self.sealed_facts(matter, &key)?;
        let parties = self.parties_of(matter, &key).await?;
        view["applicant"] = parties.first().map_or(Value::Null, |party| without_role(party.masked()));
        view["parties"] = parties.iter().skip(1).map(crate::party::PartyFacts::masked).collect();
        let consents = self.consents_of(matter);
        if !consents.is_empty() {
            view["consents"] = Value::Array(consents);
        }
        view["form"] = Value::Object(facts::masked(&self.item_at(matter, 1), &sealed.form));
        view["materials"] = matter
            .state
            .materials
            .iter()
            .map(|mark| {
                let mut entry = Map::new();
                entry.insert("id".into(), json!(mark.id));
                entry.insert("state".into(), json!(mark.state));
                if let Some(file) = &mark.file {
                    entry.insert("file".into(), json!(file));
                }
                if let Some(due) = &mark.due {
                    entry.insert("due".into(), json!(due));
                }
                Value::Object(entry)
            })
            .collect();
        Ok(())
    }

    /// Every clock of a matter with its explanation, ended ones included.
    pub(crate) fn clocks(&self, matter: &Matter, now: Instant, lang: Lang) -> Vec<Value> {
        matter
            .state
            .clocks
            .iter()
            .filter_map(|clock| {
                let replayed = clocks::replay(self, matter, clock)?;
                let duty =
                    matter.item.clock(&clock.id).map(|definition| definition.duty.get(lang).to_owned());
                let best = replayed.binding();
                let state: ClockState = replayed.state(now);
                Some(json!({
                    "id": clock.id,
                    "duty": duty,
                    "state": state.as_str(),
                    "started": replayed.started,
                    "due": replayed.due().due,
                    "due_statutory": replayed.statutory().map(|limit| limit.due.due),
                    "provisional": replayed.provisional(),
                    "reason": best.limit.told(best.due.explanation.clone()).sentence(lang),
                }))
            })
            .collect()
    }

    async fn links(&self, number: MatterNumber) -> Result<Vec<Value>, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let links = table::links(&mut reader, number).await.map_err(|error| broken("links", &error))?;
        Ok(links.into_iter().map(|(kind, number)| json!({ "kind": kind, "number": number })).collect())
    }

    /// The eligibility check kept with a matter, for the desk; `None` when the item has none.
    pub async fn kept_check(&self, who: &Principal, number: MatterNumber) -> Result<Option<Value>, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        if seen.sight != Sight::Full || seen.matter.state.erased.is_some() {
            return Ok(None);
        }
        let key = self.key_of(&seen.matter)?;
        Ok(self.sealed_facts(&seen.matter, &key)?.check)
    }
}

fn without_role(mut party: Value) -> Value {
    if let Some(object) = party.as_object_mut() {
        object.remove("role");
    }
    party
}
