//! How a party may be reached: for whoever calls or writes, and masked for screens.

use access::Principal;
use access::policy::Sight;
use kernel::contact::ContactRules;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use crate::party::{PartyFacts, mask_phone};
use crate::register::Register;

/// How one party may be reached. Personal: for sending and calling, never for a screen or a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Reach {
    /// The number to use: the safe one where one was given.
    pub phone: Option<String>,
    /// Hours, and what a message may say.
    pub rules: ContactRules,
}

impl std::fmt::Debug for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reach").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Reach {
    /// Of a party.
    pub(crate) fn of(party: PartyFacts) -> Self {
        let rules = party.contact.unwrap_or_default();
        Self { phone: rules.number(party.phone.as_deref()).map(ToOwned::to_owned), rules }
    }
}

impl Register {
    /// How the party at this position (0 is the applicant) may be reached, for the house itself; `None` when there
    /// is no such party or the matter's content was deleted.
    pub async fn reach(&self, number: MatterNumber, pos: usize) -> Result<Option<Reach>, Refusal> {
        let matter = self.load_any(number).await?;
        if matter.data_key.is_none() {
            return Ok(None);
        }
        let key = self.key_of(&matter)?;
        let party = self.parties_of(&matter, &key).await?.into_iter().nth(pos);
        Ok(party.map(Reach::of))
    }

    /// The applicant's 联系须知 as screens show it: `{rules: {phone?, hours?, message, note?} | null, phone?}` with
    /// `phone` the number to use, masked. Outside the content wall there is none.
    pub async fn contact(&self, who: &Principal, number: MatterNumber) -> Result<Value, Refusal> {
        let seen = self.load(who, number, None, self.now()).await?;
        let for_them = who.is_staff() || who.account.is_none();
        let own = seen.relations.iter().any(|relation| relation.reason == "applicant");
        let erased = seen.matter.data_key.is_none();
        if seen.sight != Sight::Full || erased || !(for_them || own) {
            return Ok(json!({ "rules": null }));
        }
        let key = self.key_of(&seen.matter)?;
        let Some(party) = self.parties_of(&seen.matter, &key).await?.into_iter().next() else {
            return Ok(json!({ "rules": null }));
        };
        let rules = party.contact.unwrap_or_default();
        let mut shown = json!({ "rules": if rules.is_empty() { Value::Null } else { rules.masked() } });
        if let Some(phone) = rules.number(party.phone.as_deref()) {
            shown["phone"] = json!(mask_phone(phone));
        }
        Ok(shown)
    }
}
