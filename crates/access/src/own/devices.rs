//! My devices: what is signed in, and signing it out.

use kernel::refusal::{Code, Next, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::{Changes, StoreError};

use crate::audit::model::{Act, Entry, Result as Outcome};
use crate::error::AccessError;
use crate::principal::AccountId;
use crate::room::Access;
use crate::session::store as table;
use crate::session::{Device, Signed};

fn none_such() -> AccessError {
    Refusal::new(Code::NotFound, "account-no-device").next(Next::say("next-look-again")).into()
}

impl Access {
    /// The devices of whoever is signed in, the last used first. A guest has no account and no list.
    pub async fn my_devices(&self, signed: &Signed, now: Instant) -> Result<Vec<Device>, AccessError> {
        match &signed.principal.account {
            Some(account) => Ok(self.devices(account, now).await?),
            None => Ok(Vec::new()),
        }
    }

    /// Signs one of one's own devices out.
    pub async fn end_my_device(
        &self,
        signed: &Signed,
        device: &str,
        now: Instant,
    ) -> Result<(), AccessError> {
        let account = signed.principal.account.as_ref().map(AccountId::as_str).ok_or_else(none_such)?;
        let mut changes = Changes::new();
        changes.expect_one(table::end_device(account, device), "device");
        let entry = Entry::new(Some(account), Act::DevicesEnd, Some(account), Outcome::Done);
        self.record(&mut changes, &entry.words(json!({ "devices": 1 })), now)?;
        match self.db.apply("end own device", changes).await {
            Err(StoreError::Conflict("device")) => Err(none_such()),
            other => Ok(other?),
        }
    }

    /// Signs all of one's own devices out, this one too.
    pub async fn end_my_devices(&self, signed: &Signed, now: Instant) -> Result<(), AccessError> {
        let account = signed.principal.account.as_ref().map(AccountId::as_str).ok_or_else(none_such)?;
        let mut changes = Changes::new();
        changes.push(table::end_of_account(account));
        let entry = Entry::new(Some(account), Act::DevicesEnd, Some(account), Outcome::Done);
        self.record(&mut changes, &entry.words(json!({ "devices": "all" })), now)?;
        Ok(self.db.apply("end own devices", changes).await?)
    }
}
