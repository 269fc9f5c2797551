//! Loading a matter for one caller: one statement for staff and guests, two for people with personal scopes.

use access::policy::{MatterPlace, Relation, Sight, may_see};
use access::{Kind, Principal};
use kernel::chain::Digest;
use kernel::number::MatterNumber;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::Value;
use store::seal::DataKey;

use crate::engine::matter::Matter;
use crate::register::{Register, broken, fault, not_found};
use crate::rights;
use crate::store::{self as table, MatterRow};

/// A matter as one caller may see it.
#[derive(Debug)]
pub struct Seen {
    /// The matter.
    pub matter: Matter,
    /// How much of it.
    pub sight: Sight,
    /// Personal scopes of this caller.
    pub relations: Vec<Relation>,
    /// Digest and answer kept for the idempotency key, when there is one.
    pub kept: Option<(Vec<u8>, Value)>,
}

impl Register {
    /// Loads a matter the caller may see; anything else does not exist for them.
    pub(crate) async fn load(
        &self,
        who: &Principal,
        number: MatterNumber,
        key: Option<&str>,
        now: Instant,
    ) -> Result<Seen, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row = table::matter(&mut reader, number, key)
            .await
            .map_err(|error| broken("load matter", &error))?
            .ok_or_else(not_found)?;
        let duty = self
            .catalog()
            .version(&row.item, row.item_version)
            .map(|item| item.duty.clone())
            .unwrap_or_default();
        let place = |personal| MatterPlace {
            number,
            area: row.area,
            office: &row.office,
            duty: &duty,
            item: &row.item,
            personal,
        };
        let mut relations = Vec::new();
        let mut sight = may_see(who, &place(&[]), now);
        let personal = match who.kind {
            Kind::Citizen => true,
            Kind::Staff => sight != Sight::Full,
            Kind::Guest(_) | Kind::Anonymous | Kind::System => false,
        };
        if personal {
            relations = table::relations(&mut reader, number, &who.principals())
                .await
                .map_err(|error| broken("load relations", &error))?;
            sight = may_see(who, &place(&relations), now);
        }
        // A connection that is held while waiting for another can stop the whole pool.
        drop(reader);
        // Keys belong to an account: whoever acted gets the first answer again, even when that act gave the
        // matter away.
        if sight == Sight::None && row.key_digest.is_none() {
            return Err(not_found());
        }
        let kept = row.key_digest.clone().zip(row.key_body.clone().map(|body| body.0));
        let matter = self.assemble(row).await?;
        Ok(Seen { matter, sight, relations, kept })
    }

    /// How much of a matter the caller sees; what they may not see at all is not found.
    pub async fn sight(&self, who: &Principal, number: MatterNumber) -> Result<Sight, Refusal> {
        Ok(self.load(who, number, None, self.now()).await?.sight)
    }

    /// Loads a matter for the system itself.
    pub(crate) async fn load_any(&self, number: MatterNumber) -> Result<Matter, Refusal> {
        let mut reader = self.db().reader().await.map_err(|error| broken("reader", &error))?;
        let row = table::matter(&mut reader, number, None)
            .await
            .map_err(|error| broken("load matter", &error))?
            .ok_or_else(not_found)?;
        drop(reader);
        self.assemble(row).await
    }

    pub(crate) async fn assemble(&self, row: MatterRow) -> Result<Matter, Refusal> {
        let item = self
            .catalog()
            .version(&row.item, row.item_version)
            .cloned()
            .ok_or_else(|| fault("item version", &format!("{} {}", row.item, row.item_version)))?;
        let office_name =
            self.offices().await?.get(&row.office).map_or_else(|| row.office.clone(), |o| o.name.clone());
        Ok(Matter {
            number: row.number,
            item,
            area: row.area,
            office: row.office,
            office_name,
            door: table::door(&row.door),
            step: row.step,
            final_: row.r#final,
            outcome: row.outcome,
            version: row.version,
            head: Digest::from_slice(&row.head).map_err(|error| fault("head", &error))?,
            opened_at: row.opened_at,
            received_on: row.received_on,
            closed_at: row.closed_at,
            issue: row.issue,
            state: row.state.0,
            data_key: row.data_key,
            facts: row.facts,
        })
    }

    /// Unwraps the key of a matter. A matter whose key was destroyed has no content any more: that is said.
    pub(crate) fn key_of(&self, matter: &Matter) -> Result<DataKey, Refusal> {
        let wrapped = matter.data_key.as_deref().ok_or_else(|| rights::gone(matter))?;
        self.keyring().unwrap(wrapped).map_err(|error| fault("unwrap data key", &error))
    }
}
